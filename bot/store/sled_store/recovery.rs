//! The way back after a storage error, without a person.
//!
//! A full disk poisons sled's handle for good. The committer gives the ballast up, drops the
//! handle, opens the files again and verifies them; from then on all reads work. Writes are taken
//! again once there is room and the ballast is back.
//!
//! Promise: after any other error (above all a failed sync) nothing is tried again in this
//! process: health is `Failed`, and the program is expected to end and be started anew.

use std::sync::Arc;

use crate::{Health, StoreError};

use super::committer::Committer;
use super::engine::dispose;
use super::files::{Ballast, free_space};
use super::open::{Opened, open};

/// Room that must be free before the files are opened, or writes taken, again.
const ROOM: u64 = 2 * 1024 * 1024;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The disk is full and the handle no longer usable.
    Full,
    /// Opened again; there is not enough room to write.
    NoRoom,
    /// Only a new process helps.
    Fatal,
}

impl Committer {
    /// Takes the next step back to health, where there is one.
    pub(crate) fn recover(&mut self) {
        match self.trouble {
            Some(Trouble::Full) => self.open_again(),
            Some(Trouble::NoRoom) => self.take_writes_again(),
            Some(Trouble::Fatal) | None => {}
        }
    }

    fn ballast(&self) -> Ballast {
        Ballast::new(&self.shared.path, self.shared.options.ballast)
    }

    fn has_room(&self) -> bool {
        free_space(&self.shared.path).is_ok_and(|free| free >= ROOM)
    }

    fn open_again(&mut self) {
        if self.ballast().give_up() {
            tracing::warn!("the disk is full: the ballast was given up");
        }
        if !self.has_room() {
            return;
        }
        self.engine = None;
        dispose(self.shared.close());
        match open(&self.shared.path, &self.shared.options) {
            Ok(opened) => {
                self.take_over(opened);
                self.trouble = Some(Trouble::NoRoom);
                tracing::info!("the store was opened again");
                self.take_writes_again();
            }
            Err(StoreError::ReadOnly(_) | StoreError::InUse(_)) => {}
            Err(error) => self.stop(&error),
        }
    }

    /// Puts newly opened files in place.
    fn take_over(&mut self, opened: Opened) {
        self.shared
            .install(Arc::clone(&opened.engine), &opened.states);
        self.engine = Some(opened.engine);
        self.known = opened.states;
        self.side = opened.side;
        self.ahead = opened.ahead;
        self.pending = None;
    }

    fn take_writes_again(&mut self) {
        let works = self.engine.as_ref().map(|engine| engine.barrier());
        match works {
            Some(Ok(())) => {}
            Some(Err(StoreError::ReadOnly(_))) | None => {
                self.trouble = Some(Trouble::Full);
                return;
            }
            Some(Err(error)) => {
                self.stop(&error);
                return;
            }
        }
        if self.ballast().put().is_ok() && self.has_room() {
            self.trouble = None;
            self.shared.set_health(Health::Ok);
            tracing::info!("the store takes writes again");
        }
    }
}
