//! Files that people of the town send, and what we keep of them.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::time::Instant;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::{Value, json};
use vigie::app::files::{FileState, Kept, Shelf};
use vigie_domain::TicketId;

use super::{LOOK, PATIENCE, Person, Town};

/// Keeps files in memory.
#[derive(Default)]
pub struct Drawer {
    kept: Mutex<BTreeMap<String, Bytes>>,
}

#[async_trait]
impl Shelf for Drawer {
    async fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let bytes = Bytes::copy_from_slice(bytes);
        let before = self.kept.lock().unwrap().insert(name.to_owned(), bytes);
        assert!(before.is_none(), "a name is used once");
        Ok(())
    }

    async fn read(&self, name: &str) -> io::Result<Bytes> {
        let kept = self.kept.lock().unwrap();
        kept.get(name)
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Town {
    /// Somebody sends a file in private: `photo`, `voice` or `document`.
    pub fn sends(&self, who: &Person, kind: &str, file: Value, extra: Value) -> Value {
        let mut body = json!({"from": who.id, "chat": who.id, kind: file});
        for (key, value) in extra.as_object().unwrap() {
            body[key] = value.clone();
        }
        self.sim.send(&body).unwrap()
    }

    /// Waits until every file of a ticket is here or known to be out of reach.
    pub async fn files_of(&self, ticket: i64, count: usize) -> Vec<Kept> {
        let begun = Instant::now();
        loop {
            let files = self.app().files_of(TicketId(ticket)).await.unwrap();
            let waits = |file: &Kept| matches!(file.state, FileState::Wanted { .. });
            if files.len() == count && !files.iter().any(waits) {
                return files;
            }
            assert!(begun.elapsed() < PATIENCE, "files: {files:#?}");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// What was kept of a file: its type and its bytes.
    pub async fn kept(&self, file: &Kept) -> (String, Bytes) {
        let FileState::Here { name, mime, .. } = &file.state else {
            panic!("{file:?}");
        };
        (mime.clone(), self.files.read(name).await.unwrap())
    }
}
