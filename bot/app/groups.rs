//! Groups: who they are whatever number the messenger gives them, whether they can be written
//! to, and who is told when they cannot.
//!
//! A conversation keeps the number under which we first met it as its name ([`ChatId`]). When the
//! messenger gives it another number, one record changes and everything else stays.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::group::{AlertsWanted, Group, GroupKind, Topics};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, Place, SectorId};
use vigie_store::Key;

use super::due::Due;
use super::error::AppError;
use super::event::{Event, OurPlace, Standing};
use super::outbox::{BrokenBy, Class, Doubt, Message, Outgoing, Row};
use super::tx::{Tx, decode};
use super::{App, keys};

/// Cards woken in one commit.
const WOKEN: usize = 50;

/// The name of a conversation that is now known under another number.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct KnownAs(pub ChatId);

/// The number of a conversation at present, where it is not its name.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Number(pub i64);

crate::record_v1!(Group, KnownAs, Number);

fn known_as(number: i64) -> Key {
    Key::of("gn/").i64(number).end()
}

fn number_of(chat: ChatId) -> Key {
    Key::of("gx/").i64(chat.0).end()
}

impl App {
    /// The number to write to a conversation at present.
    ///
    /// # Errors
    /// The store failed.
    pub async fn address(&self, chat: ChatId) -> Result<i64, AppError> {
        Ok(self
            .read::<Number>(&number_of(chat))
            .await?
            .map_or(chat.0, |Number(number)| number))
    }

    /// The name of the conversation that has this number at present.
    ///
    /// # Errors
    /// The store failed.
    pub async fn home(&self, number: i64) -> Result<ChatId, AppError> {
        Ok(self
            .read::<KnownAs>(&known_as(number))
            .await?
            .map_or(ChatId(number), |KnownAs(chat)| chat))
    }

    /// Every group that is known.
    ///
    /// # Errors
    /// The store failed.
    pub async fn groups(&self) -> Result<Vec<Group>, AppError> {
        let rows = super::tx::scan(self, &keys::groups()).await?;
        rows.into_iter()
            .map(|(key, bytes)| decode(&key, &bytes))
            .collect()
    }

    /// Language of what is written in a conversation.
    ///
    /// # Errors
    /// The store failed.
    pub async fn lang_of(&self, chat: ChatId) -> Result<Lang, AppError> {
        if chat.0 > 0 {
            return Tx::new(self).lang_of_account(AccountId(chat.0)).await;
        }
        let group: Option<Group> = self.read(&keys::group(chat)).await?;
        Ok(group.map_or_else(Lang::default, |group| group.lang))
    }

