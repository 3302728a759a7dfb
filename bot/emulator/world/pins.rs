//! Pinned messages.

use super::{Key, World};

impl World {
    /// Pins or unpins a message; pinning leaves a service message except in channels' members' eyes.
    pub fn pin(&mut self, key: Key, id: i64, by: i64, on: bool, announce: bool) {
        let Some(chat) = self.chat_mut(key) else {
            return;
        };
        chat.pinned.retain(|p| *p != id);
        if on {
            chat.pinned.push(id);
        }
        self.events.push("pin", key, Some(id));
        if on && announce {
            let Some(pinned) = self.message_value(key, id) else {
                return;
            };
            self.post_service(key, by, "pinned_message", pinned);
        }
    }
}
