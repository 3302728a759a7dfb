//! Facts are golden in the SVG; the PNG is checked for its form, and is written to a folder where
//! `CHARTS_OUT` says so, to be looked at.

use std::time::{Duration, Instant};

use vigie_domain::history::Shade;

use super::*;

fn strip(cells: usize) -> Strip {
    let shades = [
        Shade::Unknown,
        Shade::Up,
        Shade::Degraded,
        Shade::Short,
        Shade::Long,
        Shade::WholeDay,
    ];
    let cell = |number: usize| {
        let shade = match number {
            0..4 => Shade::Unknown,
            9 => Shade::Short,
            13 => Shade::Long,
            14 => Shade::WholeDay,
            21 => Shade::Degraded,
            _ => Shade::Up,
        };
        let down = match shade {
            Shade::Short => "12 min",
            Shade::Long => "3 h 20",
            Shade::WholeDay => "24 h",
            _ => "",
        };
        let day = (number + 26) % 30 + 1;
        Cell {
            label: if day == 1 || number == 0 {
                format!("{day}/11")
            } else {
                day.to_string()
            },
            shade,
            down: down.to_owned(),
        }
    };
    Strip {
        title: "Église de Migennes <b> & l'« antenne »".to_owned(),
        below: "Disponible 96,1 % sur 26 jours · 3 pannes · 27 h 32 en tout".to_owned(),
        cells: (0..cells).map(cell).collect(),
        keys: shades
            .iter()
            .zip([
                "Pas encore surveillé",
                "Jamais en panne",
                "Fonctionne mal",
                "Moins d'une heure",
                "Une heure ou plus",
                "Presque toute la journée",
            ])
            .map(|(shade, words)| Key {
                shade: *shade,
                words: words.to_owned(),
            })
            .collect(),
    }
}

fn map(lines: usize) -> Map {
    let node = |number: usize| Node {
        level: [0, 1, 2, 2, 3, 1, 2][number % 7],
        state: match number % 7 {
            2 => Some(State::Down),
            4 => Some(State::Covered),
            5 => Some(State::Degraded),
            6 => None,
            _ => Some(State::Up),
        },
        name: match number % 7 {
            6 => "et 12 autres en service".to_owned(),
            other => format!("Château d'eau de Chêne-Arnoult, relais n° {other} & co"),
        },
        behind: match number % 7 {
            6 => String::new(),
            other => format!("{} derrière", other * 7 + 1),
        },
    };
    Map {
        title: "Secteur Migennes".to_owned(),
        below: "2 pannes sur 41 équipements, mardi 24 novembre à 19 h 05".to_owned(),
        nodes: (0..lines).map(node).collect(),
        keys: vec![
            (State::Up, "en service".to_owned()),
            (State::Degraded, "fonctionne mal".to_owned()),
            (State::Down, "en panne".to_owned()),
            (State::Covered, "coupé par l'amont".to_owned()),
        ],
    }
}

fn bars(count: usize) -> Bars {
    let bar = |number: usize| Bar {
        label: ["Joigny", "Migennes", "Sens", "Auxerre", "Avallon"][number % 5].to_owned(),
        value: (number as u64 * 7_919) % 40_000,
        words: format!("{number} pannes · {} h 40", number * 2),
        before: (number % 3 != 2).then_some((number as u64 * 5_000) % 30_000),
    };
    Bars {
        title: "Pannes de novembre 2026".to_owned(),
        below: "12 pannes, 31 h 20 en tout, prises en 6 min, rétablies en 2 h 36".to_owned(),
        bars: (0..count).map(bar).collect(),
        keys: ("novembre".to_owned(), "octobre".to_owned()),
    }
}

