//! The table of rights as people meet it: every command in private and in a group, every button,
//! for every role; and for those who are no persons. A command or button without a row fails.

use std::collections::BTreeMap;

use serde_json::json;
use vigie::app::alerts::Subject;
use vigie::app::buttons::{Action, Change, Planted};
use vigie::app::event::{Command, Event, Said, Sender};
use vigie::app::history::{Form, HistoryOf};
use vigie::app::keys;
use vigie::app::members::MemberAct;
use vigie::app::outbox::{Outgoing, View};
use vigie::app::todos::TodoWish;
use vigie::app::{declaring, incidents, joining, linking, me, phone, reminders, tickets};
use vigie_domain::calendar::Rule;
use vigie_domain::command::Known;
use vigie_domain::people::Quality;
use vigie_domain::vouching::Word;
use vigie_domain::{AccountId, CardId, ChatId, MessageId, TicketId};

use super::desk::{Desk, MIGENNES};

/// Who there is: a visitor, one person of each role, and what is no person.
const ROLES: [&str; 11] = [
    "visitor",
    "member",
    "active-member",
    "referent:migennes",
    "referent:joigny",
    "board",
    "trainee",
    "supervisory-council",
    "administrator",
    "auditor",
    "hidden",
];

/// For each role in private and in the group of a sector: `+` done, `-` refused for what one is,
/// `p` sent to the private conversation, `?` asked who one is. Hidden administrators and channels
/// are in groups only.
const COMMANDS: &str = include_str!("rights_commands.txt");

/// For each role: `+` done, `-` refused for what one is, `p` goes on in private, `.` what it is
/// about is not there, which is said to everybody alike.
const BUTTONS: &str = include_str!("rights_buttons.txt");

/// The ticket that buttons are about.
const TICKET: TicketId = TicketId(1);

fn account(at: usize) -> i64 {
    200 + i64::try_from(at).unwrap()
}

async fn everybody() -> Desk {
    let mut people = String::new();
    for (at, role) in ROLES.iter().enumerate() {
        if !matches!(*role, "visitor" | "hidden") {
            people.push_str(&format!(
                "[[person]]\nmember = \"{at}\"\nfirst_name = \"P{at}\"\naccount = {}\nsector = \"migennes\"\nroles = [\"member\", \"{role}\"]\n",
                account(at)
            ));
        }
    }
    Desk::open_with(0, &people, |_| ()).await
}

/// Something is down: the card of it in the group.
async fn outage(desk: &Desk) -> CardId {
    desk.down("silo").await;
    let waiting = desk.waiting().await;
    let card = waiting.iter().find_map(|stored| match stored.row.what {
        Outgoing::Card(card) if stored.row.place.chat == MIGENNES => Some(card),
        _ => None,
    });
    desk.deliver_all().await;
    card.unwrap()
}

/// What somebody was told, by the names of the texts; what is shown otherwise is `view`.
async fn told(desk: &Desk) -> Vec<&'static str> {
    let mut told = Vec::new();
    for stored in desk.waiting().await {
        match &stored.row.what {
            Outgoing::Say(message) => told.extend(message.say.iter().map(|say| say.key.id())),
            Outgoing::AnswerTap { say: Some(say), .. } => told.push(say.key.id()),
            _ => told.push("view"),
        }
    }
    desk.deliver_all().await;
    told
}

fn cell(told: &[&str]) -> char {
    let any = |what: fn(&str) -> bool| told.iter().any(|id| what(id));
    if any(|id| id.starts_with("authz-") || id == "me-unknown") {
        '-'
    } else if any(|id| id == "tap-unknown" || id.ends_with("-gone") || id.ends_with("-over")) {
        '.'
    } else if any(|id| id.ends_with("in-private") || id.ends_with("-private")) {
        'p'
    } else if any(|id| id == "command-prove-yourself") {
        '?'
    } else {
        '+'
    }
}

