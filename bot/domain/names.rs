//! Spellings: what people and machines write, brought to one form before it is compared.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::EquipmentId;
use crate::network::Equipment;

/// Longest short name.
pub const MAX_ID_CHARS: usize = 64;

/// One form for all spellings of a name: lower case, without accents, with dashes for spaces and
/// apostrophes. `Église de Migennes` and `eglise-de  migennes` are the same.
#[must_use]
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    if name.is_ascii() {
        // Most names are: they need no table of letters.
        push_folded(&mut folded, name.chars());
    } else {
        push_folded(
            &mut folded,
            name.nfkd().filter(|letter| !is_combining_mark(*letter)),
        );
    }
    folded.truncate(folded.trim_end_matches('-').len());
    folded
}

fn push_folded(folded: &mut String, letters: impl Iterator<Item = char>) {
    for letter in letters {
        let dash = letter.is_whitespace() || matches!(letter, '-' | '\'' | '’' | '‐'..='—' | '−');
        match letter {
            _ if dash => {
                if !folded.is_empty() && !folded.ends_with('-') {
                    folded.push('-');
                }
            }
            'œ' | 'Œ' => folded.push_str("oe"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'ß' | 'ẞ' => folded.push_str("ss"),
            _ => folded.extend(letter.to_lowercase()),
        }
    }
}

/// Makes a short name: folded, of lower-case letters, digits, dashes, dots and underscores.
///
/// # Errors
/// The nearest short name that would do, possibly empty.
pub fn short_name(text: &str) -> Result<String, String> {
    let folded = fold(text);
    let fits = |letter: &char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || matches!(letter, '-' | '.' | '_')
    };
    let kept: String = folded.chars().filter(fits).take(MAX_ID_CHARS).collect();
    if kept == folded && !kept.is_empty() {
        Ok(kept)
    } else {
        Err(kept)
    }
}

/// Finds equipment by what alerts and people call it: its short name, its aliases, and its name
/// where no other equipment has the same. Keys are [`fold`]ed.
#[must_use]
pub fn spellings<'e>(
    equipment: impl IntoIterator<Item = &'e Equipment> + Clone,
) -> BTreeMap<String, EquipmentId> {
    let mut by_name: BTreeMap<String, Option<&EquipmentId>> = BTreeMap::new();
    for item in equipment.clone() {
        by_name
            .entry(fold(&item.name))
            .and_modify(|found| *found = None)
            .or_insert(Some(&item.id));
    }
    let mut found: BTreeMap<_, _> = by_name
        .into_iter()
        .filter_map(|(name, id)| Some((name, id?.clone())))
        .collect();
    for item in equipment.clone() {
        for alias in &item.aliases {
            found.insert(fold(alias), item.id.clone());
        }
    }
    for item in equipment {
        found.insert(fold(item.id.as_str()), item.id.clone());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{AlertSettings, Class};

    #[test]
    fn spellings_of_one_name_fold_to_one() {
        for text in [
            "Église de Migennes",
            "eglise-de-migennes",
            "ÉGLISE  DE\u{A0}MIGENNES ",
            "E\u{301}glise de Migennes",
            "Église – de — Migennes",
        ] {
            assert_eq!(fold(text), "eglise-de-migennes", "{text:?}");
        }
        assert_eq!(fold("L'Œuvre d’Ayguë"), "l-oeuvre-d-aygue");
        assert_eq!(fold("10.2.0.3:9100"), "10.2.0.3:9100");
        assert_eq!(fold("013-PRV_x"), "013-prv_x");
        assert_eq!(fold(" - "), "");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        proptest::proptest!(|(text in "\\PC{0,30}")| {
            let once = fold(&text);
            proptest::prop_assert_eq!(fold(&once), once);
        });
    }

    #[test]
    fn short_names_hold_few_characters() {
        assert_eq!(
            short_name("Migennes Église"),
            Ok("migennes-eglise".to_owned())
        );
        assert_eq!(short_name("013-PRV_x.1"), Ok("013-prv_x.1".to_owned()));
        assert_eq!(short_name("silo/2"), Err("silo2".to_owned()));
        assert_eq!(short_name("?silo"), Err("silo".to_owned()));
        assert_eq!(short_name(" "), Err(String::new()));
        assert_eq!(short_name(&"a".repeat(65)), Err("a".repeat(64)));
    }

    #[test]
    fn short_names_win_over_aliases_and_a_shared_name_finds_nobody() {
        let item = |id: &str, name: &str, aliases: &[&str]| Equipment {
            id: id.into(),
            name: name.to_owned(),
            class: Class::Access,
            parent: None,
            backups: Vec::new(),
            sector: None,
            site: None,
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            renamed: None,
            alerts: AlertSettings::default(),
            probes: Vec::new(),
        };
        let found = spellings(&[
            item(
                "migennes-eglise",
                "Nord",
                &["Église de Migennes", "10.2.0.3"],
            ),
            item("migennes-silo", "Nord", &["migennes-eglise"]),
            item("sens", "Château d'eau", &[]),
        ]);
        assert_eq!(
            found.get("eglise-de-migennes"),
            Some(&"migennes-eglise".into())
        );
        assert_eq!(
            found.get("migennes-eglise"),
            Some(&"migennes-eglise".into())
        );
        assert_eq!(found.get("chateau-d-eau"), Some(&"sens".into()));
        assert_eq!(found.get("nord"), None);
    }
}
