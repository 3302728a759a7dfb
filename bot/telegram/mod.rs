//! The edge towards Telegram.
