//! `/audit`: reads the audit log by person, object and day, the newest first. A page looks at a
//! bounded part of the log, and says where it stopped. Reading it is a line of it, too.

use chrono::{Days, NaiveDate, TimeZone as _, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::audit::AuditEntry;
use vigie_domain::authz::Action as Act;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{AccountId, ChatId};
use vigie_store::{Dir, Range};

use crate::app::audit::{self, AuditHead};
use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::Command;
use crate::app::keys;
use crate::app::outbox::{Button, Target, View};
use crate::app::tx::{Tx, decode};

/// Lines of a page.
const LINES: usize = 8;
/// Lines of the log that a page looks at.
const LOOKED_AT: u64 = 5_000;
/// Longest text of a line.
const LONGEST: usize = 120;

/// Which lines of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditOf {
    /// Of these accounts, or about [`AuditOf::object`].
    pub accounts: Vec<AccountId>,
    /// With this text in what was done, or to what.
    pub object: Option<String>,
    /// Of this day.
    pub day: Option<NaiveDate>,
    /// Older than the line of this number.
    pub before: Option<u64>,
}

impl AuditOf {
    fn takes(&self, entry: &AuditEntry) -> bool {
        let anybody = self.accounts.is_empty() && self.object.is_none();
        let by = |account: &AccountId| entry.who.starts_with(&format!("account {account} "));
        let about = |object: &String| {
            let whole = format!("{} {} ", entry.action, entry.object);
            whole.contains(object.as_str())
        };
        anybody || self.accounts.iter().any(by) || self.object.as_ref().is_some_and(about)
    }
}

/// A page of the log.
struct AuditPage {
    entries: Vec<AuditEntry>,
    /// Where the next page begins, if there is more to look at.
    next: Option<u64>,
}

impl Tx<'_> {
    /// `/audit [NUMERO|compte N|mot] [JOUR]`.
    pub(crate) async fn audit_command(&mut self, command: &Command) -> Result<(), AppError> {
        let Some(person) = self.reader_of_members(command, Act::ReadAudit).await? else {
            return Ok(());
        };
        let of = self.audit_asked(&command.args).await?;
        let object: String = command.args.chars().take(60).collect();
        self.audit(&person, command.said.place, "read-audit", &object, ("", ""))
            .await?;
        let view = View::Audit {
            of: Box::new(of),
            opener: Some(person.account),
        };
        let lang = self.lang(&person).await?;
        let target = Target::ReplyTo(command.said.message);
        self.show(command.said.place.chat, view, target, lang).await
    }

    /// Reads what is asked: a day, a member by number, an account, or a word.
    async fn audit_asked(&mut self, args: &str) -> Result<AuditOf, AppError> {
        let mut of = AuditOf::default();
        let mut words = Vec::new();
        for word in args.split_whitespace().take(8) {
            let day = ["%Y-%m-%d", "%d/%m/%Y"]
                .iter()
                .find_map(|form| NaiveDate::parse_from_str(word, form).ok());
            match day {
                Some(day) => of.day = Some(day),
                None => words.push(word),
            }
        }
        match words.as_slice() {
            [] => {}
            ["compte" | "account", number] => {
                of.accounts.extend(number.parse().ok().map(AccountId));
                of.object = of.accounts.is_empty().then(|| (*number).to_owned());
            }
            [id] if self.member(&(*id).into()).await?.is_some() => {
                let bonds = self.bonds_on(&(*id).into()).await?;
                of.accounts = bonds.into_iter().map(|bond| bond.account).collect();
                of.object = Some(format!("member {id} "));
            }
            words => of.object = Some(words.join(" ").chars().take(60).collect()),
        }
        Ok(of)
    }

    async fn audit_page(&mut self, of: &AuditOf) -> Result<AuditPage, AppError> {
        let head: AuditHead = self.peek(&keys::audit_head()).await?.unwrap_or_default();
        let (mut first, mut end) = (0, head.next);
        if let Some(day) = of.day {
            (first, end) = self.lines_of(day, head.next).await?;
        }
        let mut end = of.before.map_or(end, |before| before.min(end));
        let stop = end.saturating_sub(LOOKED_AT).max(first);
        let mut entries = Vec::new();
        while end > stop && entries.len() < LINES {
            let range = Range {
                start: keys::audit(stop),
                end: Some(keys::audit(end)),
            };
            let app = self.app();
            let page = app.store.scan(app.shard, &range, None, 500, Dir::Backward);
            let page = page.await?;
            if page.items.is_empty() {
                break;
            }
            for (key, entry) in &page.items {
                let entry: AuditEntry = decode(key, &entry.value)?;
                end = entry.seq;
                if of.takes(&entry) {
                    entries.push(entry);
                    if entries.len() == LINES {
                        break;
                    }
                }
            }
        }
        Ok(AuditPage {
            entries,
            next: (end > first).then_some(end),
        })
    }

    /// The lines of a day: first, and first after. Times in the log rise.
    async fn lines_of(&mut self, day: NaiveDate, count: u64) -> Result<(u64, u64), AppError> {
        let begin = self.first_since(day, count).await?;
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        Ok((begin, self.first_since(next, count).await?))
    }

    async fn first_since(&mut self, day: NaiveDate, count: u64) -> Result<u64, AppError> {
        let midnight = day.and_time(chrono::NaiveTime::MIN);
        let zone = self.settings().zone;
        let since = zone.from_local_datetime(&midnight).earliest();
        let since = since.map_or(midnight.and_utc(), |local| local.with_timezone(&Utc));
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry: Option<AuditEntry> = self.peek(&keys::audit(middle)).await?;
            match entry {
                Some(entry) if entry.at < since => low = middle + 1,
                _ => high = middle,
            }
        }
        Ok(low)
    }

    /// A page, in paragraphs.
    pub(crate) async fn audit_lines(&mut self, of: &AuditOf) -> Result<Vec<Say>, AppError> {
        let page = self.audit_page(of).await?;
        if page.entries.is_empty() {
            return Ok(vec![Say::new(Text::MembersAuditNothing)]);
        }
        let short = |text: &str| Arg::Text(text.chars().take(LONGEST).collect());
        let line = |entry: &AuditEntry| {
            let key = match entry.before.is_empty() && entry.after.is_empty() {
                true => Text::MembersAuditRead,
                false => Text::MembersAuditLine,
            };
            let (by, who) = audit::by(&entry.who);
            Say::new(key)
                .with("number", Arg::Text(entry.seq.to_string()))
                .with("at", Arg::At(entry.at))
                .with("by", Arg::Word(by))
                .with("who", short(who))
                .with("action", audit::deed_text(&entry.action))
                .with("object", short(&entry.object))
                .with("before", short(non_empty(&entry.before)))
                .with("after", short(non_empty(&entry.after)))
        };
        let mut lines = vec![Say::new(Text::MembersAuditHead)];
        lines.extend(page.entries.iter().map(line));
        Ok(lines)
    }

    /// The button to older lines.
    pub(crate) async fn audit_buttons(
        &mut self,
        chat: ChatId,
        of: &AuditOf,
        opener: Option<AccountId>,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let Some(next) = self.audit_page(of).await?.next else {
            return Ok(Vec::new());
        };
        let older = AuditOf {
            before: Some(next),
            ..of.clone()
        };
        let view = View::Audit {
            of: Box::new(older),
            opener,
        };
        let key = plant(self, Some(chat), opener, Action::Open(view))?;
        let label = Say::new(Text::MembersAuditOlder);
        Ok(vec![vec![Button { label, key }]])
    }
}

fn non_empty(text: &str) -> &str {
    if text.is_empty() { "–" } else { text }
}
