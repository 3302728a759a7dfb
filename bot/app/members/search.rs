//! Members by number, e-mail, telephone, role and the begin of any word of their names.
//!
//! Keys only: `mx/<what>/<value> NUL <number> NUL`. What is found is read anew from the record.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use vigie_domain::authz::Role;
use vigie_domain::names::fold;
use vigie_domain::people::row::role_text;
use vigie_domain::people::{Member, fold_email, fold_phone};
use vigie_domain::{EquipmentId, MemberId};
use vigie_store::{Dir, Key, MAX_GET, Range};

use crate::app::error::AppError;
use crate::app::tx::{Tx, decode};
use crate::app::{App, keys};

/// Keys of one member; a name of many words has its first ones only.
const MOST_KEYS: usize = 20;
/// Links of one member under whose equipment they are found.
const MOST_LINKS: usize = 8;

/// Stands under a key by which a member is found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Found;

crate::record_v1!(Found);

fn index(what: &str, value: &str, id: &MemberId) -> Key {
    Key::of(&format!("mx/{what}/"))
        .text(value)
        .text(id.as_str())
        .end()
}

/// The number at the end of such a key.
fn id_of(key: &Key) -> Option<MemberId> {
    let bytes = key.as_bytes().strip_suffix(&[0])?;
    let start = bytes.iter().rposition(|byte| *byte == 0)? + 1;
    let id = String::from_utf8(bytes.get(start..)?.to_vec()).ok()?;
    Some(MemberId(id))
}

/// Every key under which a member is found.
pub(super) fn index_keys(member: &Member) -> BTreeSet<Key> {
    let id = &member.id;
    let mut found = BTreeSet::new();
    if let Some(email) = &member.email {
        found.insert(index("e", &fold_email(email), id));
    }
    if let Some(phone) = &member.phone {
        found.insert(index("p", &fold_phone(phone), id));
    }
    // A record may call equipment by any of its names: it is found by the one that it uses.
    for base in member.links.values().flatten().take(MOST_LINKS) {
        found.insert(index("l", base.as_str(), id));
    }
    for name in member.search_names() {
        found.insert(index("n", &name, id));
    }
    let mandates = member.mandates.iter().map(|mandate| &mandate.role);
    for role in member.roles.iter().chain(mandates) {
        // Most are members, and nobody looks for all of them.
        if !matches!(role, Role::Member | Role::Visitor) && found.len() < MOST_KEYS {
            found.insert(index("r", &role_text(role), id));
        }
    }
    found
}

/// Whether somebody belongs into other groups now.
pub(super) fn stands_otherwise(before: &Member, now: &Member) -> bool {
    before.status != now.status || before.suspended != now.suspended || before.sector != now.sector
}

impl Tx<'_> {
    /// Writes a member's record, and the keys under which they are found.
    pub(crate) async fn put_member(&mut self, member: &Member) -> Result<(), AppError> {
        let key = keys::member(member.id.as_str());
        let before: Option<Member> = self.get(&key).await?;
        let was = before.as_ref().map(index_keys).unwrap_or_default();
        let is = index_keys(member);
        for gone in was.difference(&is) {
            self.delete(gone.clone());
        }
        for new in is.difference(&was) {
            self.put(new.clone(), &Found)?;
        }
        if before.is_some_and(|before| stands_otherwise(&before, member)) {
            self.groups_follow(&member.id).await?;
        }
        self.put(key, member)
    }

    /// The groups of the accounts that speak for a member are looked at again.
    pub(super) async fn groups_follow(&mut self, id: &MemberId) -> Result<(), AppError> {
        let bonds = self.bonds_on(id).await?;
        for bond in &bonds {
            self.record_imported(bond.account).await?;
        }
        if !bonds.is_empty() {
            self.record_stands(id)?;
        }
        Ok(())
    }

    /// The numbers of those who have an address.
    pub(crate) async fn members_at(&self, address: &str) -> Result<Vec<MemberId>, AppError> {
        let prefix = Key::of("mx/e/").text(&fold_email(address)).end();
        let keys = self.keys(&prefix).await?;
        Ok(keys.iter().filter_map(id_of).collect())
    }

    /// The numbers of those whose link a piece of equipment carries.
    pub(crate) async fn members_on(
        &self,
        equipment: &EquipmentId,
    ) -> Result<Vec<MemberId>, AppError> {
        let prefix = Key::of("mx/l/").text(equipment.as_str()).end();
        let keys = self.keys(&prefix).await?;
        Ok(keys.iter().filter_map(id_of).collect())
    }

    /// Removes a member's record, and the keys under which they are found.
    pub(crate) async fn remove_member(&mut self, id: &MemberId) -> Result<(), AppError> {
        if let Some(member) = self.member(id).await? {
            for key in index_keys(&member) {
                self.delete(key);
            }
            self.delete(keys::member(id.as_str()));
        }
        Ok(())
    }
}

