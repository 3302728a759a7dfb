//! What follows a card: the reminder while nobody has taken it, and the list of names that does
//! not fit into a message.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use vigie_domain::calendar::placed;
use vigie_domain::group::Group;
use vigie_domain::names::fold;
use vigie_domain::network::{Equipment, QuietHours, Scope};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{CardId, ChatId, EquipmentId};

use super::App;
use super::alerts::Outage;
use super::cards::{Card, Cause};
use super::deadman::source_of;
use super::due::Due;
use super::error::AppError;
use super::keys;
use super::outbox::{Class, Doubt, Message, Outgoing, Row};
use super::tx::Tx;

/// Names said in a reminder; the card has all of them.
const NAMES_IN_REMINDER: usize = 5;
/// How long after a card outgrew its message the list of names follows.
const NAMES_AFTER: TimeDelta = TimeDelta::seconds(60);

impl App {
    /// A card has more names than its message holds, as the edge found when it wrote the card.
    ///
    /// # Errors
    /// The store failed.
    pub async fn names_overflow(&self, chat: ChatId, card: CardId) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        tx.names_overflow(chat, card).await?;
        tx.commit().await.map(|_| ())
    }
}

impl Tx<'_> {
    /// Plans the first reminder of a card, as often as its first cause asks.
    pub(crate) async fn plan_repeat(
        &mut self,
        card: &Card,
        root: &EquipmentId,
    ) -> Result<(), AppError> {
        let defaults = self.policy().await?.alerts;
        let sheet = self.sheet(root).await?;
        let minutes = sheet.map_or(defaults.repeat_min, |sheet: Equipment| {
            sheet.repeat_min(&defaults)
        });
        if minutes == 0 {
            return Ok(());
        }
        let at = self.now() + TimeDelta::minutes(i64::from(minutes));
        self.plan(
            at,
            Due::Repeat {
                chat: card.place.chat,
                card: card.id,
            },
        )
    }

    /// Reminds of a card whose causes nobody has taken, and plans the next reminder. What is
    /// unstable, or has another way, needs no reminder; and a group that sleeps is reminded in the
    /// morning. While one waits to be sent there is no second one.
    pub(crate) async fn repeat(&mut self, chat: ChatId, id: CardId) -> Result<(), AppError> {
        let Some(card) = self.peek::<Card>(&keys::card(chat, id)).await? else {
            return Ok(());
        };
        if let (true, Some(morning)) = (card.live > 0, self.sleeps_until(chat, None).await?) {
            return self.plan(morning, Due::Repeat { chat, card: id });
        }
        let waiting = self.untaken(&card).await?;
        let Some(first) = waiting.first().cloned() else {
            return if card.live > 0 {
                self.plan_repeat_of_any(&card).await
            } else {
                Ok(())
            };
        };
        let key = keys::outbox_reminder(chat, id);
        if self.get::<Row>(&key).await?.is_none() {
            let what = Outgoing::Reminder(id);
            let row = Row::new(
                chat.into(),
                what,
                Class::Alert,
                self.now(),
                Doubt::SendAgain,
            );
            self.put(key, &self.fresh(row))?;
        }
        self.plan_repeat(&card, &first.root).await
    }

    /// What a reminder says now; `None`: somebody has taken it, or it is over.
    pub(crate) async fn reminder(
        &mut self,
        chat: ChatId,
        id: CardId,
    ) -> Result<Option<Message>, AppError> {
        let Some(card) = self.peek::<Card>(&keys::card(chat, id)).await? else {
            return Ok(None);
        };
        let waiting = self.untaken(&card).await?;
        let Some(first) = waiting.first() else {
            return Ok(None);
        };
        let mut names = Vec::new();
        for cause in waiting.iter().take(NAMES_IN_REMINDER) {
            names.push(self.name_of(&cause.root).await?);
        }
        let lasted = (self.now() - first.since).num_seconds().max(0);
        let silent = waiting.iter().all(|cause| source_of(&cause.root).is_some());
        let key = match silent {
            true => Text::SourceReminder,
            false => Text::CardReminder,
        };
        let say = Say::new(key)
            .with("names", Arg::Name(names.join(", ")))
            .with(
                "more",
                Arg::Number(i64::from(card.live) - i64::try_from(names.len()).unwrap_or(0)),
            )
            .with("lasting", Arg::Lasting(lasted));
        let mut message = Message::of(say);
        let address = self.app().address(chat).await?;
        message.reply_to = card
            .message
            .and_then(|(number, message)| (number == address).then_some(message));
        Ok(Some(message))
    }

    /// Causes of a card that last, that nobody has taken and no silence covers: a few of them.
    async fn untaken(&mut self, card: &Card) -> Result<Vec<Cause>, AppError> {
        let mut waiting = Vec::new();
        let causes = keys::causes(card.place.chat, card.id);
        for (_, cause) in self.all::<Cause>(&causes).await? {
            let open = cause.end.is_none() && card.taken_by(&cause).is_none();
            if open
                && waiting.len() <= NAMES_IN_REMINDER
                && self.needs_hands(&cause).await?
                && self.is_told(&cause.root).await?
            {
                waiting.push(cause);
            }
        }
        Ok(waiting)
    }

    /// Whether somebody should look after a cause.
    async fn needs_hands(&mut self, cause: &Cause) -> Result<bool, AppError> {
        let outage: Option<Outage> = self.peek(&keys::outage(&cause.root)).await?;
        let calm = outage.is_some_and(|one| one.unstable.is_some() || one.bypass.is_some());
        Ok(!calm && !self.held(&cause.root).await?)
    }

    /// The end of the quiet hours of a group, while they last: of a piece of equipment, or of all.
    pub(crate) async fn sleeps_until(
        &mut self,
        chat: ChatId,
        sheet: Option<&Equipment>,
    ) -> Result<Option<DateTime<Utc>>, AppError> {
        if !self.sleeps(chat, sheet).await? {
            return Ok(None);
        }
        let defaults = self.policy().await?.alerts;
        let hours = sheet.map_or(defaults.quiet, |sheet| sheet.quiet(&defaults));
        Ok(self.morning(hours))
    }

    /// When quiet hours that last are over.
    pub(crate) fn morning(&self, hours: QuietHours) -> Option<DateTime<Utc>> {
        let zone = self.settings().zone;
        let local = self.now().with_timezone(&zone).naive_local();
        let loud =
            NaiveTime::from_num_seconds_from_midnight_opt(u32::from(hours.to_minute) * 60, 0)
                .unwrap_or(NaiveTime::MIN);
        let day = if local.time() < loud {
            Some(local.date())
        } else {
            local.date().succ_opt()
        };
        day.map(|day| placed(zone, day.and_time(loud), false))
    }

    /// Whether messages to a group make no sound now.
    pub(crate) async fn is_asleep(&mut self, chat: ChatId) -> Result<bool, AppError> {
        self.sleeps(chat, None).await
    }

    async fn sleeps(&mut self, chat: ChatId, sheet: Option<&Equipment>) -> Result<bool, AppError> {
        let policy = self.policy().await?;
        let group: Option<Group> = self.peek(&keys::group(chat)).await?;
        let kind = group.as_ref().and_then(|group| policy.kind_of(group));
        Ok(kind.is_some_and(|kind| kind.quiet) && self.is_quiet(sheet, &policy))
    }

    /// An outage came back on its card, which makes no sound: it is said once if it lasts.
    pub(crate) async fn plan_again(&mut self, chat: ChatId, id: CardId) -> Result<(), AppError> {
        let key = keys::card(chat, id);
        let Some(mut card) = self.get::<Card>(&key).await? else {
            return Ok(());
        };
        if card.again_from.is_some() {
            return Ok(());
        }
        card.again_from = Some(self.now());
        self.put(key, &card)?;
        let wait = TimeDelta::seconds(i64::from(self.settings().again_s));
        self.plan(self.now() + wait, Due::Again { chat, card: id })
    }

    /// Says in the thread of a card what came back and lasts.
    pub(crate) async fn say_again(&mut self, chat: ChatId, id: CardId) -> Result<(), AppError> {
        let key = keys::card(chat, id);
        let Some(mut card) = self.get::<Card>(&key).await? else {
            return Ok(());
        };
        let Some(from) = card.again_from.take() else {
            return Ok(());
        };
        self.put(key, &card)?;
        let mut names = Vec::new();
        let mut more = 0;
        let mut first = self.now();
        for (_, cause) in self.all::<Cause>(&keys::causes(chat, id)).await? {
            let again = cause.again_at.is_some_and(|at| at >= from);
            if cause.end.is_some() || !again || !self.needs_hands(&cause).await? {
                continue;
            }
            first = first.min(cause.since);
            match names.len() {
                NAMES_IN_REMINDER => more += 1,
                _ => names.push(self.name_of(&cause.root).await?),
            }
        }
        if names.is_empty() {
            return Ok(());
        }
        let say = Say::new(Text::CardAgain)
            .with("names", Arg::Name(names.join(", ")))
            .with("more", Arg::Number(more))
            .with("at", Arg::At(first));
        let mut message = Message::of(say);
        message.reply_to_card = Some(id);
        message.silent = self.is_asleep(chat).await?;
        self.say_at(card.place, Class::Alert, message)
    }

    /// Whether anybody is told of a piece of equipment; its settings may have changed meanwhile.
    async fn is_told(&mut self, id: &EquipmentId) -> Result<bool, AppError> {
        let sheet = self.sheet(id).await?;
        Ok(sheet.is_none_or(|sheet| sheet.scope() != Scope::None))
    }

    async fn plan_repeat_of_any(&mut self, card: &Card) -> Result<(), AppError> {
        let causes = self
            .all::<Cause>(&keys::causes(card.place.chat, card.id))
            .await?;
        match causes.into_iter().find(|(_, cause)| cause.end.is_none()) {
            Some((_, cause)) => self.plan_repeat(card, &cause.root).await,
            None => Ok(()),
        }
    }

    /// Plans the list of names of a card that does not hold them all, once for each card, after
    /// the minute in which no further message may be sent.
    async fn names_overflow(&mut self, chat: ChatId, id: CardId) -> Result<(), AppError> {
        let key = keys::card(chat, id);
        let Some(mut card) = self.get::<Card>(&key).await? else {
            return Ok(());
        };
        if card.names_asked {
            return Ok(());
        }
        card.names_asked = true;
        self.put(key, &card)?;
        self.plan(self.now() + NAMES_AFTER, Due::Names { chat, card: id })
    }

    /// Attaches the names of a card as a file.
    pub(crate) async fn send_names(&mut self, chat: ChatId, id: CardId) -> Result<(), AppError> {
        let Some(card) = self.peek::<Card>(&keys::card(chat, id)).await? else {
            return Ok(());
        };
        let row = Row::new(
            card.place,
            Outgoing::Names(id),
            Class::Alert,
            self.now(),
            Doubt::Drop,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    /// What people and machines call a piece of equipment: its name, and its short name where
    /// that says more, for commands take the short one.
    pub(crate) async fn name_of(&mut self, id: &EquipmentId) -> Result<String, AppError> {
        Ok(match self.sheet(id).await? {
            Some(sheet) if fold(&sheet.name) != sheet.short_name().as_str() => {
                format!("{} ({})", sheet.name, sheet.short_name())
            }
            Some(sheet) => sheet.name,
            None => undeclared(id),
        })
    }

    /// What people call a piece of equipment.
    pub(crate) async fn plain_name_of(&mut self, id: &EquipmentId) -> Result<String, AppError> {
        let sheet = self.sheet(id).await?;
        Ok(sheet.map_or_else(|| undeclared(id), |sheet| sheet.name))
    }
}

/// What has no sheet: a source, whose word is the same in every language, or an unknown name.
fn undeclared(id: &EquipmentId) -> String {
    match source_of(id) {
        Some(source) => format!("source {source}"),
        None => id.as_str().trim_start_matches('?').to_owned(),
    }
}
