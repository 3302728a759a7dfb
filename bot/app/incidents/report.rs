//! What happened, as a draft for those who want to learn from it: facts and times in order, and
//! questions that only people can answer.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::Action as Act;
use vigie_domain::history::Episode;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{EquipmentId, Lang, Place};

use super::Life;
use super::acts::place_of;
use super::life::What;
use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Tap};
use crate::app::keys;
use crate::app::outbox::{Class, Doubt, Outgoing, Row};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Form of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// A text to go on with.
    Markdown,
    /// Objects for programs.
    Json,
}

/// What happened to an incident, ready to be written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Name of the file, without ending.
    pub file: String,
    /// In which form.
    pub form: Form,
    /// Title, headings and lines, in order.
    pub lines: Vec<ReportLine>,
    /// The same for programs.
    pub json: String,
}

/// A line of a report.
#[derive(Clone, Debug, PartialEq)]
pub enum ReportLine {
    /// The title.
    Title(Say),
    /// A heading.
    Heading(Say),
    /// A point of a list.
    Point(Say),
    /// A point of a list with its time.
    At(DateTime<Utc>, Say),
    /// A paragraph.
    Text(Say),
}

/// As programs read it.
#[derive(Serialize)]
struct Json<'r> {
    equipment: &'r EquipmentId,
    name: &'r str,
    began: DateTime<Utc>,
    ended: Option<DateTime<Utc>>,
    down_s: i64,
    covered_by: Option<&'r EquipmentId>,
    links: u32,
    declarations: u32,
    back: u32,
    not_back: u32,
    origin: Option<super::Origin>,
    reference: Option<&'r str>,
    note: Option<&'r str>,
    log: &'r [super::Entry],
}

impl Tx<'_> {
    pub(super) async fn report_command(
        &mut self,
        command: &Command,
        person: &Person,
        id: &EquipmentId,
        form: Form,
    ) -> Result<(), AppError> {
        match self
            .send_report((person, command.said.place), id, form)
            .await?
        {
            Ok(()) => Ok(()),
            Err(say) => self.answer(command, say).await,
        }
    }

    pub(super) async fn report_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
    ) -> Result<Answer, AppError> {
        let by = (&tap.from, place_of(tap));
        Ok(match self.send_report(by, id, Form::Markdown).await? {
            Ok(()) => Answer::quiet(),
            Err(say) => Answer::refusal(say),
        })
    }

    async fn send_report(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
        form: Form,
    ) -> Result<Result<(), Say>, AppError> {
        if let Err(say) = self.may_act(person, Act::ExportHistory, id).await? {
            return Ok(Err(say));
        }
        let known: Option<Episode> = self.peek(&keys::last_outage(id)).await?;
        if known.is_none() && self.life(id).await?.is_none() {
            let name = Arg::Name(self.name_of(id).await?);
            return Ok(Err(Say::new(Text::IncidentNothing).with("name", name)));
        }
        let lang: Lang = self.lang(person).await?;
        let what = Outgoing::Incident {
            id: id.clone(),
            form,
            lang,
        };
        let row = Row::new(place, what, Class::Answer, self.now(), Doubt::SendAgain);
        self.append(keys::outbox_messages(), &self.fresh(row))?;
        self.audit(person, place, "export-incident", id.as_str(), ("", "sent"))
            .await?;
        Ok(Ok(()))
    }

    async fn report(&mut self, id: &EquipmentId, form: Form) -> Result<Report, AppError> {
        let name = self.name_of(id).await?;
        let life = self.life(id).await?;
        let episode: Option<Episode> = self.peek(&keys::last_outage(id)).await?;
        let links = self.carried_by(id).await?.count(None).links;
        let now = self.now();
        let began = match (&life, &episode) {
            (Some(life), Some(episode)) => life.began.min(episode.began),
            (Some(life), None) => life.began,
            (None, Some(episode)) => episode.began,
            (None, None) => now,
        };
        let ended = match &life {
            Some(life) => life.ended,
            None => episode.as_ref().and_then(|episode| episode.ended),
        };
        let declared = self.declared_behind(id).await?;
        let facts = Facts {
            id,
            name: &name,
            life: life.as_ref(),
            episode: episode.as_ref(),
            links,
            began,
            ended,
            declared,
            now,
        };
        let (json, lines) = (facts.json()?, facts.lines());
        let day = began
            .with_timezone(&self.settings().zone)
            .format("%Y-%m-%d");
        let short: String = id
            .as_str()
            .chars()
            .filter(|c| c.is_alphanumeric() || *c == '-')
            .collect();
        Ok(Report {
            file: format!("incident-{short}-{day}"),
            form,
            lines,
            json,
        })
    }
}

struct Facts<'f> {
    id: &'f EquipmentId,
    name: &'f str,
    life: Option<&'f Life>,
    episode: Option<&'f Episode>,
    links: u32,
    began: DateTime<Utc>,
    ended: Option<DateTime<Utc>>,
    declared: u32,
    now: DateTime<Utc>,
}

