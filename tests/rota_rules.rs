//! Who is on call, and who is called when nobody takes an outage.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

use std::collections::BTreeSet;

use desk::{BACKBONE, Desk, JOIGNY, MIGENNES, Sent, cards_in, said_in};
use vigie::app::keys;
use vigie::app::outbox::{BrokenBy, Outgoing, Verdict};
use vigie::app::people::SpeaksFor;
use vigie::app::settings::Settings;
use vigie_domain::authz::Role;
use vigie_domain::people::{Member, Status};
use vigie_domain::text::{Arg, Key};
use vigie_domain::{AccountId, ChatId, MemberId, MessageId};

/// An administrator: they may do everything.
const BRUNO: i64 = 1;
/// Group of the active members.
const ACTIVE: ChatId = ChatId(-1005);

async fn desk() -> Desk {
    desk_with("", |_| ()).await
}

async fn desk_with(more: &str, settle: impl FnOnce(&mut Settings)) -> Desk {
    let desk = Desk::open_with(0, more, |settings| {
        settings.administrators.push(AccountId(2));
        settle(settings);
    })
    .await;
    let bruno = desk.person(BRUNO);
    desk.command(&bruno, ACTIVE, "groupe", "actifs").await;
    desk.deliver_all().await;
    desk
}

/// Opens the rota in a group and presses one of its buttons.
async fn press(desk: &Desk, who: i64, chat: ChatId, row: usize, column: usize) -> Vec<Sent> {
    let who = desk.person(who);
    desk.command(&who, chat, "astreinte", "").await;
    let sent = desk.deliver_all().await;
    let Outgoing::View { buttons, .. } = &sent[0].row.row.what else {
        panic!("{sent:?}")
    };
    desk.press(&who, &buttons[row][column].key, Some((chat, MessageId(1))))
        .await;
    desk.deliver_all().await
}

/// Somebody joins the rota of the whole cooperative.
async fn joins_all(desk: &Desk, who: i64) {
    let sent = press(desk, who, BACKBONE, 0, 0).await;
    assert_eq!(answer(&sent), Some(Key::RotaJoinedFirst));
}

/// What is said about an outage while time passes: the keys, and to whom.
async fn said_within(desk: &Desk, seconds: i64) -> Vec<(ChatId, Key)> {
    desk.wait(seconds).await;
    let sent = desk.deliver_all().await;
    let keys = |sent: &Sent| Some((sent.chat, sent.message.as_ref()?.say.first()?.key));
    let called = |(_, key): &(ChatId, Key)| !matches!(key, Key::CardReminder);
    sent.iter().filter_map(keys).filter(called).collect()
}

/// Somebody joins the rota of Migennes.
async fn joins(desk: &Desk, who: i64) {
    let sent = press(desk, who, MIGENNES, 0, 0).await;
    let joined = answer(&sent);
    assert!(matches!(
        joined,
        Some(Key::RotaJoined | Key::RotaJoinedFirst)
    ));
}

fn answer(sent: &[Sent]) -> Option<Key> {
    sent.iter().find_map(|sent| match &sent.row.row.what {
        Outgoing::AnswerTap { say, .. } => say.as_ref().map(|say| say.key),
        _ => None,
    })
}

fn keys_of(sent: &[Sent], chat: ChatId) -> Vec<String> {
    let row = sent
        .iter()
        .filter(|sent| sent.chat == chat)
        .find_map(|sent| sent.message.as_ref()?.buttons.first())
        .unwrap();
    row.iter().map(|button| button.key.clone()).collect()
}

/// A word of a message in a chat.
fn word(sent: &[Sent], chat: ChatId, name: &str) -> Option<Arg> {
    sent.iter()
        .filter(|sent| sent.chat == chat)
        .find_map(|sent| {
            let say = sent.message.as_ref()?.say.first()?;
            say.args.iter().find(|(arg, _)| arg == name)
        })
        .map(|(_, value)| value.clone())
}

