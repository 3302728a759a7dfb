//! Plain words that say that a connection does not work. What is not surely meant so is left
//! alone: whoever is misunderstood is asked questions that they have no answer to.

use super::Trouble;
use crate::names::fold;

/// Words that are read; who writes more tells a story, and begins with what is wrong.
const MOST_WORDS: usize = 40;
/// Words of a message in which a single word such as "coupure" is enough.
const FEW_WORDS: usize = 9;
/// Words between a thing and what is wrong with it.
const BETWEEN: usize = 6;

/// What was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What is wrong.
    pub trouble: Trouble,
}

/// What brings Internet to somebody.
const THINGS: &[&str] = &[
    "internet",
    "connexion",
    "connection",
    "reseau",
    "network",
    "wifi",
    "wi",
    "net",
    "ligne",
    "liaison",
    "debit",
    "box",
    "antenne",
    "routeur",
    "router",
    "modem",
    "parabole",
    "antenna",
];
/// That there is none of it.
const NONE: &[&str] = &[
    "plus", "pas", "sans", "aucun", "aucune", "no", "without", "perdu", "lost",
];
/// What may stand between the two.
const FILLERS: &[&str] = &[
    "de", "d", "du", "aucun", "aucune", "la", "le", "l", "notre", "ma", "mon", "my", "the", "our",
    "any", "more", "acces", "access", "a", "to", "une", "bonne",
];
/// What is wrong with a thing.
const BROKEN: &[&str] = &[
    "coupe",
    "coupee",
    "coupes",
    "mort",
    "morte",
    "hs",
    "ko",
    "down",
    "dead",
    "tombe",
    "tombee",
    "disparu",
    "disparue",
    "injoignable",
    "broken",
    "plante",
    "plantee",
    "perdue",
    "out",
];
/// What a thing does no longer.
const WORKS: &[&str] = &[
    "marche",
    "fonctionne",
    "va",
    "repond",
    "capte",
    "passe",
    "charge",
    "accroche",
    "monte",
    "work",
    "works",
    "working",
];
const SLOW: &[&str] = &[
    "lent", "lente", "lents", "lenteur", "lenteurs", "rame", "ramer", "ralenti", "ralentie",
    "saccade", "slow", "laggy", "lag",
];
const CUTS: &[&str] = &[
    "coupures",
    "microcoupures",
    "micro",
    "instable",
    "decroche",
    "saute",
    "unstable",
    "dropouts",
];
const OUTAGE: &[&str] = &["panne", "coupure", "outage"];
/// What is wanted is not missed.
const WANTS: &[&str] = &[
    "voudrais", "voudrait", "souhaite", "aimerais", "aimerait", "faudrait", "faut", "avoir",
    "want", "need", "like", "besoin", "get", "obtenir",
];
/// It is over.
const BACK: &[&str] = &[
    "revenu",
    "revenue",
    "retabli",
    "retablie",
    "remarche",
    "refonctionne",
    "reparti",
    "repartie",
    "back",
    "resolu",
    "fixed",
];

/// The words of a text, folded.
pub(super) fn tokens(text: &str) -> Vec<String> {
    // Folding may lengthen; whatever is cut away is more than is read.
    let head: String = text.chars().take(600).collect();
    let folded = fold(&head);
    let words = folded.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(str::to_owned)
        .collect()
}