async fn asks(desk: &Desk, known: Known, role: usize, group: bool) -> char {
    let person = desk.person(account(role));
    let hidden = ROLES[role] == "hidden";
    let from = match hidden {
        true => Sender::AnonymousAdmin(MIGENNES),
        false => Sender::Person(person.clone()),
    };
    let chat = if group {
        MIGENNES
    } else {
        ChatId(person.account.0)
    };
    let said = Said {
        place: chat.into(),
        message: MessageId(1),
        private: !group,
        reply_to: None,
    };
    let command = Command {
        file: None,
        attachment: None,
        from,
        said,
        name: known.name().to_owned(),
        args: String::new(),
        to_us: true,
    };
    desk.happens(Event::Command(command)).await;
    cell(&told(desk).await)
}

/// The rows of a table that is written down, by their names.
fn rows(table: &'static str) -> BTreeMap<&'static str, &'static str> {
    let lines = table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let rows = lines.map(|line| line.split_once(' ').unwrap());
    rows.map(|(name, cells)| (name, cells.trim())).collect()
}

fn same(found: &BTreeMap<String, String>, table: &'static str, what: &str) {
    let wanted = rows(table);
    let text: String = found
        .iter()
        .map(|(name, cells)| format!("{name:<22} {cells}\n"))
        .collect();
    for (name, cells) in found {
        assert_eq!(
            wanted.get(name.as_str()).copied(),
            Some(cells.as_str()),
            "{what} {name}; the whole table as it is:\n{text}"
        );
    }
    assert_eq!(wanted.len(), found.len(), "rows of {what} that are gone");
}

#[tokio::test]
async fn every_command_is_a_row_for_every_role_and_place() {
    let desk = everybody().await;
    let mut found = BTreeMap::new();
    for known in Known::all() {
        let mut cells = Vec::new();
        for (role, name) in ROLES.iter().enumerate() {
            let group = asks(&desk, known, role, true).await;
            cells.push(match *name {
                "hidden" => group.to_string(),
                _ => format!("{}{group}", asks(&desk, known, role, false).await),
            });
        }
        found.insert(known.name().to_owned(), cells.join(" "));
    }
    same(&found, COMMANDS, "command");
}

/// One button of every kind. A new kind has no arm in [`row_of`], and does not compile.
#[expect(clippy::too_many_lines, reason = "one of each kind of button")]
fn buttons(card: CardId) -> Vec<Action> {
    let (chat, other) = (MIGENNES, AccountId(999));
    let member = || "1".into();
    let of_member = |act| Action::Member {
        member: "1".into(),
        act,
    };
    use joining::Wish as Join;
    vec![
        Action::Take { chat, card },
        Action::Silence { chat, card },
        Action::Details { chat, card },
        Action::Open(View::Sectors {
            kind: "local".to_owned(),
            page: 0,
        }),
        Action::Show(View::Sources {
            page: 0,
            opener: None,
        }),
        Action::Export {
            of: HistoryOf::All,
            form: Form::Csv,
        },
        Action::Verify { number: 1 },
        Action::Set {
            equipment: "silo".into(),
            change: Change::Enabled(true),
        },
        Action::EndSilence(Subject::All),
        serde_json::from_value(json!({"Rota": {"sector": "migennes", "press": "Join"}})).unwrap(),
        Action::CannotGo { chat, card },
        Action::Me(me::Wish::Unlink("77".into())),
        Action::Linking(linking::Wish::Confirm {
            member: member(),
            quality: Quality::Holder,
        }),
        Action::TestSource("am".into()),
        Action::CallOff(1),
        of_member(MemberAct::Suspend),
        of_member(MemberAct::Lift),
        of_member(MemberAct::Roles),
        of_member(MemberAct::End(other)),
        of_member(MemberAct::AskExpel),
        Action::Second {
            proposal: 1,
            agrees: true,
        },
        Action::Withdraw { proposal: 1 },
        Action::Joining(Join::Word(chat, other, Word::Knows)),
        Action::Joining(Join::TakeBack(chat, other)),
        Action::Joining(Join::Requests),
        Action::Joining(Join::Decide(chat, other, true)),
        Action::Joining(Join::RefuseWave(chat)),
        Action::Joining(Join::RefuseWaveNow(chat)),
        Action::Joining(Join::Join(chat)),
        Action::Joining(Join::Invite(chat)),
        Action::Joining(Join::Second(1, true)),
        Action::Joining(Join::Withdraw(1)),
        Action::Joining(Join::Appeal),
        Action::Joining(Join::Readmit(other)),
        Action::Joining(Join::Found("none".to_owned(), true)),
        Action::Joining(Join::FoundSend),
        Action::Joining(Join::FoundWhere("none".to_owned())),
        Action::Reminder(1),
        Action::RemindWish(reminders::Wish::Leave),
        Action::RemindWish(reminders::Wish::Stop(1)),
        Action::RemindWish(reminders::Wish::Keep(Box::new(reminders::Draft {
            id: 1,
            text: "relever".to_owned(),
            rule: Rule::Once("2027-01-01T09:00:00".parse().unwrap()),
            zone: chrono_tz::Europe::Paris,
            place: chat.into(),
        }))),
        Action::Todo(TodoWish::Done(1)),
        Action::Bind {
            chat,
            kind: "local".to_owned(),
            sector: Some("migennes".into()),
        },
        Action::Ticket(TICKET),
        Action::Tickets(tickets::Wish::Solved(TICKET)),
        Action::Tickets(tickets::Wish::Open(TICKET)),
        Action::Tickets(tickets::Wish::Note(TICKET)),
        Action::Tickets(tickets::Wish::Help(TICKET)),
        Action::TicketsOfOutage {
            outage: "silo".to_owned(),
        },
        Action::Phone(phone::Wish::Skip),
        Action::Declaring(declaring::Wish::Skip(declaring::Question::What)),
        Action::Incident(incidents::Wish::Open("silo".into())),
        Action::Incident(incidents::Wish::Declare {
            id: "silo".into(),
            degraded: true,
        }),
        Action::Incident(incidents::Wish::News("silo".into(), 60)),
        Action::Incident(incidents::Wish::Send("silo".into(), 1)),
        Action::Incident(incidents::Wish::Report("silo".into())),
    ]
}

