//! Import of the network: the shipped files, every fault with its line, and files of any size.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests may fail the test they help"
)]

#[path = "network_import/shipped.rs"]
mod shipped;

use std::fs;
use std::time::{Duration, Instant};

use chrono::DateTime;
use chrono_tz::Tz;
use proptest::prelude::*;
use vigie::i18n::Texts;
use vigie_domain::authz::Role;
use vigie_domain::names::{fold, spellings};
use vigie_domain::network::{Class, Equipment, QuietHours, Scope};
use vigie_domain::network_import::{
    Format, NetworkFile, Problem, SourceFile, What, decode, diff, parse, parse_all,
};
use vigie_domain::{AccountId, EquipmentId, Lang};

const SMALL: &str = r#"
[alerts]
delay_s = 60
quiet = "22:00-07:00"

[[sector]]
id = "Migennes"
name = "Migennes"

[[site]]
id = "eglise"
name = "Église de Migennes"
hint = "Vérifier le disjoncteur de la sacristie"

[[equipment]]
id = "migennes-collecte"
name = "Porte de collecte"
class = "backbone"

[[equipment]]
id = "Migennes Église"
name = "Relais de l'église"
class = "relais secondaire"
parent = "migennes-collecte"
sector = "migennes"
site = "eglise"
aliases = ["Église de Migennes", "10.2.0.3:9100"]
alerts = { enabled = true, scope = "both", delay_s = 0, repeat_min = 30, quiet = "jamais" }

[[person]]
member = 1042
first_name = "Ana"
account = "1001"
sector = "Migennes"
roles = ["membre", "référent"]
lang = "fr"
"#;

fn lines(found: &Result<NetworkFile, Vec<Problem>>) -> Vec<String> {
    let problems = found.as_ref().err().map_or(&[][..], Vec::as_slice);
    problems.iter().map(ToString::to_string).collect()
}

fn small() -> NetworkFile {
    let found = parse(Format::Toml, "network.toml", SMALL);
    assert_eq!(lines(&found), Vec::<String>::new());
    found.unwrap()
}

#[test]
fn a_network_is_read_with_its_people() {
    let network = small();
    assert_eq!(network.defaults.delay_s, 60);
    assert_eq!(network.defaults.repeat_min, 60);
    let relay = &network.equipment[1];
    assert_eq!(relay.id.as_str(), "migennes-eglise");
    assert_eq!(relay.class, Class::SecondaryRelay);
    assert_eq!(relay.parent, Some("migennes-collecte".into()));
    assert_eq!(relay.scope(), Scope::Both);
    assert_eq!(relay.delay_s(&network.defaults), 0);
    let night = QuietHours {
        from_minute: 1_320,
        to_minute: 420,
    };
    assert_eq!(network.defaults.quiet, night);
    assert!(!relay.quiet(&network.defaults).contains(0));
    let ana = &network.people[0];
    assert_eq!(
        (ana.id.as_str(), ana.account),
        ("1042", Some(AccountId(1001)))
    );
    assert!(ana.roles.contains(&Role::SectorReferent("migennes".into())));
    assert_eq!(network.group_kinds.len(), 4);
}

#[test]
fn equipment_is_found_by_alias_and_accent() {
    let found = spellings(&small().equipment);
    let id = |name: &str| found.get(&fold(name)).map(EquipmentId::as_str);
    assert_eq!(id("Église de Migennes"), Some("migennes-eglise"));
    assert_eq!(id("eglise de migennes"), Some("migennes-eglise"));
    assert_eq!(id("RELAIS DE L’ÉGLISE"), Some("migennes-eglise"));
    assert_eq!(id("10.2.0.3:9100"), Some("migennes-eglise"));
    assert_eq!(id("migennes"), None);
}

