//! Rules of maintenance and silences: what is announced, what is held back, and what is told when
//! nothing holds it back any more.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

use desk::{BACKBONE, Desk, JOIGNY, MIGENNES, Sent, cards_in, said_in};
use vigie_domain::text::{Arg, Key};
use vigie_domain::{ChatId, MessageId};

const ADMIN: i64 = 1;

/// Whatever message of a group.
fn on(chat: ChatId) -> Option<(ChatId, MessageId)> {
    Some((chat, MessageId(1)))
}

async fn maintain(desk: &Desk, chat: ChatId, words: &str) -> Vec<Sent> {
    desk.command(&desk.person(ADMIN), chat, "maintenance", words)
        .await;
    desk.deliver_all().await
}

/// The value of the first message of this kind in a group.
fn value<'s>(sent: &'s [Sent], chat: ChatId, key: Key, name: &str) -> &'s Arg {
    for one in sent.iter().filter(|sent| sent.chat == chat) {
        let vigie::app::outbox::Outgoing::Say(message) = &one.row.row.what else {
            continue;
        };
        if let Some(say) = message.say.iter().find(|say| say.key == key) {
            return &say.args.iter().find(|(known, _)| known == name).unwrap().1;
        }
    }
    panic!("no {key:?} in {chat}: {sent:#?}")
}

fn at(text: &str) -> Arg {
    Arg::At(text.parse().unwrap())
}

#[tokio::test]
async fn a_maintenance_is_announced_holds_openings_back_and_tells_what_it_left() {
    let desk = Desk::open(0).await;
    let sent = maintain(
        &desk,
        MIGENNES,
        "silo demain 22h-23h30 changement d'antenne",
    )
    .await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceNoted]);
    assert_eq!(
        value(&sent, MIGENNES, Key::MaintenanceNoted, "from"),
        &at("2026-11-25T21:00:00Z")
    );
    // A day before, and an hour before.
    desk.until("2026-11-24T20:59:59Z").await;
    assert!(desk.deliver_all().await.is_empty());
    desk.until("2026-11-24T21:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceSoon]);
    assert_eq!(sent.len(), 1, "only the sector's group is concerned");
    desk.until("2026-11-25T20:00:00Z").await;
    assert_eq!(
        said_in(&desk.deliver_all().await, MIGENNES),
        [Key::MaintenanceSoon]
    );
    // While it lasts nothing opens, neither itself nor what hangs on it. T51, T55, T58.
    desk.until("2026-11-25T21:10:00Z").await;
    for name in ["silo", "eglise"] {
        desk.down(name).await;
    }
    desk.wait(300).await;
    desk.up("silo").await;
    desk.down("chateau-eau").await;
    desk.wait(600).await;
    assert!(desk.deliver_all().await.is_empty());
    // Elsewhere everything is told.
    desk.down("joigny-tour").await;
    assert_eq!(cards_in(&desk.deliver_all().await, JOIGNY).len(), 1);
    desk.up("chateau-eau").await;
    desk.until("2026-11-25T22:29:59Z").await;
    assert!(said_in(&desk.deliver_all().await, MIGENNES).is_empty());
    desk.until("2026-11-25T22:30:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceOverRemains]);
    let names = value(&sent, MIGENNES, Key::MaintenanceOverRemains, "names");
    assert_eq!(names, &Arg::Name("Migennes, église (eglise)".to_owned()));
    let cards = cards_in(&sent, MIGENNES);
    assert_eq!((cards.len(), cards[0].causes.len()), (1, 1));
}

#[tokio::test]
async fn nothing_left_is_said_once_and_what_was_said_before_is_edited_meanwhile() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.deliver_all().await;
    maintain(&desk, BACKBONE, "silo 15h-16h").await;
    desk.until("2026-11-24T14:30:00Z").await;
    desk.deliver_all().await;
    desk.up("eglise").await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES)[0].finished, "the end is told");
    desk.until("2026-11-24T15:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceOver]);
    desk.command(&desk.person(ADMIN), BACKBONE, "maintenance", "")
        .await;
    let rows = desk.waiting().await;
    let shown = desk.app.shown(&rows[0].row).await.unwrap();
    let vigie::app::views::Shown::Lines(lines) = shown else {
        panic!()
    };
    assert_eq!(lines[0].key, Key::MaintenanceNone);
}