/// Somebody of the sector has opened a ticket.
async fn ticket(desk: &Desk) {
    let person = desk.person(account(1));
    let command = Command {
        file: None,
        attachment: None,
        said: Said {
            place: ChatId(person.account.0).into(),
            message: MessageId(2),
            private: true,
            reply_to: None,
        },
        from: Sender::Person(person),
        name: "ticket".to_owned(),
        args: "plus rien".to_owned(),
        to_us: true,
    };
    desk.happens(Event::Command(command)).await;
    desk.deliver_all().await;
}

/// The name of a button's row. The buttons of a card are those with keys of their own.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of button")]
fn row_of(action: &Action) -> &'static str {
    use joining::Wish as Join;
    use tickets::Wish as Ticket;
    match action {
        Action::Card { .. } | Action::Take { .. } => "take",
        Action::Silence { .. } => "silence",
        Action::Details { .. } => "details",
        Action::Show(_) => "show",
        Action::Open(_) => "open",
        Action::Export { .. } => "export",
        Action::Verify { .. } => "verify",
        Action::Set { .. } => "set",
        Action::EndSilence(_) => "end-silence",
        Action::Rota { .. } => "rota",
        Action::CannotGo { .. } => "cannot-go",
        Action::Me(_) => "me",
        Action::Linking(_) => "linking",
        Action::TestSource(_) => "test-source",
        Action::CallOff(_) => "call-off",
        Action::Member { act, .. } => match act {
            MemberAct::Suspend => "member-suspend",
            MemberAct::Lift => "member-lift",
            MemberAct::Roles | MemberAct::Give(_) | MemberAct::Take(_) => "member-roles",
            MemberAct::AskEnd(_) | MemberAct::End(_) => "member-end",
            MemberAct::AskExpel | MemberAct::Expel => "member-expel",
        },
        Action::Second { .. } => "second",
        Action::Withdraw { .. } => "withdraw",
        Action::Joining(wish) => match wish {
            Join::Word(..) => "join-word",
            Join::TakeBack(..) => "join-take-back",
            Join::Requests => "join-requests",
            Join::Decide(..) => "join-decide",
            Join::RefuseWave(_) => "join-refuse-wave",
            Join::RefuseWaveNow(_) => "join-refuse-wave-now",
            Join::Join(_) => "join-join",
            Join::Invite(_) => "join-invite",
            Join::Second(..) => "join-second",
            Join::Withdraw(_) => "join-withdraw",
            Join::Appeal => "join-appeal",
            Join::Readmit(_) => "join-readmit",
            Join::Found(..) => "join-found",
            Join::FoundWhat(_) | Join::FoundSend | Join::FoundAgain => "join-found-ask",
            Join::FoundWhere(_) => "join-found-where",
        },
        Action::Reminder(_) => "reminder",
        Action::RemindWish(wish) => match wish {
            reminders::Wish::Keep(_) => "remind-keep",
            reminders::Wish::Leave => "remind-leave",
            reminders::Wish::Stop(_) => "remind-stop",
        },
        Action::Todo(_) => "todo",
        Action::Bind { .. } => "bind",
        Action::Ticket(_) => "ticket",
        Action::Tickets(wish) => match wish {
            Ticket::Category(..)
            | Ticket::Solved(_)
            | Ticket::NotSolved(_)
            | Ticket::Rate(..)
            | Ticket::Mine(_)
            | Ticket::Add(_) => "tickets-own",
            Ticket::Open(_) | Ticket::Files(_) => "tickets-open",
            Ticket::Help(_) => "tickets-help",
            Ticket::Reply(_)
            | Ticket::Take(_)
            | Ticket::Note(_)
            | Ticket::Resolve(_)
            | Ticket::Reopen(_)
            | Ticket::WaitMember(_)
            | Ticket::WaitField(_)
            | Ticket::Watch(_)
            | Ticket::Sorts(_)
            | Ticket::Sort(..)
            | Ticket::Phone(_)
            | Ticket::Merge(_)
            | Ticket::ReplyAll(_)
            | Ticket::Visit(_)
            | Ticket::Visited(_)
            | Ticket::Canned(..)
            | Ticket::SendCanned(..)
            | Ticket::SendAll(..) => "tickets-handle",
        },
        Action::TicketsOfOutage { .. } => "tickets-outage",
        Action::Phone(_) => "phone",
        Action::Declaring(_) => "declaring",
        Action::Incident(wish) => match wish {
            incidents::Wish::Open(_) => "incident-open",
            incidents::Wish::Declare { .. } => "incident-declare",
            incidents::Wish::News(..)
            | incidents::Wish::Origin(..)
            | incidents::Wish::Write(..)
            | incidents::Wish::Close(_)
            | incidents::Wish::Reopen(_) => "incident-handle",
            incidents::Wish::Send(..) => "incident-send",
            incidents::Wish::Report(_) => "incident-report",
        },
    }
}

