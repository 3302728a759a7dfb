//! Presses on the buttons of what takes two.

use vigie_domain::authz::{Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Lang, Place};

use super::{Outcome, Proposal, key_of};
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::taps::Answer;
use crate::app::tx::Tx;

fn place_of(tap: &Tap) -> Place {
    tap.on
        .map_or(ChatId(tap.from.account.0), |(chat, _)| chat)
        .into()
}

impl Tx<'_> {
    /// "I agree" or "I refuse" on the card that a second person was sent.
    pub(in crate::app) async fn second_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (id, agrees): (u64, bool),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let before: Option<Proposal> = self.get(&key_of(id)).await?;
        let answer = self.seconds(tap, actor, id, agrees).await?;
        if let (Some(before), Some(after)) = (before, self.get::<Proposal>(&key_of(id)).await?)
            && before.end.is_none()
        {
            // The card tells what was answered: it can be read again, and not be pressed.
            if let Some(end) = ended(&after) {
                let mut say = vec![end];
                say.extend(self.proposal_lines(&after).await?);
                self.in_place(tap, say, vec![], lang)?;
            }
        }
        Ok(answer)
    }

    /// A second person agrees or refuses, from a card or from the list.
    pub(in crate::app) async fn seconds(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        id: u64,
        agrees: bool,
    ) -> Result<Answer, AppError> {
        let known: Option<Proposal> = self.get(&key_of(id)).await?;
        let now = self.now();
        let Some(proposal) = known.filter(|known| known.end.is_some() || known.waits(now)) else {
            return Ok(Answer::refusal(Text::SecondOver));
        };
        if let Err(denied) = authz(actor, proposal.what.act(), Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        if let Some(say) = ended(&proposal) {
            return Ok(Answer::refusal(say));
        }
        if self.same_person(proposal.by, tap.from.account).await? {
            return Ok(Answer::refusal(Text::SecondSame));
        }
        if self.is_about(&proposal.what, tap.from.account).await? {
            return Ok(Answer::refusal(Text::SecondOwn));
        }
        let (person, place) = (&tap.from, place_of(tap));
        if agrees && !self.still_may(&proposal).await? {
            // Who asked for it may not any more: it is asked for by who agrees with it now.
            self.delete(key_of(id));
            self.opens_proposal(person, place, proposal.what, &proposal.why)
                .await?;
            return Ok(Answer::refusal(Text::SecondTakenOver));
        }
        let how = match agrees {
            true => Outcome::Confirmed,
            false => Outcome::Refused,
        };
        let how = self.confirms(person, place, id, proposal, how).await?;
        Ok(match how {
            Outcome::Confirmed => Answer::toast(Text::SecondDoneNow),
            Outcome::Void => Answer::refusal(Text::SecondVoid),
            Outcome::Refused | Outcome::Withdrawn => Answer::toast(Text::SecondNoted),
        })
    }

    /// Who asked for something does not any more.
    pub(in crate::app) async fn withdraws(
        &mut self,
        tap: &Tap,
        id: u64,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let known: Option<Proposal> = self.get(&key_of(id)).await?;
        let now = self.now();
        let Some(proposal) = known.filter(|known| known.end.is_some() || known.waits(now)) else {
            return Ok(Answer::refusal(Text::SecondOver));
        };
        if !self.same_person(proposal.by, tap.from.account).await? {
            return Ok(Answer::refusal(Text::SecondNotYours));
        }
        if let Some(say) = ended(&proposal) {
            return Ok(Answer::refusal(say));
        }
        let mut say = vec![Text::SecondWithdrawnNow.into()];
        say.extend(self.proposal_lines(&proposal).await?);
        let place = place_of(tap);
        self.confirms(&tap.from, place, id, proposal, Outcome::Withdrawn)
            .await?;
        self.in_place(tap, say, vec![], lang)?;
        Ok(Answer::toast(Text::SecondWithdrawnNow))
    }
}

/// How something ended, and by whom.
fn ended(proposal: &Proposal) -> Option<Say> {
    let end = proposal.end.as_ref()?;
    let text = match end.how {
        Outcome::Confirmed => Text::SecondOverDone,
        Outcome::Refused => Text::SecondOverRefused,
        Outcome::Withdrawn => Text::SecondOverWithdrawn,
        Outcome::Void => Text::SecondVoid,
    };
    Some(
        Say::new(text)
            .with("name", Arg::Text(end.name.clone()))
            .with("at", Arg::At(end.at)),
    )
}
