//! Letters on paper: what a printer prints is read back by a decoder of QR codes.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing"
)]

use std::path::Path;
use std::process::Command;

use chrono::{TimeZone as _, Utc};
use vigie::app::linking::Printed;
use vigie::i18n::Texts;
use vigie::letters::{Style, pdf};
use vigie_domain::Lang;
use vigie_domain::linking::code::LetterCode;

fn printed(number: u8, name: &str) -> Printed {
    let code = LetterCode::from_chance([number; 16]);
    Printed {
        name: name.to_owned(),
        member: format!("{number}"),
        code: code.shown(),
        start: format!("c_{}", code.as_str()),
        until: Utc.with_ymd_and_hms(2027, 1, 9, 17, 0, 0).unwrap(),
    }
}

/// A grey picture: width, height and its bytes.
fn grey(file: &Path) -> (usize, usize, Vec<u8>) {
    let bytes = std::fs::read(file).unwrap();
    let mut at = 0;
    let mut word = || {
        let start = at
            + bytes[at..]
                .iter()
                .position(|byte| !byte.is_ascii_whitespace())
                .unwrap();
        let end = start
            + bytes[start..]
                .iter()
                .position(u8::is_ascii_whitespace)
                .unwrap();
        at = end;
        String::from_utf8(bytes[start..end].to_vec()).unwrap()
    };
    assert_eq!(word(), "P5");
    let (width, height) = (word().parse().unwrap(), word().parse().unwrap());
    assert_eq!(word(), "255");
    (width, height, bytes[at + 1..].to_vec())
}

#[test]
fn a_printed_letter_is_read_back() {
    let Ok(texts) = Texts::embedded() else {
        panic!("texts")
    };
    let style = Style {
        texts: &texts,
        lang: Lang::Fr,
        zone: chrono_tz::Europe::Paris,
        now: Utc.with_ymd_and_hms(2026, 11, 25, 9, 0, 0).unwrap(),
        bot: "vigie_demo_bot",
    };
    let letters = [
        printed(104, "Denis Durand"),
        printed(7, "Commune de Saint-Germain-des-Champs-l'Étang-Neuf"),
        printed(9, "Łukasz \u{202E}<b> 🛰 Ġüglíęlmõ"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("letters.pdf");
    std::fs::write(&file, pdf(&style, &letters).unwrap()).unwrap();
    let stem = folder.path().join("page");
    let drawn = Command::new("pdftoppm")
        .args(["-gray", "-r", "110"])
        .args([&file, &stem])
        .output()
        .expect("pdftoppm is there (Debian: poppler-utils)");
    assert!(drawn.status.success(), "{drawn:?}");
    assert!(
        drawn.stderr.is_empty(),
        "the document has faults: {drawn:?}"
    );
    for (number, letter) in letters.iter().enumerate() {
        let page = folder.path().join(format!("page-{}.pgm", number + 1));
        let (width, height, bytes) = grey(&page);
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| bytes[y * width + x]);
        let codes = picture.detect_grids();
        assert_eq!(codes.len(), 1, "one code on page {number}");
        let (_, read) = codes[0].decode().unwrap();
        assert_eq!(
            read,
            format!("https://t.me/vigie_demo_bot?start={}", letter.start)
        );
        assert!(letter.start.len() <= 64);
    }
}

#[test]
fn the_guide_of_those_who_answer_the_phone_holds_their_questions() {
    let Ok(texts) = Texts::embedded() else {
        panic!("texts")
    };
    let style = Style {
        texts: &texts,
        lang: Lang::Fr,
        zone: chrono_tz::Europe::Paris,
        now: Utc.with_ymd_and_hms(2026, 11, 25, 9, 0, 0).unwrap(),
        bot: "",
    };
    let mut checklist = vigie_domain::tickets::Rules::default().checklist;
    checklist.push("Le chien du voisin aboie-t-il sur l'antenne ?".to_owned());
    checklist.extend((0..6).map(|one| format!("Question de trop numéro {one}")));
    let questions = vigie::app::phone::questions(&checklist);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("guide.pdf");
    std::fs::write(&file, vigie::letters::guide(&style, &questions).unwrap()).unwrap();
    let read = Command::new("pdftotext")
        .args(["-layout".as_ref(), file.as_os_str(), "-".as_ref()])
        .output()
        .expect("pdftotext is there (Debian: poppler-utils)");
    assert!(read.status.success() && read.stderr.is_empty(), "{read:?}");
    let text = String::from_utf8(read.stdout).unwrap();
    assert_eq!(text.matches('\u{c}').count(), 2, "two pages: {text}");
    for words in [
        "Répondre au téléphone",
        "1. Qui appelle",
        "2. Depuis quand",
        "9. Le chien du voisin",
        "15. Question de trop numéro 5",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
