//! What we could not see or say: the program was down, the messenger out of reach, or we were cut
//! off from the network.
//!
//! A sign of life is kept in the store, at most once a minute. After a gap that is longer than the
//! cooperative wants to ignore, the technical groups get one message: from when to when, what
//! began and ended meanwhile unsaid, and what is down now. The past itself is not sent: cards and
//! reminders show what is true when they are sent.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::Incident;
use vigie_domain::network::Scope;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, EquipmentId};
use vigie_store::Key;

use super::App;
use super::error::AppError;
use super::outbox::{Class, Doubt, Message, Outgoing, Row};
use super::tx::{Tx, decode, scan};
use super::{alerts::Outage, keys};

/// Least time between two signs of life in the store.
const WRITE_EVERY: TimeDelta = TimeDelta::seconds(60);
/// A contact that is older than this may be over.
const FRESH: TimeDelta = TimeDelta::seconds(60);
/// Without a sign of life for so long we were away for everybody who wanted to reach us, even
/// where that is worth no message: more than [`WRITE_EVERY`], for that is how old the last may be.
const AWAY: TimeDelta = TimeDelta::seconds(90);
/// A messenger that was not heard for so long is out of reach; its last answer is noted once a
/// minute, and may be a poll that waited.
const MUTE: TimeDelta = TimeDelta::minutes(5);
/// Names said of what ended meanwhile.
const MOST_MISSED: usize = 5;

/// Why we saw or said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Why {
    /// The messenger was out of reach.
    Mute,
    /// The machine was asleep.
    Asleep,
    /// Our own probes were cut off from everything.
    CutOff,
    /// The program was not running.
    Down,
}

/// A time in which we saw or said nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// From when.
    pub from: DateTime<Utc>,
    /// To when; `None` while it lasts.
    pub to: Option<DateTime<Utc>>,
    /// Why.
    pub why: Why,
}

impl Absence {
    /// One time that holds both.
    fn and(self, other: Self) -> Self {
        Self {
            from: self.from.min(other.from),
            to: self.to.max(other.to),
            why: self.why.max(other.why),
        }
    }
}

/// Our last signs of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Awake {
    /// When the program ran.
    alive: DateTime<Utc>,
    /// When the messenger answered.
    contact: DateTime<Utc>,
    /// Since when probes are cut off, and whether that was said.
    #[serde(default)]
    cut_off: Option<(DateTime<Utc>, bool)>,
    /// What is to be said as soon as the messenger answers.
    #[serde(default)]
    untold: Option<Absence>,
    /// The end of the last time in which nobody could reach us.
    #[serde(default)]
    back: Option<DateTime<Utc>>,
}

crate::record_v1!(Awake);

fn key() -> Key {
    Key::of("sys/awake").end()
}

impl App {
    /// A sign of life. `contact` is when the messenger last answered, if it did since the start;
    /// `first` is the first sign after a start.
    ///
    /// # Errors
    /// The store failed.
    pub async fn stay_awake(
        &self,
        contact: Option<DateTime<Utc>>,
        first: bool,
    ) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let now = tx.now();
        let Some(mut awake) = tx.get::<Awake>(&key()).await? else {
            let awake = Awake {
                alive: now,
                contact: contact.unwrap_or(now),
                cut_off: None,
                untold: None,
                back: None,
            };
            tx.put(key(), &awake)?;
            return tx.commit().await.map(|_| ());
        };
        let before = awake;
        let asleep = if first { Why::Down } else { Why::Asleep };
        let told = tx.note(&mut awake, contact, asleep).await?;
        let news = told || awake.untold != before.untold;
        if news || now - before.alive >= WRITE_EVERY || now < before.alive {
            tx.put(key(), &awake)?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Our probes are cut off from everything since then, or (`None`) no longer.
    ///
    /// # Errors
    /// The store failed.
    pub async fn cut_off(&self, since: Option<DateTime<Utc>>) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let now = tx.now();
        let known = tx.get::<Awake>(&key()).await?;
        let mut awake = known.unwrap_or(Awake {
            alive: now,
            contact: now,
            cut_off: None,
            untold: None,
            back: None,
        });
        match (since, awake.cut_off) {
            (Some(_), Some(_)) | (None, None) => return Ok(()),
            (Some(since), None) => awake.cut_off = Some((since, false)),
            (None, Some((from, _))) => {
                awake.cut_off = None;
                awake.back = Some(now);
                if now - from > self.limit() {
                    awake.add(Absence {
                        from,
                        to: Some(now),
                        why: Why::CutOff,
                    });
                }
            }
        }
        tx.put(key(), &awake)?;
        tx.commit().await.map(|_| ())
    }

    /// Whether a time without a sign of life of our own is one in which nobody could reach us.
    fn is_gap(&self, time: TimeDelta) -> bool {
        time > AWAY && self.settings.absence_min < u32::MAX
    }

    fn limit(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.settings.absence_min))
    }
}

impl Awake {
    fn add(&mut self, absence: Absence) {
        self.untold = Some(self.untold.map_or(absence, |known| known.and(absence)));
    }
}

