//! What holds back openings: silences and maintenances of a piece of equipment (and what hangs on
//! it), of a sector, of alerts of one name or with one label, or of everything. What was said before is edited to
//! its end all the same, and what still lasts when nothing holds it back any more is told then.

use chrono::{DateTime, Utc};
use vigie_domain::EquipmentId;
use vigie_domain::alert::{Incident, Tags};
use vigie_domain::names::fold;
use vigie_domain::network::Sector;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_store::{Key, Range};

use super::below::PAGE;
use super::records::{Hold, OpenAlert, Outage, Silence, Subject};
use super::tree::bounded;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::tx::{Tx, decode};

/// Reads or writes after which a long walk goes on in the next commit.
const FULL: usize = 35;

impl Tx<'_> {
    /// Whether anything holds back openings of a piece of equipment.
    pub(crate) async fn held(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let mut subjects = vec![Subject::All, Subject::Equipment(id.clone())];
        let sheet = self.sheet(id).await?;
        subjects.extend(sheet.and_then(|sheet| sheet.sector).map(Subject::Sector));
        let above = self.above(id).await?;
        subjects.extend(above.into_iter().map(Subject::Equipment));
        for subject in subjects {
            if self.is_held(&subject).await? {
                return Ok(true);
            }
        }
        self.held_by_alert(id).await
    }

    async fn is_held(&mut self, subject: &Subject) -> Result<bool, AppError> {
        let hold: Option<Hold> = self.peek(&keys::hold(subject)).await?;
        Ok(hold.is_some_and(|hold| hold.holds(self.now())))
    }

    /// Whether every open alert of a piece of equipment has a name or a label that is held back.
    async fn held_by_alert(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let now = self.now();
        let holds = self.all::<Hold>(&Key::of("si/@").end()).await?;
        let holds: Vec<Subject> = holds
            .into_iter()
            .filter(|(_, hold)| hold.holds(now))
            .map(|(_, hold)| hold.subject)
            .filter(|subject| matches!(subject, Subject::Alert(_) | Subject::Label(..)))
            .collect();
        if holds.is_empty() {
            return Ok(false);
        }
        let open = self.all::<OpenAlert>(&keys::open_alerts(id)).await?;
        let any = !open.is_empty();
        for (_, alert) in open {
            let key = keys::incident(&alert.source, &alert.fingerprint);
            let Some(incident) = self.peek::<Incident>(&key).await? else {
                continue;
            };
            let own = alert_subject(&incident.name);
            let about = |subject: &Subject| match subject {
                Subject::Label(name, value) => incident.tags.has(name, value),
                subject => *subject == own,
            };
            if !holds.iter().any(about) {
                return Ok(false);
            }
        }
        Ok(any)
    }

    /// What holds back a subject, itself and nothing above it.
    pub(crate) async fn hold_of(&mut self, subject: &Subject) -> Result<Hold, AppError> {
        let known: Option<Hold> = self.get(&keys::hold(subject)).await?;
        let known = known.filter(|known| known.subject == *subject);
        Ok(known.unwrap_or_else(|| Hold::new(subject.clone())))
    }

    /// Stores what holds back a subject; nothing, where nothing does.
    pub(super) fn put_hold(&mut self, hold: &Hold) -> Result<(), AppError> {
        let key = keys::hold(&hold.subject);
        if hold.silence.is_none() && hold.windows.is_empty() {
            self.delete(key);
            return Ok(());
        }
        self.put(key, hold)
    }

    /// Silences a subject.
    pub(crate) async fn silence(
        &mut self,
        subject: &Subject,
        silence: Silence,
    ) -> Result<(), AppError> {
        let mut hold = self.hold_of(subject).await?;
        self.plan(silence.until, Due::SilenceEnds(subject.clone()))?;
        hold.silence = Some(silence);
        self.put_hold(&hold)
    }

    /// A silence is over, or is ended by somebody (`now`): what it held back is told if it lasts.
    pub(crate) async fn silence_ends(
        &mut self,
        subject: &Subject,
        now: bool,
    ) -> Result<(), AppError> {
        let mut hold = self.hold_of(subject).await?;
        // What is due is kept to the millisecond. A longer silence may have taken its place.
        let lasts = |until: DateTime<Utc>| until.timestamp_millis() > self.now().timestamp_millis();
        match &hold.silence {
            Some(silence) if !now && lasts(silence.until) => return Ok(()),
            _ => {}
        }
        hold.silence = None;
        self.put_hold(&hold)?;
        if let Subject::Equipment(id) = subject {
            self.refresh(id).await?;
        }
        self.tell_what_lasts(subject, None).await
    }

    /// Tells of everything about a subject that lasts and that no card tells of. `from` is where
    /// an earlier commit stopped.
    pub(crate) async fn tell_what_lasts(
        &mut self,
        subject: &Subject,
        from: Option<&Key>,
    ) -> Result<(), AppError> {
        let (page, next) = self.down_in(subject, from).await?;
        let go_on = |from| Due::Tell {
            subject: subject.clone(),
            from,
        };
        let mut last = from.cloned();
        for (row, each) in page {
            if self.part() > FULL {
                return self.plan(self.now(), go_on(last));
            }
            self.notice(&each).await?;
            last = Some(row);
        }
        match next {
            Some(_) => self.plan(self.now(), go_on(next)),
            None => Ok(()),
        }
    }

    /// Some of what is out of order in a subject, after a row of an earlier page, and where the
    /// next page begins.
    pub(super) async fn down_in(
        &mut self,
        subject: &Subject,
        from: Option<&Key>,
    ) -> Result<(Vec<(Key, EquipmentId)>, Option<Key>), AppError> {
        if let Subject::Equipment(id) = subject {
            let (mut page, next) = self.page_below(id, from).await?;
            if from.is_none() {
                page.insert(0, (keys::all_below(id), id.clone()));
            }
            return Ok((page, next));
        }
        let range = Range::prefix(&keys::outages());
        let (rows, next) = self.page(&range, from, PAGE).await?;
        let mut page = Vec::new();
        for (row, bytes) in rows {
            let id = decode::<Outage>(&row, &bytes)?.equipment;
            let sector = match subject {
                Subject::Sector(_) => self.sheet(&id).await?.and_then(|sheet| sheet.sector),
                _ => None,
            };
            if !matches!(subject, Subject::Sector(_))
                || sector.map(Subject::Sector).as_ref() == Some(subject)
            {
                page.push((row, id));
            }
        }
        Ok((page, next))
    }

    /// A subject as people call it.
    pub(crate) async fn subject_name(&mut self, subject: &Subject) -> Result<Say, AppError> {
        Ok(match subject {
            Subject::Equipment(id) => {
                let name = self.name_of(id).await?;
                Say::new(Text::SubjectEquipment).with("name", Arg::Name(name))
            }
            Subject::Sector(sector) => {
                let known: Option<Sector> = self.peek(&keys::sector(sector.as_str())).await?;
                let name = known.map_or_else(|| sector.to_string(), |sector| sector.name);
                Say::new(Text::SubjectSector).with("name", Arg::Name(name))
            }
            Subject::Alert(name) => {
                Say::new(Text::SubjectAlert).with("name", Arg::Name(name.clone()))
            }
            Subject::Label(name, value) => Say::new(Text::SubjectLabel)
                .with("name", Arg::Name(name.clone()))
                .with("value", Arg::Name(value.clone())),
            Subject::All => Say::new(Text::SubjectAll),
        })
    }
}

/// The subject of alerts with one label; `None`: no alert can have it.
pub(crate) fn label_subject(name: &str, value: &str) -> Option<Subject> {
    Tags::one(name, value).map(|(name, value)| Subject::Label(name, value))
}

/// The subject of alerts of one name.
pub(crate) fn alert_subject(name: &str) -> Subject {
    Subject::Alert(bounded(&fold(name)))
}
