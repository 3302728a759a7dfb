//! Presses on buttons about joining.

use vigie_domain::Lang;
use vigie_domain::authz::Actor;

use super::Wish;
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::taps::Answer;
use crate::app::tx::Tx;

impl Tx<'_> {
    /// A press on a button about joining.
    pub(in crate::app) async fn joining_tap(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        wish: Wish,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        match wish {
            Wish::Word(chat, account, word) => {
                self.word(tap, actor, (chat, account, word), lang).await
            }
            Wish::TakeBack(chat, account) => self.take_back(tap, (chat, account), lang).await,
            Wish::Requests => self.requests_tap(tap, actor, lang).await,
            Wish::Decide(chat, account, admit) => {
                self.decide_request(tap, actor, (chat, account, admit), lang)
                    .await
            }
            Wish::RefuseWave(chat) => self.offer_wave(tap, actor, chat, lang).await,
            Wish::RefuseWaveNow(chat) => self.start_wave(tap, actor, chat, lang).await,
            Wish::Join(chat) => self.join_tap(tap, chat, lang).await,
            Wish::Invite(chat) => self.invite_tap(tap, actor, chat, lang).await,
            Wish::Second(id, agrees) => {
                let answer = self.seconds(tap, actor, id, agrees).await?;
                self.requests_again(tap, lang).await.map(|()| answer)
            }
            Wish::Withdraw(id) => {
                let answer = self.withdraws(tap, id, lang).await?;
                self.requests_again(tap, lang).await.map(|()| answer)
            }
            Wish::Appeal => self.appeal_tap(tap, lang).await,
            Wish::Readmit(account) => self.readmit_tap(tap, actor, account, lang).await,
            Wish::FoundWhat(whom) => self.found_what_tap(tap, whom).await,
            Wish::FoundSend => self.found_send_tap(tap, lang).await,
            Wish::FoundAgain => self.found_again_tap(tap).await,
            Wish::FoundWhere(token) => self.found_where_tap(tap, &token, lang).await,
            Wish::Found(token, approve) => {
                self.found_tap(tap, actor, (&token, approve), lang).await
            }
        }
    }
}
