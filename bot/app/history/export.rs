//! The history as a file: for spreadsheets, and for programs.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use vigie_domain::Lang;
use vigie_domain::history::Episode;
use vigie_store::Dir;

use super::read::HistoryOf;
use crate::app::App;
use crate::app::error::AppError;
use crate::app::views::FileView;

/// Outages in one file, the newest first.
const MOST: usize = 20_000;

/// Form of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// A table for spreadsheets.
    Csv,
    /// Objects for programs.
    Json,
}

/// One outage as a file tells it; the names of the fields are those of the columns.
#[derive(Serialize)]
struct Line<'e> {
    equipment: &'e str,
    name: &'e str,
    sector: &'e str,
    began: String,
    ended: String,
    lasted_s: i64,
    down_s: i64,
    severity: &'static str,
    covered_by: &'e str,
    taken_by: &'e str,
    taken_at: String,
    alert: &'e str,
    summary: &'e str,
}

impl App {
    /// The outages that are over, as a file.
    pub(crate) async fn history_file(
        &self,
        of: &HistoryOf,
        form: Form,
        lang: Lang,
    ) -> Result<FileView, AppError> {
        let range = of.range(None, None);
        let episodes = self.episodes(&range, Dir::Backward, MOST).await?;
        let lines: Vec<Line<'_>> = episodes
            .iter()
            .map(|episode| line(episode, self.settings.zone))
            .collect();
        let name = match of {
            HistoryOf::All => "historique".to_owned(),
            HistoryOf::Sector(sector) => format!("historique-{sector}"),
            HistoryOf::Equipment(id) => format!("historique-{}", file_name(id.as_str())),
        };
        let (ending, text) = match form {
            Form::Csv => ("csv", table(&lines, lang)?),
            Form::Json => ("json", objects(&lines)?),
        };
        Ok(FileView {
            name: format!("{name}.{ending}"),
            text,
            count: lines.len() as u64,
            more: lines.len() == MOST,
        })
    }
}

fn file_name(text: &str) -> String {
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    text.chars()
        .filter(|letter| fits(*letter))
        .take(60)
        .collect()
}

fn line(episode: &Episode, zone: Tz) -> Line<'_> {
    use vigie_domain::alert::Severity;
    let at = |moment: DateTime<Utc>| {
        moment
            .with_timezone(&zone)
            .to_rfc3339_opts(SecondsFormat::Secs, false)
    };
    let down_s = |(from, to): (DateTime<Utc>, DateTime<Utc>)| (to - from).num_seconds().max(0);
    let taken = episode.taken.as_ref();
    Line {
        equipment: episode.equipment.as_str(),
        name: &episode.name,
        sector: episode.sector.as_ref().map_or("", |sector| sector.as_str()),
        began: at(episode.began),
        ended: episode.ended.map(at).unwrap_or_default(),
        lasted_s: episode.lasted_s(episode.began),
        down_s: episode
            .down
            .iter()
            .filter_map(|stretch| Some(down_s((stretch.from, stretch.to?))))
            .sum(),
        severity: match episode.worst {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Critical => "critical",
        },
        covered_by: episode.covered_by.as_ref().map_or("", |by| by.as_str()),
        taken_by: taken.map_or("", |taken| taken.name.as_str()),
        taken_at: taken.map(|taken| at(taken.at)).unwrap_or_default(),
        alert: &episode.alert,
        summary: &episode.summary,
    }
}

fn objects(lines: &[Line<'_>]) -> Result<String, AppError> {
    serde_json::to_string_pretty(lines).map_err(unwritable)
}

/// French spreadsheets divide cells by semicolons, and know UTF-8 by a mark at its start.
fn table(lines: &[Line<'_>], lang: Lang) -> Result<String, AppError> {
    let divider = match lang {
        Lang::Fr => b';',
        Lang::En => b',',
    };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(divider)
        .from_writer("\u{FEFF}".as_bytes().to_vec());
    writer.write_record(COLUMNS).map_err(unwritable)?;
    for line in lines {
        writer.write_record(line.cells()).map_err(unwritable)?;
    }
    let bytes = writer.into_inner().map_err(unwritable)?;
    String::from_utf8(bytes).map_err(unwritable)
}

/// Names of the columns.
const COLUMNS: [&str; 13] = [
    "equipment",
    "name",
    "sector",
    "began",
    "ended",
    "lasted_s",
    "down_s",
    "severity",
    "covered_by",
    "taken_by",
    "taken_at",
    "alert",
    "summary",
];

impl Line<'_> {
    fn cells(&self) -> [String; 13] {
        [
            inert(self.equipment),
            inert(self.name),
            inert(self.sector),
            self.began.clone(),
            self.ended.clone(),
            self.lasted_s.to_string(),
            self.down_s.to_string(),
            self.severity.to_owned(),
            inert(self.covered_by),
            inert(self.taken_by),
            self.taken_at.clone(),
            inert(self.alert),
            inert(self.summary),
        ]
    }
}

/// Foreign text that a spreadsheet does not take for a formula.
fn inert(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}

fn unwritable(error: impl std::fmt::Display) -> AppError {
    AppError::Record {
        key: "history file".to_owned(),
        problem: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use vigie_domain::AccountId;
    use vigie_domain::alert::{Severity, Taken};
    use vigie_domain::history::Stretch;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn episode() -> Episode {
        Episode {
            equipment: "silo".into(),
            name: "=HYPERLINK(\"x\")".to_owned(),
            sector: Some("migennes".into()),
            began: at("2026-11-10T12:00:00Z"),
            ended: Some(at("2026-11-10T13:00:00Z")),
            worst: Severity::Critical,
            down: vec![Stretch {
                from: at("2026-11-10T12:00:00Z"),
                to: Some(at("2026-11-10T12:50:00Z")),
            }],
            alert: "RelayDown".to_owned(),
            summary: "Coupure ; \"secteur\"".to_owned(),
            covered_by: None,
            taken: Some(Taken {
                by: AccountId(1),
                name: "Élise".to_owned(),
                at: at("2026-11-10T12:04:00Z"),
            }),
        }
    }

    #[test]
    fn a_table_is_read_back_as_it_is_and_holds_no_formula() {
        let episode = episode();
        let line = line(&episode, chrono_tz::Europe::Paris);
        let text = table(&[line], Lang::Fr).unwrap();
        let expected = "\u{FEFF}equipment;name;sector;began;ended;lasted_s;down_s;severity;covered_by;taken_by;taken_at;alert;summary\n\
            silo;\"'=HYPERLINK(\"\"x\"\")\";migennes;2026-11-10T13:00:00+01:00;2026-11-10T14:00:00+01:00;3600;3000;critical;;Élise;2026-11-10T13:04:00+01:00;RelayDown;\"Coupure ; \"\"secteur\"\"\"\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn objects_have_the_names_of_the_columns() {
        let episode = episode();
        let text = objects(&[line(&episode, chrono_tz::UTC)]).unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        let names: Vec<&String> = read[0].as_object().unwrap().keys().collect();
        assert_eq!(names, COLUMNS);
        assert_eq!(read[0]["down_s"], 3_000);
        assert_eq!(read[0]["name"], "=HYPERLINK(\"x\")");
    }
}