impl App {
    /// Members by number, e-mail, telephone, or the begin of any word of their names, with accents
    /// or without; at most `most`, and never more than sixty.
    ///
    /// # Errors
    /// The store failed.
    pub async fn find_members(&self, text: &str, most: usize) -> Result<Vec<Member>, AppError> {
        let text = text.trim();
        let most = most.min(MAX_GET - 4);
        let mut ids: Vec<MemberId> = Vec::new();
        if text.is_empty() || most == 0 {
            return Ok(Vec::new());
        }
        if text.len() <= 64 {
            ids.push(text.into());
        }
        if text.contains('@') {
            let prefix = Key::of("mx/e/").text(&fold_email(text)).end();
            ids.extend(self.indexed(&prefix, most).await?);
        } else {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            if digits >= 6 && !text.chars().any(char::is_alphabetic) {
                let prefix = Key::of("mx/p/").text(&fold_phone(text)).end();
                ids.extend(self.indexed(&prefix, most).await?);
            }
            let folded: String = fold(text).chars().take(60).collect();
            if !folded.is_empty() {
                let prefix = Key::of(&format!("mx/n/{folded}")).end();
                ids.extend(self.indexed(&prefix, most).await?);
            }
        }
        let mut known = BTreeSet::new();
        ids.retain(|id| known.insert(id.clone()));
        ids.truncate(most + 1);
        let mut members = self.members_by_id(&ids).await?;
        members.truncate(most);
        Ok(members)
    }

    /// Members that hold a role now or at another time, by their records; at most sixty.
    pub(crate) async fn members_with(&self, role: &Role) -> Result<Vec<Member>, AppError> {
        let prefix = Key::of("mx/r/").text(&role_text(role)).end();
        let ids = self.indexed(&prefix, MAX_GET - 4).await?;
        self.members_by_id(&ids).await
    }

    async fn indexed(&self, prefix: &Key, most: usize) -> Result<Vec<MemberId>, AppError> {
        let range = Range::prefix(prefix);
        // A name of two equal words has two keys for one member.
        let limit = u32::try_from(most * 2).unwrap_or(vigie_store::MAX_PAGE);
        let page = self
            .store
            .scan(self.shard, &range, None, limit, Dir::Forward)
            .await?;
        let mut known = BTreeSet::new();
        let ids = page.items.iter().filter_map(|(key, _)| id_of(key));
        Ok(ids
            .filter(|id| known.insert(id.clone()))
            .take(most)
            .collect())
    }

    async fn members_by_id(&self, ids: &[MemberId]) -> Result<Vec<Member>, AppError> {
        let wanted: Vec<Key> = ids.iter().map(|id| keys::member(id.as_str())).collect();
        let found = self.store.get(self.shard, &wanted).await?;
        wanted
            .iter()
            .zip(found)
            .filter_map(|(key, entry)| Some(decode(key, &entry?.value)))
            .collect()
    }
}
