//! `/astreinte`: who is on call, and the buttons by which people take turns.

use std::ops::ControlFlow;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::rota::week_after;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, CardId, ChatId, Lang, SectorId};

use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Tap};
use crate::app::outbox::{Button, Class, Message, Target, View};
use crate::app::rota::OnCall;
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Weeks shown, the present one among them.
const WEEKS: u64 = 5;

/// A press on a rota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RotaPress {
    /// "I take turns."
    Join,
    /// "I no longer do."
    Leave,
    /// "I take this week."
    Take(NaiveDate),
    /// "Who takes my week?"
    Offer(NaiveDate),
}

impl Tx<'_> {
    /// `/astreinte [secteur | tout]`: by default the sector of the group or of the person.
    pub(super) async fn rota_command(&mut self, command: &Command) -> Result<(), AppError> {
        if self
            .allowed(command, Act::ReadDetails, Object::Cooperative)
            .await?
            .is_none()
        {
            return Ok(());
        }
        let ControlFlow::Continue(sector) = self.sector_asked(command).await? else {
            return Ok(());
        };
        self.show_answer(command, View::Rota { sector }).await
    }

    /// Who is on call this week and the next ones.
    pub(crate) async fn rota_view(
        &mut self,
        sector: Option<&SectorId>,
    ) -> Result<Vec<Say>, AppError> {
        let on_call = self.rota(sector).await?;
        let scope = Arg::Said(Box::new(self.rota_name(sector).await?));
        let now = self.this_week();
        let Some(who) = on_call.rota.on_call(now) else {
            let mut say = vec![Say::new(Text::RotaNobody).with("scope", scope)];
            if sector.is_some()
                && let Some((_, who)) = self.on_call_for(sector).await?
            {
                say.push(Say::new(Text::RotaOfAllStandsIn).with("who", Arg::Text(who)));
            }
            return Ok(say);
        };
        let until = Arg::At(self.week_begins(week_after(now, 1)));
        let mut say = vec![
            Say::new(Text::RotaTitle).with("scope", scope),
            Say::new(Text::RotaNow)
                .with("who", Arg::Text(on_call.name(who)))
                .with("until", until),
        ];
        for count in 1..WEEKS {
            let week = week_after(now, count);
            if let Some(who) = on_call.rota.on_call(week) {
                let line = Say::new(Text::RotaLine)
                    .with("from", Arg::At(self.week_begins(week)))
                    .with("who", Arg::Text(on_call.name(who)));
                say.push(line);
            }
        }
        let people: Vec<String> = on_call
            .rota
            .people()
            .iter()
            .map(|who| on_call.name(*who))
            .collect();
        say.push(Say::new(Text::RotaPeople).with("names", Arg::Text(people.join(", "))));
        Ok(say)
    }

    /// The buttons of a rota: anybody may press them, rights are read at the press.
    pub(super) async fn rota_buttons(
        &mut self,
        chat: ChatId,
        sector: Option<&SectorId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let on_call = self.rota(sector).await?;
        let mut rows = vec![vec![
            (Text::RotaJoinButton.into(), RotaPress::Join),
            (Text::RotaLeaveButton.into(), RotaPress::Leave),
        ]];
        if on_call.rota.people().is_empty() {
            rows = vec![vec![(Text::RotaJoinButton.into(), RotaPress::Join)]];
        } else {
            let this = self.this_week();
            for count in 1..WEEKS {
                let week = week_after(this, count);
                let from = Arg::Day(week);
                let take = Say::new(Text::RotaTakeButton).with("from", from.clone());
                let offer = Say::new(Text::RotaOfferButton).with("from", from);
                rows.push(vec![
                    (take, RotaPress::Take(week)),
                    (offer, RotaPress::Offer(week)),
                ]);
            }
        }
        let mut planted = Vec::new();
        for row in rows {
            let mut buttons = Vec::new();
            for (label, press) in row {
                buttons.push(self.rota_button(chat, sector, label, press)?);
            }
            planted.push(buttons);
        }
        Ok(planted)
    }

    fn rota_button(
        &mut self,
        chat: ChatId,
        sector: Option<&SectorId>,
        label: Say,
        press: RotaPress,
    ) -> Result<Button, AppError> {
        let sector = sector.cloned();
        let key = plant(self, Some(chat), None, Action::Rota { sector, press })?;
        Ok(Button { label, key })
    }

    /// "I cannot", of somebody who was called.
    pub(crate) async fn passes_on(
        &mut self,
        chat: ChatId,
        card: CardId,
    ) -> Result<Answer, AppError> {
        Ok(Answer::toast(match self.cannot_go(chat, card).await? {
            true => Text::EscalationPassedOn,
            false => Text::EscalationTooLate,
        }))
    }

    /// A press on a rota.
    pub(crate) async fn rota_pressed(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        (sector, press): (Option<&SectorId>, RotaPress),
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::TakeTurns, Object::Sector(sector)) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let (who, now) = (tap.from.account, self.this_week());
        let mut on_call = self.rota(sector).await?;
        on_call.names.insert(who, tap.from.first_name.clone());
        let before = on_call.rota.on_call(now);
        let answer = match press {
            RotaPress::Join if before.is_none() && on_call.rota.join(who, now) => {
                Text::RotaJoinedFirst
            }
            RotaPress::Join if on_call.rota.join(who, now) => Text::RotaJoined,
            RotaPress::Join => return Ok(Answer::toast(Text::RotaJoinedAlready)),
            RotaPress::Leave if on_call.rota.leave(who, now) => Text::RotaLeft,
            RotaPress::Leave => return Ok(Answer::toast(Text::RotaNotIn)),
            RotaPress::Take(week) | RotaPress::Offer(week) if week < now => {
                return Ok(Answer::refusal(Text::RotaWeekOver));
            }
            RotaPress::Take(week) => {
                let Some(before) = on_call.rota.take(week, who, now) else {
                    return Ok(Answer::toast(Text::RotaWeekIsYours));
                };
                self.week_taken(&on_call, week, before, who).await?;
                Text::RotaTaken
            }
            RotaPress::Offer(week) => {
                if on_call.rota.on_call(week) != Some(who) {
                    return Ok(Answer::refusal(Text::RotaNotYourWeek));
                }
                return self.week_offered(&on_call, week, who).await;
            }
        };
        let object = format!("rota {}", sector.map_or("*", SectorId::as_str));
        let chat = tap.on.map_or(ChatId(who.0), |(chat, _)| chat);
        self.audit(
            &tap.from,
            chat.into(),
            "rota",
            &object,
            ("", &format!("{press:?}")),
        )
        .await?;
        if before.is_some() && on_call.rota.on_call(now) != before {
            self.tell_who_is_on_call(&on_call, before).await?;
        }
        self.keep_rota(on_call)?;
        if let Some((chat, message)) = tap.on {
            let sector = sector.cloned();
            self.show(chat, View::Rota { sector }, Target::Edit(message), lang)
                .await?;
        }
        Ok(Answer::toast(answer))
    }

    /// Everybody reads of a changed week, and so does whose week it was.
    async fn week_taken(
        &mut self,
        on_call: &OnCall,
        week: NaiveDate,
        before: Option<AccountId>,
        who: AccountId,
    ) -> Result<(), AppError> {
        let sector = on_call.sector.as_ref();
        let from = Arg::At(self.week_begins(week));
        let name = Arg::Text(on_call.name(who));
        let say = match before {
            Some(before) => Say::new(Text::RotaWeekTakenFrom)
                .with("before", Arg::Text(on_call.name(before)))
                .with("who", name)
                .with("from", from),
            None => Say::new(Text::RotaWeekTaken)
                .with("who", name)
                .with("from", from),
        };
        for group in self.groups_of_rota(sector).await? {
            let message = Message::of(say.clone());
            self.say_at(group.place(), Class::Service, message)?;
        }
        match before {
            Some(before) => self.tell_person(before, vec![say]).await,
            None => Ok(()),
        }
    }

    /// Asks in the groups who takes a week.
    async fn week_offered(
        &mut self,
        on_call: &OnCall,
        week: NaiveDate,
        who: AccountId,
    ) -> Result<Answer, AppError> {
        let sector = on_call.sector.as_ref();
        let from = Arg::At(self.week_begins(week));
        let say = Say::new(Text::RotaWeekOffered)
            .with("who", Arg::Text(on_call.name(who)))
            .with("from", from);
        let groups = self.groups_of_rota(sector).await?;
        if groups.is_empty() {
            return Ok(Answer::refusal(Text::RotaNoGroup));
        }
        for group in groups {
            let mut message = Message::of(say.clone());
            let label = Text::RotaTakeThisButton.into();
            let take = RotaPress::Take(week);
            message.buttons = vec![vec![self.rota_button(group.chat, sector, label, take)?]];
            self.say_at(group.place(), Class::Service, message)?;
        }
        Ok(Answer::toast(Text::RotaOffered))
    }
}