#[test]
fn the_same_network_in_three_formats_is_the_same() {
    let csv = "\u{FEFF}id;nom;classe;parent;secteur;site;alias;alerte;portée;délai;rappel;silence;conseil\r\n\
        migennes;Migennes;secteur;;;;;;;;;;\r\n\
        eglise;Église de Migennes;site;;;;;;;;;;Vérifier le disjoncteur de la sacristie\r\n\
        \r\n\
        migennes-collecte;Porte de collecte;backbone;;;;;;;;;;\r\n\
        Migennes Église;Relais de l'église;relais secondaire;Porte de collecte;migennes;Église de Migennes;Église de Migennes|10.2.0.3:9100;oui;les deux;0;30;jamais;\r\n";
    let people = "membre,prénom,compte,secteur,rôles,langue\n1042,Ana,1001,migennes,\"membre, référent:migennes\",fr\n";
    let json = serde_json::json!({
        "alerts": {"delay_s": 60, "quiet": "22:00-07:00"},
        "sectors": [{"id": "migennes", "name": "Migennes"}],
        "sites": [{"id": "eglise", "name": "Église de Migennes", "hint": "Vérifier le disjoncteur de la sacristie"}],
        "equipment": [
            {"id": "migennes-collecte", "name": "Porte de collecte", "class": "backbone", "parent": null},
            {"id": "migennes-eglise", "name": "Relais de l'église", "class": "secondary-relay",
             "parent": "migennes-collecte", "sector": "migennes", "site": "eglise",
             "aliases": ["Église de Migennes", "10.2.0.3:9100"],
             "alerts": {"enabled": true, "scope": "both", "delay_s": "0", "repeat_min": 30, "quiet": "none"}}
        ],
        "people": [{"member": 1042, "first_name": "Ana", "account": 1001, "sector": "migennes",
                    "roles": "member, referent", "lang": "fr"}]
    });
    let from_json = parse(Format::Json, "network.json", &json.to_string());
    assert_eq!(lines(&from_json), Vec::<String>::new());
    let from_json = from_json.unwrap();
    assert!(
        diff(&small(), &from_json).is_empty(),
        "{:#?}",
        diff(&small(), &from_json)
    );
    let file = |name, text| SourceFile {
        format: Format::Csv,
        name,
        text,
    };
    let from_csv = parse_all(&[file("network.csv", csv), file("people.csv", people)]);
    assert_eq!(lines(&from_csv), Vec::<String>::new());
    let from_csv = NetworkFile {
        defaults: small().defaults,
        ..from_csv.unwrap()
    };
    assert!(
        diff(&small(), &from_csv).is_empty(),
        "{:#?}",
        diff(&small(), &from_csv)
    );
}

#[test]
fn every_fault_of_a_toml_file_is_told_at_once_with_its_place() {
    let text = r#"[alerts]
delay = -1
quiet = "21:00"

[[sector]]
id = "joigny"
nmae = "Joigny"

[[sector]]
id = "Joigny"

[[equipment]]
id = "silo/2"
class = "backbone"

[[equipment]]
id = "silo"
class = "relay-main"
parent = "slio"
sector = "joigny"

[[equipment]]
id = "eglise"
class = "access"
parent = "joigny-silo"
sector = "joigni"
site = "clocher"
aliases = ["silo", true]
alerts = { scop = "both", scope = "tous" }

[[equipment]]
name = 12
class = "main-realy"

[[person]]
first_name = "Ana"
account = "un"
roles = ["chef", "referent"]

[sectors-of]
"#;
    let found = parse(Format::Toml, "n.toml", text);
    let expected = [
        "n.toml:2:9: number out of bounds: delay_s: -1 (one of: 0-604800)",
        "n.toml:3:9: hours cannot be read: quiet: 21:00 (one of: 21:00-08:00, jamais)",
        "n.toml:7:1: unknown field: nmae (perhaps name?)",
        "n.toml:9:1: already taken: id: joigny (first at n.toml:5:1)",
        "n.toml:13:6: not a short name: id: silo/2 (perhaps silo2?)",
        "n.toml:18:9: unknown word: class: relay-main (one of: backbone, main-relay, secondary-relay, access, link)",
        "n.toml:25:10: not declared anywhere: parent: joigny-silo",
        "n.toml:26:10: not declared anywhere: sector: joigni (perhaps joigny?)",
        "n.toml:27:8: not declared anywhere: site: clocher",
        "n.toml:28:20: wrong type of value: aliases: true (one of: \"…\")",
        "n.toml:29:12: unknown field: scop (perhaps scope?)",
        "n.toml:29:35: unknown word: scope: tous (one of: none, backbone, sector, both)",
        "n.toml:33:9: unknown word: class: main-realy (perhaps main-relay?)",
        "n.toml:35:1: missing field: member",
        "n.toml:37:11: wrong type of value: account: un (one of: 1001)",
        "n.toml:38:10: unknown word: roles: chef (one of: member, active-member, referent, board, trainee, supervisory-council, administrator, auditor)",
        "n.toml:38:18: missing field: sector: referent",
        "n.toml:40:2: unknown field: sectors-of (one of: sector, site, equipment, group, person, alerts)",
    ];
    assert_eq!(lines(&found), expected);
}