    /// Replaces the numbers in an event by the names of the conversations.
    pub(crate) async fn with_names(&self, event: &mut Event) -> Result<(), AppError> {
        let chats: Vec<&mut ChatId> = match event {
            Event::Command(command) => vec![&mut command.said.place.chat],
            Event::Text { said, .. } | Event::File { said, .. } | Event::Edited { said, .. } => {
                vec![&mut said.place.chat]
            }
            Event::Tap(tap) => tap.on.iter_mut().map(|(chat, _)| chat).collect(),
            Event::OurPlace(place) => vec![&mut place.chat],
            Event::JoinRequest(request) => vec![&mut request.chat],
            Event::Moved(moved) => vec![&mut moved.chat],
            Event::Renamed { chat, .. } | Event::Blocked { chat, .. } => vec![chat],
            Event::ChatMoved { .. } | Event::Alerts { .. } | Event::Ignored { .. } => Vec::new(),
        };
        for chat in chats {
            *chat = self.home(chat.0).await?;
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// The group got another number. Told twice, the second time changes nothing.
    pub(crate) async fn chat_moved(&mut self, old: ChatId, new: ChatId) -> Result<(), AppError> {
        let known: Option<KnownAs> = self.get(&known_as(old.0)).await?;
        let home = known.map_or(old, |KnownAs(home)| home);
        if home == new || old == new {
            return Ok(());
        }
        self.put(known_as(new.0), &KnownAs(home))?;
        self.put(number_of(home), &Number(new.0))?;
        if let Some(mut group) = self.get::<Group>(&keys::group(home)).await? {
            group.broken = None;
            self.put(keys::group(home), &group)?;
        }
        self.delete(keys::group(new));
        self.wake_cards(home).await
    }

    /// Our place in a group changed, or was read at start-up.
    pub(crate) async fn our_place(&mut self, place: &OurPlace) -> Result<(), AppError> {
        let key = keys::group(place.chat);
        let before: Option<Group> = self.get(&key).await?;
        let lang = place
            .by
            .as_ref()
            .map_or_else(Lang::default, |person| person.lang);
        let mut group = before.clone().unwrap_or_else(|| Group {
            chat: place.chat,
            title: String::new(),
            kind: None,
            sector: None,
            thread: None,
            lang,
            broken: None,
            topics: Topics::Off,
        });
        group.title.clone_from(&place.title);
        match place.standing {
            Standing::In { .. } => {
                if group.broken.take().is_some() {
                    self.wake_cards(place.chat).await?;
                }
            }
            Standing::Silenced => {
                return self
                    .chat_broken(place.chat, group, BrokenBy::NoRights)
                    .await;
            }
            Standing::Out => return self.chat_broken(place.chat, group, BrokenBy::Removed).await,
        }
        if before.as_ref() != Some(&group) {
            self.put(key, &group)?;
        }
        self.we_may(place.chat, place.may).await
    }

    /// A group has a new title.
    pub(crate) async fn renamed(&mut self, chat: ChatId, title: &str) -> Result<(), AppError> {
        if let Some(mut group) = self.get::<Group>(&keys::group(chat)).await? {
            title.clone_into(&mut group.title);
            self.put(keys::group(chat), &group)?;
        }
        Ok(())
    }

    /// Nothing can be written to this group any more: kept in its record, and told once to the
    /// technical groups, or to the administrators where there is none.
    pub(crate) async fn chat_broken(
        &mut self,
        chat: ChatId,
        mut group: Group,
        by: BrokenBy,
    ) -> Result<(), AppError> {
        let word = match by {
            BrokenBy::Removed => Text::GroupBrokenRemoved,
            BrokenBy::NotFound => Text::GroupBrokenNotFound,
            BrokenBy::NoRights => Text::GroupBrokenNoRights,
            BrokenBy::Blocked | BrokenBy::NeverStarted => Text::GroupBrokenBlocked,
        };
        let known = group.broken.replace(word.id().to_owned());
        self.put(keys::group(chat), &group)?;
        if known.is_some() || group.kind.is_none() {
            return Ok(());
        }
        let say = Say::new(Text::GroupBroken)
            .with("group", Arg::Name(group.title.clone()))
            .with("why", Arg::Word(word));
        for to in self.who_mends(chat).await? {
            self.say(to, Class::Alert, Message::of(say.clone()))?;
        }
        Ok(())
    }

    /// Where faults of delivery are told: technical groups that work, else administrators.
    pub(crate) async fn who_mends(&mut self, except: ChatId) -> Result<Vec<ChatId>, AppError> {
        let groups = self.groups_wanting(AlertsWanted::Backbone, None).await?;
        let mut to: Vec<ChatId> = groups
            .into_iter()
            .filter(|group| group.chat != except && group.broken.is_none())
            .map(|group| group.chat)
            .collect();
        if to.is_empty() {
            to = self
                .settings()
                .administrators
                .iter()
                .map(|account| ChatId(account.0))
                .collect();
        }
        Ok(to)
    }

    /// Groups whose kind wants these alerts, broken ones included: their cards wait.
    pub(crate) async fn groups_wanting(
        &mut self,
        wanted: AlertsWanted,
        sector: Option<&SectorId>,
    ) -> Result<Vec<Group>, AppError> {
        let kinds: Vec<GroupKind> = self.policy().await?.kinds;
        let wants = |group: &Group| {
            kinds.iter().any(|kind| {
                Some(&kind.id) == group.kind.as_ref()
                    && kind.alerts == wanted
                    && (!kind.local || group.sector.as_ref() == sector)
            })
        };
        let all = self.all_groups().await?;
        Ok(all.into_iter().filter(wants).collect())
    }

    /// Every group, read once in a decision.
    pub(crate) async fn all_groups(&mut self) -> Result<Vec<Group>, AppError> {
        let rows = self.all::<Group>(&keys::groups()).await?;
        Ok(rows.into_iter().map(|(_, group)| group).collect())
    }

    /// Lets cards that waited for a group be sent now, in as many commits as they need.
    pub(crate) async fn wake_cards(&mut self, chat: ChatId) -> Result<(), AppError> {
        let rows = self.all::<Row>(&Key::of("oc/").i64(chat.0).end()).await?;
        let mut waiting = rows.into_iter().filter(|(_, row)| row.waits_for_a_sign());
        for (key, _) in waiting.by_ref().take(WOKEN) {
            if let Some(mut row) = self.get::<Row>(&key).await? {
                row.not_before = None;
                self.put(key, &row)?;
            }
        }
        match waiting.next() {
            Some(_) => self.plan(self.now(), Due::Wake(chat)),
            None => Ok(()),
        }
    }

    /// Says something in a conversation.
    pub(crate) fn say(
        &mut self,
        to: ChatId,
        class: Class,
        message: Message,
    ) -> Result<(), AppError> {
        self.say_at(to.into(), class, message)
    }

    /// Says something in a place. Broadcasts are not repeated when it is not known whether
    /// they arrived; what somebody waits for is.
    pub(crate) fn say_at(
        &mut self,
        place: Place,
        class: Class,
        message: Message,
    ) -> Result<(), AppError> {
        let doubt = match class {
            Class::Answer | Class::First | Class::Alert | Class::Service => Doubt::SendAgain,
            Class::Bulk => Doubt::Drop,
        };
        let row = Row::new(place, Outgoing::Say(message), class, self.now(), doubt);
        self.append(keys::outbox_messages(), &self.fresh(row))
    }
}

impl Message {
    /// A plain message in the language of the conversation.
    #[must_use]
    pub fn of(say: Say) -> Self {
        Self::of_several(vec![say])
    }

    /// Paragraphs in the language of the conversation.
    #[must_use]
    pub const fn of_several(say: Vec<Say>) -> Self {
        Self {
            say,
            lang: None,
            reply_to: None,
            reply_to_card: None,
            buttons: Vec::new(),
            silent: false,
            instead: None,
            ticket: None,
            unreached: None,
            calm: false,
        }
    }
}

impl App {
    /// Binds a group that nobody has bound yet: a group comes with its purpose where the network
    /// is delivered with its groups, as in the demo.
    ///
    /// # Errors
    /// The store failed.
    pub async fn bind_new_group(&self, group: &Group) -> Result<bool, AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let key = keys::group(group.chat);
        let known: Option<Group> = tx.get(&key).await?;
        if known.is_some_and(|known| known.kind.is_some()) {
            return Ok(false);
        }
        tx.put(key, group)?;
        Ok(tx.commit().await?.is_some())
    }
}

impl App {
    /// Tells once, where faults are mended, what is missing in groups. The same list twice in a
    /// row is told once.
    ///
    /// # Errors
    /// The store failed.
    pub async fn report_places(&self, problems: &[Say]) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let key = Key::of("sys/places").end();
        let told = Told(
            problems
                .iter()
                .map(|problem| format!("{problem:?}"))
                .collect(),
        );
        let before: Option<Told> = tx.get(&key).await?;
        if before.unwrap_or_default().0 == told.0 {
            return Ok(());
        }
        tx.put(key, &told)?;
        if !problems.is_empty() {
            for to in tx.who_mends(ChatId(0)).await? {
                let mut message = Message::of(Say::new(Text::GroupPlaces));
                message.say.extend(problems.iter().cloned());
                tx.say(to, Class::Service, message)?;
            }
        }
        tx.commit().await.map(|_| ())
    }
}

