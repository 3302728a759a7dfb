//! Tickets as a file: a table for spreadsheets, or objects with their threads for programs.

use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use serde_json::json;
use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::text::Key as Text;
use vigie_domain::tickets::Ticket;
use vigie_store::{Dir, Range};

use super::records::{self, By, Line};
use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::files::FileState;
use crate::app::outbox::{Class, Doubt, Outgoing, Row};
use crate::app::tx::{Tx, decode};
use crate::app::views::FileView;

/// Tickets in one table, and in one file with threads; the newest.
const MOST_ROWS: usize = 20_000;
const MOST_THREADS: usize = 1_000;
/// Tickets read at once.
const READ: u32 = 500;

/// Form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TicketsForm {
    /// A table.
    Csv,
    /// Objects with their threads.
    Json,
}

/// A ticket as a table tells it; the names of the fields are those of the columns.
#[derive(Serialize)]
struct TableRow<'t> {
    number: i64,
    state: &'static str,
    category: &'static str,
    sector: &'t str,
    equipment: &'t str,
    member: &'t str,
    name: String,
    origin: &'static str,
    outage: String,
    owner: String,
    opened: String,
    changed: String,
    resolved: String,
    merged_into: Option<i64>,
    reopened: u32,
    lines: u32,
    files: u32,
    subject: String,
}

impl Tx<'_> {
    /// `/tickets export` and `/tickets export json`.
    pub(super) async fn export_tickets(
        &mut self,
        command: &Command,
        person: &Person,
    ) -> Result<(), AppError> {
        let object = Object::Cooperative;
        if self
            .allowed(command, Act::ExportTickets, object)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let form = match command.args.contains("json") {
            true => TicketsForm::Json,
            false => TicketsForm::Csv,
        };
        let place = command.said.place;
        self.audit(person, place, "export-tickets", "tickets", ("", ""))
            .await?;
        let what = Outgoing::TicketsFile {
            form,
            lang: self.lang(person).await?,
        };
        let row = Row::new(place, what, Class::Answer, self.now(), Doubt::SendAgain);
        self.append(crate::app::keys::outbox_messages(), &self.fresh(row))?;
        self.answer(command, Text::TicketsExporting.into()).await
    }
}

impl App {
    /// Tickets as a file, the newest first.
    pub(crate) async fn tickets_file(&self, form: TicketsForm) -> Result<FileView, AppError> {
        let most = match form {
            TicketsForm::Csv => MOST_ROWS,
            TicketsForm::Json => MOST_THREADS,
        };
        let tickets = self.newest_tickets(most).await?;
        let (name, text) = match form {
            TicketsForm::Csv => ("tickets.csv", self.table(&tickets)?),
            TicketsForm::Json => ("tickets.json", self.objects(&tickets).await?),
        };
        Ok(FileView {
            name: name.to_owned(),
            text,
            count: tickets.len() as u64,
            more: tickets.len() == most,
        })
    }

    async fn newest_tickets(&self, most: usize) -> Result<Vec<Ticket>, AppError> {
        let range = Range::prefix(&records::all_tickets());
        let (mut tickets, mut after) = (Vec::new(), None);
        while tickets.len() < most {
            let store = &self.store;
            let page = store
                .scan(self.shard, &range, after.as_ref(), READ, Dir::Backward)
                .await?;
            for (key, entry) in page.items {
                tickets.push(decode(&key, &entry.value)?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        tickets.truncate(most);
        Ok(tickets)
    }

    fn table(&self, tickets: &[Ticket]) -> Result<String, AppError> {
        let unwritten = |error: String| AppError::Record {
            key: "tickets.csv".to_owned(),
            problem: error,
        };
        let mut table = csv::Writer::from_writer(Vec::new());
        for ticket in tickets {
            table
                .serialize(self.table_row(ticket))
                .map_err(|error| unwritten(error.to_string()))?;
        }
        let bytes = table
            .into_inner()
            .map_err(|error| unwritten(error.to_string()))?;
        // Spreadsheets know the encoding by its mark.
        Ok(format!("\u{FEFF}{}", String::from_utf8_lossy(&bytes)))
    }

    fn table_row<'t>(&self, ticket: &'t Ticket) -> TableRow<'t> {
        let at = |moment: chrono::DateTime<chrono::Utc>| {
            moment
                .with_timezone(&self.settings.zone)
                .to_rfc3339_opts(SecondsFormat::Secs, false)
        };
        TableRow {
            number: ticket.number.0,
            state: ticket.state.word(),
            category: ticket.category.word(),
            sector: ticket.sector.as_ref().map_or("", |one| one.as_str()),
            equipment: ticket.equipment.as_ref().map_or("", |one| one.as_str()),
            member: ticket.member.as_ref().map_or("", |one| one.as_str()),
            name: no_formula(&ticket.name),
            origin: super::origin_word(ticket.origin),
            outage: no_formula(ticket.outage.as_ref().map_or("", |one| &one.id)),
            owner: no_formula(ticket.owner.as_ref().map_or("", |one| &one.name)),
            opened: at(ticket.opened_at),
            changed: at(ticket.changed_at),
            resolved: ticket.resolved_at.map(at).unwrap_or_default(),
            merged_into: ticket.merged_into.map(|number| number.0),
            reopened: ticket.reopened,
            lines: ticket.lines,
            files: ticket.files,
            subject: no_formula(&ticket.subject),
        }
    }

    async fn objects(&self, tickets: &[Ticket]) -> Result<String, AppError> {
        let mut objects = Vec::new();
        for ticket in tickets {
            let prefix = records::thread(ticket.number);
            let rows = crate::app::tx::scan(self, &prefix).await?;
            let mut thread = Vec::new();
            for (key, bytes) in rows {
                let line: Line = decode(&key, &bytes)?;
                let by = match &line.by {
                    By::Asker { name } | By::Team { name, .. } => name.as_str(),
                    By::Program => "vigie",
                };
                thread.push(json!({
                    "at": line.at, "by": by, "kind": format!("{:?}", line.kind).to_lowercase(),
                    "text": line.text, "before": line.before,
                }));
            }
            let files: Vec<_> = self
                .files_of(ticket.number)
                .await?
                .into_iter()
                .map(|kept| match kept.state {
                    FileState::Here {
                        name, mime, size, ..
                    } => json!({
                        "file": name, "type": mime, "size": size, "sent_as": kept.sent.name,
                    }),
                    _ => json!({"file": null, "sent_as": kept.sent.name}),
                })
                .collect();
            objects.push(json!({
                "ticket": self.table_row(ticket), "thread": thread, "files": files,
            }));
        }
        serde_json::to_string_pretty(&objects).map_err(|error| AppError::Record {
            key: "tickets.json".to_owned(),
            problem: error.to_string(),
        })
    }
}

/// What a spreadsheet would compute is only read.
fn no_formula(text: &str) -> String {
    match text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        true => format!("'{text}"),
        false => text.to_owned(),
    }
}
