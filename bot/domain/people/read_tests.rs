use super::read::{Form, Heading, read};
use super::row::{Fault, Why};
use super::*;

fn rows(form: Form, bytes: &[u8]) -> (Heading, Vec<Member>, Vec<Fault>) {
    let (mut members, mut faults) = (Vec::new(), Vec::new());
    let heading = read(form, &mut &*bytes, &mut |row| {
        match row.and_then(|row| row.onto(None)) {
            Ok(member) => members.push(member),
            Err(fault) => faults.push(fault),
        }
        true
    });
    (heading.unwrap(), members, faults)
}

#[test]
fn latin_1_and_utf_8_with_a_mark_and_any_delimiter_are_read() {
    let utf8 = "\u{FEFF}Numéro,Prénom,Nom,E-mail\n7,Élise,Durand,elise@exemple.fr\n";
    let latin = b"Num\xE9ro;Pr\xE9nom;Nom;E-mail\r\n7;\xC9lise;Durand;elise@exemple.fr\r\n";
    for bytes in [utf8.as_bytes(), latin] {
        let (heading, members, faults) = rows(Form::Csv, bytes);
        assert_eq!((heading.ignored.len(), heading.whole), (0, true));
        assert_eq!(faults, []);
        assert_eq!(members.len(), 1);
        assert_eq!(members[0].first_name, "Élise");
        assert_eq!(members[0].email.as_deref(), Some("elise@exemple.fr"));
    }
}

#[test]
fn a_quotation_mark_that_does_not_close_spoils_its_own_line_only() {
    let mut text = "id;prenom;nom\n1;\"Ana;Un\n2;Bruno;Deux\n".to_owned();
    for number in 3..40 {
        text.push_str(&format!("{number};P{number};N\n"));
    }
    text.push_str("40;\"sur\ndeux lignes\";N\n");
    let (_, members, faults) = rows(Form::Csv, text.as_bytes());
    let why = Why::Quotes;
    assert_eq!(faults, [Fault { line: 2, why }]);
    assert_eq!(members.len(), 39);
    assert_eq!(members[38].first_name, "sur deux lignes");
}

#[test]
fn bad_rows_are_told_with_their_line_and_reason() {
    let text = "id;prenom;e-mail;depuis;statut;role\n\
        1;Ana;ana@exemple.fr;2019-03-01;actif;ca\n\
        ;Bruno;;;;\n\
        3;Claire;pas-un-mail;;;\n\
        4;Denis;;31/02/2019;;\n\
        5;Élise;;;absente;\n\
        6;Farid;;;;empereur\n\
        7;Gaëlle;;\n\
        8;;;;;\n";
    let (_, members, faults) = rows(Form::Csv, text.as_bytes());
    assert_eq!(members.len(), 1);
    assert!(members[0].roles.contains(&Role::Board));
    let lines: Vec<u64> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(faults[0].why, Why::NoNumber);
    assert_eq!(
        faults[5].why,
        Why::Fields {
            found: 4,
            wanted: 6
        }
    );
    assert_eq!(faults[6].why, Why::NoName);
}

#[test]
fn the_export_of_the_information_system_is_read_object_by_object() {
    let text = r#"[
        {"number": 12, "kind": "commune", "organisation": "Mairie de Joigny", "sector": "Joigny",
         "mandates": [{"role": "board", "from": "2025-01-01", "until": "2028-01-01"}],
         "links": {"L12": "joigny-eglise"}, "extra": 1},
        3,
        {"number": "13", "first_name": "Zoé"}
    ]"#;
    let (heading, members, faults) = rows(Form::Json, text.as_bytes());
    assert_eq!(heading.ignored, ["extra"]);
    assert!(heading.whole);
    assert_eq!(faults.len(), 1);
    assert_eq!(members.len(), 2);
    assert_eq!(members[0].kind, MemberKind::LocalAuthority);
    assert_eq!(members[0].mandates[0].role, Role::Board);
    assert_eq!(members[0].links["L12"], Some("joigny-eglise".into()));
    let cut = &text.as_bytes()[..text.len() - 20];
    let (heading, members, faults) = rows(Form::Json, cut);
    assert!(!heading.whole);
    assert_eq!((members.len(), faults.len()), (1, 2));
}

#[test]
fn names_that_hide_or_fake_are_made_readable() {
    assert_eq!(readable("\u{202E}nimdA"), "nimdA");
    assert_eq!(readable("\u{200C}"), "");
    assert_eq!(readable("\u{3164}"), "");
    let stacked: String = "e"
        .chars()
        .chain(std::iter::repeat_n('\u{301}', 40))
        .collect();
    assert_eq!(readable(&stacked).chars().count(), 3);
    assert_eq!(readable(&"a".repeat(4_000)).chars().count(), 65);
    assert_eq!(readable("<b>Ana</b> \n x"), "<b>Ana</b> x");
}

#[test]
fn members_are_found_by_any_word_of_their_names() {
    let mut member = Member::new("1".into(), "Élise");
    member.last_name = "d’Été".to_owned();
    assert_eq!(
        member.search_names(),
        ["elise-d-ete", "d-ete-elise", "ete-elise-d"]
    );
    assert_eq!(fold_phone("06 12 34 56 78"), "33612345678");
    assert_eq!(fold_phone("+33 6 12 34 56 78"), "33612345678");
}
