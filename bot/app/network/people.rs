//! People of the files: a difference against what the files said before.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use vigie_domain::AccountId;
use vigie_domain::people::{Bond, Member};
use vigie_store::Key;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::tx::{Tx, decode, scan};

/// Accounts whose records are followed in one commit.
const FULL: usize = 70;
/// People of one commit: each has up to two dozen keys by which they are found.
const FEW: usize = 2;

/// A person as the file last told them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct ImportedMember(Member);

crate::record_v1!(ImportedMember);

fn imported_member(id: &str) -> Key {
    Key::of("mi/").text(id).end()
}

impl App {
    /// People: those who are gone from the files lose their record and the bond that the file told;
    /// an account may pass from one person to another. A bond that was ended stays ended as long
    /// as the file says the same.
    pub(super) async fn import_people(&self, people: &[Member]) -> Result<usize, AppError> {
        let wanted: HashMap<&str, &Member> = people
            .iter()
            .map(|member| (member.id.as_str(), member))
            .collect();
        let (mut gone, mut lost) = (Vec::new(), Vec::new());
        let mut ended = Vec::new();
        let mut same: HashSet<String> = HashSet::new();
        let mut kept: HashSet<String> = HashSet::new();
        let mut told: HashMap<String, Member> = HashMap::new();
        for (key, bytes) in scan(self, &Key::of("mi/").end()).await? {
            let ImportedMember(before) = decode(&key, &bytes)?;
            let now = wanted.get(before.id.as_str());
            if now.is_some_and(|now| **now == before) {
                same.insert(before.id.0);
                continue;
            }
            if now.is_some_and(|now| now.account == before.account) {
                kept.insert(before.id.0.clone());
            } else if let Some(account) = before.account {
                lost.push((account, before.id.clone()));
            }
            if now.is_some() {
                told.insert(before.id.0.clone(), before);
            } else {
                ended.extend(before.account);
                gone.push((key, before.id));
            }
        }
        let removed = gone.len();
        for some in lost.chunks(FULL / 4) {
            let mut tx = Tx::new(self);
            for (account, member) in some {
                tx.forget_record_bond(*account, member).await?;
            }
            tx.commit().await?;
        }
        for some in gone.chunks(FEW) {
            let mut tx = Tx::new(self);
            for (key, member) in some {
                tx.delete(key.clone());
                tx.remove_member(member).await?;
            }
            tx.commit().await?;
        }
        let changed: Vec<&Member> = people
            .iter()
            .filter(|member| !same.contains(member.id.as_str()))
            .collect();
        for some in changed.chunks(FEW) {
            let mut tx = Tx::new(self);
            for member in some {
                let id = member.id.as_str();
                tx.put(imported_member(id), &ImportedMember((*member).clone()))?;
                let current = tx.member(&member.id).await?;
                let before = told.get(id).cloned();
                let before = before.unwrap_or_else(|| Member::new(member.id.clone(), ""));
                let record = match current {
                    Some(current) => current.told_anew(&before, member),
                    None => (*member).clone(),
                };
                tx.put_member(&record).await?;
                if let Some(account) = member.account
                    && !kept.contains(id)
                {
                    tx.bond(&Bond::of_record(account, member.id.clone(), self.now()))?;
                }
            }
            tx.commit().await?;
        }
        let linked = changed.iter().filter_map(|member| member.account);
        self.records_imported(ended.into_iter().chain(linked).collect())
            .await?;
        Ok(changed.len() + removed)
    }

    /// What the records of accounts say may have changed.
    async fn records_imported(&self, accounts: Vec<AccountId>) -> Result<(), AppError> {
        for some in accounts.chunks(FULL) {
            let mut tx = Tx::new(self);
            for account in some {
                tx.record_imported(*account).await?;
            }
            tx.commit().await?;
        }
        Ok(())
    }
}
