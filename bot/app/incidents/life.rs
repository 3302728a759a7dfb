//! The record of an incident, and what happened to it in order.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, EquipmentId};
use vigie_store::Key;

use crate::app::alerts::Outage;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::keys;
use crate::app::tx::Tx;

/// Entries that are kept one by one.
const MOST: usize = 50;
/// Longest text of an entry, in characters.
pub(super) const LONGEST: usize = 300;

/// What an outage came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The grid failed, or somebody switched off a breaker.
    Power,
    /// Equipment failed.
    Equipment,
    /// Radio: interference, an antenna that moved.
    Radio,
    /// The operator above us.
    Operator,
    /// A cable was cut, gnawed or pulled out.
    Cable,
    /// Storm, frost, heat.
    Weather,
    /// Works of our own.
    Works,
    /// Something else.
    Other,
}

impl Origin {
    /// Every origin, in the order of menus.
    pub const ALL: [Self; 8] = [
        Self::Power,
        Self::Equipment,
        Self::Radio,
        Self::Operator,
        Self::Cable,
        Self::Weather,
        Self::Works,
        Self::Other,
    ];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> Text {
        match self {
            Self::Power => Text::IncidentOriginPower,
            Self::Equipment => Text::IncidentOriginEquipment,
            Self::Radio => Text::IncidentOriginRadio,
            Self::Operator => Text::IncidentOriginOperator,
            Self::Cable => Text::IncidentOriginCable,
            Self::Weather => Text::IncidentOriginWeather,
            Self::Works => Text::IncidentOriginWorks,
            Self::Other => Text::IncidentOriginOther,
        }
    }

    /// The origin that somebody means by a word.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Some(match vigie_domain::names::fold(word).as_str() {
            "courant" | "electricite" | "edf" | "enedis" | "disjoncteur" | "power" => Self::Power,
            "materiel" | "equipement" | "hardware" | "equipment" => Self::Equipment,
            "radio" | "interference" | "frequence" => Self::Radio,
            "operateur" | "orange" | "operator" | "upstream" => Self::Operator,
            "cable" | "fibre" | "rongeur" | "fiber" => Self::Cable,
            "orage" | "meteo" | "foudre" | "gel" | "vent" | "weather" | "storm" => Self::Weather,
            "travaux" | "maintenance" | "works" => Self::Works,
            "autre" | "other" => Self::Other,
            _ => return None,
        })
    }
}

/// What people added to an outage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Life {
    /// Of what.
    pub id: EquipmentId,
    /// When the outage began.
    pub began: DateTime<Utc>,
    /// When it ended.
    pub ended: Option<DateTime<Utc>>,
    /// First name of who declared it, where somebody did.
    pub declared_by: Option<String>,
    /// When the next news are promised, and by whom.
    pub news: Option<(DateTime<Utc>, AccountId)>,
    /// What the operator calls it.
    pub reference: Option<String>,
    /// What it came from.
    pub origin: Option<Origin>,
    /// How it was closed.
    pub note: Option<String>,
    /// Those who declared it and say that it is back.
    pub back: u32,
    /// Those who say that it is not.
    pub not_back: u32,
    /// Declarations that lay behind it at most.
    pub declared: u32,
    /// What happened, in order.
    pub log: Vec<Entry>,
    /// Entries that were left out.
    pub left_out: u32,
}

/// Something that happened to an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: DateTime<Utc>,
    /// First name of who did it.
    pub by: Option<String>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// It was declared an outage.
    Declared,
    /// It was declared to work badly.
    Degraded,
    /// The next news were promised for then.
    News(DateTime<Utc>),
    /// The promised news did not come.
    NewsLate(DateTime<Utc>),
    /// The operator calls it so.
    Reference(String),
    /// It came from this.
    Origin(Origin),
    /// So many people were written to.
    Message {
        /// How many.
        count: u32,
        /// What.
        text: String,
    },
    /// It was closed with these words.
    Closed(String),
    /// It was opened again.
    Reopened,
    /// It was over.
    Ended,
}

