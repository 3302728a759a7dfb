//! The dead-man of sources: the silence of what watches is itself told, and is never taken for an
//! outage of what it watches, nor for our own absence.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;
#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

use std::sync::Arc;

use chrono::TimeDelta;
use desk::{BACKBONE, Desk, MIGENNES, cards_in, said_in};
use serde_json::json;
use town::Town;
use vigie::app::event::Event;
use vigie::app::outbox::{Outgoing, Row, Target, View};
use vigie::app::settings::{Settings, Way};
use vigie::app::views::{CardView, CauseNow, EquipmentView, Shown};
use vigie_domain::SourceId;
use vigie_domain::alert::Phase;
use vigie_domain::state::State;
use vigie_domain::text::Key;
use vigie_store::MemoryStore;

/// Signs of life of `am` are expected every ten minutes.
async fn desk() -> Desk {
    let desk = Desk::open_with(0, "", |settings| {
        settings.silent_after_s = [(SourceId::from("am"), 600)].into();
        settings.sources = ["am", "other"]
            .map(|name| (SourceId::from(name), Way::Posts))
            .into();
    })
    .await;
    desk.app.expect_sources().await.unwrap();
    desk
}

async fn beat(desk: &Desk) {
    let source = SourceId::from("am");
    desk.app.sign_of_life(&source, desk.now()).await.unwrap();
}

/// The cards of the technical group among what was sent since.
async fn cards(desk: &Desk) -> Vec<CardView> {
    let sent = desk.deliver_all().await;
    cards_in(&sent, BACKBONE).into_iter().cloned().collect()
}

/// The program runs, and the messenger answers, for so many minutes.
async fn minutes(desk: &Desk, count: i64) {
    for _ in 0..count {
        desk.wait(60).await;
        let now = Some(desk.now());
        desk.app.stay_awake(now, false).await.unwrap();
    }
}

async fn sheet(desk: &Desk, name: &str) -> EquipmentView {
    let view = View::Equipment {
        id: name.into(),
        opener: None,
    };
    let row = Row::new(
        BACKBONE.into(),
        Outgoing::View {
            view,
            lang: vigie_domain::Lang::Fr,
            target: Target::New,
            buttons: Vec::new(),
        },
        vigie::app::outbox::Class::Answer,
        desk.now(),
        vigie::app::outbox::Doubt::Drop,
    );
    match desk.app.shown(&row).await.unwrap() {
        Shown::Equipment(Some(view)) => *view,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn silence_opens_one_card_and_a_sign_of_life_ends_it() {
    let desk = desk().await;
    beat(&desk).await;
    desk.wait(5 * 60).await;
    beat(&desk).await;
    desk.wait(10 * 60).await;
    assert!(
        cards(&desk).await.is_empty(),
        "it has ten minutes, and one for what is on disk"
    );
    desk.wait(60).await;
    let open = cards(&desk).await;
    assert_eq!(open.len(), 1);
    let cause = &open[0].causes[0];
    assert_eq!(cause.source.as_ref().unwrap().name, "am");
    assert_eq!(
        cause.since,
        desk.now() - TimeDelta::minutes(11),
        "the last sign"
    );
    desk.wait(9 * 60).await;
    beat(&desk).await;
    let over = cards(&desk).await;
    assert!(
        over[0].finished
            && matches!(over[0].causes[0].now, CauseNow::Ended(at) if at == desk.now())
    );
    assert!(over[0].message.is_some(), "the same card");
    // And it is expected again.
    desk.wait(12 * 60).await;
    assert!(!cards(&desk).await[0].finished);
}

#[tokio::test]
async fn any_alert_is_a_sign_of_life_and_a_source_of_which_none_are_expected_may_be_silent() {
    let desk = desk().await;
    let other = SourceId::from("other");
    desk.app.sign_of_life(&other, desk.now()).await.unwrap();
    beat(&desk).await;
    for _ in 0..6 {
        desk.wait(9 * 60).await;
        beat(&desk).await;
    }
    assert!(cards(&desk).await.is_empty());
}

#[tokio::test]
async fn a_source_that_was_never_heard_is_told_once_and_is_no_outage() {
    let desk = desk().await;
    desk.wait(12 * 60).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, BACKBONE), [Key::SourceNever]);
    assert!(cards_in(&sent, BACKBONE).is_empty());
    desk.app.expect_sources().await.unwrap();
    desk.wait(24 * 3_600).await;
    assert!(desk.deliver_all().await.is_empty(), "once");
    beat(&desk).await;
    desk.wait(12 * 60).await;
    assert_eq!(
        cards(&desk).await.len(),
        1,
        "from then on its silence counts"
    );
}

