//! Who is on call, and who is called when nobody takes an outage.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

use desk::{BACKBONE, Desk, JOIGNY, MIGENNES, Sent, said_in};
use vigie::app::outbox::Outgoing;
use vigie_domain::text::{Arg, Key};
use vigie_domain::{ChatId, MessageId};

/// An administrator: they may do everything.
const BRUNO: i64 = 1;
/// Group of the active members.
const ACTIVE: ChatId = ChatId(-1005);

async fn desk() -> Desk {
    let desk = Desk::open_with(0, "", |settings| {
        settings.administrators.push(vigie_domain::AccountId(2));
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

/// Somebody joins the rota of Migennes.
async fn joins(desk: &Desk, who: i64) {
    let sent = press(desk, who, MIGENNES, 0, 0).await;
    assert_eq!(answer(&sent), Some(Key::RotaJoined));
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
        .find_map(|sent| match (&sent.row.row.what, sent.chat == chat) {
            (Outgoing::Say(message), true) => message.buttons.first(),
            _ => None,
        })
        .unwrap();
    row.iter().map(|button| button.key.clone()).collect()
}

/// A word of a message in a chat.
fn word(sent: &[Sent], chat: ChatId, name: &str) -> Option<Arg> {
    sent.iter()
        .filter(|sent| sent.chat == chat)
        .find_map(|sent| match &sent.row.row.what {
            Outgoing::Say(message) => message.say[0].args.iter().find(|(arg, _)| arg == name),
            _ => None,
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
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [], "no rota of the backbone");
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, BACKBONE), [Key::EscalationGroup]);
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