crate::record_v1!(Life);

impl Life {
    fn new(id: &EquipmentId, began: DateTime<Utc>) -> Self {
        Self {
            id: id.clone(),
            began,
            ended: None,
            declared_by: None,
            news: None,
            reference: None,
            origin: None,
            note: None,
            back: 0,
            not_back: 0,
            declared: 0,
            log: Vec::new(),
            left_out: 0,
        }
    }

    /// Adds what happened; the first entries and the last are kept.
    pub(super) fn happened(&mut self, at: DateTime<Utc>, by: Option<&Person>, what: What) {
        if self.log.len() >= MOST {
            self.log.remove(MOST / 2);
            self.left_out = self.left_out.saturating_add(1);
        }
        let by = by.map(|person| person.first_name.clone());
        self.log.push(Entry { at, by, what });
    }

    /// What a card says of it.
    #[must_use]
    pub fn on_card(&self, now: DateTime<Utc>) -> Vec<Say> {
        let mut say = Vec::new();
        let lasts = self.ended.is_none();
        let text = |text: &String| Arg::Text(text.clone());
        if let Some(by) = self.declared_by.as_ref().filter(|_| lasts) {
            say.push(Say::new(Text::IncidentCardDeclared).with("who", text(by)));
        }
        if let Some(origin) = self.origin {
            say.push(Say::new(Text::IncidentCardOrigin).with("origin", Arg::Word(origin.word())));
        }
        if let Some(reference) = &self.reference {
            say.push(Say::new(Text::IncidentCardReference).with("reference", text(reference)));
        }
        if let Some((at, _)) = self.news.filter(|_| lasts) {
            let key = match at > now {
                true => Text::IncidentCardNews,
                false => Text::IncidentCardNewsLate,
            };
            say.push(Say::new(key).with("at", Arg::At(at)));
        }
        if let Some(note) = self.note.as_ref().filter(|_| !lasts) {
            say.push(Say::new(Text::IncidentCardNote).with("note", text(note)));
        }
        if !lasts && self.back + self.not_back > 0 {
            let number = |count: u32| Arg::Number(i64::from(count));
            say.push(
                Say::new(Text::IncidentCardAnswers)
                    .with("back", number(self.back))
                    .with("not_back", number(self.not_back)),
            );
        }
        say
    }
}

/// The incident of a piece of equipment: the one that lasts, or the last.
pub(super) fn key(id: &EquipmentId) -> Key {
    Key::of("iw/").text(id.as_str()).end()
}

/// An incident that is over.
pub(super) fn over_key(id: &EquipmentId, ended: DateTime<Utc>) -> Key {
    Key::of("ix/")
        .text(id.as_str())
        .i64(ended.timestamp_millis())
        .end()
}

