//! Pure rules of a cooperative Internet provider: no storage, no Telegram, no clock.
