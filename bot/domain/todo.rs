//! Something to do in one line, as minutes have it: `(Bruno / Fred) documenter le travail`, or
//! `créer un forum (marc)`, or several in one line, each with who does it.

use crate::names::fold;

/// One thing to do, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who does it, in the words of the writer; nobody, where nobody was named.
    pub owners: Vec<String>,
    /// What is to be done.
    pub what: String,
}

/// Owners of one thing.
const MOST_OWNERS: usize = 8;
/// Words of one owner: a first name, and what tells two of them apart.
const OWNER_WORDS: usize = 3;
/// Longest name.
const OWNER_LETTERS: usize = 40;

/// Reads a line. Nothing comes out of an empty one.
#[must_use]
pub fn lines(text: &str) -> Vec<Line> {
    let bullets = ['•', '*', '-', '–', '—', '→', '·'];
    let text = text.trim().trim_start_matches(bullets).trim();
    if let Some((owners, what)) = at_the_start(text) {
        let line = Line { owners, what };
        return if line.what.is_empty() {
            Vec::new()
        } else {
            vec![line]
        };
    }
    let mut found = Vec::new();
    let mut rest = text;
    // "chercher un logiciel (pascale & jérôme), étudier son interconnexion (bruno)"
    while let Some((what, owners, more)) = at_the_end(rest) {
        found.push(Line { owners, what });
        rest = more;
    }
    let rest = rest.trim().trim_matches([',', ';']).trim();
    if !rest.is_empty() && (found.is_empty() || rest.chars().any(char::is_alphanumeric)) {
        let owners = Vec::new();
        found.push(Line {
            owners,
            what: rest.to_owned(),
        });
    }
    found.retain(|line| !line.what.is_empty());
    found
}

fn at_the_start(text: &str) -> Option<(Vec<String>, String)> {
    let (inside, what) = text.strip_prefix('(')?.split_once(')')?;
    let what = what.trim().trim_start_matches([':', '-', '–']).trim();
    Some((owners(inside)?, what.to_owned()))
}

/// Up to the first mark that can be owners and ends a part of the line.
fn at_the_end(text: &str) -> Option<(String, Vec<String>, &str)> {
    let mut from = 0;
    loop {
        let open = from + text.get(from..)?.find('(')?;
        let close = open + text.get(open..)?.find(')')?;
        let (before, after) = (text.get(..open)?, text.get(close + 1..)?);
        let ends = after.trim().trim_matches('.').is_empty() || after.starts_with([',', ';']);
        if ends && let Some(owners) = owners(text.get(open + 1..close)?) {
            let more = after.trim_start_matches([',', ';', '.', ' ']);
            return Some((before.trim().to_owned(), owners, more));
        }
        from = close + 1;
    }
}

/// The names in a mark; `None`: something else stands there.
fn owners(inside: &str) -> Option<Vec<String>> {
    let inside = inside.replace(" et ", "/").replace(" and ", "/");
    let names: Vec<String> = inside
        .split(['/', '&', ',', '+'])
        .map(|name| name.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let named = |name: &String| {
        let words = name.split(' ').count();
        let letter = |c: char| c.is_alphabetic() || matches!(c, ' ' | '-' | '.' | '\'' | '’');
        !name.is_empty()
            && words <= OWNER_WORDS
            && name.chars().count() <= OWNER_LETTERS
            && name.chars().all(letter)
    };
    (names.len() <= MOST_OWNERS && names.iter().all(named)).then_some(names)
}

/// Whether a written name may mean a person of this first and last name: the first name, which may
/// be followed by the begin of the last one (`Christophe Da`).
#[must_use]
pub fn may_mean(written: &str, first: &str, last: &str) -> bool {
    let (written, first) = (fold(written), fold(first));
    let written = written.trim_end_matches('.');
    if first.is_empty() {
        return false;
    }
    match written.strip_prefix(first.as_str()) {
        Some("") => true,
        Some(more) => more
            .strip_prefix('-')
            .is_some_and(|more| !more.is_empty() && fold(last).starts_with(more)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let lines = lines(text).into_iter();
        lines
            .map(|line| (line.owners.join("|"), line.what))
            .collect()
    }

    #[test]
    fn owners_stand_at_the_start_or_at_the_end() {
        for (text, owners, what) in [
            (
                "(Bruno / Fred) documenter le travail",
                "Bruno|Fred",
                "documenter le travail",
            ),
            (
                "  • (Bruno) Fabriquer un indice",
                "Bruno",
                "Fabriquer un indice",
            ),
            (
                "(Pascale / Christophe De / Hervé) Dossier travaux CS",
                "Pascale|Christophe De|Hervé",
                "Dossier travaux CS",
            ),
            (
                "(Gwen): envoyer beta.scani.fr",
                "Gwen",
                "envoyer beta.scani.fr",
            ),
            ("créer un forum (marc)", "marc", "créer un forum"),
            ("créer un forum (marc).", "marc", "créer un forum"),
            (
                "trouver un logiciel (pascale & jérôme)",
                "pascale|jérôme",
                "trouver un logiciel",
            ),
            ("ranger (Anne-Lise et Zoé)", "Anne-Lise|Zoé", "ranger"),
            (
                "relever l'antenne (3 m) avant Noël",
                "",
                "relever l'antenne (3 m) avant Noël",
            ),
            ("poser un mât (3 m)", "", "poser un mât (3 m)"),
            ("poser un mât (3 m) (Bruno)", "Bruno", "poser un mât (3 m)"),
            ("appeler le maire", "", "appeler le maire"),
            (
                "(à voir plus tard avec tout le monde) le forum",
                "",
                "(à voir plus tard avec tout le monde) le forum",
            ),
        ] {
            let expected = vec![(owners.to_owned(), what.to_owned())];
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn several_in_one_line_are_several() {
        let text = "Trouver un logiciel (pascale & jérôme), étudier son interconnexion (bruno)";
        let expected = [
            (
                "pascale|jérôme".to_owned(),
                "Trouver un logiciel".to_owned(),
            ),
            ("bruno".to_owned(), "étudier son interconnexion".to_owned()),
        ];
        assert_eq!(read(text), expected);
        assert!(read("  ").is_empty());
        assert!(read("(Bruno)").is_empty());
        assert!(read("()").len() <= 1);
    }

    #[test]
    fn first_names_alike_are_told_apart_by_the_begin_of_the_last() {
        assert!(may_mean("christophe", "Christophe", "Dallé"));
        assert!(may_mean("Christophe Da", "Christophe", "Dallé"));
        assert!(may_mean("Christophe Da.", "Christophe", "Dallé"));
        assert!(!may_mean("Christophe De", "Christophe", "Dallé"));
        assert!(may_mean("Hervé", "herve", ""));
        assert!(!may_mean("Herv", "Hervé", ""));
        assert!(!may_mean("", "", ""));
    }

    #[test]
    fn any_line_is_read_without_harm() {
        proptest::proptest!(|(text in "[a-zé(/&,;:).• -]{0,40}")| {
            for line in lines(&text) {
                proptest::prop_assert!(!line.what.is_empty());
            }
        });
    }
}