#[tokio::test]
async fn an_outage_nobody_takes_climbs_from_the_person_on_call_to_everybody() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(9 * 60 + 59).await;
    assert!(
        desk.deliver_all().await.is_empty(),
        "people get ten minutes"
    );
    desk.wait(1).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou]);
    assert_eq!(sent.len(), 1, "only who is on call: {sent:?}");
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::EscalationGroupOnCall]);
    assert_eq!(word(&sent, MIGENNES, "who"), Some(Arg::Text("P1".into())));
    assert_eq!(sent.len(), 1);
    desk.wait(1_200).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ACTIVE), [Key::EscalationEverybody]);
    assert_eq!(sent.len(), 1);
    desk.wait(86_400).await;
    let sent = desk.deliver_all().await;
    for chat in [MIGENNES, ACTIVE, ChatId(BRUNO)] {
        let said = said_in(&sent, chat);
        let reminders = said.iter().all(|key| *key == Key::CardReminder);
        assert!(reminders, "it climbs once: {said:?}");
    }
    // The next outage climbs anew.
    desk.up("silo").await;
    desk.wait(3_600).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou]);
}

#[tokio::test]
async fn whoever_is_called_takes_it_in_private_and_the_card_says_so() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    let take = &keys_of(&sent, ChatId(BRUNO))[0];
    desk.press(&desk.person(2), take, Some((ChatId(BRUNO), MessageId(1))))
        .await;
    let sent = desk.deliver_all().await;
    assert_eq!(answer(&sent), Some(Key::TapNotYours));
    desk.press(
        &desk.person(BRUNO),
        take,
        Some((ChatId(BRUNO), MessageId(1))),
    )
    .await;
    let sent = desk.deliver_all().await;
    assert_eq!(answer(&sent), Some(Key::CardTakenNow));
    let card = sent.iter().find_map(|sent| sent.card.as_ref()).unwrap();
    assert_eq!(card.causes[0].taken.as_ref().unwrap().name, "P1");
    desk.wait(7_200).await;
    let sent = desk.deliver_all().await;
    assert!(said_in(&sent, MIGENNES).is_empty() && said_in(&sent, ACTIVE).is_empty());
}

#[tokio::test]
async fn who_cannot_go_passes_it_on_at_once() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    let cannot = &keys_of(&sent, ChatId(BRUNO))[1];
    desk.press(
        &desk.person(BRUNO),
        cannot,
        Some((ChatId(BRUNO), MessageId(1))),
    )
    .await;
    desk.wait(0).await;
    let sent = desk.deliver_all().await;
    assert_eq!(answer(&sent), Some(Key::EscalationPassedOn));
    assert_eq!(said_in(&sent, MIGENNES), [Key::EscalationGroupOnCall]);
    desk.wait(1_799).await;
    assert_eq!(said_in(&desk.deliver_all().await, MIGENNES), []);
    desk.up("silo").await;
    desk.press(
        &desk.person(BRUNO),
        cannot,
        Some((ChatId(BRUNO), MessageId(1))),
    )
    .await;
    assert_eq!(
        answer(&desk.deliver_all().await),
        Some(Key::EscalationTooLate)
    );
}

#[tokio::test]
async fn what_is_taken_over_covered_silenced_or_of_one_member_calls_nobody() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    let bruno = desk.person(BRUNO);
    // Taken in the group.
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    desk.tap(&bruno, sent[0].card.as_ref().unwrap(), 0).await;
    // Over.
    desk.down("joigny-tour").await;
    desk.up("joigny-tour").await;
    desk.deliver_all().await;
    desk.wait(7_200).await;
    let sent = desk.deliver_all().await;
    for chat in [MIGENNES, JOIGNY, ACTIVE, ChatId(BRUNO)] {
        assert_eq!(said_in(&sent, chat), [], "{chat}");
    }
    desk.up("silo").await;
    desk.wait(3_600).await;
    // Part of a larger outage: only that one climbs.
    desk.down("eglise").await;
    desk.wait(60).await;
    desk.down("collecte").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert!(
        sent.is_empty(),
        "nobody takes turns for the backbone: {sent:?}"
    );
    desk.up("eglise").await;
    desk.up("collecte").await;
    desk.wait(3_600).await;
    desk.deliver_all().await;
    // Silenced: asked again later, when the silence is over.
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.command(&bruno, MIGENNES, "silence", "silo 30 min")
        .await;
    desk.wait(1_500).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), []);
    desk.wait(900).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou]);
}

