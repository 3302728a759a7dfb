//! The message files: complete in every language, used by the program, and well written.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "helpers of tests may fail the test they help"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use fluent_syntax::{parser, serializer};
use vigie::i18n::{Fault, Texts};
use vigie_domain::Lang;
use vigie_domain::text::Key;

/// Stands for a value in the texts that the style rules read.
const VALUE: char = '\u{FFFC}';

#[test]
fn every_language_says_everything_with_the_same_values() {
    if let Err(problems) = Texts::embedded() {
        let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
}

#[test]
fn each_fault_of_a_message_file_is_found() {
    let fault_of = |fr: &str, en: &str| -> Vec<Fault> {
        let all: String = Key::ALL
            .iter()
            .map(|key| format!("{} = x\n", key.id()))
            .collect();
        let first = Key::ALL[0].id();
        let source = |lang, extra: &str| {
            let text = all.replacen(&format!("{first} = x\n"), extra, 1);
            (lang, "some.ftl".to_owned(), text)
        };
        let sources = [source(Lang::Fr, fr), source(Lang::En, en)];
        let problems = Texts::from_sources(&sources).err().unwrap_or_default();
        problems.into_iter().map(|problem| problem.fault).collect()
    };
    let key = Key::ALL[0].id().to_owned();
    let ok = format!("{key} = {{ $nom }}\n");
    let with = |text: &str| format!("{key}{text}\n");
    assert_eq!(fault_of(&ok, &ok), []);
    assert_eq!(fault_of(&ok, ""), [Fault::Missing { key: key.clone() }]);
    assert_eq!(
        fault_of(&ok, &with(" = { $name }")),
        [Fault::Values {
            key: key.clone(),
            wanted: "nom".to_owned(),
            found: "name".to_owned()
        }]
    );
    assert_eq!(
        fault_of(&ok, &with(" = { $nom }\n    .title = x")),
        [Fault::Attributes { key: key.clone() }]
    );
    assert_eq!(
        fault_of(&ok, &format!("{ok}no-such-key = x\n")),
        [Fault::Unknown {
            key: "no-such-key".to_owned()
        }]
    );
    assert_eq!(
        fault_of(&ok, &format!("{ok}{ok}")),
        [Fault::Twice { key: key.clone() }]
    );
    assert_eq!(
        fault_of(&ok, &with(" = { $nom } { no-such-key }")),
        [Fault::Dangling {
            key: key.clone(),
            names: "no-such-key".to_owned()
        }]
    );
    assert_eq!(
        fault_of(&ok, &with(" = { $nom }\u{E000}")),
        [Fault::PrivateCharacter { line: 1 }]
    );
    let unreadable = fault_of(&ok, &format!("{ok}- no message\n"));
    assert!(
        matches!(unreadable.as_slice(), [Fault::Unreadable { line: 2, .. }]),
        "{unreadable:?}"
    );
}

#[test]
fn every_message_is_said_somewhere() {
    let mut code = String::new();
    for file in files_under(Path::new("bot"), "rs") {
        let text = fs::read_to_string(&file).unwrap();
        code.push_str(before_tests(&text));
    }
    // Code may give the enum another name; its variants stand after `::` in any case.
    let mut said: BTreeSet<String> = code
        .split("::")
        .skip(1)
        .map(|rest| rest.chars().take_while(|c| c.is_alphanumeric()).collect())
        .collect();
    for file in files_under(Path::new("locales/fr"), "ftl") {
        let text = fs::read_to_string(&file).unwrap();
        let resource = parser::parse(text.as_str()).unwrap();
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                named_in(message.value.as_ref().unwrap(), &mut said);
            }
        }
    }
    let unsaid: Vec<_> = Key::ALL
        .iter()
        .filter(|key| !said.contains(&format!("{key:?}")))
        .map(|key| key.id())
        .collect();
    assert!(unsaid.is_empty(), "nobody says {}", unsaid.join(", "));
}