/// T56 uptime-kuma #2846: down before, during and after the window of each night.
#[tokio::test]
async fn what_is_down_before_during_and_after_stays_silent_unless_it_changes() {
    let desk = Desk::open_with(0, "", |settings| settings.announce_h.clear()).await;
    for name in ["eglise", "chateau-eau"] {
        let words = format!("{name} rappel 0");
        desk.command(&desk.person(ADMIN), BACKBONE, "equipement", &words)
            .await;
    }
    // The settings are told of, once.
    desk.wait(120).await;
    desk.deliver_all().await;
    maintain(&desk, BACKBONE, "silo chaque nuit 2h-4h").await;
    desk.down("eglise").await;
    assert_eq!(cards_in(&desk.deliver_all().await, MIGENNES).len(), 1);
    for night in 25..29 {
        desk.until(&format!("2026-11-{night}T05:00:00Z")).await;
        let sent = desk.deliver_all().await;
        assert!(
            sent.iter().all(|one| !one.new),
            "night of {night}: {sent:?}"
        );
    }
    // It began in a window: told once at its end.
    desk.until("2026-11-29T02:00:00Z").await;
    desk.down("chateau-eau").await;
    desk.until("2026-11-29T05:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceOverRemains]);
    desk.until("2026-11-30T05:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert!(said_in(&sent, MIGENNES).is_empty());
}

#[tokio::test]
async fn what_comes_back_is_announced_less() {
    for (words, expected) in [
        ("silo 1/12 2h-4h", vec![2]),
        ("silo chaque mercredi 2h-4h", vec![3, 1, 1]),
        ("silo chaque nuit 2h-4h", vec![2, 0, 0, 0]),
    ] {
        let desk = Desk::open(0).await;
        maintain(&desk, BACKBONE, words).await;
        // The first window (of the rule of every week: the first two), then one week or one
        // night after the other.
        let (first, step) = match words.contains("nuit") {
            true => ("2026-11-25T04:00:00Z", 86_400),
            false => ("2026-12-02T04:00:00Z", 7 * 86_400),
        };
        desk.until(first).await;
        for (number, expected) in expected.into_iter().enumerate() {
            if number > 0 {
                desk.wait(step).await;
            }
            let sent = desk.deliver_all().await;
            let said = said_in(&sent, MIGENNES);
            let told = said.iter().filter(|key| **key == Key::MaintenanceSoon);
            assert_eq!(told.count(), expected, "{words}, {number}: {said:?}");
        }
    }
}

/// P12: the night in which three o'clock becomes two, by a window and by a rule of every week.
#[tokio::test]
async fn the_night_of_the_clock_change_is_as_long_as_it_is() {
    for words in ["25/10 1h30-3h30", "chaque dimanche 1h30-3h30"] {
        let desk = Desk::open(0).await;
        desk.starts_at("2026-10-23T12:00:00Z");
        let sent = maintain(&desk, BACKBONE, &format!("silo {words}")).await;
        let told = |name| value(&sent, BACKBONE, Key::MaintenanceNoted, name);
        assert_eq!(told("from"), &at("2026-10-24T23:30:00Z"));
        assert_eq!(told("to"), &at("2026-10-25T02:30:00Z"));
        desk.until("2026-10-24T23:31:00Z").await;
        desk.down("eglise").await;
        desk.down("chateau-eau").await;
        desk.up("chateau-eau").await;
        desk.until("2026-10-25T02:29:59Z").await;
        assert!(cards_in(&desk.deliver_all().await, MIGENNES).is_empty());
        desk.until("2026-10-25T02:30:00Z").await;
        let sent = desk.deliver_all().await;
        let names = value(&sent, MIGENNES, Key::MaintenanceOverRemains, "names");
        assert_eq!(names, &Arg::Name("Migennes, église (eglise)".to_owned()));
        assert_eq!(cards_in(&sent, MIGENNES).len(), 1);
    }
}

#[tokio::test]
async fn a_backbone_maintenance_is_told_to_every_group_behind_it_once() {
    let desk = Desk::open(0).await;
    let sent = maintain(&desk, BACKBONE, "collecte 16h-17h fibre").await;
    assert_eq!(said_in(&sent, BACKBONE), [Key::MaintenanceNoted]);
    desk.wait(1).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceSoon]);
    assert_eq!(said_in(&sent, JOIGNY), [Key::MaintenanceSoon]);
    assert!(said_in(&sent, BACKBONE).is_empty(), "it has read of it");
}

#[tokio::test]
async fn a_maintenance_is_called_off_by_button_and_everybody_told_of_it_is_told() {
    let desk = Desk::open(0).await;
    let sent = maintain(&desk, BACKBONE, "secteur migennes 14h30-17h").await;
    let call_off = sent.iter().find_map(Sent::button).unwrap();
    desk.wait(3_600).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).is_empty(), "held back");
    desk.press(&desk.person(77), &call_off, on(BACKBONE)).await;
    assert!(
        said_in(&desk.deliver_all().await, MIGENNES).is_empty(),
        "refused"
    );
    desk.press(&desk.person(ADMIN), &call_off, on(BACKBONE))
        .await;
    desk.wait(1).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, MIGENNES), [Key::MaintenanceCalledOff]);
    assert_eq!(
        cards_in(&sent, MIGENNES).len(),
        1,
        "it lasts, so it is told"
    );
    desk.wait(3 * 3_600).await;
    let sent = desk.deliver_all().await;
    assert!(!said_in(&sent, MIGENNES).contains(&Key::MaintenanceOver));
}