impl Facts<'_> {
    fn declared(&self) -> u32 {
        self.life.map_or(0, |life| life.declared).max(self.declared)
    }

    fn down_s(&self) -> i64 {
        let stretches = self.episode.map_or(&[][..], |episode| &episode.down);
        let lasted = |from: DateTime<Utc>, to: Option<DateTime<Utc>>| {
            (to.unwrap_or(self.now) - from).num_seconds().max(0)
        };
        stretches
            .iter()
            .map(|stretch| lasted(stretch.from, stretch.to))
            .sum()
    }

    fn json(&self) -> Result<String, AppError> {
        let life = self.life;
        let json = Json {
            equipment: self.id,
            name: self.name,
            began: self.began,
            ended: self.ended,
            down_s: self.down_s(),
            covered_by: self.episode.and_then(|episode| episode.covered_by.as_ref()),
            links: self.links,
            declarations: self.declared(),
            back: life.map_or(0, |life| life.back),
            not_back: life.map_or(0, |life| life.not_back),
            origin: life.and_then(|life| life.origin),
            reference: life.and_then(|life| life.reference.as_deref()),
            note: life.and_then(|life| life.note.as_deref()),
            log: life.map_or(&[], |life| &life.log),
        };
        serde_json::to_string_pretty(&json).map_err(|error| AppError::Record {
            key: format!("incident of {}", self.id),
            problem: error.to_string(),
        })
    }

    fn lines(&self) -> Vec<ReportLine> {
        let number = |count: u32| Arg::Number(i64::from(count));
        let mut lines = vec![
            ReportLine::Title(
                Say::new(Text::IncidentReportTitle)
                    .with("name", Arg::Text(self.name.to_owned()))
                    .with("began", Arg::At(self.began)),
            ),
            ReportLine::Heading(Text::IncidentReportFacts.into()),
        ];
        lines.push(ReportLine::Point(match self.ended {
            Some(ended) => Say::new(Text::IncidentReportLasted)
                .with("from", Arg::At(self.began))
                .with("to", Arg::At(ended))
                .with(
                    "lasting",
                    Arg::Lasting((ended - self.began).num_seconds().max(0)),
                ),
            None => Say::new(Text::IncidentReportLasts).with("from", Arg::At(self.began)),
        }));
        if self.links > 0 {
            let say = Say::new(Text::IncidentReportLinks).with("count", number(self.links));
            lines.push(ReportLine::Point(say));
        }
        if self.declared() > 0 {
            let count = number(self.declared());
            let say = Say::new(Text::IncidentDeclarations).with("count", count);
            lines.push(ReportLine::Point(say));
        }
        if let Some(life) = self.life {
            lines.extend(life.on_card(self.now).into_iter().map(ReportLine::Point));
        }
        lines.push(ReportLine::Heading(Text::IncidentReportTimeline.into()));
        lines.extend(self.timeline());
        if let Some(left) = self.life.map(|life| life.left_out).filter(|left| *left > 0) {
            let say = Say::new(Text::IncidentReportLeftOut).with("count", number(left));
            lines.push(ReportLine::Text(say));
        }
        for (heading, question) in [
            (Text::IncidentReportWell, Text::IncidentReportWellAsk),
            (Text::IncidentReportBadly, Text::IncidentReportBadlyAsk),
            (Text::IncidentReportNext, Text::IncidentReportNextAsk),
        ] {
            lines.push(ReportLine::Heading(heading.into()));
            lines.push(ReportLine::Text(question.into()));
        }
        lines
    }

    /// What happened, in order of time.
    fn timeline(&self) -> Vec<ReportLine> {
        let mut rows: Vec<(DateTime<Utc>, Say)> =
            vec![(self.began, Text::IncidentWhatBegan.into())];
        if let Some(episode) = self.episode {
            for stretch in &episode.down {
                rows.push((stretch.from, Text::IncidentWhatDown.into()));
            }
            if let Some(taken) = &episode.taken {
                let who = Arg::Text(taken.name.clone());
                rows.push((taken.at, Say::new(Text::IncidentWhatTaken).with("who", who)));
            }
            if let (None, Some(ended)) = (self.life, episode.ended) {
                rows.push((ended, Text::IncidentWhatEnded.into()));
            }
        }
        for entry in self.life.map_or(&[][..], |life| &life.log) {
            rows.push((entry.at, told(entry)));
        }
        rows.sort_by_key(|(at, _)| *at);
        rows.into_iter()
            .map(|(at, say)| ReportLine::At(at, say))
            .collect()
    }
}

fn told(entry: &super::Entry) -> Say {
    let text = |text: &String| Arg::Text(text.clone());
    let say = match &entry.what {
        What::Declared => Say::new(Text::IncidentWhatDeclared),
        What::Degraded => Say::new(Text::IncidentWhatDegraded),
        What::News(at) => Say::new(Text::IncidentWhatNews).with("at", Arg::At(*at)),
        What::NewsLate(at) => Say::new(Text::IncidentWhatNewsLate).with("at", Arg::At(*at)),
        What::Reference(reference) => {
            Say::new(Text::IncidentWhatReference).with("reference", text(reference))
        }
        What::Origin(origin) => {
            Say::new(Text::IncidentWhatOrigin).with("origin", Arg::Word(origin.word()))
        }
        What::Message { count, text: said } => Say::new(Text::IncidentWhatMessage)
            .with("count", Arg::Number(i64::from(*count)))
            .with("text", text(said)),
        What::Closed(note) if note.is_empty() => Say::new(Text::IncidentWhatClosed),
        What::Closed(note) => Say::new(Text::IncidentWhatClosedNote).with("note", text(note)),
        What::Reopened => Say::new(Text::IncidentWhatReopened),
        What::Ended => Say::new(Text::IncidentWhatEnded),
    };
    match &entry.by {
        Some(by) => Say::new(Text::IncidentWhatBy)
            .with("who", text(by))
            .with("what", Arg::Said(Box::new(say))),
        None => say,
    }
}

impl App {
    /// What happened to the last incident of a piece of equipment.
    pub(crate) async fn incident_report(
        &self,
        id: &EquipmentId,
        form: Form,
    ) -> Result<Report, AppError> {
        Tx::new(self).report(id, form).await
    }
}