/// What is wrong, where the words say that somebody's own connection does not work now.
#[must_use]
pub fn hear(text: &str) -> Option<Heard> {
    let words = tokens(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.is_empty() || is_over(&words) || is_supposed(&words) {
        return None;
    }
    let question = text.trim_end().ends_with('?');
    let heard = |trouble| Some(Heard { trouble });
    if cuts(&words, question) {
        return heard(Trouble::Cuts);
    }
    if missing(&words) || broken(&words) || (!question && outage(&words)) {
        return heard(Trouble::Gone);
    }
    if slow(&words, question) {
        return heard(Trouble::Slow);
    }
    None
}

/// Whether the words say that it works again, and not that it does not.
#[must_use]
pub fn is_back(text: &str) -> bool {
    let words = tokens(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let denied = |pair: &[&str]| {
        matches!(
            pair.first(),
            Some(&"pas" | &"not" | &"toujours" | &"jamais")
        ) && is(BACK, pair.last())
    };
    words.len() <= FEW_WORDS
        && is_over(&words)
        && !words.windows(2).any(denied)
        && !is_supposed(&words)
}

fn is(list: &[&str], word: Option<&&str>) -> bool {
    word.is_some_and(|word| list.contains(word))
}

fn has(list: &[&str], words: &[&str]) -> bool {
    words.iter().any(|word| list.contains(word))
}

fn follow(words: &[&str], all: &[&str]) -> bool {
    words.windows(all.len()).any(|some| some == all)
}

fn is_over(words: &[&str]) -> bool {
    let again = |pair: &[&str]| {
        is(WORKS, pair.first()) && matches!(pair.last(), Some(&"nouveau" | &"again"))
    };
    has(BACK, words)
        || follow(words, &["c", "est", "bon"])
        || follow(words, &["tout", "va", "bien"])
        || words.windows(2).any(again)
        || words.windows(3).any(again)
}

/// "si je n'ai plus internet", "en cas de panne".
fn is_supposed(words: &[&str]) -> bool {
    matches!(words.first(), Some(&"si" | &"if"))
        || follow(words, &["que", "faire", "si"])
        || follow(words, &["what", "if"])
        || follow(words, &["en", "cas"])
}

/// "plus d'internet", "pas de connexion", "no internet".
fn missing(words: &[&str]) -> bool {
    words.iter().enumerate().any(|(place, word)| {
        if !NONE.contains(word) {
            return false;
        }
        let before = words.iter().take(place).rev().take(4);
        if before.into_iter().any(|word| WANTS.contains(word)) {
            return false;
        }
        let mut rest = words
            .iter()
            .skip(place + 1)
            .skip_while(|word| FILLERS.contains(*word));
        let thing = is(THINGS, rest.next());
        // "no internet problems": the trouble is what is missing.
        let none = matches!(
            rest.next(),
            Some(&"problem" | &"problems" | &"issues" | &"probleme")
        );
        thing && !none
    })
}

/// "internet est coupé", "ma box ne marche plus", "the connection is down".
fn broken(words: &[&str]) -> bool {
    let places = words
        .iter()
        .enumerate()
        .filter(|(_, word)| THINGS.contains(*word));
    places.into_iter().any(|(place, _)| {
        let near: Vec<&str> = words
            .iter()
            .skip(place + 1)
            .take(BETWEEN)
            .copied()
            .collect();
        near.iter().enumerate().any(|(at, word)| {
            let before = at.checked_sub(1).and_then(|at| near.get(at)).copied();
            let earlier = at.checked_sub(2).and_then(|at| near.get(at)).copied();
            let denied = matches!(before, Some("pas" | "plus" | "not" | "jamais"));
            let english = matches!(before, Some("not" | "t")) || earlier == Some("not");
            let after = near.get(at + 1).copied();
            (BROKEN.contains(word) && !denied)
                || (*word == "panne"
                    && before == Some("en")
                    && !matches!(earlier, Some("pas" | "plus")))
                || (WORKS.contains(word)
                    && (matches!(after, Some("plus" | "pas" | "rien")) || english))
        })
    })
}

/// "panne", "coupure depuis hier": short, and of nothing else.
fn outage(words: &[&str]) -> bool {
    words.len() <= FEW_WORDS
        && words.iter().enumerate().any(|(place, word)| {
            if !OUTAGE.contains(word) {
                return false;
            }
            let before = place
                .checked_sub(1)
                .and_then(|place| words.get(place))
                .copied();
            let earlier = place
                .checked_sub(2)
                .and_then(|place| words.get(place))
                .copied();
            let none = |word| {
                matches!(
                    word,
                    Some("pas" | "plus" | "sans" | "fin" | "aucune" | "no" | "apres")
                )
            };
            let mut rest = words.iter().skip(place + 1);
            let of = match rest.next() {
                Some(&"de" | &"d" | &"du" | &"of") => {
                    is(THINGS, rest.find(|word| !FILLERS.contains(*word)))
                }
                _ => true,
            };
            of && !none(before) && !none(earlier)
        })
}

fn slow(words: &[&str], question: bool) -> bool {
    let few = words.len() <= FEW_WORDS - 3 && !question;
    let denied = |pair: &[&str]| {
        matches!(pair.first(), Some(&"pas" | &"plus" | &"not")) && is(SLOW, pair.last())
    };
    has(SLOW, words) && (has(THINGS, words) || few) && !words.windows(2).any(denied)
}

fn cuts(words: &[&str], question: bool) -> bool {
    let few = words.len() <= FEW_WORDS && !question;
    let denied = |pair: &[&str]| {
        matches!(
            pair.first(),
            Some(&"pas" | &"plus" | &"no" | &"sans" | &"de")
        ) && is(CUTS, pair.last())
    };
    let of_power = follow(words, &["de", "courant"]) || has(&["electricite", "power"], words);
    has(CUTS, words)
        && (has(THINGS, words) || (few && has(&["coupures", "microcoupures"], words)))
        && !of_power
        && !words.windows(2).any(denied)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_understood() {
        for (text, trouble) in [
            ("plus d'internet depuis hier", Trouble::Gone),
            ("Plus d’Internet !!", Trouble::Gone),
            ("PLUS INTERNET", Trouble::Gone),
            (
                "Bonjour, je n'ai plus internet depuis ce matin, merci de regarder",
                Trouble::Gone,
            ),
            ("pas de connexion", Trouble::Gone),
            ("on a perdu la connexion", Trouble::Gone),
            ("aucune connexion chez nous", Trouble::Gone),
            ("Nous sommes sans internet depuis 18h", Trouble::Gone),
            ("plus d'accès à internet", Trouble::Gone),
            ("Internet est coupé", Trouble::Gone),
            ("la connexion ne marche plus", Trouble::Gone),
            ("Internet ne fonctionne pas chez moi", Trouble::Gone),
            ("ma box n'accroche plus", Trouble::Gone),
            ("l'antenne est morte ?", Trouble::Gone),
            ("internet en panne", Trouble::Gone),
            ("pourquoi je n'ai plus internet ?", Trouble::Gone),
            ("à nouveau plus d'internet", Trouble::Gone),
            ("panne", Trouble::Gone),
            ("Je suis en panne", Trouble::Gone),
            ("coupure depuis hier soir", Trouble::Gone),
            ("signaler une panne", Trouble::Gone),
            ("panne d'internet", Trouble::Gone),
            ("wifi HS", Trouble::Gone),
            ("réseau KO", Trouble::Gone),
            ("no internet since yesterday", Trouble::Gone),
            ("the connection is down", Trouble::Gone),
            ("internet is not working", Trouble::Gone),
            ("my internet doesn't work", Trouble::Gone),
            ("we lost the connection", Trouble::Gone),
            ("Internet est très lent", Trouble::Slow),
            ("ça rame", Trouble::Slow),
            ("la connexion rame depuis deux jours", Trouble::Slow),
            ("slow internet tonight", Trouble::Slow),
            ("la connexion est instable", Trouble::Cuts),
            ("des coupures toutes les dix minutes", Trouble::Cuts),
            ("le wifi décroche tout le temps", Trouble::Cuts),
        ] {
            assert_eq!(
                hear(text).map(|heard| heard.trouble),
                Some(trouble),
                "{text:?}"
            );
        }
    }

    #[test]
    fn what_is_left_alone() {
        for text in [
            "",
            "bonjour",
            "merci !",
            "c'est revenu",
            "merci, internet est revenu",
            "Internet remarche, merci",
            "ça fonctionne à nouveau",
            "it's back",
            "internet works again",
            "plus de panne",
            "il n'y a plus de coupures",
            "pas de panne ici",
            "y a-t-il une panne ?",
            "Une panne est en cours ?",
            "je voudrais plus de débit",
            "comment avoir plus de débit",
            "plus besoin d'internet pendant les vacances",
            "I want no internet contract",
            "pas de problème de connexion",
            "no internet problems today",
            "Internet n'est plus coupé",
            "la connexion n'est pas lente",
            "panne de voiture, je serai en retard à la réunion",
            "coupure de courant chez moi",
            "coupures d'électricité prévues demain",
            "si je n'ai plus internet, que faire",
            "en cas de panne, qui appeler",
            "que faire si internet est coupé",
            "j'ai eu une coupure hier mais c'est bon",
            "je n'ai pas le mot de passe du wifi",
            "le lien pour voter ne marche pas",
            "je n'ai pas compris la réunion sur le réseau",
            "ma facture internet est fausse",
            "quand est la prochaine réunion",
            "la réunion était longue et le débat lent à démarrer hier soir à la salle",
            "sans doute",
            "plus tard",
            "no",
            "123456",
        ] {
            assert_eq!(hear(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_back_and_what_is_not() {
        for (text, back) in [
            ("c'est revenu", true),
            ("C'est revenu, merci !", true),
            ("Internet remarche", true),
            ("it's back", true),
            ("tout va bien", true),
            ("ce n'est pas revenu", false),
            ("toujours pas revenu", false),
            ("not back yet", false),
            ("si c'est revenu, dites-le", false),
            ("merci", false),
            ("plus d'internet", false),
        ] {
            assert_eq!(is_back(text), back, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_heard_without_harm_and_spelling_does_not_matter(
            text in "([pP]lus|[dD]['’]|internet|Réseau|pas|coupé|[a-zé' ]{0,8}|🛰| ){0,20}"
        ) {
            let shouted = text.to_uppercase();
            proptest::prop_assert_eq!(hear(&text), hear(&shouted));
            let spaced = text.replace(' ', "  ");
            proptest::prop_assert_eq!(hear(&text), hear(&spaced));
        }
    }
}
