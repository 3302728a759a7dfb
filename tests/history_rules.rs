//! Rules of the history, seen at its records and pages.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

use desk::{BACKBONE, Desk, cards_in};
use vigie::app::history::HistoryOf;
use vigie::app::outbox::{Class, Doubt, Outgoing, Row, Target, View};
use vigie::app::views::{HistoryView, Shown};
use vigie_domain::{AccountId, Lang};

async fn history(desk: &Desk, of: HistoryOf) -> HistoryView {
    let what = Outgoing::View {
        view: View::History {
            of,
            page: 0,
            opener: Some(AccountId(1)),
        },
        lang: Lang::Fr,
        target: Target::New,
        buttons: Vec::new(),
    };
    let row = Row::new(
        BACKBONE.into(),
        what,
        Class::Answer,
        desk.now(),
        Doubt::Drop,
    );
    match desk.app.shown(&row).await.unwrap() {
        Shown::History(view) => view,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_above_explains_an_outage_whichever_alert_came_first() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    desk.pass(40).await;
    desk.down("silo").await;
    desk.down("chateau-eau").await;
    desk.pass(600).await;
    desk.up("silo").await;
    desk.up("eglise").await;
    // This one stays down: it has an outage of its own.
    desk.pass(3_600).await;
    desk.up("chateau-eau").await;
    let view = history(&desk, HistoryOf::All).await;
    let covered: Vec<_> = view
        .lines
        .iter()
        .map(|line| (line.name.as_str(), line.covered_by.as_deref()))
        .collect();
    assert_eq!(covered.len(), 3, "{covered:?}");
    for expected in [
        ("Migennes, silo", None),
        ("Migennes, église", Some("Migennes, silo")),
        ("Migennes, château d'eau", None),
    ] {
        assert!(covered.contains(&expected), "{covered:?}");
    }
    assert_eq!(view.means.outages, 2);
}

#[tokio::test]
async fn who_took_a_storm_is_kept_with_each_of_its_outages() {
    let names: Vec<String> = (0..60).map(|number| format!("relais-{number}")).collect();
    let declared: String = names
        .iter()
        .map(|name| {
            format!("[[equipment]]\nid = \"{name}\"\nname = \"{name}\"\nclass = \"backbone\"\n")
        })
        .collect();
    let desk = Desk::open_with(0, &declared, |_| ()).await;
    for name in &names {
        desk.down(name).await;
    }
    let sent = desk.deliver_all().await;
    desk.pass(120).await;
    for card in cards_in(&sent, BACKBONE) {
        desk.tap(&desk.person(1), card, 0).await;
    }
    desk.deliver_all().await;
    for name in &names {
        desk.up(name).await;
    }
    let view = history(&desk, HistoryOf::All).await;
    assert_eq!((view.total, view.means.taken), (60, 60));
    assert_eq!(view.means.to_take_s(), Some(120));
}

#[tokio::test]
async fn outages_are_removed_after_the_months_that_are_kept_and_not_before() {
    const DAY: i64 = 86_400;
    let desk = Desk::open(0).await;
    desk.down("silo").await;
    desk.pass(60).await;
    desk.up("silo").await;
    desk.deliver_all().await;
    let kept = desk.app.settings().history_months;
    assert_eq!(kept, 24);
    desk.pass(720 * DAY).await;
    desk.down("eglise").await;
    desk.pass(60).await;
    desk.up("eglise").await;
    desk.app.sweep().await.unwrap();
    assert_eq!(history(&desk, HistoryOf::All).await.total, 2);
    desk.pass(15 * DAY).await;
    desk.app.sweep().await.unwrap();
    let left = history(&desk, HistoryOf::All).await;
    assert_eq!(
        (left.total, left.lines[0].name.as_str()),
        (1, "Migennes, église")
    );
    for prefix in ["hi/", "hs/", "ht/", "ho/"] {
        assert_eq!(desk.records(prefix).await.len(), 1, "{prefix}");
    }
}

#[tokio::test]
async fn an_outage_costs_the_history_one_record_while_it_lasts_and_three_more_when_it_ends() {
    let desk = Desk::open(0).await;
    let count = async || {
        let mut rows = 0;
        for prefix in ["hi/", "hs/", "ht/", "ho/"] {
            rows += desk.records(prefix).await.len();
        }
        rows
    };
    desk.down("silo").await;
    for _ in 0..5 {
        desk.down("silo").await;
    }
    assert_eq!(count().await, 1);
    desk.up("silo").await;
    assert_eq!(count().await, 4);
}
