//! Rules of the alert relay, seen at the cards of each group.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

#[path = "relay_rules/buttons.rs"]
mod buttons;
#[path = "relay_rules/liars.rs"]
mod liars;

use std::collections::BTreeSet;

use desk::{BACKBONE, Desk, JOIGNY, MIGENNES, cards_in};
use vigie::app::buttons::{Action, Planted};
use vigie::app::cards::{Card, CardKeys};
use vigie::app::delivery::Stored;
use vigie::app::event::{Event, OurPlace, Standing};
use vigie::app::keys;
use vigie::app::outbox::{BrokenBy, Look, Outgoing, Verdict};
use vigie::app::tx::decode;
use vigie::app::views::{CauseNow, Shown};
use vigie_domain::alert::Severity;
use vigie_domain::text::Key as Text;
use vigie_domain::{ChatId, MessageId};

#[tokio::test]
async fn a_relay_goes_to_its_local_group_and_the_backbone_to_the_technical_one() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.len(), 1);
    let card = cards_in(&sent, MIGENNES)[0];
    assert_eq!(card.causes[0].name, "Migennes, église (eglise)");
    assert_eq!(
        card.causes[0].hint.as_deref(),
        Some("Église : voir le disjoncteur")
    );

    desk.pass(120).await;
    desk.down("collecte").await;
    let sent = desk.deliver_all().await;
    assert_eq!(cards_in(&sent, BACKBONE).len(), 1);
    assert!(cards_in(&sent, JOIGNY).is_empty());
}

#[tokio::test]
async fn a_card_is_edited_to_its_end_and_says_how_long() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.pass(750).await;
    desk.up("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.len(), 1, "nobody took it: no reply");
    assert!(!sent[0].new);
    let card = sent[0].card.as_ref().unwrap();
    assert!(card.finished && card.buttons.is_empty());
    let CauseNow::Ended(at) = card.causes[0].now else {
        panic!("{card:?}")
    };
    assert_eq!((at - card.causes[0].since).num_seconds(), 750);
}

#[tokio::test]
async fn what_remains_behind_an_outage_that_is_over_is_counted_down_until_nothing_does() {
    let desk = Desk::open(0).await;
    for id in ["silo", "eglise", "chateau-eau"] {
        desk.down(id).await;
    }
    desk.deliver_all().await;
    let remaining = |sent: &[desk::Sent]| {
        let card = cards_in(sent, MIGENNES)[0];
        card.causes[0].behind.iter().filter(|b| b.remains).count()
    };
    desk.pass(300).await;
    desk.up("silo").await;
    assert_eq!(remaining(&desk.deliver_all().await), 2);
    desk.pass(5).await;
    desk.up("eglise").await;
    assert_eq!(remaining(&desk.deliver_all().await), 1);
    desk.pass(5).await;
    desk.up("chateau-eau").await;
    assert_eq!(remaining(&desk.deliver_all().await), 0);
    desk.pass(120).await;
    let later = desk.deliver_all().await;
    assert!(
        !later.iter().any(|sent| sent.new),
        "nothing is left to tell"
    );
}

#[tokio::test]
async fn a_parent_covers_its_children_whatever_the_order() {
    let desk = Desk::open(0).await;
    // The child first: its card becomes the parent's card, in place.
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.pass(40).await;
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.iter().filter(|sent| sent.new).count(), 0);
    let card = cards_in(&sent, MIGENNES).pop().unwrap();
    let live: Vec<_> = card
        .causes
        .iter()
        .filter(|cause| cause.now == CauseNow::Down)
        .collect();
    assert_eq!(live.len(), 1);
    assert_eq!(live[0].name, "Migennes, silo (silo)");
    assert_eq!(live[0].behind[0].name, "Migennes, église (eglise)");
    // The parent first: the child is added to the card.
    desk.down("chateau-eau").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.len(), 1);
    assert!(!sent[0].new);
    assert_eq!(sent[0].card.as_ref().unwrap().causes[0].behind.len(), 2);
}