impl Tx<'_> {
    /// The end of the last time in which nobody could reach us.
    pub(crate) async fn back_since(&mut self) -> Result<Option<DateTime<Utc>>, AppError> {
        let awake: Option<Awake> = self.peek(&key()).await?;
        Ok(awake.and_then(|awake| awake.back))
    }

    /// Whether we are cut off, or were asleep until this moment, so that silence of others tells
    /// nothing of them.
    pub(crate) async fn is_away(&mut self) -> Result<bool, AppError> {
        let awake: Option<Awake> = self.peek(&key()).await?;
        let now = self.now();
        Ok(awake.is_some_and(|awake| {
            awake.cut_off.is_some()
                || self.app().is_gap(now - awake.alive)
                || now - awake.contact > self.app().limit().max(MUTE)
        }))
    }

    /// Takes in a sign of life, and says what is to be said; returned is whether something was.
    async fn note(
        &mut self,
        awake: &mut Awake,
        contact: Option<DateTime<Utc>>,
        asleep: Why,
    ) -> Result<bool, AppError> {
        let (now, limit) = (self.now(), self.app().limit());
        if now - awake.alive > limit {
            awake.add(Absence {
                from: awake.alive,
                to: Some(now),
                why: asleep,
            });
        }
        if self.app().is_gap(now - awake.alive) {
            awake.back = Some(now);
        }
        awake.alive = now;
        let Some(contact) = contact else {
            return Ok(false);
        };
        if contact - awake.contact > limit {
            awake.add(Absence {
                from: awake.contact,
                to: Some(contact),
                why: Why::Mute,
            });
            awake.back = Some(now);
        }
        awake.contact = awake.contact.max(contact);
        if now - contact > FRESH {
            return Ok(false);
        }
        match (awake.untold, awake.cut_off) {
            // Both end together, and are said together.
            (Some(_), Some((since, _))) if now - since <= limit => return Ok(false),
            (_, Some((since, false))) if now - since > limit => {
                awake.cut_off = Some((since, true));
                let lasting = Absence {
                    from: since,
                    to: None,
                    why: Why::CutOff,
                };
                self.tell_absence(lasting).await?;
            }
            (Some(absence), None) => {
                awake.untold = None;
                self.tell_absence(absence).await?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    async fn tell_absence(&mut self, absence: Absence) -> Result<(), AppError> {
        for chat in self.who_mends(ChatId(0)).await? {
            let what = Outgoing::Absence(absence);
            let row = Row::new(
                chat.into(),
                what,
                Class::Alert,
                self.now(),
                Doubt::SendAgain,
            );
            self.append(keys::outbox_messages(), &self.fresh(row))?;
        }
        Ok(())
    }

    /// What is said of an absence: the time, what was missed, and what is down now.
    pub(crate) async fn absence_message(&mut self, absence: &Absence) -> Result<Message, AppError> {
        let mut message = Message::of(said(absence));
        if let Some(to) = absence.to {
            message
                .say
                .extend(self.missed_meanwhile(absence.from, to).await?);
        }
        let most = usize::try_from(self.settings().page_lines).unwrap_or(8);
        let (total, causes) = self.first_causes(None, most).await?;
        let count = Arg::Number(i64::try_from(total).unwrap_or(i64::MAX));
        message.say.push(match total {
            0 => Text::AbsenceNothingDown.into(),
            _ => Say::new(Text::AbsenceDown).with("count", count),
        });
        for id in causes {
            if let Some(outage) = self.peek::<Outage>(&keys::outage(&id)).await? {
                let name = Arg::Name(self.name_of(&id).await?);
                let line = Say::new(Text::AbsenceCause)
                    .with("name", name)
                    .with("at", Arg::At(outage.since));
                message.say.push(line);
            }
        }
        Ok(message)
    }

    /// Outages that began and ended while nobody could be told, where somebody would have been.
    async fn missed_meanwhile(
        &mut self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Say>, AppError> {
        let mut found: Vec<(DateTime<Utc>, DateTime<Utc>, EquipmentId)> = Vec::new();
        for (key, bytes) in scan(self.app(), &Key::of("in/").end()).await? {
            let incident: Incident = decode(&key, &bytes)?;
            let Some(ended) = incident.ended_at else {
                continue;
            };
            if incident.starts_at < from || ended > to {
                continue;
            }
            let sheet = self.sheet(&incident.equipment).await?;
            let announced = sheet.is_none_or(|sheet| sheet.scope() != Scope::None);
            let known = found
                .iter_mut()
                .find(|(_, _, id)| *id == incident.equipment);
            match known {
                Some(known) => {
                    known.0 = known.0.min(incident.starts_at);
                    known.1 = known.1.max(ended);
                }
                None if announced => found.push((incident.starts_at, ended, incident.equipment)),
                None => {}
            }
        }
        found.sort();
        let mut says = Vec::new();
        for (began, ended, id) in found.iter().take(MOST_MISSED) {
            says.push(
                Say::new(Text::AbsenceMissed)
                    .with("name", Arg::Name(self.name_of(id).await?))
                    .with("from", Arg::At(*began))
                    .with("to", Arg::At(*ended)),
            );
        }
        let more = found.len().saturating_sub(MOST_MISSED);
        if more > 0 {
            let count = Arg::Number(i64::try_from(more).unwrap_or(i64::MAX));
            says.push(Say::new(Text::AbsenceMissedMore).with("count", count));
        }
        Ok(says)
    }
}

fn said(absence: &Absence) -> Say {
    let key = match (absence.why, absence.to) {
        (_, None) => Text::AbsenceCutOffNow,
        (Why::Down, _) => Text::AbsenceDownTime,
        (Why::Asleep, _) => Text::AbsenceAsleep,
        (Why::CutOff, _) => Text::AbsenceCutOff,
        (Why::Mute, _) => Text::AbsenceMute,
    };
    let say = Say::new(key).with("from", Arg::At(absence.from));
    match absence.to {
        Some(to) => say.with("to", Arg::At(to)),
        None => say,
    }
}
