//! Vigie: the operations desk of a cooperative Internet provider, in Telegram.