#[test]
fn messages_are_said_with_their_values() {
    let mut faults = Vec::new();
    let mut seen = 0;
    for file in files_under(Path::new("bot"), "rs") {
        let text = fs::read_to_string(&file).unwrap();
        for (key, given) in said_with_values(before_tests(&text)) {
            seen += 1;
            let wanted = values_of(key);
            if given != wanted {
                faults.push(format!(
                    "{}: {} is said with {given:?}, its text has {wanted:?}",
                    file.display(),
                    key.id()
                ));
            }
        }
    }
    assert!(seen > 20, "only {seen} messages were found in the code");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_message_said_with_other_values_is_found() {
    let code = "let a = Say::new(Text::AuthzOtherSector)\n    .with(\"sektor\", Arg::Name(f(\")\")));\nlet b = Say::new(Key::AuthzNoSector);";
    let found = said_with_values(code);
    let names = |given: &[&str]| {
        given
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        found,
        [
            (Key::AuthzOtherSector, names(&["sektor"])),
            (Key::AuthzNoSector, names(&[]))
        ]
    );
    assert_eq!(values_of(Key::AuthzOtherSector), names(&["sector"]));
}

/// Each `Say::new(…::Key)` of this code, with the names of the values that follow it at once.
fn said_with_values(code: &str) -> Vec<(Key, BTreeSet<String>)> {
    let mut found = Vec::new();
    for part in code.split("Say::new(").skip(1) {
        let (name, mut rest) = part.split_at(part.find(')').unwrap_or(part.len()));
        let name = name.trim().rsplit("::").next().unwrap_or_default();
        let Some(key) = Key::ALL.iter().find(|key| format!("{key:?}") == name) else {
            continue;
        };
        let mut given = BTreeSet::new();
        rest = rest.strip_prefix(')').unwrap_or(rest);
        while let Some(call) = rest.trim_start().strip_prefix(".with(") {
            let call = call.trim_start();
            given.extend(
                call.strip_prefix('"')
                    .and_then(|name| name.split('"').next())
                    .map(str::to_owned),
            );
            rest = after_call(call);
        }
        found.push((*key, given));
    }
    found
}

/// What follows the bracket that closes this call.
fn after_call(arguments: &str) -> &str {
    let (mut depth, mut quoted, mut before) = (1, false, ' ');
    for (at, sign) in arguments.char_indices() {
        match sign {
            '"' if before != '\\' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        before = sign;
        if depth == 0 {
            return &arguments[at + 1..];
        }
    }
    ""
}

/// The values that the French text of a message names.
fn values_of(key: Key) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for file in files_under(Path::new("locales/fr"), "ftl") {
        let text = fs::read_to_string(&file).unwrap();
        let mut resource = parser::parse(text.as_str()).unwrap();
        resource.body.retain(
            |entry| matches!(entry, Entry::Message(message) if message.id.name == key.id()),
        );
        for value in serializer::serialize(&resource).split('$').skip(1) {
            values.insert(
                value
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || "-_".contains(*c))
                    .collect(),
            );
        }
    }
    values
}

/// Code without its tests: what only a test says is not said to anybody.
fn before_tests(code: &str) -> &str {
    code.split("#[cfg(test)]\nmod tests").next().unwrap_or(code)
}