#[tokio::test]
async fn the_week_changes_on_monday_at_nine_and_says_what_is_open() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    joins(&desk, 2).await;
    desk.until("2026-11-30T07:59:59Z").await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), []);
    desk.until("2026-11-30T08:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::RotaHandover]);
    assert_eq!(word(&sent, MIGENNES, "from"), Some(Arg::Text("P1".into())));
    assert_eq!(word(&sent, MIGENNES, "to"), Some(Arg::Text("P2".into())));
    assert_eq!(said_in(&sent, ChatId(2)), [Key::RotaYourTurn]);
    assert_eq!(said_in(&sent, ChatId(BRUNO)), []);
    let open = sent.iter().find_map(|sent| match &sent.row.row.what {
        Outgoing::Say(message) => message.say.get(1).map(|say| say.key),
        _ => None,
    });
    assert_eq!(open, Some(Key::RotaOpen));
    // And every week after, once.
    desk.until("2026-12-21T08:00:00Z").await;
    let sent = desk.deliver_all().await;
    let handovers = said_in(&sent, MIGENNES);
    assert_eq!(
        handovers
            .iter()
            .filter(|key| **key == Key::RotaHandover)
            .count(),
        3,
        "{handovers:?}"
    );
}

#[tokio::test]
async fn weeks_are_taken_offered_and_left_and_those_concerned_read_of_it() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    joins(&desk, 2).await;
    // Next week is P2's: P1 takes it.
    let sent = press(&desk, BRUNO, MIGENNES, 1, 0).await;
    assert_eq!(answer(&sent), Some(Key::RotaTaken));
    assert_eq!(said_in(&sent, MIGENNES), [Key::RotaWeekTakenFrom]);
    assert_eq!(said_in(&sent, ChatId(2)), [Key::RotaWeekTakenFrom]);
    // It is no longer P2's to give away.
    let sent = press(&desk, 2, MIGENNES, 1, 1).await;
    assert_eq!(answer(&sent), Some(Key::RotaNotYourWeek));
    // P1 asks who takes it; P2 does.
    let sent = press(&desk, BRUNO, MIGENNES, 1, 1).await;
    assert_eq!(answer(&sent), Some(Key::RotaOffered));
    assert_eq!(said_in(&sent, MIGENNES), [Key::RotaWeekOffered]);
    let take = &keys_of(&sent, MIGENNES)[0];
    desk.press(&desk.person(2), take, Some((MIGENNES, MessageId(1))))
        .await;
    assert_eq!(answer(&desk.deliver_all().await), Some(Key::RotaTaken));
    // P1 leaves: P2 is on call at once, and every week.
    let sent = press(&desk, BRUNO, MIGENNES, 0, 1).await;
    assert_eq!(answer(&sent), Some(Key::RotaLeft));
    assert_eq!(said_in(&sent, MIGENNES), [Key::RotaHandover]);
    assert_eq!(said_in(&sent, ChatId(2)), [Key::RotaYourTurn]);
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(2)), [Key::EscalationYou]);
}

#[tokio::test]
async fn a_stranger_may_not_take_turns() {
    let desk = desk().await;
    let (bruno, stranger) = (desk.person(BRUNO), desk.person(9));
    desk.command(&stranger, MIGENNES, "astreinte", "").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::AuthzNotKnown]);
    desk.command(&bruno, MIGENNES, "astreinte", "").await;
    let join = desk.deliver_all().await[0].button().unwrap();
    desk.press(&stranger, &join, Some((MIGENNES, MessageId(1))))
        .await;
    assert_eq!(answer(&desk.deliver_all().await), Some(Key::AuthzNotKnown));
}

