//! Members from files and from the chat: imported, found, looked after; what matters needs two.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

#[path = "members/cut.rs"]
mod cut;
#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;
#[path = "members/rights.rs"]
mod rights;

use std::sync::Arc;

use tokio::sync::mpsc;
use town::Town;
use vigie::app::App;
use vigie::app::members::{Applied, Undone};
use vigie::app::settings::Settings;
use vigie::clock::{SystemChance, SystemClock};
use vigie_domain::AccountId;
use vigie_domain::authz::Role;
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::people::Status;
use vigie_domain::people::read::{Form, read};
use vigie_domain::people::row::Why;
use vigie_domain::text::Say;
use vigie_store::{MemoryStore, Store};

const MIGENNES: &str = "Secteur Migennes";

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::in_memory())
}

fn app() -> App {
    let chance = Arc::new(SystemChance::new().unwrap());
    App::new(store(), Arc::new(SystemClock), chance, Settings::default())
}

async fn imports(app: &App, text: &str) -> Applied {
    let (send, mut rows) = mpsc::channel(64);
    let mut all = Vec::new();
    read(Form::Csv, &mut text.as_bytes(), &mut |row| {
        all.push(row);
        true
    })
    .unwrap();
    send.send(all).await.unwrap();
    drop(send);
    app.import_members(&mut rows, &mut |_| ()).await.unwrap()
}

#[tokio::test]
async fn an_import_is_a_difference_and_can_be_taken_back() {
    let app = app();
    let first = imports(
        &app,
        "id;prenom;nom;mail;role\n1;Élise;Durand;elise@exemple.fr;\n2;Jean;Petit;;ca\n2;Double;;;\n;Sans;;;\n",
    )
    .await;
    assert_eq!((first.added, first.changed, first.fault_count), (2, 0, 2));
    assert!(
        first
            .faults
            .iter()
            .any(|fault| fault.why == Why::Twice("2".into()) && fault.line == 4)
    );
    assert_eq!(first.weighty.len(), 1, "{:?}", first.weighty);

    println!("The same again changes nothing; who is missing stays.");
    let again = imports(&app, "id;nom\n1;Durand\n").await;
    assert_eq!((again.added, again.changed, again.same), (0, 0, 1));
    assert_eq!((again.missing, again.missing_ids), (1, vec!["2".into()]));

    let second = imports(&app, "id;nom;statut\n1;Dupont;\n2;Petit;radié\n3;Neuf;\n").await;
    assert_eq!((second.added, second.changed), (1, 2));
    let found = app.find_members("DUPONT", 8).await.unwrap();
    assert_eq!(found[0].email.as_deref(), Some("elise@exemple.fr"), "kept");
    assert!(app.find_members("durand", 8).await.unwrap().is_empty());
    assert_eq!(
        app.find_members("2", 8).await.unwrap()[0].status,
        Status::Expelled
    );

    let undone = app.undo_members().await.unwrap();
    assert_eq!(
        undone,
        Undone {
            restored: 3,
            kept: 0
        }
    );
    assert_eq!(app.find_members("durand", 8).await.unwrap().len(), 1);
    assert!(app.find_members("dupont", 8).await.unwrap().is_empty());
    assert!(app.find_members("3", 8).await.unwrap().is_empty());
    assert_eq!(
        app.find_members("2", 8).await.unwrap()[0].status,
        Status::Active
    );
    assert_eq!(app.audit_fault().await.unwrap(), None);
}