#[tokio::test]
async fn the_local_group_sees_its_part_of_a_backbone_outage() {
    let desk = Desk::open(0).await;
    desk.down("collecte").await;
    desk.down("silo").await;
    desk.down("joigny-tour").await;
    let sent = desk.deliver_all().await;
    let behind = |chat| cards_in(&sent, chat).last().unwrap().causes[0].behind.len();
    assert_eq!(
        (behind(BACKBONE), behind(MIGENNES), behind(JOIGNY)),
        (2, 1, 1)
    );
}

#[tokio::test]
async fn a_child_that_stays_down_gets_its_own_card_after_the_grace() {
    let desk = Desk::open(0).await;
    desk.down("silo").await;
    desk.down("eglise").await;
    desk.down("chateau-eau").await;
    desk.deliver_all().await;
    desk.pass(100).await;
    desk.up("silo").await;
    desk.up("chateau-eau").await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).iter().all(|card| card.finished));
    desk.pass(61).await;
    let sent = desk.deliver_all().await;
    let new: Vec<_> = sent.iter().filter(|sent| sent.new).collect();
    assert_eq!(new.len(), 1);
    let card = new[0].card.as_ref().unwrap();
    assert_eq!(
        card.causes.last().map(|cause| cause.name.as_str()),
        Some("Migennes, église (eglise)")
    );
    let parent = cards_in(&sent, MIGENNES)
        .into_iter()
        .find(|card| card.finished);
    assert!(
        parent.unwrap().causes[0].behind.is_empty(),
        "it is told on its own card now"
    );
}

#[tokio::test]
async fn a_short_outage_within_the_delay_is_never_told() {
    let desk = Desk::open(180).await;
    desk.down("eglise").await;
    desk.pass(100).await;
    desk.up("eglise").await;
    desk.pass(200).await;
    assert!(desk.deliver_all().await.is_empty());
    desk.down("eglise").await;
    desk.pass(179).await;
    assert!(desk.deliver_all().await.is_empty());
    desk.pass(1).await;
    assert_eq!(desk.deliver_all().await.len(), 1);
}

#[tokio::test]
async fn settings_hold_from_the_next_event_on() {
    let desk = Desk::open(0).await;
    let admin = desk.person(1);
    desk.command(&admin, BACKBONE, "equipement", "eglise alertes non")
        .await;
    desk.deliver_all().await;
    desk.down("eglise").await;
    assert!(desk.deliver_all().await.is_empty());
    desk.command(&admin, BACKBONE, "equipement", "eglise alertes oui")
        .await;
    let sent = desk.deliver_all().await;
    assert_eq!(
        cards_in(&sent, MIGENNES).len(),
        1,
        "it still lasts, so it is told now"
    );
}

#[tokio::test]
async fn silence_holds_back_openings_and_never_the_end() {
    let desk = Desk::open(0).await;
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, MIGENNES)[0];
    desk.tap(&desk.person(1), card, 1).await;
    desk.deliver_all().await;
    desk.up("silo").await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES)[0].finished);
    desk.pass(60).await;
    desk.down("silo").await;
    assert!(desk.deliver_all().await.is_empty());
    desk.pass(3_600).await;
    assert_eq!(cards_in(&desk.deliver_all().await, MIGENNES).len(), 1);
}

#[tokio::test]
async fn unknown_equipment_goes_to_the_technical_group() {
    let desk = Desk::open(0).await;
    desk.down("relais <inconnu>").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, BACKBONE)[0];
    assert_eq!(
        (card.causes[0].class, card.causes[0].name.as_str()),
        (None, "relais <inconnu>")
    );
}

#[tokio::test]
async fn an_alias_and_an_address_with_port_name_the_equipment() {
    let desk = Desk::open(0).await;
    desk.down("10.2.0.7:9100").await;
    let sent = desk.deliver_all().await;
    assert_eq!(
        cards_in(&sent, MIGENNES)[0].causes[0].name,
        "Migennes, église (eglise)"
    );
}

