//! The line that tells, where faults are mended, how many wait to be let in: one message that is
//! edited, whatever comes in. No names: those are read in private.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use vigie_domain::group::Group;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Lang, MessageId};

use super::records::{self, Door, OpenSince, Removal, Wish};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, Class, Doubt, Outgoing, Row, RowState, Verdict};
use crate::app::tx::Tx;

/// Between two changes of the line: alerts need the place in the group more.
const BETWEEN: TimeDelta = TimeDelta::seconds(15);
/// How long the button of the line serves before it gets a new one.
const BUTTON: TimeDelta = TimeDelta::days(7);
/// Groups that are named on the line.
const NAMED: usize = 8;

/// The line as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct DoorView {
    /// The message to put it in place of.
    pub message: Option<MessageId>,
    /// Its language.
    pub lang: Lang,
    /// Its paragraphs.
    pub say: Vec<Say>,
    /// Its buttons.
    pub buttons: Vec<Vec<Button>>,
}

/// How many wait, by group, and how many of them came in a wave.
type Waiting = BTreeMap<ChatId, (i64, i64)>;

impl Tx<'_> {
    /// Who waits has changed.
    pub(in crate::app) async fn door_changed(&mut self) -> Result<(), AppError> {
        for chat in self.who_mends(ChatId(0)).await? {
            self.door_changed_in(chat, false).await?;
        }
        Ok(())
    }

    /// Somebody has waited long: the line is told anew.
    pub(super) async fn door_anew(&mut self) -> Result<(), AppError> {
        for chat in self.who_mends(ChatId(0)).await? {
            self.door_changed_in(chat, true).await?;
        }
        Ok(())
    }

    async fn door_changed_in(&mut self, chat: ChatId, anew: bool) -> Result<(), AppError> {
        let now = self.now();
        let key = records::door(chat);
        let mut door: Door = self.get(&key).await?.unwrap_or_default();
        if door.quiet || anew {
            // An edit of what was over would be seen by nobody.
            door.message = None;
            door.quiet = false;
        }
        let old = |(_, at): &(String, _)| now - *at > BUTTON;
        if door.button.as_ref().is_none_or(old) {
            let planted = plant(self, Some(chat), None, Action::Joining(Wish::Requests))?;
            door.button = Some((planted, now));
        }
        let next = door.shown_at.map(|at| at + BETWEEN).filter(|at| *at > now);
        self.put(key, &door)?;
        let key = records::outbox_door(chat);
        let row = match self.get::<Row>(&key).await? {
            Some(mut row) => {
                row.stale = matches!(row.state, RowState::Sending(_));
                row
            }
            None => {
                let doubt = Doubt::SendAgain;
                let mut row = Row::new(chat.into(), Outgoing::Door, Class::Service, now, doubt);
                row.not_before = next;
                self.fresh(row)
            }
        };
        self.put(key, &row)
    }

    /// The line was shown, or its message is gone.
    pub(in crate::app) async fn door_shown(
        &mut self,
        chat: ChatId,
        verdict: &Verdict,
    ) -> Result<(), AppError> {
        let key = records::door(chat);
        let mut door: Door = self.get(&key).await?.unwrap_or_default();
        match verdict {
            Verdict::Shows(message, _) | Verdict::Done(Some(message)) => {
                door.message = Some(*message);
                door.shown_at = Some(self.now());
                door.quiet = self.keys(&records::all_open()).await?.is_empty();
            }
            Verdict::MessageGone => door.message = None,
            _ => return Ok(()),
        }
        self.put(key, &door)
    }

    /// The line as it stands now.
    pub(in crate::app) async fn door(
        &mut self,
        chat: ChatId,
    ) -> Result<Option<DoorView>, AppError> {
        let door: Door = self.peek(&records::door(chat)).await?.unwrap_or_default();
        let waiting = self.waiting().await?;
        let removals = self.all::<Removal>(&records::removals()).await?;
        let appeals = removals.iter().filter(|(_, one)| one.appeal.is_some());
        let removals = appeals.count() + self.proposals().await?.len();
        if waiting.is_empty() && removals == 0 && door.message.is_none() {
            return Ok(None);
        }
        let mut say = Vec::new();
        if waiting.is_empty() && removals == 0 {
            say.push(Say::new(Text::JoiningDoorQuiet));
        } else {
            self.tell_waiting(&waiting, &mut say).await?;
        }
        if removals > 0 {
            let count = i64::try_from(removals).unwrap_or(i64::MAX);
            say.push(Say::new(Text::JoiningDoorRemovals).with("count", Arg::Number(count)));
        }
        let button = door.button.map(|(key, _)| Button {
            label: Say::new(Text::JoiningDoorButton),
            key,
        });
        let busy = !waiting.is_empty() || removals > 0;
        Ok(Some(DoorView {
            message: door.message,
            lang: self.group_lang(chat).await?,
            say,
            buttons: button
                .filter(|_| busy)
                .map(|one| vec![one])
                .into_iter()
                .collect(),
        }))
    }

    async fn tell_waiting(
        &mut self,
        waiting: &Waiting,
        say: &mut Vec<Say>,
    ) -> Result<(), AppError> {
        let total: i64 = waiting.values().map(|(count, _)| count).sum();
        if total > 0 {
            say.push(Say::new(Text::JoiningDoor).with("count", Arg::Number(total)));
        }
        for (chat, (count, wave)) in waiting.iter().take(NAMED) {
            let group: Option<Group> = self.peek(&keys::group(*chat)).await?;
            let title = group.map_or_else(String::new, |group| group.title);
            let text = match wave {
                0 => Text::JoiningDoorGroup,
                _ => Text::JoiningDoorWave,
            };
            let line = Say::new(text)
                .with("group", Arg::Name(title))
                .with("count", Arg::Number(*count))
                .with("wave", Arg::Number(*wave));
            say.push(line);
        }
        Ok(())
    }

    async fn waiting(&mut self) -> Result<Waiting, AppError> {
        let mut waiting = Waiting::new();
        for (key, since) in self.all::<OpenSince>(&records::all_open()).await? {
            if let Some((chat, _)) = records::numbers(&key) {
                let (count, wave) = waiting.entry(ChatId(chat)).or_default();
                *count += 1;
                *wave += i64::from(since.wave);
            }
        }
        Ok(waiting)
    }
}
