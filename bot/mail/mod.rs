//! The edge to electronic mail: takes what the use cases decided to write, renders it in the
//! reader's language, hands it to a server, and says how that ended.

mod smtp;
mod worker;

use async_trait::async_trait;

pub use smtp::{Encryption, Server, Smtp, SmtpError};
pub use worker::run;

use crate::app::mail::Posted;

/// A letter as it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Names it; the same letter sent again has the same name.
    pub id: String,
    /// Where it goes.
    pub to: String,
    /// Its title.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// Whoever carries letters away.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// Takes a letter.
    async fn carry(&self, letter: &Written) -> Posted;
}
