//! Presses on buttons: every press gets an answer, and rights are read again at the press.

use chrono::TimeDelta;
use vigie_domain::alert::Taken;
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{CardId, ChatId, Lang, MessageId};

use super::alerts::{Silence, Subject};
use super::buttons::{Action, Planted};
use super::cards::{Card, Cause};
use super::error::AppError;
use super::event::Tap;
use super::keys;
use super::outbox::{Class, Doubt, Outgoing, Row, Target, View};
use super::tx::Tx;

/// How long "Silence 1 h" lasts.
const SILENCE: TimeDelta = TimeDelta::hours(1);
/// Causes that one press silences; a card with more is a storm, which needs people, not silence.
const MOST_SILENCED: usize = 40;
/// Longest key that is looked up.
const LONGEST_KEY: usize = 24;

/// What a press is answered.
pub(crate) struct Answer {
    say: Option<Say>,
    alert: bool,
}

impl Answer {
    pub(crate) const fn quiet() -> Self {
        Self {
            say: None,
            alert: false,
        }
    }

    pub(crate) fn toast(say: impl Into<Say>) -> Self {
        Self {
            say: Some(say.into()),
            alert: false,
        }
    }

    pub(crate) fn refusal(say: impl Into<Say>) -> Self {
        Self {
            say: Some(say.into()),
            alert: true,
        }
    }
}

