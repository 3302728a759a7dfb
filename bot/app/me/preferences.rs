//! What people set for themselves: when we are quiet, and what they want to be asked. A quiet
//! conversation gets no sound; what can wait for the morning waits.

use chrono::{DateTime, NaiveTime, Timelike as _, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::calendar::placed;
use vigie_domain::network::QuietHours;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};

use super::Wish;
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::outbox::{Button, Class, Message, Outgoing, Row};
use crate::app::taps::Answer;
use crate::app::tx::Tx;
use crate::app::{App, keys};

/// When somebody wants quiet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quiet {
    /// When the cooperative is quiet.
    #[default]
    Usual,
    /// Never.
    Never,
    /// In these hours.
    Hours(QuietHours),
}

/// What somebody set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// When they want quiet.
    pub quiet: Quiet,
    /// Whether they are not to be asked whom they know.
    pub no_asking: bool,
}

crate::record_v1!(Preferences);

/// How a message goes to somebody now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// As it is.
    Loud,
    /// Without sound.
    Silent,
    /// Not before this time.
    Until(DateTime<Utc>),
}

/// Hours that are offered beside the usual ones.
const OFFERED: [QuietHours; 2] = [
    QuietHours {
        from_minute: 22 * 60,
        to_minute: 7 * 60,
    },
    QuietHours {
        from_minute: 20 * 60,
        to_minute: 9 * 60,
    },
];

impl App {
    /// How a row goes to a person now. Answers and outages are never held back.
    ///
    /// # Errors
    /// The store failed.
    pub async fn rest_of(&self, row: &Row) -> Result<Rest, AppError> {
        let Outgoing::Say(message) = &row.what else {
            return Ok(Rest::Loud);
        };
        let chat = row.place.chat;
        if chat.0 <= 0 || !matches!(row.class, Class::Service | Class::Bulk) {
            return Ok(Rest::Loud);
        }
        let mut tx = Tx::new(self);
        let Some(hours) = tx.quiet_of(AccountId(chat.0)).await? else {
            return Ok(Rest::Loud);
        };
        let zone = self.settings().zone;
        let local = self.now().with_timezone(&zone).naive_local();
        let minute = u16::try_from(local.hour() * 60 + local.minute()).unwrap_or_default();
        if !hours.contains(minute) {
            return Ok(Rest::Loud);
        }
        if !message.calm {
            return Ok(Rest::Silent);
        }
        let seconds = u32::from(hours.to_minute) * 60;
        let loud = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0).unwrap_or_default();
        let day = match local.time() < loud {
            true => Some(local.date()),
            false => local.date().succ_opt(),
        };
        Ok(day.map_or(Rest::Silent, |day| {
            Rest::Until(placed(zone, day.and_time(loud), false))
        }))
    }
}

impl Tx<'_> {
    pub(crate) async fn preferences_of(
        &mut self,
        account: AccountId,
    ) -> Result<Preferences, AppError> {
        let set: Option<Preferences> = self.get(&keys::preferences(account)).await?;
        Ok(set.unwrap_or_default())
    }

    async fn quiet_of(&mut self, account: AccountId) -> Result<Option<QuietHours>, AppError> {
        Ok(match self.preferences_of(account).await?.quiet {
            Quiet::Never => None,
            Quiet::Hours(hours) => Some(hours),
            Quiet::Usual => Some(self.policy().await?.alerts.quiet),
        })
    }

    /// What somebody set, in words.
    pub(super) async fn preferences_said(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<Say>, AppError> {
        let asking = match self.preferences_of(account).await?.no_asking {
            true => Text::MeAskedNever,
            false => Text::MeAsked,
        };
        let quiet = match self.quiet_of(account).await? {
            None => Say::new(Text::MeQuietNever),
            Some(hours) => said(Text::MeQuiet, hours),
        };
        Ok(vec![quiet, Say::new(asking)])
    }

    /// The buttons that change it.
    pub(super) async fn preference_buttons(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let set = self.preferences_of(account).await?;
        let label = match set.no_asking {
            true => Text::MeButtonAsk,
            false => Text::MeButtonAskNot,
        };
        let quiet = self.me_button(account, Text::MeButtonQuiet.into(), Wish::Quiet)?;
        let asking = self.me_button(account, label.into(), Wish::Asking(set.no_asking))?;
        Ok(vec![vec![quiet], vec![asking]])
    }

    /// Which hours are to be quiet?
    pub(super) async fn quiet_tap(&mut self, tap: &Tap) -> Result<Answer, AppError> {
        let account = tap.from.account;
        let usual = self.policy().await?.alerts.quiet;
        let mut rows = Vec::new();
        let mut offer = |tx: &mut Self, label: Say, quiet: Quiet| {
            let button = tx.me_button(account, label, Wish::QuietIs(quiet))?;
            rows.push(vec![button]);
            Ok::<_, AppError>(())
        };
        offer(self, said(Text::MeButtonQuietUsual, usual), Quiet::Usual)?;
        for hours in OFFERED {
            offer(
                self,
                said(Text::MeButtonQuietHours, hours),
                Quiet::Hours(hours),
            )?;
        }
        offer(self, Text::MeButtonQuietNever.into(), Quiet::Never)?;
        let mut message = Message::of(Text::MeQuietAsk.into());
        message.lang = Some(self.lang(&tap.from).await?);
        message.buttons = rows;
        self.say(ChatId(account.0), Class::Answer, message)?;
        Ok(Answer::quiet())
    }

    /// Something is set.
    pub(super) async fn preference_set(
        &mut self,
        account: AccountId,
        change: impl FnOnce(&mut Preferences),
    ) -> Result<Answer, AppError> {
        let mut set = self.preferences_of(account).await?;
        change(&mut set);
        self.put(keys::preferences(account), &set)?;
        Ok(Answer::toast(Text::MePreferenceDone))
    }
}

/// Hours in words.
fn said(text: Text, hours: QuietHours) -> Say {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    Say::new(text)
        .with("from", Arg::Text(clock(hours.from_minute)))
        .with("to", Arg::Text(clock(hours.to_minute)))
}