#[tokio::test]
async fn every_button_is_a_row_for_every_role() {
    let mut found = BTreeMap::new();
    for number in 0..buttons(CardId(0)).len() {
        let mut cells = Vec::new();
        // What one press changes would change the next.
        let desk = everybody().await;
        let card = outage(&desk).await;
        ticket(&desk).await;
        let action = buttons(card).swap_remove(number);
        for role in 0..ROLES.len() - 1 {
            let planted = Planted {
                action: action.clone(),
                chat: None,
                message: None,
                account: None,
                expires_at: desk.now() + chrono::TimeDelta::hours(1),
            };
            // The buttons of a card of a ticket share one key, and tell by a letter which they are.
            let of_ticket = matches!(action, Action::Ticket(_));
            let key = match of_ticket {
                true => format!("{role:022}"),
                false => format!("k{role}"),
            };
            desk.write(keys::button(&key), &planted).await;
            let key = if of_ticket { key + "t" } else { key };
            // A card knows its message: on another one they are a copy.
            let of_card = matches!(action, Action::Take { .. } | Action::Silence { .. });
            let on = (!of_card).then_some((MIGENNES, MessageId(5)));
            desk.press(&desk.person(account(role)), &key, on).await;
            cells.push(cell(&told(&desk).await).to_string());
        }
        let before = found.insert(row_of(&action).to_owned(), cells.join(" "));
        assert_eq!(before, None, "{action:?} twice");
    }
    same(&found, BUTTONS, "button");
}