#[tokio::test]
async fn members_are_found_however_they_are_written() {
    let app = app();
    imports(
        &app,
        "id;prenom;nom;mail;tel;organisation\n\
         7;Gaëlle;Le Goff;Gaelle@Exemple.FR;06 12 34 56 78;\n\
         A/12;;;;;Mairie de Joigny\n",
    )
    .await;
    for asked in [
        "7",
        "gaelle",
        "GAËLLE LE",
        "le goff g",
        "goff",
        "gaelle@exemple.fr",
        "0612345678",
        "+33 6 12 34 56 78",
    ] {
        let found = app.find_members(asked, 8).await.unwrap();
        assert_eq!(found.len(), 1, "{asked}");
        assert_eq!(found[0].id.as_str(), "7", "{asked}");
    }
    for asked in ["A/12", "joigny", "mairie de j"] {
        assert_eq!(
            app.find_members(asked, 8).await.unwrap()[0].id.as_str(),
            "A/12",
            "{asked}"
        );
    }
    assert!(app.find_members("nobody", 8).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_is_read_and_changed_in_private_only_and_acts_at_once() {
    let town = Town::open().await;
    let (bruno, paula, ana) = (
        town.person("Bruno"),
        town.person("Paula"),
        town.person("Ana"),
    );
    bruno.types(MIGENNES, "/membre moreau");
    let refused = town.sees(MIGENNES, "en privé").await;
    assert!(!refused.text().contains("Ana") && !refused.text().contains("101"));
    ana.types("Ana", "/membre bruno");
    town.sees("Ana", "réservé aux auditeurs et aux administrateurs")
        .await;

    println!("Paula takes an outage; suspended, she may not any more; and then again.");
    bruno.types("Bruno", "/membre da silva");
    let sheet = town.sees("Bruno", "Paula Da Silva, membre n° 116").await;
    sheet.has(&["paula.da-silva@exemple.fr", "Compte 1016"]);
    paula.types("Paula", "/membre ana");
    town.sees("Paula", "réservé aux auditeurs").await;
    let app = town.app();
    let holds = |role: Role| async move {
        let actor = app.roles_of(AccountId(1016)).await.unwrap();
        actor.roles().any(|held| *held == role)
    };
    assert!(holds(Role::ActiveMember).await);
    bruno.taps(&sheet, "Suspendre").await;
    let sheet = town.sees("Bruno", "Suspendu depuis").await;
    assert!(
        !holds(Role::ActiveMember).await,
        "from now on, cached or not"
    );
    bruno.taps(&sheet, "Lever la suspension").await;
    assert!(holds(Role::ActiveMember).await);

    println!("A bond that is ended gives nothing.");
    let answer = bruno.taps(&sheet, "Terminer le lien du compte 1016…").await;
    assert_eq!(answer.text, "");
    let sure = town
        .sees("Bruno", "Terminer le lien du compte 1016 ?")
        .await;
    bruno.taps(&sure, "Oui, c'est sûr").await;
    assert!(!holds(Role::Member).await);
    paula.types("Paula", "/equipement migennes-silo");
    town.sees("Paula", "n'est relié à aucun membre").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_is_made_by_two_and_the_log_tells_it() {
    let settings = Settings {
        administrators: vec![AccountId(1010)],
        ..Settings::default()
    };
    let town = Town::open_set(store(), settings).await;
    let (bruno, jules, olivier) = (
        town.person("Bruno"),
        town.person("Jules"),
        town.person("Olivier"),
    );
    jules.types("Jules", "/aide");
    town.sees("Jules", "Bonjour Jules").await;
    bruno.types("Bruno", "/membre 103");
    let sheet = town.sees("Bruno", "Claire Durand, membre n° 103").await;
    bruno.taps(&sheet, "Rôles…").await;
    let roles = town.sees("Bruno", "Rôles de Claire Durand").await;
    let answer = bruno.taps(&roles, "Donner : administrateur de Vigie").await;
    assert!(
        answer.text.contains("Un autre administrateur"),
        "{answer:?}"
    );
    let claire = AccountId(1003);
    let app = town.app();
    let is_admin = || async {
        let actor = app.roles_of(claire).await.unwrap();
        actor.roles().any(|role| *role == Role::Administrator)
    };
    assert!(!is_admin().await, "one is not enough");
    let asked = town.sees("Jules", "demande votre accord").await;
    asked.has(&["Claire Durand (n° 103)"]);
    jules.taps(&asked, "Je suis d'accord").await;
    assert!(is_admin().await);
    town.sees("Bruno", "Jules a donné son accord").await;
    let again = jules.taps(&asked, "Je suis d'accord").await;
    assert!(again.text.contains("n'attend plus"), "{again:?}");

    println!("Nobody changes their own record.");
    bruno.types("Bruno", "/membre 102");
    let own = town.sees("Bruno", "Bruno Petit, membre n° 102").await;
    let answer = bruno.taps(&own, "Suspendre").await;
    assert!(answer.text.contains("Personne ne change sa propre fiche"));

    println!("The auditor reads who did what, and is read in turn; nobody else is let in.");
    olivier.types("Olivier", "/audit 103");
    let log = town.sees("Olivier", "Journal").await;
    log.has(&[
        "give administrator to member 103",
        "accord du second",
        "proposition",
    ]);
    bruno.types("Bruno", "/audit compte 1015");
    town.sees("Bruno", "journal lu").await;
    town.person("Marc").types("Marc", "/audit");
    town.sees("Marc", "réservé aux auditeurs").await;
    bruno.types(MIGENNES, "/audit");
    town.sees(MIGENNES, "en privé").await;
    assert_eq!(app.audit_fault().await.unwrap(), None);
    town.finish().await;
}

/// The file of people may tell status and mandates, too; and an import says what weighs in words.
#[tokio::test]
async fn a_file_of_people_tells_status_and_mandates() {
    let app = app();
    let text = "[[person]]\nmember = \"1\"\nfirst_name = \"Ana\"\n\
        mandats = [\"stagiaire 2025-01-01..2028-01-01\", \"auditor 2026-01-01..\"]\n\
        [[person]]\nmember = \"2\"\nfirst_name = \"Jean\"\nstatut = \"radié\"\n";
    let file = SourceFile {
        format: Format::Toml,
        name: "people.toml",
        text,
    };
    app.import_network(&[file], |_, _| ()).await.unwrap();
    let ana = &app.find_members("1", 8).await.unwrap()[0];
    let held: Vec<&Role> = ana.mandates.iter().map(|mandate| &mandate.role).collect();
    assert_eq!(held, [&Role::Trainee, &Role::Auditor]);
    assert_eq!(
        app.find_members("2", 8).await.unwrap()[0].status,
        Status::Expelled
    );
    let applied = imports(&app, "id;nom;statut\n1;Moreau;radié\n").await;
    let words = |says: &[Say]| says.iter().map(|say| say.key.id()).collect::<Vec<_>>();
    let (_, before, after) = &applied.weighty[0];
    assert_eq!(words(before)[0], "members-status-active");
    assert_eq!(words(after)[0], "members-status-expelled");
}
