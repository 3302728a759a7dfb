//! The clock of the next news: whoever promised them is reminded, and the group reads when they
//! did not come.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::authz::Action as Act;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, EquipmentId, Place};

use super::acts::{Done, place_of};
use super::life::What;
use super::{Step, Wish};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Furthest promise.
const FURTHEST: TimeDelta = TimeDelta::days(7);

impl Tx<'_> {
    /// Somebody promises news of an outage by then.
    pub(super) async fn promise_news(
        &mut self,
        (person, place): (&Person, Place),
        id: &EquipmentId,
        at: DateTime<Utc>,
    ) -> Result<Done, AppError> {
        if let Err(say) = self.may_act(person, Act::DeclareIncident, id).await? {
            return Ok(Err(say));
        }
        if at <= self.now() || at > self.now() + FURTHEST {
            return Ok(Err(Text::IncidentNewsBounds.into()));
        }
        let Some(mut life) = self.living(id).await? else {
            let name = Arg::Name(self.name_of(id).await?);
            return Ok(Err(Say::new(Text::IncidentNothing).with("name", name)));
        };
        life.news = Some((at, person.account));
        life.happened(self.now(), Some(person), What::News(at));
        self.keep_life(&life).await?;
        let before = TimeDelta::minutes(i64::from(self.settings().declaring.news_before_min));
        let step = |at| Step::News { id: id.clone(), at };
        if at - before > self.now() {
            self.plan(at - before, Due::Incident(step(at)))?;
        }
        self.plan(at, Due::Incident(step(at)))?;
        self.audit(
            person,
            place,
            "promise-news",
            id.as_str(),
            ("", &at.to_rfc3339()),
        )
        .await?;
        Ok(Ok(()))
    }

    pub(super) async fn promise_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
        minutes: u32,
    ) -> Result<Answer, AppError> {
        let at = self.now() + TimeDelta::minutes(i64::from(minutes));
        let done = self
            .promise_news((&tap.from, place_of(tap)), id, at)
            .await?;
        self.act_answered(tap, id, done).await
    }

    /// The promised time comes, or is there. Another promise, or the end, makes it void.
    pub(super) async fn news_are_due(
        &mut self,
        id: &EquipmentId,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let Some(mut life) = self.living(id).await? else {
            return Ok(());
        };
        let Some((_, by)) = life.news.filter(|(promised, _)| *promised == at) else {
            return Ok(());
        };
        let name = Arg::Name(self.name_of(id).await?);
        // What is due is kept to the millisecond.
        if at.timestamp_millis() > self.now().timestamp_millis() {
            let say = Say::new(Text::IncidentNewsSoon)
                .with("name", name)
                .with("at", Arg::At(at));
            let mut message = Message::of(say);
            message.lang = Some(self.lang_of_account(by).await?);
            let account = by;
            let mut row = Vec::new();
            for minutes in [60, 120] {
                let label = Say::new(Text::IncidentButtonNews)
                    .with("in", Arg::Lasting(i64::from(minutes) * 60));
                let wish = Wish::News(id.clone(), minutes);
                row.push(self.incident_button(Some(account), ChatId(account.0), label, wish)?);
            }
            let write = Wish::Write(id.clone(), super::Writing::Message);
            let label = Text::IncidentButtonMessage;
            let write = self.incident_button(Some(account), ChatId(account.0), label, write)?;
            message.buttons = vec![row, vec![write]];
            return self.say(ChatId(account.0), Class::Service, message);
        }
        life.happened(self.now(), None, What::NewsLate(at));
        self.keep_life(&life).await?;
        let say = Say::new(Text::IncidentNewsLate)
            .with("name", name)
            .with("at", Arg::At(at));
        for (chat, carrier) in self.chats_showing(id).await? {
            let mut message = Message::of(say.clone());
            message.reply_to_card = Some(carrier.0);
            message.silent = true;
            self.say(chat, Class::Alert, message)?;
        }
        Ok(())
    }
}
