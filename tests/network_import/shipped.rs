//! The files that are shipped, and large ones.

use super::*;

fn shipped(names: &[&str]) -> NetworkFile {
    let texts: Vec<_> = names
        .iter()
        .map(|name| fs::read_to_string(name).unwrap())
        .collect();
    let files: Vec<_> = names
        .iter()
        .zip(&texts)
        .map(|(name, text)| SourceFile {
            format: Format::of_name(name).unwrap(),
            name,
            text,
        })
        .collect();
    let found = parse_all(&files);
    assert_eq!(lines(&found), Vec::<String>::new());
    found.unwrap()
}

#[test]
fn the_examples_say_the_same_in_each_format() {
    let toml = shipped(&["data/example/network.toml"]);
    let mut csv = shipped(&["data/example/network.csv", "data/example/people.csv"]);
    for person in &mut csv.people {
        person.lang = None;
    }
    let enabled = |network: &mut NetworkFile| {
        for equipment in &mut network.equipment {
            equipment.alerts.enabled = None;
        }
    };
    enabled(&mut csv);
    assert!(diff(&toml, &csv).is_empty(), "{:#?}", diff(&toml, &csv));
}

#[test]
fn the_demo_has_what_its_users_rely_on() {
    let demo = shipped(&["data/demo/network.toml", "data/demo/people.toml"]);
    let one = |id: &str| {
        demo.equipment
            .iter()
            .find(|one| one.id.as_str() == id)
            .unwrap()
    };
    assert_eq!(one("migennes-collecte").class, Class::Backbone);
    assert_eq!(one("migennes-silo").class, Class::MainRelay);
    assert_eq!(
        one("migennes-silo").parent,
        Some("migennes-collecte".into())
    );
    assert_eq!(one("migennes-eglise").class, Class::SecondaryRelay);
    assert_eq!(one("migennes-eglise").parent, Some("migennes-silo".into()));
    let relay = |one: &&Equipment| matches!(one.class, Class::MainRelay | Class::SecondaryRelay);
    assert_eq!(demo.equipment.iter().filter(relay).count(), 40);
    assert_eq!(demo.defaults.delay_s, 0);
    let found = spellings(&demo.equipment);
    for one in &demo.equipment {
        for written in one.aliases.iter().chain([&one.name]) {
            assert_eq!(found.get(&fold(written)), Some(&one.id), "{written}");
        }
    }
    assert_eq!(
        found.get("eglise-de-migennes"),
        Some(&"migennes-eglise".into())
    );
    assert!(
        demo.equipment
            .iter()
            .all(|one| one.delay_s(&demo.defaults) == 0)
    );
    let names: Vec<_> = demo
        .sectors
        .iter()
        .map(|sector| sector.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "Joigny",
            "Migennes",
            "Sens",
            "Auxerre",
            "Avallon",
            "Grandchamp"
        ]
    );
    assert_eq!(demo.people.len(), 20);
    let person = |name: &str| {
        demo.people
            .iter()
            .find(|one| one.first_name == name)
            .unwrap()
    };
    assert_eq!(person("Ana").sector, Some("migennes".into()));
    assert!(person("Bruno").roles.contains(&Role::Administrator));
    assert!(person("Claire").roles.contains(&Role::ActiveMember));
    assert!(
        person("Claire")
            .roles
            .contains(&Role::SectorReferent("joigny".into()))
    );
    assert_eq!(person("Denis").account, None);
}

#[test]
fn the_world_of_the_demo_fits_its_record() {
    let demo = shipped(&["data/demo/network.toml", "data/demo/people.toml"]);
    let text = fs::read_to_string("data/demo/world.json").unwrap();
    let world: serde_json::Value = serde_json::from_str(&text).unwrap();
    let list = |name: &str| world[name].as_array().unwrap().clone();
    let accounts: Vec<_> = list("users")
        .iter()
        .map(|one| one["id"].as_i64().unwrap())
        .collect();
    for person in &demo.people {
        let same = list("users")
            .into_iter()
            .find(|one| one["first_name"] == person.first_name.as_str());
        let account = same.unwrap()["id"].as_i64().unwrap();
        assert!(
            person
                .account
                .is_none_or(|linked| linked == AccountId(account))
        );
    }
    let chats = list("chats");
    for chat in &chats {
        assert_eq!(chat["type"], "supergroup");
        for member in chat["members"]
            .as_array()
            .unwrap()
            .iter()
            .chain(chat["admins"].as_array().unwrap())
        {
            assert!(accounts.contains(&member.as_i64().unwrap()), "{chat}");
        }
        assert!(chat["members"].as_array().unwrap().len() >= 4, "{chat}");
    }
    for group in list("groups") {
        let kind = demo
            .group_kinds
            .iter()
            .find(|kind| group["kind"] == kind.id.as_str())
            .unwrap();
        assert!(chats.iter().any(|chat| chat["id"] == group["chat"]));
        let sector = group["sector"].as_str();
        assert_eq!(kind.local, sector.is_some());
        assert!(sector.is_none_or(|id| demo.sectors.iter().any(|one| one.id.as_str() == id)));
    }
    let titles: Vec<_> = chats
        .iter()
        .map(|chat| chat["title"].as_str().unwrap())
        .collect();
    for title in [
        "Backbone",
        "Actifs",
        "Membres",
        "Secteur Migennes",
        "Secteur Joigny",
    ] {
        assert!(titles.contains(&title), "{title}");
    }
}

/// A tree of stars with ten children each, as a table.
fn large(rows: usize) -> String {
    let mut csv = String::from("id;nom;classe;parent;secteur;alias\n0;Cœur;backbone;;;\n");
    for row in 1..rows {
        csv.push_str(&format!(
            "e{row};Équipement {row};accès;{};Secteur {};h{row}.example\n",
            if row <= 10 {
                "0".to_owned()
            } else {
                format!("e{}", row / 10)
            },
            row % 50
        ));
    }
    csv
}

#[test]
fn many_rows_are_read_in_seconds() {
    let csv = large(30_000);
    let begun = Instant::now();
    let network = parse(Format::Csv, "n.csv", &csv).unwrap();
    let took = begun.elapsed();
    println!("30,000 rows in {took:?}");
    assert_eq!(network.equipment.len(), 30_000);
    assert_eq!(network.sectors.len(), 50);
    assert!(took < Duration::from_secs(20), "{took:?}");
}