#[tokio::test]
async fn what_is_not_configured_any_more_is_not_missed() {
    let desk = desk().await;
    beat(&desk).await;
    desk.wait(12 * 60).await;
    assert_eq!(cards(&desk).await.len(), 1);
    // Another start, with another configuration, over the same store.
    let later = vigie::app::App::new(
        desk.store.clone(),
        desk.clock.clone(),
        Arc::new(Random),
        Settings::default(),
    );
    later.expect_sources().await.unwrap();
    assert!(cards(&desk).await[0].finished);
    desk.wait(24 * 3_600).await;
    assert!(desk.deliver_all().await.is_empty());
}

struct Random;

impl vigie::app::ports::Chance for Random {
    fn bytes(&self) -> [u8; 16] {
        rand::random()
    }
}

#[tokio::test]
async fn while_we_were_away_nobody_could_speak() {
    let desk = desk().await;
    desk.app.stay_awake(Some(desk.now()), true).await.unwrap();
    beat(&desk).await;
    minutes(&desk, 5).await;
    // The program was down for two hours; what is due fires before anything else.
    desk.clock_jumps(2 * 3_600);
    desk.app.fire_due().await.unwrap();
    assert!(cards(&desk).await.is_empty(), "asleep until now");
    desk.app.stay_awake(Some(desk.now()), true).await.unwrap();
    minutes(&desk, 10).await;
    assert!(cards(&desk).await.is_empty(), "it has its time again");
    minutes(&desk, 2).await;
    let open = cards(&desk).await;
    assert_eq!(open.len(), 1, "now it is silent");
    let since = desk.now() - open[0].causes[0].since;
    assert!(since > TimeDelta::hours(2), "since its last sign: {since}");
}

#[tokio::test]
async fn a_restart_of_a_moment_gives_no_new_patience() {
    let desk = desk().await;
    desk.app.stay_awake(Some(desk.now()), true).await.unwrap();
    beat(&desk).await;
    minutes(&desk, 10).await;
    desk.clock_jumps(20);
    desk.app.stay_awake(Some(desk.now()), true).await.unwrap();
    minutes(&desk, 1).await;
    assert_eq!(cards(&desk).await.len(), 1);
}

#[tokio::test]
async fn while_we_are_cut_off_or_the_messenger_is_silence_of_others_tells_nothing() {
    let desk = desk().await;
    desk.app.stay_awake(Some(desk.now()), true).await.unwrap();
    beat(&desk).await;
    desk.app.cut_off(Some(desk.now())).await.unwrap();
    minutes(&desk, 60).await;
    assert!(cards(&desk).await.is_empty(), "cut off");
    desk.app.cut_off(None).await.unwrap();
    minutes(&desk, 9).await;
    assert!(cards(&desk).await.is_empty(), "back for nine minutes");
    beat(&desk).await;
    // The messenger does not answer any more.
    let last = desk.now();
    for _ in 0..60 {
        desk.wait(60).await;
        desk.app.stay_awake(Some(last), false).await.unwrap();
    }
    assert!(cards(&desk).await.is_empty(), "deaf");
    minutes(&desk, 10).await;
    assert!(cards(&desk).await.is_empty());
    minutes(&desk, 3).await;
    assert_eq!(cards(&desk).await.len(), 1);
}

#[tokio::test]
async fn what_only_a_silent_source_watches_is_unknown() {
    let desk = desk().await;
    beat(&desk).await;
    desk.down("eglise").await;
    desk.up("eglise").await;
    // Another source knows the second one as well.
    let other = |alert| Event::Alerts {
        source: SourceId::from("other"),
        alerts: vec![alert],
        left_out: 0,
    };
    desk.down("chateau-eau").await;
    desk.happens(other(desk.alert("chateau-eau"))).await;
    desk.up("chateau-eau").await;
    let mut over = desk.alert("chateau-eau");
    over.phase = Phase::Resolved;
    desk.happens(other(over)).await;
    assert_eq!(sheet(&desk, "eglise").await.state, State::Up);
    desk.wait(12 * 60).await;
    let unknown = sheet(&desk, "eglise").await;
    assert_eq!(unknown.state, State::Unknown);
    assert_eq!(unknown.silent_source.as_deref(), Some("am"));
    assert_eq!(sheet(&desk, "chateau-eau").await.state, State::Up);
    beat(&desk).await;
    assert_eq!(sheet(&desk, "eglise").await.state, State::Up);
}