#[tokio::test]
async fn where_nobody_takes_turns_nobody_is_called_unless_that_is_asked_for() {
    let desk = desk().await;
    desk.down("silo").await;
    desk.down("collecte").await;
    desk.deliver_all().await;
    assert_eq!(said_within(&desk, 7_200).await, []);
    assert!(desk.records("ex/").await.is_empty());
    let desk = desk_with("", |settings| settings.escalation_without_rota = true).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    let group = (MIGENNES, Key::EscalationGroup);
    assert_eq!(said_within(&desk, 1_200).await, [group]);
    assert_eq!(
        said_within(&desk, 1_200).await,
        [(ACTIVE, Key::EscalationEverybody)]
    );
}

#[tokio::test]
async fn a_storm_calls_once_for_each_card_and_names_what_nobody_took() {
    let relay = |n: usize| {
        format!(
            "[[equipment]]\nid = \"r{n}\"\nname = \"Relais {n}\"\nclass = \"secondary-relay\"\nparent = \"collecte\"\nsector = \"migennes\"\n"
        )
    };
    let more: String = (0..40).map(relay).collect();
    let desk = desk_with(&more, |_| ()).await;
    joins(&desk, BRUNO).await;
    for n in 0..40 {
        desk.down(&format!("r{n}")).await;
    }
    let cards = cards_in(&desk.deliver_all().await, MIGENNES).len();
    assert_eq!(cards, 2, "two new messages a minute");
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou; 2]);
    let more = |sent: &[Sent], chat| match word(sent, chat, "more") {
        Some(Arg::Number(more)) => more,
        other => panic!("{other:?}"),
    };
    let named = sent
        .iter()
        .map(|one| more(std::slice::from_ref(one), one.chat));
    assert_eq!(
        named.sum::<i64>(),
        40 - 1 - 5,
        "one alone, and five named of 39"
    );
    assert_eq!(
        said_within(&desk, 600).await.len(),
        2,
        "the group, once a card"
    );
    assert_eq!(said_within(&desk, 1_200).await.len(), 2, "everybody");
    assert_eq!(said_within(&desk, 7_200).await, []);
}

#[tokio::test]
async fn who_took_an_outage_did_not_take_what_came_later() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, MIGENNES)[0].clone();
    desk.tap(&desk.person(2), &card, 0).await;
    desk.deliver_all().await;
    assert_eq!(said_within(&desk, 3_600).await, []);
    // The same card becomes that of the relay above, which nobody has taken.
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    let edited = sent.iter().any(|sent| sent.card.is_some() && !sent.new);
    assert!(edited, "{sent:?}");
    assert_eq!(said_within(&desk, 599).await, []);
    let called = (ChatId(BRUNO), Key::EscalationYou);
    assert_eq!(said_within(&desk, 1).await, [called]);
    // It is over, what hung on it is not: that is a new outage, ten minutes from its card on.
    desk.up("silo").await;
    desk.wait(3_600).await;
    let said = desk.deliver_all().await;
    assert_eq!(said_in(&said, ChatId(BRUNO)), [Key::EscalationYou]);
}

