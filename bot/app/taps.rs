//! Presses on buttons: every press gets an answer, and rights are read again at the press.

use chrono::TimeDelta;
use vigie_domain::alert::Taken;
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{CardId, ChatId, Lang, MessageId};

use super::alerts::{Silence, Subject};
use super::buttons::{self, Action, OfCard, OfTicket, Planted};
use super::cards::{Card, Cause};
use super::error::AppError;
use super::event::Tap;
use super::keys;
use super::outbox::{Class, Doubt, Outgoing, Row, Target, View};
use super::reminders::OfReminder;
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

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of button")]
    async fn press(&mut self, tap: &Tap, lang: Lang) -> Result<Answer, AppError> {
        let (key, letter) = buttons::apart(&tap.key);
        let known: Option<Planted> = match key.len() {
            1..=LONGEST_KEY => self.get(&keys::button(key)).await?,
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
        let (chat, card, button) = match planted.action {
            Action::Card { chat, card } => match letter.and_then(OfCard::of) {
                Some(button) => (chat, card, button),
                None => return Ok(Answer::refusal(Text::TapUnknown)),
            },
            Action::Reminder(id) => {
                let Some(button) = letter.and_then(OfReminder::of_letter) else {
                    return Ok(Answer::refusal(Text::TapUnknown));
                };
                return self.reminder_pressed(tap, &actor, (id, button), lang).await;
            }
            Action::Ticket(number) => match letter.and_then(OfTicket::of) {
                Some(button) => return self.ticket_tap(tap, &actor, (number, button)).await,
                None => return Ok(Answer::refusal(Text::TapUnknown)),
            },
            // No other button has a letter after its key: somebody made this one up.
            _ if letter.is_some() => return Ok(Answer::refusal(Text::TapUnknown)),
            Action::TicketsOfOutage { outage } => {
                return self.resolve_all(tap, &actor, &outage).await;
            }
            Action::Phone(wish) => return self.phone_tap(tap, wish).await,
            Action::Tickets(wish) => return self.tickets_tap(tap, &actor, wish).await,
            Action::Take { chat, card } => (chat, card, OfCard::Take),
            Action::Silence { chat, card } => (chat, card, OfCard::Silence),
            Action::Details { chat, card } => (chat, card, OfCard::Details),
            Action::Show(view) => return self.turn_page(tap, &actor, view, lang).await,
            Action::Open(view) => return self.open_view(tap, &actor, view, lang).await,
            Action::Export { of, form } => {
                return self.export_history(tap, &actor, of, form, lang).await;
            }
            Action::Verify { number } => {
                return self.verify_import(tap, &actor, number, lang).await;
            }
            Action::Set { equipment, change } => {
                return self
                    .set_by_button(tap, &actor, &equipment, &change, lang)
                    .await;
            }
            Action::Rota { sector, press } => {
                let of = (sector.as_ref(), press);
                return self.rota_pressed(tap, &actor, of, lang).await;
            }
            Action::CannotGo { chat, card } => return self.passes_on(chat, card).await,
            Action::Bind { chat, kind, sector } => {
                return self.bind_by_button(tap, &actor, chat, &kind, sector).await;
            }
            Action::EndSilence(subject) => {
                return self
                    .end_silence_by_button(tap, &actor, &subject, lang)
                    .await;
            }
            Action::Me(wish) => return self.me_tap(tap, wish).await,
            Action::Linking(wish) => return self.linking_tap(tap, wish).await,
            Action::RemindWish(wish) => return self.reminder_wish(tap, &actor, wish, lang).await,
            Action::Todo(wish) => return self.todo_pressed(tap, &actor, wish, lang).await,
            Action::Joining(wish) => return self.joining_tap(tap, &actor, wish, lang).await,
            Action::Declaring(wish) => return self.declaring_tap(tap, wish).await,
            Action::Incident(wish) => return self.incident_tap(tap, wish).await,
            Action::TestSource(source) => {
                return self.try_by_button(tap, &actor, &source, lang).await;
            }
            Action::CallOff(id) => return self.call_off_by_button(tap, &actor, id, lang).await,
            Action::Member { member, act } => {
                return self.member_act(tap, &actor, (&member, &act), lang).await;
            }
            Action::Second { proposal, agrees } => {
                let which = (proposal, agrees);
                return self.second_by_button(tap, &actor, which, lang).await;
            }
            Action::Withdraw { proposal } => return self.withdraws(tap, proposal, lang).await,
        };
        if let Some(answer) = self.on_a_copy(tap, chat, card).await? {
            return Ok(answer);
        }
        match button {
            OfCard::Take => self.take(tap, &actor, chat, card).await,
            OfCard::Silence => self.silence_card(tap, &actor, chat, card).await,
            OfCard::Details => self.details(tap, &actor, chat, card, lang).await,
        }
    }

    /// A press tells the number of a first message that was sent when nobody could note it. Where
    /// the card has no message yet that one becomes its message; else it is brought up to date a
    /// last time, and says where the card is.
    async fn on_a_copy(
        &mut self,
        tap: &Tap,
        chat: ChatId,
        id: CardId,
    ) -> Result<Option<Answer>, AppError> {
        // Whoever is called for an outage presses in private: that is no copy of the card.
        let Some((_, pressed)) = tap.on.filter(|(at, _)| *at == chat) else {
            return Ok(None);
        };
        let key = keys::card(chat, id);
        let known: Option<Card> = self.get(&key).await?;
        // As many messages as were lost, not one more: a made-up press changes no other message.
        let Some(mut card) = known.filter(|card| card.orphans > 0) else {
            return Ok(None);
        };
        let address = self.app().address(chat).await?;
        let answer = match card.message {
            None => {
                card.message = Some((address, pressed));
                card.looks = None;
                self.card_changed(chat, id, Class::Alert).await?;
                None
            }
            Some((number, message)) if number == address && message != pressed => {
                let below = message > pressed;
                let view = View::CardCopy {
                    card: id,
                    chat,
                    below,
                };
                let lang = self.app().lang_of(chat).await?;
                self.show(chat, view, Target::Edit(pressed), lang).await?;
                Some(Answer::refusal(Text::TapCopy))
            }
            Some(_) => return Ok(None),
        };
        card.orphans -= 1;
        self.put(key, &card)?;
        Ok(answer)
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
            // In another conversation it is a call to somebody, not the card.
            (Some((_, message)), Some((at, pressed))) if at == chat => message != pressed,
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
                return Ok(Some(Answer::refusal(self.refusal(&denied).await?)));
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
        let first = live.first().and_then(|cause| card.taken_by(cause));
        if let (true, Some(taken)) = (all_taken, first) {
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
        self.history_taken(&live, &taken).await?;
        card.taken = Some(taken.clone());
        self.put(keys::card(chat, id), &card)?;
        self.card_changed(chat, id, Class::Answer).await?;
        self.taken_elsewhere(chat, &live, &taken).await?;
        Ok(Answer::toast(Text::CardTakenNow))
    }

    /// Other groups that see the same outages read who has taken them.
    async fn taken_elsewhere(
        &mut self,
        here: ChatId,
        live: &[Cause],
        taken: &Taken,
    ) -> Result<(), AppError> {
        for cause in live {
            for (chat, carrier) in self.chats_showing(&cause.root).await? {
                if self.size() > MOST_SILENCED {
                    return Ok(());
                }
                let key = keys::cause(chat, carrier.0, &cause.root);
                let Some(mut known) = self.get::<Cause>(&key).await?.filter(|_| chat != here)
                else {
                    continue;
                };
                known.taken = Some(taken.clone());
                self.put(key, &known)?;
                self.card_changed(chat, carrier.0, Class::Alert).await?;
            }
        }
        Ok(())
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
            return Ok(Answer::refusal(self.refusal(&denied).await?));
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

    /// Shows something in a new message, below the one with the button.
    async fn open_view(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        view: View,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if let Err(denied) = authz(actor, to_read(&view), Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        if let View::Member { id, .. } = &view {
            self.read_member(&tap.from, chat, id).await?;
        }
        self.show(chat, view, Target::ReplyTo(message), lang)
            .await?;
        Ok(Answer::quiet())
    }

    async fn turn_page(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        view: View,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        let Some((chat, message)) = tap.on else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        if let Err(denied) = authz(actor, to_read(&view), Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        self.show(chat, view, Target::Edit(message), lang).await?;
        Ok(Answer::quiet())
    }
}

/// What somebody must be allowed to do who reads this.
const fn to_read(view: &View) -> Act {
    match view {
        View::History { .. } | View::Month { .. } => Act::ReadHistory,
        View::Status { .. } | View::Map { .. } => Act::ReadStatus,
        View::Equipment { .. } | View::Import { .. } => Act::ReadEquipment,
        View::CardDetails { .. }
        | View::CardCopy { .. }
        | View::Plans { .. }
        | View::Rota { .. } => Act::ReadDetails,
        View::Reminders { .. } | View::Reminder { .. } => Act::KeepReminders,
        View::Todos { .. } | View::Todo { .. } => Act::ReadTodos,
        View::TodoWho { .. } => Act::WriteTodos,
        View::Sectors { .. } => Act::BindGroup,
        View::Sources { .. } => Act::ReadSources,
        View::Member { .. } => Act::ReadMembers,
        View::Audit { .. } => Act::ReadAudit,
        // Which requests are listed is decided for each group, when the list is read.
        // So are tickets, for the sector of each.
        View::Requests { .. }
        | View::Ticket { .. }
        | View::Tickets { .. }
        | View::OwnTicket { .. }
        | View::MyTickets { .. }
        | View::Call { .. }
        | View::TicketWeek { .. }
        | View::Words(_) => Act::ReadHelp,
    }
}