#[test]
fn faults_of_the_syntax_are_told_with_their_place() {
    let toml = parse(
        Format::Toml,
        "n.toml",
        "[[sector]]\nid = \n\n[[sector]]\nname = \"x\n",
    );
    let toml = lines(&toml);
    assert!(toml[0].starts_with("n.toml:2:"), "{toml:?}");
    assert!(
        toml.iter().any(|line| line.starts_with("n.toml:5:")),
        "{toml:?}"
    );
    let json = parse(
        Format::Json,
        "n.json",
        "{\n  \"sectors\": [\n    {\"id\": }\n  ]\n}",
    );
    assert_eq!(
        lines(&json),
        ["n.json:3:12: cannot be read: expected value"]
    );
    let not_json = parse(Format::Json, "n.json", "[1, 2]");
    assert_eq!(
        lines(&not_json),
        ["n.json:1:1: wrong type of value: […] (one of: {…})"]
    );
    let deep = format!(
        "{{\"sectors\": {}1{}}}",
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    assert!(!lines(&parse(Format::Json, "n.json", &deep)).is_empty());
    let deep = format!("sector = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(!lines(&parse(Format::Toml, "n.toml", &deep)).is_empty());
}

#[test]
fn faults_of_a_table_are_told_by_line() {
    let csv = "nom;classe;parent;secteur;portee;couleur\n\
        Collecte;backbone;;;;\n\
        Silo;relais principal;Colecte;Joigny;tous;\n\
        Silo;relais principal;Collecte;;;\n\
        Église;relais secondaire;Silo;Joigny\n\
        Tour;pylône;Collecte;Joigny;;\n";
    assert_eq!(
        lines(&parse(Format::Csv, "n.csv", csv)),
        [
            "n.csv:1: unknown field: couleur (one of: id, name, class, parent, backups, sector, site, aliases, alerts, probe, enabled, scope, delay_s, repeat_min, quiet, declarations)",
            "n.csv:3: unknown word: scope: tous (one of: none, backbone, sector, both)",
            "n.csv:3: not declared anywhere: parent: Colecte (perhaps collecte?)",
            "n.csv:4: missing field: sector",
            "n.csv:4: already taken: id: silo (first at n.csv:3)",
            "n.csv:5: wrong number of cells: 4 (limit 6)",
            "n.csv:6: unknown word: class: pylône (one of: backbone, main-relay, secondary-relay, access, link)",
        ]
    );
    let strange = parse(Format::Csv, "n.csv", "a;b\n1;2\n");
    assert_eq!(
        lines(&strange),
        [
            "n.csv:1: no known column in the first line: a b (one of: nom, classe, parent, secteur, site, alias)"
        ]
    );
}

#[test]
fn lines_are_counted_behind_comments_and_empty_lines() {
    let csv = "sep=;\r\n# un réseau\r\nnom;classe\r\n\r\n# deux\r\n\r\nCollecte;backbone\r\n;;\r\n\r\nSilo;silo\r\n";
    assert_eq!(
        lines(&parse(Format::Csv, "n.csv", csv)),
        [
            "n.csv:10: unknown word: class: silo (one of: backbone, main-relay, secondary-relay, access, link)"
        ]
    );
}

#[test]
fn a_quote_that_is_not_closed_swallows_nothing_in_silence() {
    let csv = "nom;classe\nCollecte;backbone\n\"Silo;backbone\nTour;backbone\n";
    assert_eq!(
        lines(&parse(Format::Csv, "n.csv", csv)),
        ["n.csv:3: quote not closed on this line: Silo;backbone"]
    );
    let twice = parse(Format::Csv, "n.csv", "nom;classe;name\na;backbone;b\n");
    assert_eq!(lines(&twice), ["n.csv:1: field given twice: name"]);
}

#[test]
fn people_may_not_share_a_number_or_an_account() {
    let csv = "membre,prenom,compte\n1,Ana,1001\n1,Bruno,1002\n3,Claire,1001\n4,,\n5,Denis,-3\n";
    assert_eq!(
        lines(&parse(Format::Csv, "p.csv", csv)),
        [
            "p.csv:3: already taken: member: 1 (first at p.csv:2)",
            "p.csv:4: already taken: account: 1001 (first at p.csv:2)",
            "p.csv:5: missing field: first_name",
            "p.csv:6: number out of bounds: account: -3 (one of: 1-)",
        ]
    );
}

#[test]
fn what_hangs_on_itself_is_told_once_with_the_way_round() {
    let csv = "id,classe,parent,secteur\n\
        coeur,backbone,,\n\
        a,access,c,joigny\nb,access,a,joigny\nc,access,b,joigny\nd,access,a,joigny\n\
        e,access,e,joigny\n";
    assert_eq!(
        lines(&parse(Format::Csv, "n.csv", csv)),
        [
            "n.csv:3: hangs on itself: parent: a (a → c → b → a)",
            "n.csv:7: hangs on itself: parent: e (e → e)",
        ]
    );
}

#[test]
fn what_must_not_reach_a_reader_does_not() {
    let json = r#"{"sectors": [{"id": "joigny", "name": "Joi\u0000gny \u202Efdp"}]}"#;
    let network = parse(Format::Json, "n.json", json).unwrap();
    assert_eq!(network.sectors[0].name, "Joigny fdp");
    let hidden = r#"{"sectors": [{"id": "joi\u202Egny"}]}"#;
    let network = parse(Format::Json, "n.json", hidden).unwrap();
    assert_eq!(network.sectors[0].id.as_str(), "joigny");
}

#[test]
fn a_file_in_another_encoding_is_told_by_line() {
    assert_eq!(
        decode("n.csv", "nom\nÉglise\n".as_bytes()),
        Ok("nom\nÉglise\n")
    );
    let latin = decode("n.csv", b"nom\nSilo\n\xC9glise\n").unwrap_err();
    assert_eq!(
        latin[0].to_string(),
        "n.csv:3: cannot be read (one of: UTF-8)"
    );
}

#[test]
fn a_flood_of_faults_is_cut() {
    let rows: String = (0..20_000)
        .map(|_| "x,pylone,nulle-part,joigny\n")
        .collect();
    let csv = format!("id,classe,parent,secteur\n{rows}");
    let begun = Instant::now();
    let problems = parse(Format::Csv, "n.csv", &csv).unwrap_err();
    assert!(begun.elapsed() < Duration::from_secs(20));
    assert!(problems.len() <= 501, "{}", problems.len());
    let last = problems.last().unwrap();
    assert_eq!((last.what, last.value.as_str()), (What::More, "19500"));
}

#[test]
fn problems_are_said_in_both_languages() {
    let texts = Texts::embedded().unwrap_or_else(|problems| panic!("{problems:?}"));
    let say = |lang, problem: &Problem| {
        let said = problem.say();
        let plain = said
            .iter()
            .map(|say| texts.plain(lang, Tz::Europe__Paris, DateTime::UNIX_EPOCH, say));
        plain.collect::<Vec<_>>().join(" ")
    };
    let text = "[[equipment]]\nid = \"silo\"\nclas = \"backbone\"\nclass = \"backbone\"\n";
    let problem = &parse(Format::Toml, "n.toml", text).unwrap_err()[0];
    assert_eq!(
        say(Lang::Fr, problem),
        "le champ clas est inconnu. Vouliez-vous dire class ?"
    );
    assert_eq!(
        say(Lang::En, problem),
        "the field clas is unknown. Did you mean class?"
    );
}

#[test]
fn a_change_of_the_network_is_told_apart() {
    let old = small();
    let mut new = small();
    new.equipment[1].alerts.scope = Some(Scope::None);
    let gone = new.equipment.remove(0);
    let added = Equipment {
        id: "sens-tour".into(),
        ..gone.clone()
    };
    new.equipment.push(added.clone());
    let found = diff(&old, &new);
    assert_eq!(found.equipment.added, [&added]);
    assert_eq!(found.equipment.removed, [&gone]);
    assert_eq!(
        found.equipment.updated,
        [(&old.equipment[1], &new.equipment[0])]
    );
    assert!(found.people.is_empty() && !found.defaults && !found.is_empty());
    assert_eq!(found.people.unchanged, 1);
}

/// Bits of files, right and wrong, in any order.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "[[equipment]]\n",
        "[[sector]]\n",
        "[alerts]\n",
        "[[person]]\n",
        "id = \"a\"\n",
        "id = 7\n",
        "name = \"É\"\n",
        "class = \"access\"\n",
        "parent = \"a\"\n",
        "sector = \"b\"\n",
        "roles = [\"referent:\"]\n",
        "aliases = [[1]]\n",
        "alerts = { quiet = \"-\" }\n",
        "nom;classe;parent;secteur\n",
        "a;access;a;b\n",
        "b;secteur;;\n",
        "membre,prenom\n",
        "1,Ana\n",
        "{\"sectors\": [",
        "{\"id\": \"a\"}",
        "]}",
        ",",
        "\"",
        "\u{0}",
        "\u{FEFF}",
        "\r\n",
        "\t",
        "🛰",
        "#",
        "=",
        ";",
        "null",
        "1e400",
    ]);
    prop::collection::vec(scrap, 0..20).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_read_or_refused_with_its_lines(text in scraps()) {
        for format in [Format::Toml, Format::Csv, Format::Json] {
            for problem in parse(format, "n", &text).err().unwrap_or_default() {
                prop_assert!((1..=text.matches('\n').count() + 1).contains(&problem.line), "{problem}");
                prop_assert!(!problem.to_string().contains('\n'), "{problem}");
            }
        }
    }
}