#[tokio::test]
async fn at_night_only_what_wakes_somebody_anyway_calls() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    joins_all(&desk, 2).await;
    // 22:00 in Paris: the group of the sector sleeps, the technical one never does.
    desk.until("2026-11-24T21:00:00Z").await;
    desk.down("eglise").await;
    desk.down("collecte").await;
    desk.up("collecte").await;
    desk.wait(3_600).await;
    desk.deliver_all().await;
    desk.down("collecte").await;
    desk.deliver_all().await;
    assert_eq!(
        said_within(&desk, 600).await,
        [(ChatId(2), Key::EscalationYou)]
    );
    let sent = {
        desk.wait(1_800).await;
        desk.deliver_all().await
    };
    assert_eq!(said_in(&sent, BACKBONE)[0], Key::EscalationGroupOnCall);
    let everybody = sent.iter().find(|sent| sent.chat == ACTIVE).unwrap();
    let message = everybody.message.as_ref().unwrap();
    assert_eq!(message.say[0].key, Key::EscalationEverybody);
    assert!(message.silent, "they sleep");
    desk.up("collecte").await;
    desk.until("2026-11-25T06:59:59Z").await;
    assert_eq!(said_in(&desk.deliver_all().await, ChatId(BRUNO)), []);
    // At eight, and then one step after the other.
    let called = (ChatId(BRUNO), Key::EscalationYou);
    assert_eq!(said_within(&desk, 1).await, [called]);
    assert_eq!(said_within(&desk, 599).await, []);
    let group = (MIGENNES, Key::EscalationGroupOnCall);
    assert_eq!(said_within(&desk, 1).await, [group]);
}

#[tokio::test]
async fn what_is_planned_unstable_or_has_another_way_calls_nobody() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    let bruno = desk.person(BRUNO);
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.command(&bruno, MIGENNES, "equipement", "silo secours via Seignelay")
        .await;
    assert!(
        said_within(&desk, 3_600)
            .await
            .iter()
            .all(|(chat, _)| *chat != ChatId(BRUNO) && *chat != ACTIVE)
    );
    desk.command(&bruno, MIGENNES, "equipement", "silo secours fini")
        .await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou]);
    desk.up("silo").await;
    desk.wait(3_600).await;
    desk.deliver_all().await;
    // It blinks, and ends down: nobody is called while it is unstable.
    for _ in 0..4 {
        desk.down("eglise").await;
        desk.wait(30).await;
        desk.up("eglise").await;
        desk.wait(30).await;
    }
    desk.down("eglise").await;
    desk.deliver_all().await;
    let called = |said: &[(ChatId, Key)]| said.iter().any(|(chat, _)| *chat == ChatId(BRUNO));
    assert!(!called(&said_within(&desk, 14 * 60).await));
    assert!(
        called(&said_within(&desk, 20 * 60).await),
        "it is down for good"
    );
}

#[tokio::test]
async fn a_call_that_waited_says_what_is_true_when_it_is_sent() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    desk.up("silo").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [], "it is over");
}

#[tokio::test]
async fn who_cannot_be_reached_or_may_no_longer_go_is_passed_over() {
    let desk = desk().await;
    let active = Member {
        account: Some(AccountId(7)),
        roles: BTreeSet::from([Role::ActiveMember]),
        ..Member::new("7".into(), "Ana")
    };
    desk.write(keys::member("7"), &active).await;
    let speaks = SpeaksFor(MemberId("7".to_owned()));
    desk.write(keys::account(AccountId(7)), &speaks).await;
    joins(&desk, 7).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.wait(600).await;
    let waiting = desk.waiting().await;
    let claimed = desk.app.claim(waiting).await.unwrap();
    let to: Vec<ChatId> = claimed.iter().map(|one| one.row.place.chat).collect();
    assert_eq!(to, [ChatId(7)]);
    let never = Verdict::ChatBroken(BrokenBy::NeverStarted);
    let key = &claimed[0].key;
    desk.app.settle(key, 7, &never, desk.now()).await.unwrap();
    let group = (MIGENNES, Key::EscalationGroupOnCall);
    assert_eq!(said_within(&desk, 0).await, [group]);
    desk.up("silo").await;
    desk.wait(3_600).await;
    desk.deliver_all().await;
    // She left: nobody is on call, and the rota forgets her when it turns.
    let left = Member {
        status: Status::Left,
        ..active
    };
    desk.write(keys::member("7"), &left).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    assert_eq!(said_within(&desk, 3_600).await, []);
    joins(&desk, BRUNO).await;
    desk.until("2026-11-30T08:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::RotaYourTurn]);
    desk.until("2026-12-07T08:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(7)), []);
}
