//! Sources that lie.

use vigie::app::event::Event;
use vigie_domain::alert::{Alert, Phase};
use vigie_domain::text::Key as Text;

use super::desk::{BACKBONE, Desk, MIGENNES, cards_in, said_in};

/// An alert of its own about a name.
fn other(desk: &Desk, name: &str, fingerprint: &str) -> Alert {
    let mut alert = desk.alert(name);
    alert.fingerprint = fingerprint.into();
    alert
}

async fn bounded() -> Desk {
    Desk::open_with(0, "", |settings| settings.most_strays = 40).await
}

/// Fewer here than the hundred thousand that a program can make up: what is kept and sent depends
/// on the bound alone.
#[tokio::test]
async fn names_that_a_source_makes_up_are_bounded_and_it_is_said_once() {
    let desk = bounded().await;
    let mut sent = Vec::new();
    for hundred in 0..5 {
        let names = (0..100).map(|number| format!("inventé-{hundred}-{number}"));
        let alerts = names.map(|name| desk.alert(&name)).collect();
        desk.hear(alerts).await;
        sent.extend(desk.deliver_all().await);
    }
    assert_eq!(desk.records("es/").await.len(), 40);
    let said = said_in(&sent, BACKBONE);
    let told = said.iter().filter(|key| **key == Text::SourceStrays);
    assert_eq!(told.count(), 1);
    assert!(sent.len() < 20, "{} messages", sent.len());
    println!("Where one ends there is room for one, and an hour later it is said again.");
    let ends = (0..100).map(|number| {
        let mut alert = desk.alert(&format!("inventé-0-{number}"));
        alert.phase = Phase::Resolved;
        alert.ends_at = Some(desk.now());
        alert
    });
    desk.hear(ends.collect()).await;
    assert!(desk.records("es/").await.is_empty());
    desk.wait(3_601).await;
    desk.deliver_all().await;
    let alerts = (0..100).map(|number| desk.alert(&format!("encore-{number}")));
    desk.hear(alerts.collect()).await;
    assert_eq!(desk.records("es/").await.len(), 40);
    let said = said_in(&desk.deliver_all().await, BACKBONE);
    assert_eq!(
        said.iter()
            .filter(|key| **key == Text::SourceStrays)
            .count(),
        1
    );
    println!("What is declared is told all the same.");
    desk.down("eglise").await;
    assert_eq!(cards_in(&desk.deliver_all().await, MIGENNES).len(), 1);
}

#[tokio::test]
async fn alerts_made_up_about_one_relay_are_bounded_and_it_is_said_once() {
    let desk = bounded().await;
    let mut sent = Vec::new();
    for hundred in 0..5 {
        let alerts = (0..100).map(|number| other(&desk, "eglise", &format!("{hundred}-{number}")));
        desk.hear(alerts.collect()).await;
        sent.extend(desk.deliver_all().await);
    }
    assert_eq!(desk.records("io/").await.len(), 40);
    let said = said_in(&sent, BACKBONE);
    assert_eq!(
        said.iter()
            .filter(|key| **key == Text::SourceSwamps)
            .count(),
        1
    );
    assert!(
        cards_in(&sent, MIGENNES).len() < 8,
        "one card and its edits"
    );
    let ends = (0..500).map(|number| {
        let name = format!("{}-{}", number / 100, number % 100);
        let mut alert = other(&desk, "eglise", &name);
        alert.phase = Phase::Resolved;
        alert.ends_at = Some(desk.now());
        alert
    });
    desk.hear(ends.collect()).await;
    assert!(cards_in(&desk.deliver_all().await, MIGENNES)[0].finished);
}

/// Two sources tell of the same outage: one card, which ends when the last of them says so.
#[tokio::test]
async fn two_sources_that_tell_the_same_make_one_card() {
    let desk = Desk::open(0).await;
    let from = |source: &str, phase| {
        let mut alert = desk.alert("eglise");
        alert.phase = phase;
        alert.ends_at = (phase == Phase::Resolved).then(|| desk.now());
        Event::Alerts {
            source: source.into(),
            alerts: vec![alert],
            left_out: 0,
        }
    };
    desk.happens(from("am", Phase::Firing)).await;
    desk.happens(from("zabbix", Phase::Firing)).await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.iter().filter(|sent| sent.new).count(), 1);
    desk.pass(30).await;
    desk.happens(from("am", Phase::Resolved)).await;
    let sent = desk.deliver_all().await;
    assert!(!cards_in(&sent, MIGENNES).iter().any(|card| card.finished));
    desk.pass(30).await;
    desk.happens(from("zabbix", Phase::Resolved)).await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES)[0].finished);
    assert!(!sent.iter().any(|sent| sent.new));
}

/// A clock that is an hour off, either way: no outage begins in the future, lasts less than
/// nothing, or stays open.
#[tokio::test]
async fn a_clock_that_is_an_hour_off_opens_and_ends_what_it_means() {
    for ahead_h in [-1, 1] {
        let desk = Desk::open(0).await;
        let off = chrono::TimeDelta::hours(ahead_h);
        let mut alert = desk.alert("eglise");
        alert.starts_at = Some(desk.now() + off);
        desk.hear(vec![alert.clone()]).await;
        let sent = desk.deliver_all().await;
        let since = cards_in(&sent, MIGENNES)[0].causes[0].since;
        assert!(since <= desk.now(), "{ahead_h} h");
        desk.pass(60).await;
        alert.phase = Phase::Resolved;
        alert.ends_at = Some(desk.now() + off);
        desk.hear(vec![alert]).await;
        let sent = desk.deliver_all().await;
        assert!(cards_in(&sent, MIGENNES)[0].finished, "{ahead_h} h");
        assert!(desk.records("es/").await.is_empty());
    }
}

/// An end without a beginning says nothing, and what was over before we heard of it opens nothing
/// when its beginning is told late.
#[tokio::test]
async fn an_end_before_its_beginning_opens_nothing_that_stays() {
    let desk = Desk::open(0).await;
    let mut end = desk.alert("eglise");
    end.phase = Phase::Resolved;
    end.ends_at = Some(desk.now());
    desk.hear(vec![end.clone()]).await;
    assert!(desk.deliver_all().await.is_empty());
    desk.hear(vec![desk.alert("eglise")]).await;
    desk.deliver_all().await;
    desk.hear(vec![end]).await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES)[0].finished);
    assert!(desk.records("es/").await.is_empty());
}