#[tokio::test]
async fn only_who_may_plans_maintenance_and_strange_words_are_answered() {
    let desk = Desk::open(0).await;
    for (who, words, expected) in [
        (77, "silo demain 22h-23h", Key::AuthzNotKnown),
        (ADMIN, "silo bientôt", Key::MaintenanceUsage),
        (ADMIN, "silo 24/11/2020 1h-2h", Key::MaintenanceUsage),
        (
            ADMIN,
            "château introuvable demain 1h-2h",
            Key::MaintenanceUsage,
        ),
        (ADMIN, "alerte X demain 1h-2h", Key::MaintenanceUsage),
    ] {
        desk.command(&desk.person(who), MIGENNES, "maintenance", words)
            .await;
        let sent = desk.deliver_all().await;
        assert_eq!(said_in(&sent, MIGENNES), [expected], "{words}");
    }
}

#[tokio::test]
async fn silences_of_a_sector_of_a_name_and_of_everything_hold_back_and_end_alike() {
    for (words, alert, held) in [
        ("secteur migennes 1h", "RelayDown", true),
        ("migennes 1h", "RelayDown", true),
        ("secteur joigny 1h", "RelayDown", false),
        ("alerte relaydown 1h", "RelayDown", true),
        ("alerte relaydown 1h", "HighLoss", false),
        ("tout 1h", "RelayDown", true),
        ("silo 1h", "RelayDown", true),
        ("eglise 1h", "RelayDown", true),
        ("chateau-eau 1h", "RelayDown", false),
    ] {
        let desk = Desk::open(0).await;
        desk.command(&desk.person(ADMIN), MIGENNES, "silence", words)
            .await;
        let sent = desk.deliver_all().await;
        assert_eq!(said_in(&sent, MIGENNES), [Key::SilenceNoted], "{words}");
        let mut down = desk.alert("eglise");
        down.name = alert.to_owned();
        desk.hear(vec![down]).await;
        let cards = cards_in(&desk.deliver_all().await, MIGENNES).len();
        assert_eq!(cards == 0, held, "{words} {alert}");
        desk.wait(3_599).await;
        assert!(cards_in(&desk.deliver_all().await, MIGENNES).is_empty());
        desk.wait(1).await;
        let sent = desk.deliver_all().await;
        let new = sent
            .iter()
            .filter(|one| one.new && one.card.is_some())
            .count();
        assert_eq!(new == 1, held, "what lasts is told: {words} {alert}");
    }
}

#[tokio::test]
async fn silences_are_listed_and_ended_by_button() {
    let desk = Desk::open(0).await;
    let admin = desk.person(ADMIN);
    for words in ["secteur migennes 2h", "alerte HighLoss 1 jour"] {
        desk.command(&admin, MIGENNES, "silence", words).await;
    }
    desk.down("eglise").await;
    desk.deliver_all().await;
    desk.command(&admin, MIGENNES, "silence", "").await;
    let rows = desk.waiting().await;
    let vigie::app::views::Shown::Lines(lines) = desk.app.shown(&rows[0].row).await.unwrap() else {
        panic!()
    };
    let keys: Vec<Key> = lines.iter().map(|line| line.key).collect();
    assert_eq!(keys, [Key::SilenceList, Key::SilenceLine, Key::SilenceLine]);
    let sent = desk.deliver_all().await;
    let first = sent.iter().find_map(Sent::button).unwrap();
    desk.press(&admin, &first, on(MIGENNES)).await;
    assert_eq!(cards_in(&desk.deliver_all().await, MIGENNES).len(), 1);
    for (who, words, expected) in [
        (77, "tout 1h", Key::AuthzNotKnown),
        (ADMIN, "tout 30 jours", Key::SilenceUsage),
        (ADMIN, "tout longtemps", Key::SilenceUsage),
        (ADMIN, "nulle-part 1h", Key::SilenceUsage),
    ] {
        desk.command(&desk.person(who), MIGENNES, "silence", words)
            .await;
        let sent = desk.deliver_all().await;
        assert_eq!(said_in(&sent, MIGENNES), [expected], "{words}");
    }
}

#[tokio::test]
async fn a_maintenance_and_a_silence_of_the_same_thing_do_not_end_each_other() {
    let desk = Desk::open(0).await;
    maintain(&desk, MIGENNES, "silo 14h30-16h").await;
    desk.command(&desk.person(ADMIN), MIGENNES, "silence", "silo 1h")
        .await;
    desk.wait(40 * 60).await;
    desk.down("eglise").await;
    desk.until("2026-11-24T14:30:00Z").await;
    let sent = desk.deliver_all().await;
    assert!(
        cards_in(&sent, MIGENNES).is_empty(),
        "the silence is over, the maintenance is not"
    );
    desk.until("2026-11-24T15:00:00Z").await;
    assert_eq!(cards_in(&desk.deliver_all().await, MIGENNES).len(), 1);
}