#[test]
fn texts_are_well_written() {
    let mut faults = Vec::new();
    for (lang, folder) in [(Lang::Fr, "locales/fr"), (Lang::En, "locales/en")] {
        for file in files_under(Path::new(folder), "ftl") {
            let text = fs::read_to_string(&file).unwrap();
            for entry in parser::parse(text.as_str()).unwrap().body {
                let Entry::Message(message) = entry else {
                    continue;
                };
                for variant in variants(message.value.as_ref().unwrap()) {
                    for fault in style_faults(lang, &variant) {
                        faults.push(format!("{}: {}: {fault}", file.display(), message.id.name));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_refusal_fits_the_answer_to_a_press() {
    // The messenger takes 200 characters; a name of a sector needs some of them.
    for folder in ["locales/fr", "locales/en"] {
        let text = fs::read_to_string(Path::new(folder).join("authz.ftl")).unwrap();
        for entry in parser::parse(text.as_str()).unwrap().body {
            if let Entry::Message(message) = entry {
                for said in variants(message.value.as_ref().unwrap()) {
                    assert!(said.chars().count() <= 180, "{said}");
                }
            }
        }
    }
}

#[test]
fn the_style_rules_find_what_they_forbid() {
    for (lang, text) in [
        (Lang::Fr, "Panne: le relais"),
        (Lang::Fr, "Voulez-vous prendre ?  Oui."),
        (Lang::Fr, "Attendez..."),
        (Lang::Fr, "Le relais \"du silo\" est muet."),
        (Lang::Fr, "Le relais \"Silo\" est muet."),
        (Lang::Fr, "Tu peux réessayer."),
        (Lang::Fr, "Le relais est muet 🔴"),
        (Lang::Fr, "🔴 🔴 Panne"),
        (Lang::Fr, "Erreur inconnue."),
        (Lang::En, "Outage : the relay"),
        (Lang::En, "Wait... "),
    ] {
        assert!(!style_faults(lang, text).is_empty(), "{text}");
    }
    for (lang, text) in [
        (
            Lang::Fr,
            "🔴 Panne : « \u{FFFC} » depuis \u{FFFC}. Voulez-vous la prendre ?",
        ),
        (Lang::Fr, "Mettez \"resolved\" à la place."),
        (Lang::Fr, "Voyez https://vigie.example/aide : tout y est !"),
        (
            Lang::En,
            "🔴 Outage: \u{FFFC} since \u{FFFC}. Do you take it?",
        ),
    ] {
        assert_eq!(style_faults(lang, text), Vec::<String>::new(), "{text}");
    }
}

fn style_faults(lang: Lang, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if text.contains("  ") || text.lines().any(|line| line != line.trim_end()) {
        faults.push(format!("spaces too many in {text:?}"));
    }
    if text.contains("...") {
        faults.push("three points instead of …".to_owned());
    }
    let words: Vec<_> = text
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase)
        .collect();
    if lang == Lang::Fr && words.iter().any(|word| word == "tu" || word == "toi") {
        faults.push("we say vous".to_owned());
    }
    if text.to_lowercase().contains("erreur inconnue")
        || text.to_lowercase().contains("unknown error")
    {
        faults.push("an error that helps nobody".to_owned());
    }
    // A word of a machine, such as "firing", is quoted as the machine writes it.
    let of_machine = |quoted: &str| quoted.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    let quoted: Vec<_> = text.split('"').skip(1).step_by(2).collect();
    if lang == Lang::Fr && !quoted.iter().all(|quoted| of_machine(quoted)) {
        faults.push("French quotes are « »".to_owned());
    }
    let letters: Vec<char> = text.chars().collect();
    for (index, sign) in letters
        .iter()
        .enumerate()
        .filter(|(_, c)| ":;!?".contains(**c))
    {
        let before = index.checked_sub(1).map_or(' ', |at| letters[at]);
        let after = letters.get(index + 1).copied().unwrap_or(' ');
        let ends = after.is_whitespace() || after == '»' || after == ')';
        let spaced = before.is_whitespace() || ":;!?".contains(before);
        if ends && lang == Lang::Fr && !spaced {
            faults.push(format!("no space before {sign} in {text:?}"));
        }
        if ends && lang == Lang::En && spaced {
            faults.push(format!("a space before {sign} in {text:?}"));
        }
    }
    for line in text.lines() {
        let sign = line.chars().next().is_some_and(is_emoji);
        if line.chars().skip(usize::from(sign)).any(is_emoji) {
            faults.push(format!(
                "one emoji at most, at the start of the line: {line:?}"
            ));
        }
    }
    faults
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}')
}

/// The texts that a message can become, one per variant of its choices.
fn variants(pattern: &Pattern<&str>) -> Vec<String> {
    let mut texts = vec![String::new()];
    for element in &pattern.elements {
        let parts = match element {
            PatternElement::TextElement { value } => vec![(*value).to_owned()],
            PatternElement::Placeable {
                expression:
                    Expression::Select {
                        variants: choices, ..
                    },
            } => choices
                .iter()
                .flat_map(|choice| variants(&choice.value))
                .collect(),
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::StringLiteral { value }),
            } => vec![(*value).to_owned()],
            PatternElement::Placeable { .. } => vec![VALUE.to_string()],
        };
        texts = texts
            .iter()
            .flat_map(|text| parts.iter().map(move |part| format!("{text}{part}")))
            .collect();
    }
    texts
}

/// The messages that a message names, as variants of [`Key`].
fn named_in(pattern: &Pattern<&str>, said: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        match element {
            PatternElement::Placeable {
                expression:
                    Expression::Select {
                        variants: choices, ..
                    },
            } => {
                for choice in choices {
                    named_in(&choice.value, said);
                }
            }
            PatternElement::Placeable {
                expression: Expression::Inline(InlineExpression::MessageReference { id, .. }),
            } => {
                said.extend(Key::from_id(id.name).map(|key| format!("{key:?}")));
            }
            _ => {}
        }
    }
}

fn files_under(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_under(&path, ending));
        } else if path.extension().is_some_and(|end| end == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
