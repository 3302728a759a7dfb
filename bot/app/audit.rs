//! The audit log: who did what to what, each line chained to the one before.

mod words;

pub(crate) use words::{by, deed_text};

use serde::{Deserialize, Serialize};
use vigie_domain::Place;
use vigie_domain::audit::{AuditEntry, Deed};

use super::error::AppError;
use super::event::Person;
use super::tx::{Tx, decode, scan};
use super::{App, keys};

/// Number and hash of the last line.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AuditHead {
    /// Number of the next line.
    pub next: u64,
    /// Hash of the last line.
    pub hash: [u8; 32],
}

crate::record_v1!(AuditHead, AuditEntry);

impl Tx<'_> {
    /// Writes a line of the audit log in the same commit as what it is about.
    pub(crate) async fn audit(
        &mut self,
        person: &Person,
        place: Place,
        action: &str,
        object: &str,
        (before, after): (&str, &str),
    ) -> Result<(), AppError> {
        let who = format!("account {} in {}", person.account, place.chat);
        self.audit_of(&who, action, object, (before, after)).await
    }

    /// As [`Tx::audit`], of somebody who is no account.
    pub(crate) async fn audit_of(
        &mut self,
        who: &str,
        action: &str,
        object: &str,
        (before, after): (&str, &str),
    ) -> Result<(), AppError> {
        debug_assert!(words::deed(action).is_some(), "{action} has no words");
        let head: AuditHead = self.get(&keys::audit_head()).await?.unwrap_or_default();
        let deed = Deed {
            who,
            action,
            object,
            before,
            after,
        };
        let entry = AuditEntry::following(head.hash, head.next, self.now(), deed);
        let now = AuditHead {
            next: head.next + 1,
            hash: entry.hash,
        };
        self.put(keys::audit(head.next), &entry)?;
        self.put(keys::audit_head(), &now)
    }
}

impl App {
    /// Checks the audit log; returned is the number of the first line that is not as it was
    /// written, if any.
    ///
    /// # Errors
    /// The store failed, or a line cannot be read.
    pub async fn audit_fault(&self) -> Result<Option<u64>, AppError> {
        let prefix = vigie_store::Key::of("au/").end();
        let rows = scan(self, &prefix).await?;
        let entries: Result<Vec<AuditEntry>, AppError> = rows
            .into_iter()
            .map(|(key, bytes)| decode(&key, &bytes))
            .collect();
        Ok(vigie_domain::audit::verify(&entries?))
    }
}
