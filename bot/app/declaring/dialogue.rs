//! The conversation of a declaration: the answer first, then what is still to be known.

use chrono::{NaiveDateTime, TimeDelta};
use vigie_domain::declaring::{self, Since, Trouble};
use vigie_domain::names::fold;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, TicketId};

use super::answer::Known;
use super::records::{MyLink, declaration};
use super::steps::{Asked, MOST_FILES, Question};
use super::{Ago, Wish};
use crate::app::dialogue::Asking;
use crate::app::error::AppError;
use crate::app::event::{Attachment, Person, Said};
use crate::app::outbox::Button;
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Links that are offered as buttons.
const MOST_LINKS: usize = 8;
/// Messages of one declaration that are kept.
const MOST_WORDS: usize = 20;
/// Longest of them, in characters.
const LONGEST: usize = 4_000;
/// Longest name of a place.
const PLACE: usize = 80;
/// Accounts of one home that are told.
const MOST_ACCOUNTS: usize = 6;

impl Tx<'_> {
    /// A declaration begins, with what was said already.
    pub(super) async fn begin_declaring(
        &mut self,
        person: &Person,
        said: Said,
        words: &str,
        trouble: Option<Trouble>,
    ) -> Result<(), AppError> {
        let mut asked = Asked::default();
        asked.draft.message = Some((said.place.chat, said.message));
        asked.draft.trouble = trouble.or(declaring::hear(words).map(|heard| heard.trouble));
        if asked.draft.trouble.is_some() {
            asked.is_done(Question::What);
        }
        self.hear_since(&mut asked, words);
        keep_words(&mut asked, words);
        let mut links = self.own_links(person.account).await?;
        if links.len() > 1 {
            return self
                .put_question(person, Some(said), asked, Vec::new())
                .await;
        }
        match links.pop() {
            Some(link) => self.choose_link(person, Some(said), asked, link).await,
            None => self.choose_nothing(person, said, asked).await,
        }
    }

    fn hear_since(&self, asked: &mut Asked, words: &str) {
        if let Some(since) = declaring::since(words, self.local_now()) {
            asked.draft.since = Some(since);
            asked.is_done(Question::Since);
        }
    }

    fn local_now(&self) -> NaiveDateTime {
        self.now()
            .with_timezone(&self.settings().zone)
            .naive_local()
    }

    async fn choose_nothing(
        &mut self,
        person: &Person,
        said: Said,
        mut asked: Asked,
    ) -> Result<(), AppError> {
        let lead = self.known_without_link(person.account).await?;
        if self.member_of(person.account).await?.is_some() {
            asked.is_done(Question::Where);
        }
        self.put_question(person, Some(said), asked, lead).await
    }

    /// It is known which link is meant: what is known of it is the answer.
    async fn choose_link(
        &mut self,
        person: &Person,
        said: Option<Said>,
        mut asked: Asked,
        link: MyLink,
    ) -> Result<(), AppError> {
        asked.is_done(Question::Where);
        asked.draft.link = Some(link.clone());
        let Some(base) = self.base_of(&link).await? else {
            let lead = self.known_without_link(person.account).await?;
            return self.put_question(person, said, asked, lead).await;
        };
        asked.draft.base = Some(base.clone());
        let trouble = asked.draft.trouble.unwrap_or(Trouble::Gone);
        let known = self.known_behind(&base).await?;
        let explained = self.is_explained(&base, trouble).await?;
        asked.draft.noted |= self.declaration(&link).await?.is_none();
        self.note_for(person, &asked, explained).await?;
        match known {
            Known::Open(lead) => self.put_question(person, said, asked, lead).await,
            Known::Explained(say) => {
                self.end_dialogue(person.account);
                let account = person.account;
                let tell = Wish::TellMe(link.clone());
                let tell = self.declaring_button(account, Text::DeclaringButtonTellMe, tell)?;
                let other = Wish::Other(link);
                let other = self.declaring_button(account, Text::DeclaringButtonOther, other)?;
                let buttons = vec![vec![tell], vec![other]];
                self.tell_declarer(person, said, (say, buttons)).await
            }
        }
    }

    /// Notes the declaration of the link that was chosen.
    async fn note_for(
        &mut self,
        person: &Person,
        asked: &Asked,
        explained: bool,
    ) -> Result<(), AppError> {
        let (Some(link), Some(base)) = (&asked.draft.link, &asked.draft.base) else {
            return Ok(());
        };
        let trouble = asked.draft.trouble.unwrap_or(Trouble::Gone);
        let mut noted = self.fresh_declaration(link, base, trouble).await?;
        let lang = self.lang(person).await?;
        let known = noted.accounts.iter().any(|(one, _)| *one == person.account);
        if !known && noted.accounts.len() < MOST_ACCOUNTS {
            noted.accounts.push((person.account, lang));
        }
        // Said twice is said once; said again much later it is another outage.
        let again = !noted.way.is_empty() && self.now() - noted.at < self.declaring_window();
        if !again && !noted.way.is_empty() {
            self.forget_time(&noted).await?;
            noted.at = self.now();
            noted.ticket = None;
        }
        self.note_declaration(noted, explained || again).await
    }

    /// Asks what is to be known next, or opens the ticket where nothing is.
    async fn put_question(
        &mut self,
        person: &Person,
        said: Option<Said>,
        asked: Asked,
        mut lead: Vec<Say>,
    ) -> Result<(), AppError> {
        let Some(question) = asked.next() else {
            return self.finish_declaring(person, said, asked, lead).await;
        };
        let account = person.account;
        let links = match question {
            Question::Where => self.own_links(account).await?,
            _ => Vec::new(),
        };
        lead.push(Say::new(match question {
            Question::Where if links.is_empty() => Text::DeclaringAskPlace,
            Question::Where => Text::DeclaringAskLink,
            Question::What => Text::DeclaringAskWhat,
            Question::Since => Text::DeclaringAskSince,
            Question::More => Text::DeclaringAskMore,
        }));
        let mut buttons: Vec<Vec<Button>> = Vec::new();
        for link in links.into_iter().take(MOST_LINKS) {
            let name = Arg::Text(link.name.clone());
            let label = Say::new(Text::DeclaringButtonLink).with("link", name);
            buttons.push(vec![self.declaring_button(
                account,
                label,
                Wish::Link(link),
            )?]);
        }
        let offered: &[(Text, Wish)] = &match question {
            Question::What => vec![
                (Text::DeclaringButtonGone, Wish::Trouble(Trouble::Gone)),
                (Text::DeclaringButtonSlow, Wish::Trouble(Trouble::Slow)),
                (Text::DeclaringButtonCuts, Wish::Trouble(Trouble::Cuts)),
            ],
            Question::Since => vec![
                (Text::DeclaringButtonNow, Wish::Since(Ago::Now)),
                (Text::DeclaringButtonToday, Wish::Since(Ago::Today)),
                (Text::DeclaringButtonYesterday, Wish::Since(Ago::Yesterday)),
            ],
            Question::Where | Question::More => Vec::new(),
        };
        let mut row = Vec::new();
        for (label, wish) in offered {
            row.push(self.declaring_button(account, *label, wish.clone())?);
        }
        buttons.push(row);
        let label = match question {
            Question::More => Text::DeclaringButtonSend,
            _ => Text::DeclaringButtonSkip,
        };
        buttons.push(vec![self.declaring_button(
            account,
            label,
            Wish::Skip(question),
        )?]);
        buttons.retain(|row| !row.is_empty());
        self.ask(person, Asking::Declaring(Box::new(asked))).await?;
        self.tell_declarer(person, said, (lead, buttons)).await
    }

    async fn finish_declaring(
        &mut self,
        person: &Person,
        said: Option<Said>,
        asked: Asked,
        mut lead: Vec<Say>,
    ) -> Result<(), AppError> {
        self.end_dialogue(person.account);
        let number = self.ticket_of_declaration(person, &asked).await?;
        lead.push(noted(number));
        self.tell_declarer(person, said, (lead, Vec::new())).await
    }

    /// A text in the dialogue.
    pub(crate) async fn declaring_said(
        &mut self,
        person: &Person,
        said: Said,
        mut asked: Asked,
        text: &str,
    ) -> Result<(), AppError> {
        let Some(question) = asked.next() else {
            return self
                .put_question(person, Some(said), asked, Vec::new())
                .await;
        };
        if let (Some(link), true) = (asked.draft.link.clone(), declaring::is_back(text)) {
            self.end_dialogue(person.account);
            let answer = self.back_said(person, &link, true).await?;
            drop(answer);
            return Ok(());
        }
        if leaves_out(text) {
            asked.is_done(question);
            return self
                .put_question(person, Some(said), asked, Vec::new())
                .await;
        }
        match question {
            Question::Where => return self.place_said(person, said, asked, text).await,
            Question::What => {
                asked.draft.trouble = declaring::hear(text).map(|heard| heard.trouble);
                self.hear_since(&mut asked, text);
            }
            Question::Since => self.hear_since(&mut asked, text),
            Question::More => {}
        }
        keep_words(&mut asked, text);
        asked.is_done(question);
        self.put_question(person, Some(said), asked, Vec::new())
            .await
    }

    async fn place_said(
        &mut self,
        person: &Person,
        said: Said,
        mut asked: Asked,
        text: &str,
    ) -> Result<(), AppError> {
        let links = self.own_links(person.account).await?;
        let meant = fold(text);
        let found = links.iter().find(|link| {
            let name = fold(&link.name);
            name == meant || (!meant.is_empty() && name.contains(&meant))
        });
        if let Some(link) = found.cloned() {
            return self.choose_link(person, Some(said), asked, link).await;
        }
        keep_words(&mut asked, text);
        if links.is_empty() {
            asked.draft.place = Some(text.chars().take(PLACE).collect());
            asked.is_done(Question::Where);
        }
        self.put_question(person, Some(said), asked, Vec::new())
            .await
    }

    /// A file in the dialogue: it is kept, and the question stays.
    pub(crate) async fn declaring_file(
        &mut self,
        person: &Person,
        said: Said,
        mut asked: Asked,
        (file, caption): (&Attachment, &str),
    ) -> Result<(), AppError> {
        let last = asked.draft.files.last();
        let same_album = file.album.is_some() && last.is_some_and(|last| last.album == file.album);
        keep_words(&mut asked, caption);
        if asked.draft.files.len() < MOST_FILES {
            asked.draft.files.push(file.clone());
        }
        if same_album {
            // One album is acknowledged once.
            return self.ask(person, Asking::Declaring(Box::new(asked))).await;
        }
        let lead = vec![Say::new(Text::DeclaringFileKept)];
        self.put_question(person, Some(said), asked, lead).await
    }

    /// The dialogue in which a button of it was pressed; `None`: it is over.
    async fn asked_now(&mut self, account: AccountId) -> Result<Option<Asked>, AppError> {
        Ok(match self.dialogue(account).await? {
            Some(open) => match open.what {
                Asking::Declaring(asked) => Some(*asked),
                _ => None,
            },
            None => None,
        })
    }

    pub(super) async fn link_chosen(
        &mut self,
        person: &Person,
        link: MyLink,
    ) -> Result<Answer, AppError> {
        let Some(asked) = self.asked_now(person.account).await? else {
            return Ok(Answer::refusal(Text::DeclaringOver));
        };
        if !self.speaks_for(person.account, &link.member).await? || asked.draft.link.is_some() {
            return Ok(Answer::refusal(Text::TapUnknown));
        }
        self.choose_link(person, None, asked, link).await?;
        Ok(Answer::quiet())
    }

    pub(super) async fn trouble_chosen(
        &mut self,
        person: &Person,
        trouble: Trouble,
    ) -> Result<Answer, AppError> {
        let Some(mut asked) = self.asked_now(person.account).await? else {
            return Ok(Answer::refusal(Text::DeclaringOver));
        };
        if asked.done.contains(&Question::What) {
            return Ok(Answer::toast(Text::DeclaringAnswered));
        }
        asked.draft.trouble = Some(trouble);
        asked.is_done(Question::What);
        if let Some(link) = &asked.draft.link
            && let Some(mut known) = self.declaration(link).await?
        {
            known.trouble = trouble;
            self.put(declaration(link), &known)?;
        }
        self.put_question(person, None, asked, Vec::new()).await?;
        Ok(Answer::quiet())
    }

    pub(super) async fn since_chosen(
        &mut self,
        person: &Person,
        ago: Ago,
    ) -> Result<Answer, AppError> {
        let Some(mut asked) = self.asked_now(person.account).await? else {
            return Ok(Answer::refusal(Text::DeclaringOver));
        };
        if asked.done.contains(&Question::Since) {
            return Ok(Answer::toast(Text::DeclaringAnswered));
        }
        let now = self.local_now();
        asked.draft.since = Some(match ago {
            Ago::Now => Since::At(now),
            Ago::Today => Since::Day(now.date()),
            Ago::Yesterday => Since::Day((now - TimeDelta::days(1)).date()),
        });
        asked.is_done(Question::Since);
        self.put_question(person, None, asked, Vec::new()).await?;
        Ok(Answer::quiet())
    }

    pub(super) async fn skipped(
        &mut self,
        person: &Person,
        question: Question,
    ) -> Result<Answer, AppError> {
        let Some(mut asked) = self.asked_now(person.account).await? else {
            return Ok(Answer::refusal(Text::DeclaringOver));
        };
        if asked.next() != Some(question) {
            return Ok(Answer::toast(Text::DeclaringAnswered));
        }
        asked.is_done(question);
        self.put_question(person, None, asked, Vec::new()).await?;
        Ok(Answer::quiet())
    }

    /// The outage that is known is not what somebody means: the questions follow.
    pub(super) async fn another_trouble(
        &mut self,
        person: &Person,
        link: MyLink,
    ) -> Result<Answer, AppError> {
        if !self.speaks_for(person.account, &link.member).await? {
            return Ok(Answer::refusal(Text::TapUnknown));
        }
        let mut asked = Asked::default();
        asked.is_done(Question::Where);
        asked.draft.base = self.base_of(&link).await?;
        asked.draft.link = Some(link);
        let lead = self.self_help();
        self.put_question(person, None, asked, lead).await?;
        Ok(Answer::quiet())
    }

    /// The dialogue is dropped by its author: what it noted goes with it.
    pub(crate) async fn declaring_dropped(&mut self, asked: &Asked) -> Result<(), AppError> {
        let Some(link) = asked.draft.link.as_ref().filter(|_| asked.draft.noted) else {
            return Ok(());
        };
        match self.declaration(link).await? {
            Some(known) => self.withdraw(&known).await,
            None => Ok(()),
        }
    }

    /// The dialogue ended by itself: what was said becomes a ticket all the same.
    pub(crate) async fn declaring_ran_out(
        &mut self,
        account: AccountId,
        asked: &Asked,
    ) -> Result<Say, AppError> {
        let number = self.ticket_of(account, "", asked).await?;
        Ok(noted(number))
    }
}

/// What is told of a ticket that was opened.
pub(super) fn noted(number: TicketId) -> Say {
    Say::new(Text::DeclaringNoted).with("number", Arg::Code(number.to_string()))
}

fn keep_words(asked: &mut Asked, text: &str) {
    let text = text.trim();
    if !text.is_empty() && asked.draft.words.len() < MOST_WORDS {
        let kept = text.chars().take(LONGEST).collect();
        asked.draft.words.push(kept);
    }
}

/// Words that leave a question out.
fn leaves_out(text: &str) -> bool {
    matches!(
        fold(text).trim_end_matches(['.', '!']),
        "passer" | "passe" | "skip" | "rien" | "non" | "no" | "envoyer" | "send" | "je-ne-sais-pas"
    )
}