/// What was told last about our places.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Told(Vec<String>);

crate::record_v1!(Told);

/// Until when the messenger makes us wait for a group, as told to administrators.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct LongWait(DateTime<Utc>);

crate::record_v1!(LongWait);

impl App {
    /// The messenger makes us wait long before it takes anything for a group: told once, elsewhere.
    ///
    /// # Errors
    /// The store failed.
    pub async fn tell_long_wait(&self, chat: ChatId, until: DateTime<Utc>) -> Result<(), AppError> {
        let _deciding = self.deciding.lock().await;
        let mut tx = Tx::new(self);
        let key = Key::of("fw/").i64(chat.0).end();
        let told: Option<LongWait> = tx.get(&key).await?;
        if told.is_some_and(|LongWait(told)| told > tx.now()) {
            return Ok(());
        }
        tx.put(key, &LongWait(until))?;
        let group: Option<Group> = tx.get(&keys::group(chat)).await?;
        let name = match group {
            Some(group) => Arg::Name(group.title),
            // An account's number is nobody's business.
            None if chat.0 > 0 => Arg::Word(Text::GroupSomebody),
            None => Arg::Name(chat.to_string()),
        };
        let say = Say::new(Text::GroupLongWait)
            .with("group", name)
            .with("until", Arg::At(until));
        for to in tx.who_mends(chat).await? {
            tx.say(to, Class::Alert, Message::of(say.clone()))?;
        }
        tx.commit().await.map(|_| ())
    }
}
