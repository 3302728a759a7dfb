//! What a call says, read when it is sent: what somebody has taken meanwhile calls nobody.

use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, CardId, ChatId};

use super::escalation::{Call, For, Waiting};
use crate::app::cards::Card;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Button, Message};
use crate::app::tx::Tx;

/// Names said in a call; the card has all of them.
const NAMES: usize = 5;

/// A call about a card that nobody has taken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Called {
    /// Who is called.
    pub call: Call,
    /// The group of the card.
    pub chat: ChatId,
    /// The card.
    pub card: CardId,
    /// The person, where one is called.
    pub who: Option<AccountId>,
    /// Its buttons.
    pub buttons: Vec<Vec<Button>>,
}

impl Called {
    /// The card that it replies to, where it is said beside it.
    pub(crate) fn beside_card(&self, chat: ChatId) -> Option<CardId> {
        (self.call == Call::Groups && self.chat == chat).then_some(self.card)
    }
}

impl Tx<'_> {
    /// What a call to a conversation says now; `None`: it is over, or somebody has taken it.
    pub(crate) async fn call_message(
        &mut self,
        to: ChatId,
        called: &Called,
    ) -> Result<Option<Message>, AppError> {
        let card: Option<Card> = self.peek(&keys::card(called.chat, called.card)).await?;
        let Some(card) = card else { return Ok(None) };
        let (waiting, _) = self.without_hands(&card, For::Telling).await?;
        let (mut told, mut people) = (Vec::new(), Vec::new());
        for one in waiting {
            let on_call = self.on_call_for(one.sector.as_ref()).await?;
            if called.who.is_some() && on_call.as_ref().map(|(who, _)| *who) != called.who {
                continue;
            }
            let name = on_call.map(|(_, name)| name);
            people.extend(name.filter(|name| !people.contains(name)));
            told.push(one);
        }
        let text = match called.call {
            Call::OnCall => Text::EscalationYou,
            Call::Groups if people.is_empty() => Text::EscalationGroup,
            Call::Groups => Text::EscalationGroupOnCall,
            Call::Everybody => Text::EscalationEverybody,
        };
        let Some(say) = self.nobody_takes(text, &told).await? else {
            return Ok(None);
        };
        let say = match text {
            Text::EscalationGroupOnCall => say.with("who", Arg::Text(people.join(", "))),
            _ => say,
        };
        let mut message = Message::of(say);
        message.buttons.clone_from(&called.buttons);
        match (called.call, called.who) {
            (Call::Groups, _) => {
                let address = self.app().address(to).await?;
                let there = card.message.filter(|(number, _)| *number == address);
                message.reply_to = there.map(|(_, message)| message);
            }
            (_, Some(who)) => message.lang = Some(self.lang_of_account(who).await?),
            _ => message.silent = self.is_asleep(to).await?,
        }
        Ok(Some(message))
    }

    async fn nobody_takes(
        &mut self,
        text: Text,
        told: &[Waiting],
    ) -> Result<Option<Say>, AppError> {
        let Some(since) = told.iter().map(|one| one.since).min() else {
            return Ok(None);
        };
        let mut names = Vec::new();
        for one in told.iter().take(NAMES) {
            names.push(self.name_of(&one.root).await?);
        }
        let more = i64::try_from(told.len() - names.len()).unwrap_or(i64::MAX);
        let lasting = (self.now() - since).num_seconds().max(0);
        let say = Say::new(text)
            .with("names", Arg::Name(names.join(", ")))
            .with("more", Arg::Number(more))
            .with("lasting", Arg::Lasting(lasting));
        Ok(Some(say))
    }
}
