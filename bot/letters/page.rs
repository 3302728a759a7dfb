//! One page: whom it is for, what to do, the code in large letters, and its QR code.

use pdf_writer::{Content, Name, Str};
use qrcodegen::{QrCode, QrCodeEcc};
use vigie_domain::text::{Arg, Key, Say};

use super::font::Face;
use super::{HEIGHT, LetterError, Style, WIDTH};
use crate::app::linking::Printed;

pub(super) const REGULAR: Name<'static> = Name(b"R");
pub(super) const BOLD: Name<'static> = Name(b"B");
/// Space at the sides.
const MARGIN: f32 = 70.0;
/// Size of the text, and the distance of its lines.
const SIZE: f32 = 11.0;
const LEADING: f32 = 16.5;
/// Width of the QR code.
const QR: f32 = 170.0;

/// What a page says.
pub(super) struct Sheet {
    name: String,
    title: String,
    before: Vec<String>,
    code: String,
    after: Vec<String>,
    qr: QrCode,
}

impl Sheet {
    pub(super) fn of(style: &Style<'_>, letter: &Printed) -> Result<Self, LetterError> {
        let say = |say: Say| style.texts.plain(style.lang, style.zone, style.now, &say);
        let address = format!("https://t.me/{}?start={}", style.bot, letter.start);
        let qr = QrCode::encode_text(&address, QrCodeEcc::Medium);
        let text = |text: &str| Arg::Text(text.to_owned());
        Ok(Self {
            name: letter.name.clone(),
            title: say(Key::LetterTitle.into()),
            before: vec![
                say(Say::new(Key::LetterHello).with("number", text(&letter.member))),
                say(Say::new(Key::LetterScan).with("bot", text(style.bot))),
            ],
            code: letter.code.clone(),
            after: vec![
                say(Say::new(Key::LetterUntil).with("until", Arg::At(letter.until))),
                say(Key::LetterSecret.into()),
                say(Say::new(Key::LetterAddress).with("address", Arg::Text(address))),
            ],
            qr: qr.map_err(|_| LetterError::TooLong)?,
        })
    }
}

/// Draws from the top down.
struct Pen<'a> {
    content: Content,
    regular: &'a Face,
    bold: &'a Face,
    y: f32,
}

impl Pen<'_> {
    fn line(&mut self, text: &str, (bold, size): (bool, f32), x: f32) {
        let (name, face) = match bold {
            true => (BOLD, self.bold),
            false => (REGULAR, self.regular),
        };
        self.content.begin_text();
        self.content.set_font(name, size);
        self.content.next_line(x, self.y);
        self.content.show(Str(&face.glyphs(text)));
        self.content.end_text();
    }

    /// A paragraph, broken between words.
    fn paragraph(&mut self, text: &str) {
        let most = WIDTH - 2.0 * MARGIN;
        let mut line = String::new();
        for word in text.split_whitespace() {
            let longer = match line.is_empty() {
                true => word.to_owned(),
                false => format!("{line} {word}"),
            };
            if self.regular.width(&longer, SIZE) > most && !line.is_empty() {
                self.line(&line, (false, SIZE), MARGIN);
                self.y -= LEADING;
                word.clone_into(&mut line);
            } else {
                line = longer;
            }
        }
        self.line(&line, (false, SIZE), MARGIN);
        self.y -= 1.7 * LEADING;
    }

    fn qr(&mut self, qr: &QrCode) {
        // A border of four modules belongs to the code.
        let modules = qr.size();
        let side = QR / (modules as f32);
        let left = (WIDTH - QR) / 2.0;
        self.y -= QR;
        for row in 0..modules {
            for column in (0..modules).filter(|column| qr.get_module(*column, row)) {
                let x = left + side * (column as f32);
                let y = self.y + side * ((modules - 1 - row) as f32);
                self.content.rect(x, y, side, side);
            }
        }
        self.content.fill_nonzero();
        self.y -= 4.0 * side + 2.0 * LEADING;
    }
}

/// What is drawn on a page.
pub(super) fn content(sheet: &Sheet, regular: &Face, bold: &Face) -> Vec<u8> {
    let mut pen = Pen {
        content: Content::new(),
        regular,
        bold,
        // The name stands where a window envelope shows it.
        y: HEIGHT - 150.0,
    };
    pen.line(&sheet.name, (false, SIZE), WIDTH / 2.0 + 20.0);
    pen.y = HEIGHT - 250.0;
    pen.line(&sheet.title, (true, 17.0), MARGIN);
    pen.y -= 34.0;
    for text in &sheet.before {
        pen.paragraph(text);
    }
    pen.qr(&sheet.qr);
    let width = bold.width(&sheet.code, 24.0);
    pen.line(&sheet.code, (true, 24.0), (WIDTH - width) / 2.0);
    pen.y -= 3.0 * LEADING;
    for text in &sheet.after {
        pen.paragraph(text);
    }
    pen.content.finish().to_vec()
}

/// Room to write under a question.
const ROOM: f32 = 34.0;

/// A page with paragraphs, questions with room below each, and a last word.
pub(super) fn list(
    title: &str,
    (before, questions, after): (&[String], &[String], &str),
    (regular, bold): (&Face, &Face),
) -> Vec<u8> {
    let mut pen = Pen {
        content: Content::new(),
        regular,
        bold,
        y: HEIGHT - 60.0,
    };
    pen.line(title, (true, 17.0), MARGIN);
    pen.y -= 30.0;
    for text in before {
        pen.paragraph(text);
    }
    for question in questions {
        pen.paragraph(question);
        pen.y -= ROOM - LEADING;
        pen.content.set_line_width(0.4);
        pen.content.move_to(MARGIN, pen.y);
        pen.content.line_to(WIDTH - MARGIN, pen.y);
        pen.content.stroke();
        pen.y -= 1.2 * LEADING;
    }
    pen.paragraph(after);
    pen.content.finish().to_vec()
}
