//! What people say, and what it means on a Tuesday afternoon.

use chrono_tz::Europe::Paris;

use super::*;

/// Tuesday 24 November 2026, 14:00 in Paris.
fn now() -> DateTime<Utc> {
    "2026-11-24T13:00:00Z".parse().unwrap()
}

fn said(text: &str) -> Result<Spoken, Refusal> {
    spoken(text, Paris, now())
}

/// Its first dates on the wall, and the words beside it.
fn dates(text: &str, count: usize) -> (Vec<String>, String) {
    let found = said(text).unwrap_or_else(|refusal| panic!("{text}: {refusal:?}"));
    let turns = found.rule.turns(found.zone, now(), None).take(count);
    let shown = turns.map(|turn| {
        let at = turn.at.with_timezone(&found.zone);
        at.format("%a %d/%m/%y %H:%M").to_string()
    });
    (shown.collect(), found.text)
}

const ONCE: &[(&str, &str, &str)] = &[
    (
        "demain 9h appeler Orange",
        "Wed 25/11/26 09:00",
        "appeler Orange",
    ),
    (
        "appeler Orange demain à 9h",
        "Wed 25/11/26 09:00",
        "appeler Orange",
    ),
    (
        "demain appeler Orange à 18 h",
        "Wed 25/11/26 18:00",
        "appeler Orange",
    ),
    (
        "dans 20 minutes sortir le pain",
        "Tue 24/11/26 14:20",
        "sortir le pain",
    ),
    (
        "sortir le pain dans 20 min",
        "Tue 24/11/26 14:20",
        "sortir le pain",
    ),
    (
        "in 20 minutes take the bread out",
        "Tue 24/11/26 14:20",
        "take the bread out",
    ),
    ("dans 1h30 relancer", "Tue 24/11/26 15:30", "relancer"),
    ("dans une heure relancer", "Tue 24/11/26 15:00", "relancer"),
    (
        "dans une demi-heure relancer",
        "Tue 24/11/26 14:30",
        "relancer",
    ),
    (
        "dans un quart d'heure relancer",
        "Tue 24/11/26 14:15",
        "relancer",
    ),
    ("in half an hour call", "Tue 24/11/26 14:30", "call"),
    ("dans 3 jours à 8h30 x", "Fri 27/11/26 08:30", "x"),
    ("dans deux semaines x", "Tue 08/12/26 09:00", "x"),
    ("in a month x", "Thu 24/12/26 09:00", "x"),
    (
        "ce soir relever la mesure",
        "Tue 24/11/26 19:00",
        "relever la mesure",
    ),
    ("ce soir à 8h x", "Tue 24/11/26 20:00", "x"),
    ("tonight at 9pm x", "Tue 24/11/26 21:00", "x"),
    ("mardi 19h réunion", "Tue 24/11/26 19:00", "réunion"),
    ("mardi 12h réunion", "Tue 01/12/26 12:00", "réunion"),
    ("mardi réunion", "Tue 01/12/26 09:00", "réunion"),
    (
        "mardi prochain 19h réunion",
        "Tue 01/12/26 19:00",
        "réunion",
    ),
    ("vendredi soir BBQ", "Fri 27/11/26 19:00", "BBQ"),
    ("next Friday at 7:30 pm BBQ", "Fri 27/11/26 19:30", "BBQ"),
    (
        "le 28/11 à 9 h 15 : tirer la fibre",
        "Sat 28/11/26 09:15",
        "tirer la fibre",
    ),
    (
        "le 1er décembre de payer Orange",
        "Tue 01/12/26 09:00",
        "payer Orange",
    ),
    (
        "samedi 28 novembre 8h chantier",
        "Sat 28/11/26 08:00",
        "chantier",
    ),
    ("December 1st at noon lunch", "Tue 01/12/26 12:00", "lunch"),
    (
        "on the 28th of November at 7 lunch",
        "Sat 28/11/26 07:00",
        "lunch",
    ),
    ("2027-03-28 02:30 veiller", "Sun 28/03/27 03:00", "veiller"),
    ("le 15 à midi loyer", "Tue 15/12/26 12:00", "loyer"),
    ("le 31 loyer", "Thu 31/12/26 09:00", "loyer"),
    (
        "29 février anniversaire",
        "Tue 29/02/28 09:00",
        "anniversaire",
    ),
    ("18h manger", "Tue 24/11/26 18:00", "manger"),
    ("9h manger", "Wed 25/11/26 09:00", "manger"),
    (
        "après-demain midi d'appeler Zoé",
        "Thu 26/11/26 12:00",
        "appeler Zoé",
    ),
    ("demain 20h UTC x", "Wed 25/11/26 20:00", "x"),
    ("demain 9h Indian/Reunion x", "Wed 25/11/26 09:00", "x"),
    ("demain 9h 3 cartons", "Wed 25/11/26 09:00", "3 cartons"),
    (
        "demain 9h le point sur mardi",
        "Wed 25/11/26 09:00",
        "le point sur mardi",
    ),
];