#[tokio::test]
async fn an_echo_after_the_end_opens_nothing() {
    let desk = Desk::open(0).await;
    let first = desk.alert("eglise");
    desk.hear(vec![first.clone()]).await;
    desk.deliver_all().await;
    desk.pass(10).await;
    desk.up("eglise").await;
    desk.deliver_all().await;
    desk.pass(3).await;
    desk.hear(vec![first]).await;
    assert!(desk.deliver_all().await.is_empty());
}

#[tokio::test]
async fn a_storm_costs_two_new_messages_a_minute_and_every_name_is_there() {
    let desk = Desk::open(0).await;
    for number in 0..300 {
        desk.down(&format!("inconnu-{number:03}")).await;
        if number % 50 == 0 {
            desk.deliver_all().await;
        }
    }
    let mut sent = desk.deliver_all().await;
    assert!(
        sent.iter().all(|sent| !sent.new),
        "the first two were new, the others joined"
    );
    let card = sent.pop().unwrap().card.unwrap();
    assert_eq!(card.causes.len(), 299);
    for number in 0..300 {
        desk.up(&format!("inconnu-{number:03}")).await;
    }
    let sent = desk.deliver_all().await;
    assert_eq!(sent.len(), 2);
    assert!(
        sent.iter()
            .all(|sent| sent.card.as_ref().unwrap().finished && !sent.new)
    );
}

#[tokio::test]
async fn a_warning_above_does_not_hide_an_outage_below() {
    let desk = Desk::open(0).await;
    let mut hot = desk.alert("silo");
    hot.severity = Severity::Warning;
    desk.hear(vec![hot]).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    let mut names: Vec<_> = cards_in(&sent, MIGENNES)
        .iter()
        .map(|card| card.causes[0].name.clone())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["Migennes, silo (silo)", "Migennes, église (eglise)"]
    );
}

#[tokio::test]
async fn what_nobody_took_is_said_again() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.pass(3_599).await;
    assert!(desk.deliver_all().await.is_empty());
    desk.pass(1).await;
    assert_eq!(desk.deliver_all().await.len(), 1);
}

#[tokio::test]
async fn a_group_that_moves_keeps_everything() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    let moved = Event::ChatMoved {
        old: MIGENNES,
        new: ChatId(-100_777),
    };
    for _ in 0..2 {
        let envelope = vigie::app::event::Envelope {
            inbox: None,
            at: desk.now(),
            event: moved.clone(),
        };
        desk.app.handle(envelope).await.unwrap();
    }
    assert_eq!(desk.app.address(MIGENNES).await.unwrap(), -100_777);
    desk.up("eglise").await;
    let rows = desk.waiting().await;
    let Shown::Card(Some(card)) = desk.app.shown(&rows[0].row).await.unwrap() else {
        panic!()
    };
    assert_eq!(
        card.message, None,
        "messages of the old number cannot be edited"
    );
}

#[tokio::test]
async fn what_is_no_longer_needed_is_removed_and_nothing_else() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.pass(31 * 86_400).await;
    desk.down("silo").await;
    desk.up("eglise").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, MIGENNES).pop().unwrap().clone();
    assert!(
        desk.app.sweep().await.unwrap() > 0,
        "buttons of the first card expired"
    );
    desk.tap(&desk.person(1), &card, 0).await;
    desk.pass(1).await;
    desk.up("silo").await;
    let sent = desk.deliver_all().await;
    assert!(
        cards_in(&sent, MIGENNES).last().unwrap().finished,
        "what lasts was kept"
    );
    desk.pass(100 * 86_400).await;
    assert!(desk.app.sweep().await.unwrap() > 0);
    assert_eq!(desk.app.sweep().await.unwrap(), 0);
}