/// What is written in an SVG, in order.
fn words(svg: &str) -> Vec<String> {
    let parts = svg.split("<text ").skip(1);
    parts
        .map(|part| {
            let (_, rest) = part.split_once('>').unwrap();
            rest.split("</text>").next().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn a_strip_says_its_facts_in_words_and_signs() {
    let svg = Picture::Strip(strip(30)).svg();
    let words = words(&svg);
    assert_eq!(
        &words[..8],
        [
            "Église de Migennes &lt;b&gt; &amp; l&#39;« antenne »",
            "Disponible 96,1 % sur 26 jours · 3 pannes · 27 h 32 en tout",
            "27/11",
            "?",
            "28",
            "?",
            "29",
            "?"
        ]
    );
    let count = |sign: &str| words.iter().filter(|word| *word == sign).count();
    // One more each, in the key.
    let signs = ["?", "✓", "~", "!", "!!", "✕"].map(count);
    assert_eq!(signs, [5, 23, 2, 2, 2, 2]);
    for down in ["12 min", "3 h 20", "24 h"] {
        assert_eq!(count(down), 1, "{down}");
    }
    assert!(!svg.contains("<b>"));
}

#[test]
fn a_map_names_every_line_with_its_state() {
    let svg = Picture::Map(map(7)).svg();
    let words = words(&svg);
    let signs: Vec<_> = words
        .iter()
        .filter(|word| ["✓", "!", "✕", "↑"].contains(&word.as_str()))
        .collect();
    assert_eq!(signs, ["✓", "✓", "✕", "✓", "↑", "!", "✓", "!", "✕", "↑"]);
    assert!(words.contains(&"et 12 autres en service".to_owned()));
    assert!(words.contains(&"8 derrière".to_owned()));
}

#[test]
fn bars_are_as_long_as_their_numbers() {
    let mut some = bars(3);
    some.bars[0].value = 100;
    some.bars[1].value = 50;
    some.bars[2].value = 1;
    some.bars.iter_mut().for_each(|bar| bar.before = None);
    let svg = Picture::Bars(some).svg();
    for width in [752, 376, 7] {
        assert!(
            svg.contains(&format!("width=\"{width}\" height=\"22\"")),
            "{width}"
        );
    }
}

#[test]
fn whatever_the_facts_a_picture_is_bounded_and_is_drawn_in_time() {
    let hostile = "\u{0}\u{FFFF}]]><script>&amp;\u{202E}🛰漢字".repeat(40);
    let mut many = map(400);
    many.title.clone_from(&hostile);
    many.nodes.iter_mut().for_each(|node| node.level *= 1_000);
    let mut long = strip(1_000);
    long.cells
        .iter_mut()
        .for_each(|cell| cell.label.clone_from(&hostile));
    let mut tall = bars(500);
    tall.bars
        .iter_mut()
        .for_each(|bar| bar.value = u64::MAX / 1_000);
    for (name, picture) in [
        ("strip", Picture::Strip(strip(30))),
        ("map", Picture::Map(map(28))),
        ("bars", Picture::Bars(bars(6))),
        ("empty", Picture::Map(map(0))),
        ("hostile-map", Picture::Map(many)),
        ("hostile-strip", Picture::Strip(long)),
        ("hostile-bars", Picture::Bars(tall)),
    ] {
        let begun = Instant::now();
        let png = png(&picture).unwrap();
        // Without optimisation, on a busy machine.
        assert!(begun.elapsed() < Duration::from_secs(20), "{name}");
        assert!(
            png.starts_with(b"\x89PNG") && png.len() < 2_000_000,
            "{name}"
        );
        let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
        assert!(side(16) == 1_200 && side(20) <= 4_000, "{name}");
        assert!(picture.svg().len() < 200_000, "{name}");
        if let Some(folder) = std::env::var_os("CHARTS_OUT") {
            std::fs::write(
                std::path::Path::new(&folder).join(format!("{name}.png")),
                png,
            )
            .unwrap();
        }
    }
}

#[test]
fn a_map_tells_every_state_by_a_form_and_wraps_what_the_signs_mean() {
    let states = [
        (State::Up, "✓"),
        (State::Degraded, "!"),
        (State::Covered, "↑"),
        (State::Down, "✕"),
        (State::Unstable, "~"),
        (State::Bypassed, "→"),
        (State::Unknown, "?"),
    ];
    let mut all = map(7);
    for (node, (state, _)) in all.nodes.iter_mut().zip(states) {
        node.state = Some(state);
    }
    all.keys = states
        .iter()
        .map(|(state, _)| (*state, "coupé par l'amont".to_owned()))
        .collect();
    let svg = Picture::Map(all.clone()).svg();
    let words = words(&svg);
    for (_, sign) in states {
        let shown = words.iter().filter(|word| *word == sign).count();
        assert_eq!(
            shown, 2,
            "{sign}: on its line and among what the signs mean"
        );
    }
    assert_eq!(
        words
            .iter()
            .filter(|word| word.starts_with("coupé"))
            .count(),
        7
    );
    all.keys.truncate(2);
    let short = Picture::Map(all).svg();
    let height = |svg: &str| {
        let (_, rest) = svg.split_once("height=\"").unwrap();
        rest.split('"').next().unwrap().parse::<u32>().unwrap()
    };
    assert!(height(&svg) > height(&short));
}