impl Tx<'_> {
    /// A press.
    pub(crate) async fn tapped(&mut self, tap: &Tap) -> Result<(), AppError> {
        let lang = self.lang(&tap.from).await?;
        let answer = self.press(tap, lang).await?;
        let chat = tap.on.map_or(ChatId(tap.from.account.0), |(chat, _)| chat);
        let row = Row::new(
            chat.into(),
            Outgoing::AnswerTap {
                query: tap.query.clone(),
                say: answer.say,
                lang,
                alert: answer.alert,
            },
            Class::Answer,
            self.now(),
            Doubt::SendAgain,
        );
        self.append(keys::outbox_messages(), &self.fresh(row))
    }

    async fn press(&mut self, tap: &Tap, lang: Lang) -> Result<Answer, AppError> {
        let known: Option<Planted> = match tap.key.len() {
            1..=LONGEST_KEY => self.get(&keys::button(&tap.key)).await?,
            _ => None,
        };
        let Some(planted) = known.filter(|planted| planted.expires_at > self.now()) else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let chat = tap.on.map(|(chat, _)| chat);
        let elsewhere = planted.chat.is_some() && chat.is_some() && planted.chat != chat;
        let copy =
            planted.message.is_some() && tap.on.map(|(_, message)| message) != planted.message;
        if elsewhere || copy {
            return Ok(Answer::refusal(Text::TapUnknown));
        }
        if planted
            .account
            .is_some_and(|account| account != tap.from.account)
        {
            return Ok(Answer::refusal(Text::TapNotYours));
        }
        let actor = self.actor(&tap.from).await?;
        match planted.action {
            Action::Take { chat, card } => self.take(tap, &actor, chat, card).await,
            Action::Silence { chat, card } => self.silence_card(tap, &actor, chat, card).await,
            Action::Details { chat, card } => self.details(tap, &actor, chat, card, lang).await,
            Action::Show(view) => self.turn_page(tap, view, lang).await,
            Action::Set { equipment, change } => {
                self.set_by_button(tap, &actor, &equipment, &change, lang)
                    .await
            }
            Action::Rota { sector, press } => {
                return self
                    .rota_pressed(tap, &actor, sector.as_ref(), press, lang)
                    .await;
            }
            Action::CannotGo(root) => {
                let passed_on = self.cannot_go(&root).await?;
                return Ok(Answer::toast(match passed_on {
                    true => Text::EscalationPassedOn,
                    false => Text::EscalationTooLate,
                }));
            }
            Action::Bind { chat, kind, sector } => {
                self.bind_by_button(tap, &actor, chat, &kind, sector).await
            }
            Action::EndSilence(subject) => {
                self.end_silence_by_button(tap, &actor, &subject, lang)
                    .await
            }
            Action::CallOff(id) => self.call_off_by_button(tap, &actor, id, lang).await,
        }
    }

    /// The card of a button, if it is on this message and something on it lasts.
    async fn pressed_card(
        &mut self,
        on: Option<(ChatId, MessageId)>,
        chat: ChatId,
        card: CardId,
    ) -> Result<Result<Card, Answer>, AppError> {
        let card: Option<Card> = self.get(&keys::card(chat, card)).await?;
        let Some(card) = card else {
            return Ok(Err(Answer::refusal(Text::TapUnknown)));
        };
        let moved = match (card.message, on) {
            (Some((_, message)), Some((_, pressed))) => message != pressed,
            _ => false,
        };
        Ok(match (moved, card.live) {
            (true, _) => Err(Answer::refusal(Text::TapUnknown)),
            (false, 0) => Err(Answer::toast(Text::CardOverAlready)),
            _ => Ok(card),
        })
    }

    /// Whether somebody may do this to every cause that lasts on a card; the first refusal tells.
    async fn allowed_on(
        &mut self,
        actor: &Actor,
        act: Act,
        live: &[Cause],
    ) -> Result<Option<Answer>, AppError> {
        for cause in live {
            let sector = self
                .sheet(&cause.root)
                .await?
                .and_then(|sheet| sheet.sector);
            if let Err(denied) = authz(actor, act, Object::Equipment(sector.as_ref())) {
                return Ok(Some(Answer::refusal(denied.say())));
            }
        }
        Ok(None)
    }

    async fn live_causes(&mut self, card: &Card) -> Result<Vec<Cause>, AppError> {
        let causes = self
            .all::<Cause>(&keys::causes(card.place.chat, card.id))
            .await?;
        Ok(causes
            .into_iter()
            .map(|(_, cause)| cause)
            .filter(|cause| cause.end.is_none())
            .collect())
    }

    async fn take(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        id: CardId,
    ) -> Result<Answer, AppError> {
        let mut card = match self.pressed_card(tap.on, chat, id).await? {
            Ok(card) => card,
            Err(answer) => return Ok(answer),
        };
        let live = self.live_causes(&card).await?;
        if let Some(refusal) = self.allowed_on(actor, Act::TakeOutage, &live).await? {
            return Ok(refusal);
        }
        let all_taken = live.iter().all(|cause| card.taken_by(cause).is_some());
        if let (true, Some(taken)) = (all_taken, &card.taken) {
            return Ok(Answer::toast(
                Say::new(Text::CardTakenAlready)
                    .with("person", Arg::Text(taken.name.clone()))
                    .with("at", Arg::At(taken.at)),
            ));
        }
        let by = tap.from.account;
        let taken = Taken {
            by,
            name: tap.from.first_name.clone(),
            at: self.now(),
        };
        let object = format!("card {chat}/{id}");
        self.audit(
            &tap.from,
            chat.into(),
            "take-outage",
            &object,
            ("", "taken"),
        )
        .await?;
        card.taken = Some(taken);
        self.put(keys::card(chat, id), &card)?;
        self.card_changed(chat, id, Class::Answer).await?;
        Ok(Answer::toast(Text::CardTakenNow))
    }

    async fn silence_card(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        id: CardId,
    ) -> Result<Answer, AppError> {
        let card = match self.pressed_card(tap.on, chat, id).await? {
            Ok(card) => card,
            Err(answer) => return Ok(answer),
        };
        let live = self.live_causes(&card).await?;
        if let Some(refusal) = self.allowed_on(actor, Act::SilenceOutage, &live).await? {
            return Ok(refusal);
        }
        let until = self.now() + SILENCE;
        for cause in live.iter().take(MOST_SILENCED) {
            let silence = Silence {
                until,
                by: tap.from.account,
                name: tap.from.first_name.clone(),
            };
            let subject = Subject::Equipment(cause.root.clone());
            self.silence(&subject, silence).await?;
        }
        let object = format!("card {chat}/{id}");
        let after = until.to_rfc3339();
        self.audit(
            &tap.from,
            chat.into(),
            "silence-outage",
            &object,
            ("", &after),
        )
        .await?;
        self.card_changed(chat, id, Class::Answer).await?;
        Ok(Answer::toast(
            Say::new(Text::CardSilencedNow).with("until", Arg::At(until)),
        ))
    }

    async fn details(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        id: CardId,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::ReadDetails, Object::Cooperative) {
            return Ok(Answer::refusal(denied.say()));
        }
        let Some((_, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let opener = Some(tap.from.account);
        let view = View::CardDetails {
            card: id,
            chat,
            page: 0,
            opener,
        };
        self.show(chat, view, Target::ReplyTo(message), lang)
            .await?;
        Ok(Answer::quiet())
    }

    async fn turn_page(&mut self, tap: &Tap, view: View, lang: Lang) -> Result<Answer, AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        self.show(chat, view, Target::Edit(message), lang).await?;
        Ok(Answer::quiet())
    }
}
