//! What is to be done at a time: durable, once, in order, whatever happened meanwhile.

use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use vigie_domain::history::Month;
use vigie_domain::{AccountId, CardId, ChatId, EquipmentId, Place, SectorId, SourceId};
use vigie_store::{Dir, Key, Range, Rev};

use super::alerts::{Step, Subject};
use super::error::AppError;
use super::tx::Tx;
use super::{App, keys};

/// Reminders that are read at once.
const REMINDERS: u32 = 64;
/// Those of them that are told in one commit, where they are small.
const TOGETHER: usize = 16;
/// Reads or writes from which on a commit takes no further reminder.
const FULL: usize = 75;

/// Something to be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// An outage has lasted as long as its equipment asks: tell of it.
    Notice(EquipmentId),
    /// A piece of equipment no longer explains what is down below it: tell of what remains.
    Orphans {
        /// The equipment.
        id: EquipmentId,
        /// Where an earlier commit stopped.
        #[serde(default)]
        from: Option<Key>,
    },
    /// A piece of equipment explains what is down below it: go on merging cards.
    Merge(EquipmentId),
    /// The same, from where an earlier commit stopped.
    MergeFrom {
        /// The equipment.
        id: EquipmentId,
        /// Where.
        from: Option<Key>,
    },
    /// An outage is over: go on ending it on the cards of the next groups.
    Over {
        /// The equipment.
        id: EquipmentId,
        /// When it was over.
        at: DateTime<Utc>,
    },
    /// Bring the cards of a cause up to date, in the groups after this one.
    Refresh {
        /// The cause.
        id: EquipmentId,
        /// `Some`: the cards that told its end within so many seconds.
        late_s: Option<u32>,
        /// Where an earlier commit stopped.
        after: ChatId,
    },
    /// A silence ends.
    SilenceEnds(Subject),
    /// Something unstable may have become calm.
    Calm(EquipmentId),
    /// An outage came back on its card: say so if it lasts.
    Again {
        /// The group.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// What held back openings of a subject is over: tell of what lasts.
    Tell {
        /// The subject.
        subject: Subject,
        /// Where an earlier commit stopped.
        #[serde(default)]
        from: Option<Key>,
    },
    /// A step of a maintenance.
    Maintenance {
        /// The maintenance.
        id: u64,
        /// Start of the window that the step belongs to.
        from: DateTime<Utc>,
        /// Which step.
        step: Step,
    },
    /// Tell a group what stayed below its threshold.
    Digest {
        /// Where.
        place: Place,
        /// Whether it is said and only remains to be removed.
        said: bool,
    },
    /// Nobody has taken a card: say it again.
    Repeat {
        /// The group.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// Nobody has taken what is on a card: call whoever comes next.
    Escalate {
        /// The group.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// The person on call of a sector, or of the whole cooperative, hands over.
    Handover(Option<SectorId>),
    /// A body in parts has been handled: remove so many parts of it.
    HookParts {
        /// Name of the parts.
        name: u64,
        /// How many are left.
        count: u64,
    },
    /// A group can be written to again: go on waking the cards that waited for it.
    Wake(ChatId),
    /// A card has more names than a message holds: attach them as a file.
    Names {
        /// The group.
        chat: ChatId,
        /// The card.
        card: CardId,
    },
    /// The first of a month: tell of the last one.
    Month,
    /// Tell of a month: these groups and the following.
    MonthTo {
        /// The month.
        month: Month,
        /// Groups that were told before.
        from: u32,
    },
    /// Settings of a piece of equipment were changed from the chat: tell the technical groups.
    SettingsTold(EquipmentId),
    /// A dialogue may be over.
    Dialogue(AccountId),
    /// A step of something about links.
    Linking(super::linking::Step),
    /// A step of something about joining groups.
    Joining(super::joining::Step),
    /// A step in the life of a ticket.
    Tickets(super::tickets::Step),
    /// What takes two persons has waited long enough.
    Proposal(u64),
    /// A source has given no sign of life for as long as it may.
    Heartbeat(SourceId),
    /// A reminder may be due.
    Reminder(i64),
    /// Go on forgetting the reminders of somebody, and that they have something to do.
    ForgetReminders(AccountId),
    /// A step of something about declarations.
    Declaring(super::declaring::Step),
    /// A step of the life of an incident.
    Incident(super::incidents::Step),
}

crate::record_v1!(Due);

impl Due {
    fn subject(&self) -> (&'static str, String) {
        match self {
            Self::Notice(id) => ("notice", id.to_string()),
            Self::Orphans { id, from } => ("orphans", walk(id.as_str(), from.as_ref())),
            Self::Merge(id) => ("merge", id.to_string()),
            Self::Over { id, .. } => ("over", id.to_string()),
            Self::Refresh { id, late_s, after } => {
                let late_s = late_s.unwrap_or_default();
                ("refresh", format!("{id}:{late_s}:{after}"))
            }
            Self::MergeFrom { id, from } => ("merge", walk(id.as_str(), from.as_ref())),
            Self::SilenceEnds(subject) => ("silence", subject.text()),
            Self::Calm(id) => ("calm", id.to_string()),
            Self::Again { chat, card } => ("again", format!("{chat}:{card}")),
            Self::Tell { subject, from } => ("tell", walk(&subject.text(), from.as_ref())),
            Self::Maintenance { id, step, .. } => ("maintenance", format!("{id}:{}", step.word())),
            Self::Digest { place, .. } => ("digest", place.chat.to_string()),
            Self::Repeat { chat, card } => ("repeat", format!("{chat}:{card}")),
            Self::Escalate { chat, card } => ("escalate", format!("{chat}:{card}")),
            Self::Handover(sector) => (
                "handover",
                sector.as_ref().map(ToString::to_string).unwrap_or_default(),
            ),
            Self::HookParts { name, count } => ("parts", format!("{name}:{count}")),
            Self::Wake(chat) => ("wake", chat.to_string()),
            Self::Names { chat, card } => ("names", format!("{chat}:{card}")),
            Self::Month => ("month", String::new()),
            Self::MonthTo { from, .. } => ("month-to", from.to_string()),
            Self::SettingsTold(id) => ("settings", id.to_string()),
            Self::Dialogue(account) => ("dialogue", account.to_string()),
            Self::Linking(step) => ("linking", step.subject()),
            Self::Joining(step) => ("joining", step.subject()),
            Self::Tickets(step) => ("tickets", step.subject()),
            Self::Proposal(id) => ("proposal", id.to_string()),
            Self::Heartbeat(source) => ("heartbeat", source.to_string()),
            Self::Reminder(id) => ("reminder", id.to_string()),
            Self::ForgetReminders(account) => ("forget-reminders", account.to_string()),
            Self::Declaring(step) => ("declaring", step.subject()),
            Self::Incident(step) => ("incident", step.subject()),
        }
    }
}

/// Two walks over the same at the same time stay apart where they stand at different places.
fn walk(subject: &str, from: Option<&Key>) -> String {
    match from {
        Some(from) => format!("{subject}:{:016x}", keys::mark(from.as_bytes())),
        None => subject.to_owned(),
    }
}

impl Tx<'_> {
    /// Plans something. The same thing at the same time is planned once.
    pub(crate) fn plan(&mut self, at: DateTime<Utc>, due: Due) -> Result<(), AppError> {
        let (kind, subject) = due.subject();
        self.put(keys::due(at, kind, &subject), &due)
    }

    /// Boxed as what an event means is.
    fn fire(&mut self, due: Due) -> BoxFuture<'_, Result<(), AppError>> {
        Box::pin(async move {
            // What becomes due at the same time belongs together.
            self.together_s = self.settings().together_s;
            match due {
                Due::Notice(id) => self.notice(&id).await,
                Due::Orphans { id, from } => self.show_orphans(&id, from.as_ref()).await,
                Due::Merge(id) => self.covers_now(&id).await,
                Due::Over { id, at } => self.cause_is_over(&id, at).await,
                Due::Refresh { id, late_s, after } => match late_s {
                    Some(seconds) => self.refresh_cards_of_late(&id, seconds, Some(after)).await,
                    None => self.refresh_after(&id, Some(after)).await,
                },
                Due::MergeFrom { id, from } => self.covers_after(&id, from.as_ref()).await,
                Due::SilenceEnds(subject) => self.silence_ends(&subject, false).await,
                Due::Calm(id) => self.calm(&id).await,
                Due::Again { chat, card } => self.say_again(chat, card).await,
                Due::Tell { subject, from } => self.tell_what_lasts(&subject, from.as_ref()).await,
                Due::Maintenance { id, from, step } => self.maintenance_step(id, from, step).await,
                Due::Digest { place, said } => self.digest(place, said).await,
                Due::Repeat { chat, card } => self.repeat(chat, card).await,
                Due::Escalate { chat, card } => self.escalate(chat, card).await,
                Due::Handover(sector) => self.hand_over(sector.as_ref()).await,
                Due::HookParts { name, count } => self.remove_parts(name, count),
                Due::Wake(chat) => self.wake_cards(chat).await,
                Due::Names { chat, card } => self.send_names(chat, card).await,
                Due::Month => self.tell_month().await,
                Due::MonthTo { month, from } => self.tell_month_to(month, from).await,
                Due::SettingsTold(id) => self.tell_settings(&id).await,
                Due::Dialogue(account) => self.dialogue_ends(account).await,
                Due::Linking(step) => self.linking_step(&step).await,
                Due::Joining(step) => self.joining_step(&step).await,
                Due::Tickets(step) => self.ticket_step(step).await,
                Due::Proposal(id) => self.proposal_expires(id).await,
                Due::Heartbeat(source) => self.is_it_silent(&source).await,
                Due::Reminder(id) => self.reminder_due(id).await,
                Due::ForgetReminders(account) => self.forget_reminders(account).await,
                Due::Declaring(step) => self.declaring_step(step).await,
                Due::Incident(step) => self.incident_step(step).await,
            }
        })
    }
}