#[test]
fn once_as_people_say_it() {
    for (text, expected, rest) in ONCE {
        let expected = (vec![(*expected).to_owned()], (*rest).to_owned());
        assert_eq!(dates(text, 2), expected, "{text}");
    }
}

const AGAIN: &[(&str, &str, &str)] = &[
    (
        "chaque mardi à 19 h x",
        "Tue 24/11/26 19:00",
        "Tue 01/12/26 19:00",
    ),
    (
        "tous les mardis 19h x",
        "Tue 24/11/26 19:00",
        "Tue 01/12/26 19:00",
    ),
    (
        "x tous les mardis à 19h",
        "Tue 24/11/26 19:00",
        "Tue 01/12/26 19:00",
    ),
    (
        "every Tuesday at 7pm x",
        "Tue 24/11/26 19:00",
        "Tue 01/12/26 19:00",
    ),
    (
        "les mardis à 19h x",
        "Tue 24/11/26 19:00",
        "Tue 01/12/26 19:00",
    ),
    (
        "tous les lundis et jeudis à 8h x",
        "Thu 26/11/26 08:00",
        "Mon 30/11/26 08:00",
    ),
    (
        "every Monday and Thursday at 8 x",
        "Thu 26/11/26 08:00",
        "Mon 30/11/26 08:00",
    ),
    (
        "chaque jour à 7h x",
        "Wed 25/11/26 07:00",
        "Thu 26/11/26 07:00",
    ),
    (
        "tous les soirs x",
        "Tue 24/11/26 19:00",
        "Wed 25/11/26 19:00",
    ),
    (
        "daily at 6 am x",
        "Wed 25/11/26 06:00",
        "Thu 26/11/26 06:00",
    ),
    (
        "tous les jours ouvrés à 9h x",
        "Wed 25/11/26 09:00",
        "Thu 26/11/26 09:00",
    ),
    (
        "tous les 3 jours x",
        "Fri 27/11/26 09:00",
        "Mon 30/11/26 09:00",
    ),
    (
        "le 1er mardi du mois à 19h x",
        "Tue 01/12/26 19:00",
        "Tue 05/01/27 19:00",
    ),
    (
        "le premier mardi de chaque mois x",
        "Tue 01/12/26 09:00",
        "Tue 05/01/27 09:00",
    ),
    (
        "the first Tuesday of the month x",
        "Tue 01/12/26 09:00",
        "Tue 05/01/27 09:00",
    ),
    (
        "every second Friday of the month x",
        "Fri 11/12/26 09:00",
        "Fri 08/01/27 09:00",
    ),
    (
        "le dernier vendredi du mois 18h x",
        "Fri 27/11/26 18:00",
        "Fri 25/12/26 18:00",
    ),
    (
        "tous les 15 du mois x",
        "Tue 15/12/26 09:00",
        "Fri 15/01/27 09:00",
    ),
    (
        "le 15 de chaque mois à 10h x",
        "Tue 15/12/26 10:00",
        "Fri 15/01/27 10:00",
    ),
    ("every 15th x", "Tue 15/12/26 09:00", "Fri 15/01/27 09:00"),
    (
        "le 1er et le 15 du mois x",
        "Tue 01/12/26 09:00",
        "Tue 15/12/26 09:00",
    ),
    (
        "tous les 31 du mois x",
        "Mon 30/11/26 09:00",
        "Thu 31/12/26 09:00",
    ),
    (
        "le dernier jour du mois x",
        "Mon 30/11/26 09:00",
        "Thu 31/12/26 09:00",
    ),
    (
        "chaque mois le 20 x",
        "Sun 20/12/26 09:00",
        "Wed 20/01/27 09:00",
    ),
    (
        "tous les 15 jours le mardi à 19h x",
        "Tue 24/11/26 19:00",
        "Tue 08/12/26 19:00",
    ),
    (
        "un mardi sur deux à 19h x",
        "Tue 24/11/26 19:00",
        "Tue 08/12/26 19:00",
    ),
    (
        "every other Tuesday at 7 pm x",
        "Tue 24/11/26 19:00",
        "Tue 08/12/26 19:00",
    ),
    (
        "toutes les deux semaines le jeudi x",
        "Thu 26/11/26 09:00",
        "Thu 10/12/26 09:00",
    ),
    (
        "chaque année le 31 janvier x",
        "Sun 31/01/27 09:00",
        "Mon 31/01/28 09:00",
    ),
    (
        "tous les ans le 29 février x",
        "Sun 28/02/27 09:00",
        "Tue 29/02/28 09:00",
    ),
    (
        "every January 31 at noon x",
        "Sun 31/01/27 12:00",
        "Mon 31/01/28 12:00",
    ),
];

