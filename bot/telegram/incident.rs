//! What happened to an incident, as a file.

use vigie_domain::Place;
use vigie_domain::text::{Arg, Key, Say};

use super::render::File;
use super::voice::{Voice, one_line};
use crate::app::incidents::{Form, Report, ReportLine};

/// Longest line of the file.
const LINE: usize = 2_000;

/// A file with a report.
pub(super) fn file(voice: &Voice<'_>, report: &Report, place: Place) -> File {
    let caption = Say::new(Key::IncidentReportCaption).with("at", Arg::At(voice.now));
    let (ending, mime, text) = match report.form {
        Form::Json => ("json", "application/json", report.json.clone()),
        Form::Markdown => (
            "md",
            "text/markdown; charset=utf-8",
            markdown(voice, report),
        ),
    };
    File {
        thread: place.thread,
        name: format!("{}.{ending}", report.file),
        bytes: text.into(),
        mime,
        caption: voice.plain(&caption),
        reply_to: None,
    }
}

fn markdown(voice: &Voice<'_>, report: &Report) -> String {
    let mut text = String::new();
    for line in &report.lines {
        let (before, say, after) = match line {
            ReportLine::Title(say) => ("# ".to_owned(), say, "\n"),
            ReportLine::Heading(say) => ("\n## ".to_owned(), say, "\n"),
            ReportLine::Point(say) => ("- ".to_owned(), say, ""),
            ReportLine::At(at, say) => {
                let at = Say::new(Key::IncidentReportAt).with("at", Arg::At(*at));
                (format!("- {} ", plain(voice, &at)), say, "")
            }
            ReportLine::Text(say) => (String::new(), say, ""),
        };
        text.push_str(&before);
        text.push_str(&plain(voice, say));
        text.push_str(after);
        text.push('\n');
    }
    text
}

/// On one line, with nothing that Markdown would take for markup.
fn plain(voice: &Voice<'_>, say: &Say) -> String {
    let mut escaped = String::new();
    for letter in one_line(&voice.plain(say), LINE).chars() {
        if matches!(
            letter,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|'
        ) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}
