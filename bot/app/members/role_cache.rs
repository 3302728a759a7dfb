//! What accounts may do, remembered for those who only look (menus, pages, lists). Acts read the
//! record itself.
//!
//! It stays right: a commit of this process that touches people empties it, mandates are read
//! again every half minute, and so are changes that another process made.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::authz::Actor;
use vigie_domain::{AccountId, Lang};
use vigie_store::Op;

use crate::app::App;
use crate::app::error::AppError;
use crate::app::event::Person;
use crate::app::tx::Tx;

/// How long what was read is believed.
const BELIEVED: TimeDelta = TimeDelta::seconds(30);
/// Accounts that are remembered.
const MOST: usize = 10_000;

/// What is remembered.
#[derive(Debug, Default)]
pub struct RoleCache {
    /// Rises with each change of people.
    generation: AtomicU64,
    known: Mutex<HashMap<AccountId, (Arc<Actor>, DateTime<Utc>)>>,
}

/// Whether a write changes who may do what.
pub(crate) fn touches_people(op: &Op) -> bool {
    let (Op::Put(key, _) | Op::Delete(key) | Op::PutStamped { prefix: key, .. }) = op;
    let prefixes: [&[u8]; 3] = [b"me/", b"ab/", b"ac/"];
    prefixes
        .iter()
        .any(|prefix| key.as_bytes().starts_with(prefix))
}

impl RoleCache {
    /// Forgets everything.
    pub(crate) fn forget(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AccountId, (Arc<Actor>, DateTime<Utc>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl App {
    /// What an account may be asked for, for those who only look: at most half a minute old.
    ///
    /// # Errors
    /// The store failed.
    pub async fn roles_of(&self, account: AccountId) -> Result<Arc<Actor>, AppError> {
        let now = self.now();
        if let Some((actor, until)) = self.roles.lock().get(&account)
            && now < *until
            && *until <= now + BELIEVED
        {
            return Ok(Arc::clone(actor));
        }
        let generation = self.roles.generation.load(Ordering::SeqCst);
        let person = Person {
            account,
            first_name: String::new(),
            lang: Lang::default(),
        };
        let actor = Arc::new(Tx::new(self).actor(&person).await?);
        let mut known = self.roles.lock();
        // What was read while somebody changed people may be of before.
        if self.roles.generation.load(Ordering::SeqCst) == generation {
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(account, (Arc::clone(&actor), now + BELIEVED));
        }
        Ok(actor)
    }
}
