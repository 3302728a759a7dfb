//! Import of the network: the shipped files, every fault with its line, and files of any size.

use std::fs;
use std::time::{Duration, Instant};

use chrono::DateTime;
use chrono_tz::Tz;
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
    let night = QuietHours { from_minute: 1_320, to_minute: 420 };
    assert_eq!(network.defaults.quiet, night);
    assert!(!relay.quiet(&network.defaults).contains(0));
    let ana = &network.people[0];
    assert_eq!((ana.id.as_str(), ana.account), ("1042", Some(AccountId(1001))));
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
    assert!(diff(&small(), &from_json).is_empty(), "{:#?}", diff(&small(), &from_json));
    let file = |name, text| SourceFile { format: Format::Csv, name, text };
    let from_csv = parse_all(&[file("network.csv", csv), file("people.csv", people)]);
    assert_eq!(lines(&from_csv), Vec::<String>::new());
    let from_csv = NetworkFile { defaults: small().defaults, ..from_csv.unwrap() };
    assert!(diff(&small(), &from_csv).is_empty(), "{:#?}", diff(&small(), &from_csv));
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
        "n.toml:31:1: missing field: id",
    ];
    let lines = lines(&found);
    for line in expected {
        assert!(lines.iter().any(|found| found == line), "{line}\nis not in\n{}", lines.join("\n"));
    }
    println!("{}", lines.join("\n"));
}