impl Tx<'_> {
    /// The incident of a piece of equipment: the one that lasts, or the last.
    pub(crate) async fn life(&mut self, id: &EquipmentId) -> Result<Option<Life>, AppError> {
        self.get(&key(id)).await
    }

    /// The incident of an outage that lasts; `None`: nothing is down there.
    pub(super) async fn living(&mut self, id: &EquipmentId) -> Result<Option<Life>, AppError> {
        let Some(outage) = self.get::<Outage>(&keys::outage(id)).await? else {
            return Ok(None);
        };
        let known = self.life(id).await?;
        Ok(Some(match known.filter(|known| known.ended.is_none()) {
            Some(known) => known,
            None => Life::new(id, outage.since),
        }))
    }

    /// Writes an incident, and has its cards brought up to date.
    pub(super) async fn keep_life(&mut self, life: &Life) -> Result<(), AppError> {
        self.put(key(&life.id), life)?;
        match life.ended {
            Some(ended) => {
                self.put(over_key(&life.id, ended), life)?;
                let day = 24 * 3_600;
                self.refresh_cards_of_late(&life.id, day, None).await
            }
            None => self.refresh(&life.id).await,
        }
    }

    /// An outage is over: so is its incident.
    pub(crate) async fn life_ends(
        &mut self,
        id: &EquipmentId,
        ended: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let declared = self.declared_behind(id).await?;
        let known: Option<Life> = match declared {
            0 => self.peek(&key(id)).await?,
            _ => self.life(id).await?,
        };
        let known = known.filter(|known| known.ended.is_none());
        let Some(mut life) = known else {
            if declared == 0 {
                return Ok(());
            }
            // Answers will be counted.
            let outage: Option<vigie_domain::history::Episode> =
                self.peek(&keys::last_outage(id)).await?;
            let began = outage.map_or(ended, |outage| outage.began);
            let mut life = Life::new(id, began);
            life.declared = declared;
            return self.end_life(life, ended);
        };
        life.declared = life.declared.max(declared);
        self.end_life(life, ended)
    }

    fn end_life(&mut self, mut life: Life, ended: DateTime<Utc>) -> Result<(), AppError> {
        life.ended = Some(ended);
        life.news = None;
        life.happened(ended, None, What::Ended);
        self.put(key(&life.id), &life)?;
        self.put(over_key(&life.id, ended), &life)
    }

    /// Somebody who declared an outage says whether it is back.
    pub(crate) async fn answer_counted(
        &mut self,
        id: &EquipmentId,
        back: bool,
    ) -> Result<(), AppError> {
        let Some(mut life) = self.life(id).await? else {
            return Ok(());
        };
        match back {
            true => life.back = life.back.saturating_add(1),
            false => life.not_back = life.not_back.saturating_add(1),
        }
        self.keep_life(&life).await
    }

    /// When the next news of an outage are promised.
    pub(crate) async fn next_news(
        &mut self,
        id: &EquipmentId,
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        let life: Option<Life> = self.peek(&key(id)).await?;
        let life = life.filter(|life| life.ended.is_none());
        let news = life.and_then(|life| life.news);
        Ok(news.map(|(at, _)| at).filter(|at| *at > self.now()))
    }

    /// Whether somebody of those who run the network declared the last incident.
    pub(crate) async fn was_declared(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let life: Option<Life> = self.peek(&key(id)).await?;
        Ok(life.is_some_and(|life| life.declared_by.is_some()))
    }

    /// What a card says of the incident of a cause: of the one that lasts, or that ended with it.
    pub(crate) async fn life_on_card(
        &mut self,
        id: &EquipmentId,
        ended: Option<DateTime<Utc>>,
    ) -> Result<Vec<Say>, AppError> {
        let life: Option<Life> = match ended {
            None => self.peek(&key(id)).await?,
            Some(ended) => self.peek(&over_key(id, ended)).await?,
        };
        let life = life.filter(|life| life.ended.is_none() == ended.is_none());
        Ok(life.map_or_else(Vec::new, |life| life.on_card(self.now())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_entries_and_the_last_are_kept() {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        let mut life = Life::new(&"silo".into(), at(0));
        for second in 0..200 {
            life.happened(at(second), None, What::News(at(second)));
        }
        assert_eq!((life.log.len(), life.left_out), (MOST, 150));
        assert_eq!((life.log[0].at, life.log[MOST - 1].at), (at(0), at(199)));
        assert!(life.log.windows(2).all(|pair| pair[0].at < pair[1].at));
    }

    #[test]
    fn origins_are_read_as_people_write_them() {
        for (word, origin) in [
            ("Électricité", Some(Origin::Power)),
            ("orange", Some(Origin::Operator)),
            ("CÂBLE", Some(Origin::Cable)),
            ("foudre", Some(Origin::Weather)),
            ("licorne", None),
        ] {
            assert_eq!(Origin::read(word), origin, "{word}");
        }
    }
}
