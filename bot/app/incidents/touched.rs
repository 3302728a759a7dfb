//! A message to those whom an outage touches: the members whose links hang on the equipment and
//! who have an account here. Their number is shown before anything is sent.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::authz::Action as Act;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, EquipmentId};
use vigie_store::Key;

use super::acts::place_of;
use super::life::{LONGEST, What};
use super::{Step, Wish};
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Longest message, in characters.
const MESSAGE: usize = 1_500;
/// Equipment below that is looked at.
const MOST_BELOW: usize = 20_000;
/// People of one message.
const MOST_PEOPLE: usize = 6_000;
/// People of one row of the list.
const ROW: usize = 80;
/// Messages of one commit.
const SOME: usize = ROW / 2;
/// Rows of the list: the commit of the press holds them all.
const MOST_ROWS: usize = MOST_PEOPLE / ROW;

/// A message that was shown and waits for its press.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    text: String,
    by: AccountId,
    /// When it was shown.
    pub(crate) at: DateTime<Utc>,
    sent: bool,
}

/// Some of those who get a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Recipients(Vec<AccountId>);

crate::record_v1!(Draft, Recipients);

fn draft(message: u64) -> Key {
    Key::of("iy/").u64(message).end()
}

fn recipients(message: u64, row: u32) -> Key {
    Key::of("iz/").u64(message).u64(u64::from(row)).end()
}

