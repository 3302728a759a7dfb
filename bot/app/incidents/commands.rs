//! `/incident`: everything about an incident, in words.

use vigie_domain::authz::{Action as Act, Object};
use vigie_domain::calendar::read_length;
use vigie_domain::names::fold;
use vigie_domain::text::{Arg, Key as Text, Say};

use super::life::{LONGEST, What};
use super::{Form, Origin, Wish};
use crate::app::error::AppError;
use crate::app::event::{Command, Person};
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Incidents that are offered as buttons.
const MOST: usize = 8;

impl Tx<'_> {
    /// `/incident [NOM [panne | dégradé | nouvelles 1h | ref … | cause … | message … | fin … |
    /// rouvrir | bilan [json]]]`.
    pub(crate) async fn incident_command(&mut self, command: &Command) -> Result<(), AppError> {
        let allowed = self.allowed(command, Act::ReadDetails, Object::Cooperative);
        if allowed.await?.is_none() {
            return Ok(());
        }
        let Some(person) = self.by_a_person(command).await? else {
            return Ok(());
        };
        if command.args.is_empty() {
            return self.incident_list(command, &person).await;
        }
        let found = self.sheet_and_rest(&command.args).await?;
        let Some((sheet, rest)) = found else {
            let name: String = command.args.chars().take(60).collect();
            let say = Say::new(Text::IncidentUnknown).with("name", Arg::Text(name));
            return self.answer(command, say).await;
        };
        if !self.has_incidents(&sheet.id).await? {
            return self.answer(command, Text::IncidentOfLink.into()).await;
        }
        let Some((verb, words)) = rest.split_first() else {
            return self.incident_answer(command, &person, &sheet.id).await;
        };
        // The words as they were typed: the name took some of them.
        let typed = command.args.split_whitespace().count() - words.len();
        let text = after_words(&command.args, typed);
        self.incident_verb(command, &person, (&sheet.id, &fold(verb)), (words, text))
            .await
    }

    async fn incident_verb(
        &mut self,
        command: &Command,
        person: &Person,
        (id, verb): (&vigie_domain::EquipmentId, &str),
        (words, text): (&[String], &str),
    ) -> Result<(), AppError> {
        let by = (person, command.said.place);
        let short = || text.chars().take(LONGEST).collect::<String>();
        let done = match verb {
            "panne" | "down" | "declarer" => self.declare_incident(by, id, false).await?,
            "degrade" | "degradee" | "degraded" | "lent" => {
                self.declare_incident(by, id, true).await?
            }
            "nouvelles" | "nouvelle" | "news" => {
                let zone = self.settings().zone;
                let now = self.now().with_timezone(&zone).naive_local();
                match read_length(words, now) {
                    Some(length) => self.promise_news(by, id, self.now() + length).await?,
                    None => Err(Text::IncidentUsage.into()),
                }
            }
            "ref" | "reference" if !text.is_empty() => {
                self.note_incident(by, id, What::Reference(short())).await?
            }
            "cause" | "origine" => match words.first().and_then(|word| Origin::read(word)) {
                Some(origin) => self.note_incident(by, id, What::Origin(origin)).await?,
                None => Err(Text::IncidentUsage.into()),
            },
            "message" | "msg" if !text.is_empty() => {
                return self.preview_touched(person, id, text).await;
            }
            "fin" | "fermer" | "clos" | "close" | "end" => {
                match self.close_incident(by, id, &short()).await? {
                    Ok(say) => return self.answer(command, say).await,
                    Err(say) => Err(say),
                }
            }
            "rouvrir" | "reopen" => self.reopen_incident(by, id).await?,
            "bilan" | "report" | "postmortem" => {
                let form = match words.first().map(|word| fold(word)).as_deref() {
                    Some("json") => Form::Json,
                    _ => Form::Markdown,
                };
                return self.report_command(command, person, id, form).await;
            }
            _ => Err(Text::IncidentUsage.into()),
        };
        match done {
            Ok(()) => self.incident_answer(command, person, id).await,
            Err(say) => self.answer(command, say).await,
        }
    }

    /// What lasts, with a button for each.
    async fn incident_list(&mut self, command: &Command, person: &Person) -> Result<(), AppError> {
        let (total, down) = self.first_causes(None, MOST).await?;
        let mut message = Message::of(match down.is_empty() {
            true => Text::IncidentListNone.into(),
            false => {
                let count = i64::try_from(total).unwrap_or(i64::MAX);
                Say::new(Text::IncidentList).with("count", Arg::Number(count))
            }
        });
        message.say.push(Text::IncidentUsage.into());
        for id in down {
            if !self.has_incidents(&id).await? {
                continue;
            }
            let name = Arg::Text(self.plain_name_of(&id).await?);
            let label = Say::new(Text::IncidentButtonOpen).with("name", name);
            let (account, chat) = (Some(person.account), command.said.place.chat);
            let button = self.incident_button(account, chat, label, Wish::Open(id))?;
            message.buttons.push(vec![button]);
        }
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        self.say_at(command.said.place, Class::Answer, message)
    }
}

/// What follows so many words, as it was typed.
fn after_words(text: &str, count: usize) -> &str {
    let mut rest = text.trim_start();
    for _ in 0..count {
        rest = match rest.split_once(char::is_whitespace) {
            Some((_, rest)) => rest.trim_start(),
            None => "",
        };
    }
    rest.trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_keeps_its_lines() {
        assert_eq!(after_words(" silo  message  un\n deux ", 2), "un\n deux");
        assert_eq!(after_words("silo fin", 2), "");
        assert_eq!(after_words("silo", 5), "");
    }
}