#[tokio::test]
async fn it_can_be_silenced_reminded_of_and_taken_as_any_other() {
    let desk = desk().await;
    beat(&desk).await;
    desk.wait(12 * 60).await;
    let open = cards(&desk).await.remove(0);
    desk.wait(61 * 60).await;
    let reminded = desk.deliver_all().await;
    assert_eq!(said_in(&reminded, BACKBONE), [Key::CardReminder]);
    assert!(said_in(&reminded, MIGENNES).is_empty());
    let admin = desk.person(1);
    desk.tap(&admin, &open, 1).await;
    let card = cards(&desk).await.remove(0);
    assert!(card.causes[0].silenced_until.is_some());
    desk.tap(&admin, &open, 0).await;
    let card = cards(&desk).await.remove(0);
    assert_eq!(card.causes[0].taken.as_ref().unwrap().name, "P1");
    desk.wait(24 * 3_600).await;
    assert!(
        said_in(&desk.deliver_all().await, BACKBONE).is_empty(),
        "taken"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_night_without_the_monitoring_is_read_and_outlives_a_restart() {
    let settings = Settings {
        absence_min: u32::MAX,
        silent_after_s: [(SourceId::from("generic"), 600)].into(),
        ..Settings::default()
    };
    let mut town = Town::open_set(Arc::new(MemoryStore::in_memory()), settings).await;
    let told = |state: &str| {
        json!({"alert_uid": "1", "equipment": "migennes-silo", "title": "silo", "state": state})
            .to_string()
    };
    town.posts("generic", told("alerting")).await;
    town.posts("generic", told("ok")).await;
    // This one is still down when the monitoring falls silent.
    let down =
        json!({"alert_uid": "2", "equipment": "joigny-ecole", "title": "x", "state": "alerting"});
    town.posts("generic", down.to_string()).await;
    town.pass(TimeDelta::minutes(12)).await;
    let card = town
        .sees("Backbone", "Supervision « generic » muette")
        .await;
    card.has(&[
        "Depuis 14 h, soit 12 min",
        "Ce qu'elle surveille n'est plus connu : ni en panne, ni rétabli.",
        "Elle doit donner signe de vie au moins une fois en 10 min.",
        "Personne ne s'en occupe encore",
    ]);
    let metrics = town.metrics().await;
    for line in [
        "vigie_source_silent{source=\"generic\"} 1\n",
        "vigie_source_silent_after_seconds{source=\"generic\"} 600\n",
        "vigie_source_age_seconds{source=\"generic\"} 72",
    ] {
        assert!(metrics.contains(line), "{line}");
    }
    assert!(!metrics.contains("vigie_source_silent{source=\"zabbix\"}"));
    town.person("Denis").types("Denis", "/etat tout");
    let list = town.sees("Denis", "Supervision « generic » muette").await;
    list.has(&[
        "depuis 14 h",
        "École de Joigny (joigny-ecole), Joigny, depuis 14 h (12 min), dernier état connu",
        "⚪ 1 équipement inconnu : la source generic est muette depuis 14 h",
    ]);
    town.person("Denis").types("Denis", "/etat migennes");
    let list = town.sees("Denis", "secteur Migennes").await;
    list.has(&["⚪ Aucune panne connue", "⚪ 1 équipement inconnu"]);
    town.person("Denis").types("Denis", "/etat sens");
    town.sees("Denis", "✅ Aucune panne en cours, secteur Sens")
        .await;
    town.person("Bruno")
        .types("Bruno", "/equipement migennes-silo");
    tokio::time::sleep(std::time::Duration::from_secs(6)).await;
    println!(
        "PANICS {} {:?}",
        town.health().counters().panics,
        town.sim.calls("sendMessage", 0)["calls"]
            .as_array()
            .unwrap()
            .iter()
            .map(|c| (c["params"]["chat_id"].clone(), c["params"]["text"].clone()))
            .collect::<Vec<_>>()
    );
    let sheet = town.sees("Bruno", "On ne peut pas savoir").await;
    sheet.has(&["generic, qui le surveille, est muette"]);
    town.pass(TimeDelta::minutes(61)).await;
    town.sees("Backbone", "Toujours muette après 1 h 13 : source generic")
        .await;
    town.settles().await;
    town.stop().await;
    town.skip(TimeDelta::minutes(7 * 60 + 59)).await;
    town.start().await;
    town.looked_around().await;
    town.posts("generic", told("ok")).await;
    let over = town
        .sees("Backbone", "Supervision « generic » de retour")
        .await;
    over.has(&["après 9 h 12 de silence"]);
    assert_eq!(over.id(), card.id());
    town.finish().await;
}