impl App {
    /// When the next thing is to be done.
    ///
    /// # Errors
    /// The store failed.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>, AppError> {
        let range = Range::prefix(&keys::all_due());
        let page = self
            .store
            .scan(self.shard, &range, None, 1, Dir::Forward)
            .await?;
        Ok(page.items.first().and_then(|(key, _)| keys::due_at(key)))
    }

    /// Does everything that is to be done by now, in order, each in a commit of its own.
    /// Returned is how much was done.
    ///
    /// # Errors
    /// The store failed; what was not done stays planned.
    pub async fn fire_due(&self) -> Result<usize, AppError> {
        let mut done = 0;
        loop {
            let _deciding = self.deciding.lock().await;
            let now = self.now();
            let range = Range::prefix(&keys::all_due());
            let page = self
                .store
                .scan(self.shard, &range, None, 1, Dir::Forward)
                .await?;
            let Some((key, _)) = page.items.into_iter().next() else {
                return Ok(done);
            };
            if keys::due_at(&key).is_none_or(|at| at > now) {
                return Ok(done);
            }
            if keys::is_due_reminder(&key) {
                done += self.fire_reminders(now).await?;
                continue;
            }
            if let Err(error) = self.fire_one(&key).await {
                if !error.is_own() {
                    return Err(error);
                }
                // It would fail the same way for ever, and everything behind it would wait.
                tracing::error!(%error, "what is due cannot be done; it is dropped");
                self.drop_input(key).await?;
            }
            done += 1;
        }
    }

    /// Tells the next reminders, several in one commit: at nine in the morning there may be
    /// thousands. Where one of them cannot be told they are told one by one.
    async fn fire_reminders(&self, now: DateTime<Utc>) -> Result<usize, AppError> {
        let range = Range::prefix(&keys::all_due());
        let page = self
            .store
            .scan(self.shard, &range, None, REMINDERS, Dir::Forward)
            .await?;
        let due: Vec<Key> = page
            .items
            .into_iter()
            .map(|(key, _)| key)
            .take_while(|key| {
                keys::is_due_reminder(key) && keys::due_at(key).is_some_and(|at| at <= now)
            })
            .collect();
        // Their commits are made durable together.
        let parts = due.chunks(TOGETHER).map(|part| self.fire_all(part));
        let mut done = 0;
        for part in futures::future::join_all(parts).await {
            match part {
                Ok(count) => done += count,
                Err(error) if error.is_own() => return self.fire_each(&due).await,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }

    async fn fire_each(&self, due: &[Key]) -> Result<usize, AppError> {
        for key in due {
            if let Err(error) = self.fire_one(key).await {
                if !error.is_own() {
                    return Err(error);
                }
                tracing::error!(%error, "a reminder cannot be told; it is dropped");
                self.drop_input(key.clone()).await?;
            }
        }
        Ok(due.len())
    }

    async fn fire_all(&self, due: &[Key]) -> Result<usize, AppError> {
        let (mut tx, mut done) = (Tx::new(self), 0);
        for key in due {
            if let Some(due) = tx.get::<Due>(key).await? {
                tx.delete(key.clone());
                tx.fire(due).await?;
            }
            done += 1;
            if tx.size() > FULL {
                break;
            }
        }
        tx.commit().await?;
        Ok(done)
    }

    async fn fire_one(&self, key: &Key) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        if let Some(due) = tx.get::<Due>(key).await? {
            tx.delete(key.clone());
            tx.fire(due).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Changes of what is planned, to wake whoever waits for the next one.
    ///
    /// # Errors
    /// The store failed.
    pub async fn watch_due(&self) -> Result<BoxStream<'static, ()>, AppError> {
        use futures::StreamExt as _;
        let from: Rev = self.store.durable_rev(self.shard).await?;
        let changes = self
            .store
            .watch(self.shard, Key::of("du/").end(), from)
            .await?;
        Ok(changes.map(|_| ()).boxed())
    }
}
