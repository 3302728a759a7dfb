//! Everything that is kept of an account, read when it is sent.

use serde_json::json;
use vigie_domain::audit::AuditEntry;
use vigie_domain::people::Member;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};

use super::ChosenLang;
use crate::app::dialogue::Dialogue;
use crate::app::error::AppError;
use crate::app::reminders::About;
use crate::app::tx::{Tx, decode, scan};
use crate::app::{App, keys};

/// What somebody takes away.
#[derive(Clone, Debug, PartialEq)]
pub struct DataView {
    /// Paragraphs for people.
    pub say: Vec<Say>,
    /// Objects for programs.
    pub json: String,
}

/// A line of one value.
fn text(key: Text, value: &str) -> Say {
    Say::new(key).with("value", Arg::Text(value.to_owned()))
}

/// What a record says of its member.
fn facts_of(member: &Member) -> Vec<Say> {
    let name = format!(
        "{} {} {}",
        member.first_name, member.last_name, member.organisation
    );
    let mut say = vec![text(Text::MeFileName, name.trim())];
    let facts = [
        (Text::MeFileEmail, member.email.clone()),
        (Text::MeFilePhone, member.phone.clone()),
        (
            Text::MeFileSector,
            member.sector.as_ref().map(ToString::to_string),
        ),
        (Text::MeFileSince, member.since.map(|day| day.to_string())),
    ];
    for (key, value) in facts {
        say.extend(value.map(|value| text(key, &value)));
    }
    say
}

impl App {
    /// What is kept of an account now.
    pub(crate) async fn my_data(&self, account: AccountId) -> Result<DataView, AppError> {
        let mut tx = Tx::new(self);
        let mut say = vec![text(Text::MeFileAccount, &account.to_string())];
        let records = tx.members_of(account).await?;
        say.extend(tx.records_said(account, &records).await?);
        for (_, member) in &records {
            say.extend(facts_of(member));
        }
        let declared = tx.declared_by(account).await?;
        for one in &declared {
            say.push(
                Say::new(Text::MeFileDeclaration)
                    .with("at", Arg::At(one.at))
                    .with("link", Arg::Text(one.link.name.clone())),
            );
        }
        let bonds = tx.all_bonds_of(account).await?;
        let lang: Option<ChosenLang> = tx.peek(&keys::chosen_lang(account)).await?;
        let open: Option<Dialogue> = tx.peek(&keys::dialogue(account)).await?;
        let (settings, used) = (
            tx.preferences_of(account).await?,
            tx.used_of(account).await?,
        );
        let groups = tx.groups_of(account).await?;
        say.extend(tx.groups_said(account).await?);
        say.extend(tx.preferences_said(account).await?);
        if let Some(used) = &used {
            say.push(Say::new(Text::MeFileUsed).with("at", Arg::At(used.last())));
        }
        let lines = self.lines_of(account).await?;
        for line in &lines {
            say.push(
                Say::new(Text::MeFileAudit)
                    .with("at", Arg::At(line.at))
                    .with("what", Arg::Text(line.action.clone()))
                    .with("object", Arg::Text(line.object.clone())),
            );
        }
        let reminders = tx.reminders_of(ChatId(account.0)).await?;
        for reminder in &reminders {
            if let About::Text(words) = &reminder.about {
                say.push(text(Text::MeFileReminder, words));
            }
        }
        let todos = tx.todos_of(account).await?;
        say.extend(todos.iter().map(|todo| text(Text::MeFileTodo, &todo.what)));
        let (own, tickets) = tx.tickets_data(account).await?;
        say.extend(own);
        let members: Vec<_> = records.iter().map(|(_, member)| member).collect();
        let json = json!({
            "account": account,
            "members": members,
            "links": bonds,
            "declarations": declared,
            "language": lang.map(|ChosenLang(lang)| lang),
            "settings": settings,
            "last_use": used,
            "groups": groups.iter().map(|group| &group.title).collect::<Vec<_>>(),
            "dialogue_since": open.map(|open| open.since),
            "reminders": reminders,
            "to_do": todos,
            "tickets": tickets,
            "audit": lines,
        });
        let json = serde_json::to_string_pretty(&json).unwrap_or_default();
        Ok(DataView { say, json })
    }

    /// The lines of the audit log that name an account.
    async fn lines_of(&self, account: AccountId) -> Result<Vec<AuditEntry>, AppError> {
        let who = format!("account {account} in ");
        let named = format!("account {account} ");
        let mut found = Vec::new();
        for (key, bytes) in scan(self, &vigie_store::Key::of("au/").end()).await? {
            let line: AuditEntry = decode(&key, &bytes)?;
            if line.who.starts_with(&who) || format!("{} ", line.object).contains(&named) {
                found.push(line);
            }
        }
        Ok(found)
    }
}