#[test]
fn again_and_again_as_people_say_it() {
    for (text, first, second) in AGAIN {
        let expected = (
            vec![(*first).to_owned(), (*second).to_owned()],
            "x".to_owned(),
        );
        assert_eq!(dates(text, 2), expected, "{text}");
    }
}

#[test]
fn what_is_no_time_is_refused_with_its_reason() {
    let past = |text: &str| Refusal::Past(text.parse().unwrap());
    let day = |text: &str| text.parse().unwrap();
    for (text, refusal) in [
        ("", Refusal::NoTime),
        ("appeler Orange", Refusal::NoTime),
        ("un de ces jours", Refusal::NoTime),
        ("30/02 à 9h x", Refusal::NoSuchDay),
        ("31 novembre x", Refusal::NoSuchDay),
        ("29/02/2027 x", Refusal::NoSuchDay),
        ("tous les 32 du mois x", Refusal::NoSuchDay),
        ("chaque année le 31 avril x", Refusal::NoSuchDay),
        ("demain 25h x", Refusal::NoSuchHour),
        ("demain 9h75 x", Refusal::NoSuchHour),
        ("tomorrow at 13 pm x", Refusal::NoSuchHour),
        (
            "mardi 25 novembre x",
            Refusal::OtherWeekday(day("2026-11-25")),
        ),
        ("24/11/2025 9h x", past("2025-11-24T09:00:00")),
        ("aujourd'hui 9h x", past("2026-11-24T09:00:00")),
        ("01/01/9999 x", Refusal::TooFar),
        ("1er janvier 9999 x", Refusal::TooFar),
        ("dans 400 ans x", Refusal::TooFar),
        ("dans 99999999 jours x", Refusal::TooFar),
        ("toutes les 5 minutes x", Refusal::TooOften),
        ("every hour x", Refusal::TooOften),
        ("le 5e mardi du mois x", Refusal::NotEveryMonth),
        (
            "demain 9h Europe/Pariss x",
            Refusal::UnknownZone("europe/pariss".to_owned()),
        ),
        (
            "demain 9h fuseau Mars x",
            Refusal::UnknownZone("mars".to_owned()),
        ),
    ] {
        assert_eq!(said(text), Err(refusal), "{text}");
    }
}

#[test]
fn mardi_said_on_a_tuesday_is_asked() {
    let other = |text: &str| {
        let found = said(text).unwrap();
        let next = found.other?.next(found.zone, now(), None)?;
        Some(next.reading.format("%d/%m %H:%M").to_string())
    };
    assert_eq!(other("mardi 19h x").as_deref(), Some("01/12 19:00"));
    assert_eq!(
        other("jeudi prochain 19h x").as_deref(),
        Some("03/12 19:00")
    );
    assert_eq!(other("mardi 12h x"), None);
    assert_eq!(other("demain 12h x"), None);
}

#[test]
fn an_hour_that_nobody_said_is_shown_as_ours() {
    assert!(said("demain x").unwrap().hour_assumed);
    assert!(!said("demain soir x").unwrap().hour_assumed);
    assert!(!said("dans 20 minutes x").unwrap().hour_assumed);
}

#[test]
fn another_zone_has_another_day() {
    // 23:30 in Paris is already Wednesday in Reunion.
    let late: DateTime<Utc> = "2026-11-24T22:30:00Z".parse().unwrap();
    let found = spoken("demain 9h Indian/Reunion x", Paris, late).unwrap();
    let next = found.rule.next(found.zone, late, None).unwrap();
    assert_eq!(next.at.to_rfc3339(), "2026-11-26T05:00:00+00:00");
}

proptest::proptest! {
    #[test]
    fn any_words_are_read_without_harm(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "chaque", "tous", "les", "le", "mardi", "15", "1er", "31", "du", "mois", "dans",
                "in", "every", "first", "demain", "à", "19h", "25", "h", "pm", "30/02", "28/11",
                "an", "2", "deux", "semaines", "jours", "février", "9999", "soir", "et", "",
                "99999999999", "Europe/Paris", "other", "sur", "x", "é", "29", "-1", "0",
            ]),
            0..9,
        ),
        seconds in 0_i64..4_102_444_800,
    ) {
        let now = DateTime::from_timestamp(seconds, 0).unwrap();
        if let Ok(found) = spoken(&words.join(" "), Paris, now) {
            let turn = found.rule.next(found.zone, now, None);
            proptest::prop_assert!(turn.is_none_or(|turn| turn.at > now));
        }
    }

    #[test]
    fn any_text_is_read_without_harm(text in "\\PC{0,40}") {
        let _ = said(&text);
    }
}
