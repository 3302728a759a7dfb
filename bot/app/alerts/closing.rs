//! An alert ends: cards that spoke of it are edited to its end, whatever else holds.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::alert::{Alert, Incident};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, EquipmentId, SourceId};

use super::records::Outage;
use crate::app::cards::{Card, Cause, End};
use crate::app::deadman::source_of;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Reads or writes of a commit after which further groups wait for the next one.
pub(super) const MANY: usize = 50;

impl Tx<'_> {
    /// An alert ends.
    pub(crate) async fn alert_ends(
        &mut self,
        source: &SourceId,
        alert: &Alert,
        at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let key = keys::incident(source, &alert.fingerprint);
        let Some(mut known) = self.get::<Incident>(&key).await? else {
            return Ok(());
        };
        // Where it ended tells more than where it began: monitors that agree on an alert late
        // move its start back.
        // A source that tells no start knows no episodes: its end is that of the open one, even
        // where its clock was set back meanwhile.
        let of_an_older_one = match (alert.ends_at, alert.starts_at) {
            (Some(_), None) => false,
            (Some(end), _) => end < known.starts_at,
            (None, start) => start.is_some_and(|start| start < known.starts_at),
        };
        if known.ended_at.is_some() || of_an_older_one {
            return Ok(());
        }
        let ended_at = alert
            .ends_at
            .map_or(at, |end| end.min(at))
            .max(known.starts_at);
        known.ended_at = Some(ended_at);
        self.put(key, &known)?;
        self.delete(keys::open_alert(
            &known.equipment,
            source,
            &alert.fingerprint,
        ));
        self.gives_place(source, &known.equipment).await?;
        self.alert_is_out(&known, ended_at).await
    }

    async fn alert_is_out(
        &mut self,
        incident: &Incident,
        ended_at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let id = &incident.equipment;
        let key = keys::outage(id);
        let Some(mut outage) = self.get::<Outage>(&key).await? else {
            return Ok(());
        };
        let (covered, worst) = (outage.covers(), outage.worst());
        outage.remove(incident.severity);
        let up = outage.total() == 0;
        let turned = up && self.changed(&mut outage, worst).await?;
        let unstable = outage.unstable.is_some();
        if up && !unstable {
            return self.outage_is_over(&outage, covered, ended_at).await;
        }
        self.put(key, &outage)?;
        self.history_follows(&outage, incident, ended_at).await?;
        if covered && !outage.covers() {
            self.covers_no_more(id).await?;
        }
        match (turned, unstable) {
            (true, _) => self.turned_unstable(id).await,
            (false, true) => self.tell_unstable(outage).await,
            (false, false) => {
                let cause = self.cause_of(id).await?;
                self.refresh(&cause).await
            }
        }
    }

    /// Equipment is up again, for good as far as anybody can tell.
    pub(super) async fn outage_is_over(
        &mut self,
        outage: &Outage,
        covered: bool,
        ended_at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        let id = &outage.equipment;
        self.history_ends(outage, ended_at).await?;
        self.outage_over(id.as_str()).await?;
        self.life_ends(id, ended_at).await?;
        self.ask_later(id).await?;
        self.delete(keys::outage(id));
        self.unlist(&mut outage.clone()).await?;
        self.cause_is_over(id, ended_at).await?;
        if covered {
            self.covers_no_more(id).await?;
        }
        for ancestor in &outage.above {
            self.remains_no_more(ancestor).await?;
        }
        let cause = self.cause_of(id).await?;
        self.refresh(&cause).await
    }

    /// Ends a cause on every card that carries it, where it is not down anew meanwhile. Many groups
    /// may show it: those that do not fit into this commit follow in the next.
    pub(crate) async fn cause_is_over(
        &mut self,
        id: &EquipmentId,
        ended_at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        if self.get::<Outage>(&keys::outage(id)).await?.is_some() {
            return Ok(());
        }
        for (chat, _) in self.chats_showing(id).await? {
            if self.part() > MANY {
                let (id, at) = (id.clone(), ended_at);
                return self.plan(self.now(), Due::Over { id, at });
            }
            if let Some((card, cause)) = self.end_cause(id, chat, End::Over(ended_at)).await? {
                self.thank_who_took_it(chat, &card, &cause, ended_at)
                    .await?;
            }
        }
        Ok(())
    }

    /// Whoever took an outage is told of its end in the thread; others see the card change.
    async fn thank_who_took_it(
        &mut self,
        chat: ChatId,
        card: &Card,
        cause: &Cause,
        ended_at: DateTime<Utc>,
    ) -> Result<(), AppError> {
        // Where it was taken, and in no other group.
        let here = card.taken.as_ref();
        let Some(taken) = here.filter(|taken| cause.joined_at <= taken.at) else {
            return Ok(());
        };
        let name = self.name_of(&cause.root).await?;
        let lasted = (ended_at - cause.since).num_seconds().max(0);
        let key = match source_of(&cause.root) {
            Some(_) => Text::SourceOverReply,
            None => Text::CardOverReply,
        };
        let say = Say::new(key)
            .with("equipment", Arg::Name(name))
            .with("person", Arg::Text(taken.name.clone()))
            .with("lasted", Arg::Lasting(lasted));
        let mut message = Message::of(say);
        message.reply_to_card = Some(card.id);
        message.silent = true;
        self.say(chat, Class::Alert, message)
    }

    /// A piece of equipment no longer explains what is down below it. What hangs on it is given
    /// a little time to come back before it gets a card of its own.
    pub(crate) async fn covers_no_more(&mut self, id: &EquipmentId) -> Result<(), AppError> {
        if !self.any_below(id).await? {
            return Ok(());
        }
        // Another way takes longer to carry than the usual one.
        let outage: Option<Outage> = self.peek(&keys::outage(id)).await?;
        let seconds = match outage.is_some_and(|outage| outage.bypass.is_some()) {
            true => self.settings().bypass_grace_s,
            false => self.settings().orphan_grace_s,
        };
        let grace = TimeDelta::seconds(i64::from(seconds));
        self.plan(
            self.now() + grace,
            Due::Orphans {
                id: id.clone(),
                from: None,
            },
        )
    }
}
