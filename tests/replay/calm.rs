//! What makes others' groups noisy: blinking, maintenance, and outages that are not theirs.

use super::minutes;
use super::town::{Message, Town};

const MIGENNES: &str = "Secteur Migennes";
const JOIGNY: &str = "Secteur Joigny";
const SILO: &str = "Injoignable : Silo de Migennes";

fn outages(town: &Town, title: &str) -> Vec<Message> {
    let signs = ["🔴", "🟠", "✅ Rétabli"];
    let said = town.said(title).into_iter();
    said.filter(|message| signs.iter().any(|sign| message.text().starts_with(sign)))
        .collect()
}

/// T50 alertmanager #204, openwisp PR #240, #667: six flips in twelve seconds. One message, and it
/// says what it is when it is calm.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unstable_relay_is_one_message() {
    let town = Town::open().await;
    for _ in 0..6 {
        town.fires("migennes-silo").await;
        town.pass(chrono::TimeDelta::seconds(1)).await;
        town.resolves("migennes-silo").await;
        town.pass(chrono::TimeDelta::seconds(1)).await;
    }
    town.sees(MIGENNES, "Instable : Silo de Migennes")
        .await
        .has(&["changements", "Rien de plus ne sera envoyé"]);
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.pass(minutes(15)).await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.settles().await;
    assert_eq!(town.said(MIGENNES).len(), 1);
    town.finish().await;
}

/// T51 openwisp #139 (a reboot for new firmware), T55 librenms #18979 (the parent is maintained),
/// T58 uptime-kuma #5825, #3066 (notices within the window).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reboot_in_a_maintenance_is_one_announcement() {
    let town = Town::open().await;
    let bruno = town.person("Bruno");
    bruno.types(
        "Backbone",
        "/maintenance migennes-silo 15h-16h micrologiciel",
    );
    town.sees("Backbone", "Maintenance de Silo de Migennes")
        .await;
    town.sees(MIGENNES, "des coupures sont normales")
        .await
        .has(&["début 15 h, fin 16 h", "Travaux : micrologiciel"]);
    town.at(15, 10).await;
    for name in ["migennes-silo", "migennes-eglise", "migennes-gare"] {
        town.fires(name).await;
    }
    town.pass(minutes(3)).await;
    for name in ["migennes-silo", "migennes-eglise"] {
        town.resolves(name).await;
    }
    town.pass(minutes(5)).await;
    town.settles().await;
    assert!(
        outages(&town, MIGENNES).is_empty(),
        "{:#?}",
        town.said(MIGENNES)
    );
    town.at(16, 0).await;
    town.sees(MIGENNES, "Reste en panne : Gare de Migennes")
        .await;
    town.sees(MIGENNES, "Injoignable : Gare de Migennes").await;
    town.finish().await;
}

/// T56 uptime-kuma #2846: down before, during and after the window of each night.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_down_before_a_nightly_window_is_not_new_after_it() {
    let town = Town::open().await;
    town.fires("migennes-eglise").await;
    let card = town
        .sees(MIGENNES, "Injoignable : Église de Migennes")
        .await;
    town.person("Paula").taps(&card, "Je prends").await;
    let bruno = town.person("Bruno");
    bruno.types("Backbone", "/maintenance migennes-silo chaque nuit 15h-16h");
    town.sees("Backbone", "C'est noté").await;
    for _ in 0..3 {
        town.at(15, 30).await;
        town.at(16, 1).await;
        town.settles().await;
    }
    let said = town.said(MIGENNES);
    assert!(
        said.iter()
            .all(|message| !message.text().contains("terminée")),
        "{said:#?}"
    );
    assert_eq!(outages(&town, MIGENNES).len(), 1);
    town.finish().await;
}

/// P6: the backbone is the technicians' matter, and each sector behind it reads its own part.
/// P7: a sector's relay is its sector's matter alone. T53, T54: one message, whatever hangs there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_group_reads_its_part_and_nobody_reads_what_is_not_theirs() {
    let town = Town::open().await;
    // A child first, its parents later.
    for name in [
        "migennes-eglise",
        "joigny-ecole",
        "migennes-silo",
        "joigny-geographique",
        "paris-coeur",
    ] {
        town.fires(name).await;
        town.pass(chrono::TimeDelta::seconds(40)).await;
    }
    let whole = "Injoignable : Cœur de réseau à Paris";
    let technical = town.sees("Backbone", whole).await;
    technical.has(&["Derrière : 4", "En dépendent :"]);
    let migennes = town.sees(MIGENNES, whole).await;
    migennes.has(&["Derrière : 2", "Église de Migennes"]);
    assert!(!migennes.text().contains("Joigny"), "{}", migennes.text());
    let joigny = town.sees(JOIGNY, whole).await;
    joigny.has(&["Derrière : 2", "École de Joigny"]);
    assert!(town.said("Secteur Sens").is_empty());
    for (group, most) in [("Backbone", 2), (MIGENNES, 1), (JOIGNY, 1)] {
        let said = outages(&town, group);
        assert!(said.len() <= most, "{group}: {said:#?}");
    }
    town.finish().await;
}

/// P8: a setting that changes while an outage is open holds from the next event on, not from the
/// next start.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_changed_setting_holds_while_an_outage_is_open() {
    let town = Town::open().await;
    town.fires("migennes-silo").await;
    town.sees(MIGENNES, SILO).await;
    let bruno = town.person("Bruno");
    bruno.types("Backbone", "/equipement migennes-silo alertes non");
    town.sees("Backbone", "Alertes : coupées").await;
    town.resolves("migennes-silo").await;
    town.sees(MIGENNES, "Rétabli : Silo de Migennes").await;
    town.pass(minutes(10)).await;
    town.fires("migennes-silo").await;
    town.settles().await;
    assert_eq!(outages(&town, MIGENNES).len(), 1, "cut while it was open");
    town.finish().await;
}

/// P12: the night of 25 October 2026, when three o'clock becomes two, and a rule of every week
/// over it. How it goes through that night is in tests/maintenance_rules.rs.
#[test]
fn the_night_of_the_clock_change_is_three_hours_long() {
    use vigie_domain::calendar::read;
    let now = "2026-10-20T12:00:00".parse().unwrap();
    for words in ["25/10 1h30-3h30", "chaque dimanche de 01:30 à 03:30"] {
        let words: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
        let found = read(&words, now).unwrap();
        let from = "2026-10-20T12:00:00Z".parse().unwrap();
        let window = found.when.next(chrono_tz::Europe::Paris, from).unwrap();
        assert_eq!(window.from.to_rfc3339(), "2026-10-24T23:30:00+00:00");
        assert_eq!(window.to.to_rfc3339(), "2026-10-25T02:30:00+00:00");
        assert_eq!((window.to - window.from).num_hours(), 3);
    }
}