impl Tx<'_> {
    /// The accounts of the members whose links hang on a piece of equipment; whoever blocked us is
    /// not counted. The cost is that of what hangs there.
    async fn touched(&mut self, id: &EquipmentId) -> Result<BTreeSet<AccountId>, AppError> {
        let (mut open, mut seen) = (vec![id.clone()], BTreeSet::from([id.clone()]));
        let mut accounts = BTreeSet::new();
        while let Some(here) = open.pop() {
            // What one piece of equipment reads is forgotten with it.
            let mut reader = Tx::new(self.app());
            for member in reader.members_on(&here).await? {
                for bond in reader.bonds_on(&member).await? {
                    let account = bond.account;
                    let blocked = reader.app().is_away(ChatId(account.0)).await?;
                    if bond.holds(self.now()) && !blocked {
                        accounts.insert(account);
                    }
                }
            }
            if accounts.len() > MOST_PEOPLE || seen.len() > MOST_BELOW {
                break;
            }
            for prefix in [keys::children(&here), keys::links_below(&here)] {
                let below = reader.keys(&prefix).await?;
                for child in below.iter().filter_map(keys::last_text).map(EquipmentId) {
                    if seen.insert(child.clone()) {
                        open.push(child);
                    }
                }
            }
        }
        Ok(accounts)
    }

    /// Shows a message with the number of those who would get it.
    pub(super) async fn preview_touched(
        &mut self,
        person: &Person,
        id: &EquipmentId,
        text: &str,
    ) -> Result<(), AppError> {
        if let Err(say) = self.may_act(person, Act::TellTouched, id).await? {
            return self.tell_incident(person, say).await;
        }
        let name = Arg::Name(self.name_of(id).await?);
        let count = self.touched(id).await?.len();
        if count == 0 {
            let say = Say::new(Text::IncidentNobody).with("name", name);
            return self.tell_incident(person, say).await;
        }
        if count > MOST_PEOPLE {
            let most = Arg::Number(i64::try_from(MOST_PEOPLE).unwrap_or(i64::MAX));
            let say = Say::new(Text::IncidentTooMany).with("most", most);
            return self.tell_incident(person, say).await;
        }
        let number = self.random_number().unsigned_abs();
        let text: String = text.trim().chars().take(MESSAGE).collect();
        let kept = Draft {
            text: text.clone(),
            by: person.account,
            at: self.now(),
            sent: false,
        };
        self.put(draft(number), &kept)?;
        let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
        let mut message = Message::of_several(vec![
            Say::new(Text::IncidentPreview)
                .with("name", name.clone())
                .with("count", count.clone()),
            self.said_to_touched(id, &text).await?,
        ]);
        message.lang = Some(self.lang(person).await?);
        let label = Say::new(Text::IncidentButtonSend).with("count", count);
        let (account, chat) = (Some(person.account), ChatId(person.account.0));
        let send = self.incident_button(account, chat, label, Wish::Send(id.clone(), number))?;
        message.buttons = vec![vec![send]];
        self.say(chat, Class::Answer, message)
    }

    async fn said_to_touched(&mut self, id: &EquipmentId, text: &str) -> Result<Say, AppError> {
        let name = Arg::Name(self.plain_name_of(id).await?);
        let text = Arg::Text(text.to_owned());
        Ok(match self.next_news(id).await? {
            Some(at) => Say::new(Text::IncidentToTouchedNews)
                .with("name", name)
                .with("text", text)
                .with("at", Arg::At(at)),
            None => Say::new(Text::IncidentToTouched)
                .with("name", name)
                .with("text", text),
        })
    }

    /// Sends a message that was shown, once.
    pub(super) async fn send_by_button(
        &mut self,
        tap: &Tap,
        id: &EquipmentId,
        number: u64,
    ) -> Result<Answer, AppError> {
        if let Err(say) = self.may_act(&tap.from, Act::TellTouched, id).await? {
            return Ok(Answer::refusal(say));
        }
        let known: Option<Draft> = self.get(&draft(number)).await?;
        let Some(mut kept) = known.filter(|kept| kept.by == tap.from.account) else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if kept.sent {
            return Ok(Answer::toast(Text::IncidentSentAlready));
        }
        let accounts: Vec<AccountId> = self.touched(id).await?.into_iter().collect();
        kept.sent = true;
        self.put(draft(number), &kept)?;
        for (row, some) in (0..).zip(accounts.chunks(ROW).take(MOST_ROWS)) {
            self.put(recipients(number, row), &Recipients(some.to_vec()))?;
        }
        let step = Step::Send {
            id: id.clone(),
            message: number,
            done: 0,
        };
        self.plan(self.now(), Due::Incident(step))?;
        let count = u32::try_from(accounts.len()).unwrap_or(u32::MAX);
        if let Some(mut life) = self.living(id).await? {
            let text = kept.text.chars().take(LONGEST).collect();
            life.happened(self.now(), Some(&tap.from), What::Message { count, text });
            self.keep_life(&life).await?;
        }
        self.audit(
            &tap.from,
            place_of(tap),
            "tell-touched",
            id.as_str(),
            ("", &count.to_string()),
        )
        .await?;
        let say = Say::new(Text::IncidentSent).with("count", Arg::Number(i64::from(count)));
        self.tell_incident(&tap.from, say).await?;
        Ok(Answer::quiet())
    }

    /// Writes a message to some of those touched; the others follow in the next commits.
    pub(super) async fn send_some(
        &mut self,
        id: &EquipmentId,
        number: u64,
        done: u32,
    ) -> Result<(), AppError> {
        let (row, half) = (done / 2, done % 2);
        let known: Option<Draft> = self.peek(&draft(number)).await?;
        let list: Option<Recipients> = self.get(&recipients(number, row)).await?;
        let (Some(kept), Some(Recipients(list))) = (known, list) else {
            return Ok(());
        };
        let say = self.said_to_touched(id, &kept.text).await?;
        let from = if half == 0 { 0 } else { SOME };
        for account in list.iter().skip(from).take(SOME) {
            let mut message = Message::of(say.clone());
            // What is read for one of them is no condition for the others.
            let lang = Tx::new(self.app()).lang_of_account(*account).await?;
            message.lang = Some(lang);
            self.say(ChatId(account.0), Class::Bulk, message)?;
        }
        if half == 1 {
            self.delete(recipients(number, row));
        }
        let step = Step::Send {
            id: id.clone(),
            message: number,
            done: done + 1,
        };
        self.plan(self.now(), Due::Incident(step))
    }
}
