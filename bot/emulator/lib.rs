//! A local Telegram: an emulator of the Bot API with a chat page, for trying and testing bots.