#[tokio::test]
async fn names_of_any_length_are_told_and_block_nobody() {
    let desk = Desk::open(0).await;
    for length in [511, 513, 4_000] {
        let mut alone = desk.alert(&"x".repeat(length));
        alone.fingerprint = format!("x{length}").as_str().into();
        desk.hear(vec![alone]).await;
        let mut hook = vec![desk.alert(&"é".repeat(length)), desk.alert("eglise")];
        hook[0].fingerprint = format!("f{length}").as_str().into();
        desk.hear(hook).await;
    }
    let sent = desk.deliver_all().await;
    let told: usize = cards_in(&sent, BACKBONE)
        .iter()
        .map(|card| card.causes.len())
        .max()
        .unwrap_or(0);
    assert!(told >= 5, "six long names on two cards, {told} on one");
    assert_eq!(cards_in(&sent, MIGENNES).len(), 1);
    let long = "x".repeat(600);
    desk.command(&desk.person(1), MIGENNES, "equipement", &long)
        .await;
    assert_eq!(desk.deliver_all().await.len(), 1, "answered");
}

#[tokio::test]
async fn an_end_counts_although_its_start_was_moved_back() {
    let desk = Desk::open(0).await;
    let mut alert = desk.alert("eglise");
    desk.hear(vec![alert.clone()]).await;
    desk.deliver_all().await;
    desk.pass(60).await;
    alert.starts_at = alert
        .starts_at
        .map(|start| start - chrono::TimeDelta::seconds(10));
    alert.ends_at = Some(desk.now());
    alert.phase = vigie_domain::alert::Phase::Resolved;
    desk.hear(vec![alert]).await;
    assert!(cards_in(&desk.deliver_all().await, MIGENNES)[0].finished);
}

#[tokio::test]
async fn the_end_of_a_silence_tells_groups_that_no_card_has_told() {
    let desk = Desk::open(0).await;
    desk.down("collecte").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, BACKBONE)[0];
    desk.tap(&desk.person(1), card, 1).await;
    desk.down("silo").await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).is_empty(), "held back");
    desk.pass(3_600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(
        cards_in(&sent, MIGENNES).len(),
        1,
        "the technical group's card does not count"
    );
}

#[tokio::test]
async fn a_worse_alert_within_the_delay_opens_nothing() {
    let desk = Desk::open(600).await;
    let mut alert = desk.alert("eglise");
    alert.severity = Severity::Warning;
    desk.hear(vec![alert.clone()]).await;
    desk.pass(20).await;
    alert.severity = Severity::Critical;
    desk.hear(vec![alert]).await;
    assert!(desk.deliver_all().await.is_empty());
    desk.pass(580).await;
    assert_eq!(desk.deliver_all().await.len(), 1);
}

#[tokio::test]
async fn an_outage_that_seventy_groups_show_changes_and_ends_in_all_of_them() {
    let desk = Desk::open(0).await;
    let admin = desk.person(1);
    for number in 0..70 {
        let chat = ChatId(-2000 - number);
        desk.command(&admin, chat, "groupe", "technique").await;
    }
    desk.deliver_all().await;
    let told = |sent: &[desk::Sent]| {
        let cards = sent.iter().filter_map(|sent| sent.card.as_ref());
        cards.map(|card| card.place.chat).collect::<BTreeSet<_>>()
    };
    desk.down("collecte").await;
    desk.pass(1).await;
    assert_eq!(told(&desk.deliver_all().await).len(), 71);
    desk.down("silo").await;
    desk.pass(1).await;
    let sent = desk.deliver_all().await;
    assert!(told(&sent).len() >= 71, "each counts what is behind");
    desk.pass(60).await;
    desk.up("silo").await;
    desk.up("collecte").await;
    desk.pass(1).await;
    let ended = desk.deliver_all().await;
    let over = |sent: &&desk::Sent| sent.card.as_ref().is_some_and(|card| card.finished);
    let chats: BTreeSet<ChatId> = ended.iter().filter(over).map(|sent| sent.chat).collect();
    assert!(chats.len() >= 71, "{}", chats.len());
}
