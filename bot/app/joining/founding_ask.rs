//! `/nouveau_groupe` step by step: which sector or kind, why, who looks after it, and a last look.

use serde::{Deserialize, Serialize};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId, Lang, SectorId};

use super::records::{Founding, Wish};
use crate::app::buttons::{Action, plant};
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Person, Tap};
use crate::app::outbox::{Button, Class};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Longest text that is kept of an answer, in characters.
const LONGEST: usize = 500;
/// Sectors and kinds that are offered as buttons.
const OFFERED: usize = 6;
/// Names that are told where somebody wrote something else.
const NAMED: usize = 30;

/// How far the question for a new group is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FoundingAsked {
    /// For which sector, or which kind.
    What,
    /// Why.
    Why(Whom),
    /// Who looks after it.
    Who(Whom, String),
    /// Whether all that is right.
    Sure(Whom, String, String),
}

/// For whom a group is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whom {
    /// Its kind.
    pub kind: String,
    /// Its sector, where the kind is local.
    pub sector: Option<SectorId>,
}

impl Tx<'_> {
    /// The first question, with what is likely meant as buttons.
    pub(super) async fn asks_what_group(&mut self, person: &Person) -> Result<(), AppError> {
        let kinds = self.policy().await?.kinds;
        let mut offered: Vec<Whom> = Vec::new();
        if let Some(local) = kinds.iter().find(|kind| kind.local) {
            for (_, member) in self.members_of(person.account).await? {
                let whom = member.sector.map(|sector| Whom {
                    kind: local.id.clone(),
                    sector: Some(sector),
                });
                offered.extend(whom.filter(|whom| !offered.contains(whom)));
            }
        }
        let others = kinds.into_iter().filter(|kind| !kind.local);
        offered.extend(others.map(|kind| Whom {
            kind: kind.id,
            sector: None,
        }));
        offered.truncate(OFFERED);
        let mut buttons = Vec::new();
        for whom in offered {
            let label = Say::new(Text::FoundingWhatButton)
                .with("what", Arg::Name(self.called_whom(&whom).await?));
            buttons.push(vec![self.founding_button(
                person.account,
                label,
                Wish::FoundWhat(whom),
            )?]);
        }
        self.goes_on(person, FoundingAsked::What).await?;
        let say = vec![Text::FoundingWhat.into()];
        self.tells_person(person, say, buttons).await
    }

    fn founding_button(
        &mut self,
        account: AccountId,
        label: Say,
        wish: Wish,
    ) -> Result<Button, AppError> {
        let chat = Some(ChatId(account.0));
        let key = plant(self, chat, Some(account), Action::Joining(wish))?;
        Ok(Button { label, key })
    }

    async fn goes_on(&mut self, person: &Person, asked: FoundingAsked) -> Result<(), AppError> {
        self.ask(person, Asking::Founding(asked)).await
    }

    async fn tells_person(
        &mut self,
        person: &Person,
        say: Vec<Say>,
        buttons: Vec<Vec<Button>>,
    ) -> Result<(), AppError> {
        let lang = self.lang(person).await?;
        self.tells(ChatId(person.account.0), lang, Class::Answer, say, buttons)
    }

    /// What a new group is called in our messages: its sector, else its kind.
    pub(super) async fn called_whom(&mut self, whom: &Whom) -> Result<String, AppError> {
        match &whom.sector {
            Some(sector) => self.sector_name(sector).await,
            None => Ok(whom.kind.clone()),
        }
    }

    /// For whom a group is, by the name of a sector or a kind.
    pub(super) async fn whom_named(&mut self, name: &str) -> Result<Option<Whom>, AppError> {
        let kinds = self.policy().await?.kinds;
        let folded = vigie_domain::names::fold(name.trim());
        let kind = kinds.iter().find(|kind| kind.id == folded && !kind.local);
        let local = kinds.iter().find(|kind| kind.local);
        let sector = self.sector_named(name.trim()).await?;
        Ok(match (kind, sector, local) {
            (Some(kind), ..) => Some(Whom {
                kind: kind.id.clone(),
                sector: None,
            }),
            (None, Some(sector), Some(local)) => Some(Whom {
                kind: local.id.clone(),
                sector: Some(sector.id),
            }),
            _ => None,
        })
    }

    /// An answer in the dialogue.
    pub(in crate::app) async fn founding_said(
        &mut self,
        person: &Person,
        asked: FoundingAsked,
        text: &str,
    ) -> Result<(), AppError> {
        let text: String = text.trim().chars().take(LONGEST).collect();
        match asked {
            FoundingAsked::What => match self.whom_named(&text).await? {
                Some(whom) => self.asks_why_group(person, whom).await,
                None => self.tells_known(person).await,
            },
            FoundingAsked::Why(whom) if text.is_empty() => self.asks_why_group(person, whom).await,
            FoundingAsked::Why(whom) => {
                self.goes_on(person, FoundingAsked::Who(whom, text)).await?;
                let say = vec![Text::FoundingWho.into()];
                self.tells_person(person, say, vec![]).await
            }
            FoundingAsked::Who(whom, why) => match are_two(&text) {
                true => self.asks_sure(person, whom, why, text).await,
                false => {
                    self.goes_on(person, FoundingAsked::Who(whom, why)).await?;
                    let say = vec![Text::FoundingWhoTwo.into()];
                    self.tells_person(person, say, vec![]).await
                }
            },
            FoundingAsked::Sure(whom, why, who) => self.asks_sure(person, whom, why, who).await,
        }
    }

    async fn tells_known(&mut self, person: &Person) -> Result<(), AppError> {
        let mut known: Vec<String> = self.sector_names().await?;
        let kinds = self.policy().await?.kinds;
        known.extend(
            kinds
                .into_iter()
                .filter(|kind| !kind.local)
                .map(|kind| kind.id),
        );
        known.truncate(NAMED);
        let say = Say::new(Text::FoundingWhatKnown).with("known", Arg::Text(known.join(", ")));
        self.goes_on(person, FoundingAsked::What).await?;
        self.tells_person(person, vec![say], vec![]).await
    }

    async fn asks_why_group(&mut self, person: &Person, whom: Whom) -> Result<(), AppError> {
        let what = self.called_whom(&whom).await?;
        self.goes_on(person, FoundingAsked::Why(whom)).await?;
        let say = Say::new(Text::FoundingWhy).with("what", Arg::Name(what));
        self.tells_person(person, vec![say], vec![]).await
    }

    async fn asks_sure(
        &mut self,
        person: &Person,
        whom: Whom,
        why: String,
        who: String,
    ) -> Result<(), AppError> {
        let say = Say::new(Text::FoundingSure)
            .with("what", Arg::Name(self.called_whom(&whom).await?))
            .with("why", Arg::Text(why.clone()))
            .with("who", Arg::Text(who.clone()));
        let mut row = Vec::new();
        for (label, wish) in [
            (Text::FoundingSend, Wish::FoundSend),
            (Text::FoundingAgain, Wish::FoundAgain),
        ] {
            row.push(self.founding_button(person.account, label.into(), wish)?);
        }
        self.goes_on(person, FoundingAsked::Sure(whom, why, who))
            .await?;
        self.tells_person(person, vec![say], vec![row]).await
    }

    /// What is being asked about a new group, if that is what is being asked.
    async fn founding_dialogue(
        &mut self,
        account: AccountId,
    ) -> Result<Option<FoundingAsked>, AppError> {
        let open = self.dialogue(account).await?;
        Ok(open.and_then(|open| match open.what {
            Asking::Founding(asked) => Some(asked),
            _ => None,
        }))
    }

    /// A sector or a kind is chosen by a button.
    pub(super) async fn found_what_tap(
        &mut self,
        tap: &Tap,
        whom: Whom,
    ) -> Result<Answer, AppError> {
        match self.founding_dialogue(tap.from.account).await? {
            Some(FoundingAsked::What) => {
                self.asks_why_group(&tap.from, whom).await?;
                Ok(Answer::quiet())
            }
            // A press on an earlier question: the one that is open stands below.
            _ => Ok(Answer::refusal(Text::FoundingOver)),
        }
    }

    /// Everything is asked anew.
    pub(super) async fn found_again_tap(&mut self, tap: &Tap) -> Result<Answer, AppError> {
        self.asks_what_group(&tap.from).await?;
        Ok(Answer::quiet())
    }

    /// What was told is right: administrators are asked.
    pub(super) async fn found_send_tap(
        &mut self,
        tap: &Tap,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let asked = self.founding_dialogue(tap.from.account).await?;
        let Some(FoundingAsked::Sure(whom, why, who)) = asked else {
            return Ok(Answer::refusal(Text::FoundingOver));
        };
        self.end_dialogue(tap.from.account);
        let founding = Founding {
            kind: whom.kind,
            sector: whom.sector,
            why,
            keepers: who,
            by: tap.from.account,
            name: tap.from.first_name.clone(),
            lang,
            at: self.now(),
            approved: None,
            chat: None,
            done: false,
        };
        let place = ChatId(tap.from.account.0).into();
        let say = self.propose_group(&tap.from, place, &founding).await?;
        self.in_place(tap, vec![say.clone()], vec![], lang)?;
        Ok(Answer::toast(Text::JoiningThanks))
    }
}

/// Whether two people are named: one cannot look after a group alone.
fn are_two(text: &str) -> bool {
    let apart = |letter: char| matches!(letter, ',' | ';' | '&' | '+' | '/' | '\n');
    let and = text.replace(" et ", ",").replace(" and ", ",");
    let names = and.split(apart).filter(|name| !name.trim().is_empty());
    names.count() >= 2
}

#[cfg(test)]
mod tests {
    use super::are_two;

    #[test]
    fn one_person_is_not_two() {
        for two in [
            "Claire et Jules",
            "Claire Durand, Jules",
            "Claire\nJules",
            "Ann and Bob",
        ] {
            assert!(are_two(two), "{two}");
        }
        for one in [
            "Claire",
            "Claire Durand",
            "moi",
            " , Claire",
            "Hortense Andrieu",
            "",
        ] {
            assert!(!are_two(one), "{one}");
        }
    }
}
