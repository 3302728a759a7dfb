//! A server of electronic mail.

use std::time::Duration;

use async_trait::async_trait;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use super::{Carrier, Written};
use crate::app::mail::Posted;

/// Longest wait for an answer of the server.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a server is reached.
#[derive(Clone, Debug)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How what is said to it is hidden.
    pub encryption: Encryption,
    /// Who we are to it, where it asks.
    pub login: Option<(String, SecretString)>,
    /// The sender: a name and an address, or an address.
    pub from: String,
}

/// How what is said to a server is hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encryption {
    /// From the first byte.
    Tls,
    /// After a first word.
    StartTls,
    /// Not at all: only on this machine.
    None,
}

/// A server that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The sender is no address.
    #[error("the sender is no address")]
    From(#[from] lettre::address::AddressError),
    /// The name of the server cannot be checked.
    #[error("the server cannot be used: {0}")]
    Server(#[from] lettre::transport::smtp::Error),
}

/// Hands letters to a server.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    /// A server, not yet asked.
    ///
    /// # Errors
    /// The sender or the server's name is none.
    pub fn new(server: &Server) -> Result<Self, SmtpError> {
        let from: Mailbox = server.from.parse()?;
        let tls = || TlsParameters::new(server.host.clone());
        let tls = match server.encryption {
            Encryption::Tls => Tls::Wrapper(tls()?),
            Encryption::StartTls => Tls::Required(tls()?),
            Encryption::None => Tls::None,
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(PATIENCE));
        if let Some((user, password)) = &server.login {
            let password = password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(user.clone(), password));
        }
        let transport = builder.build();
        Ok(Self { transport, from })
    }

    fn message(&self, letter: &Written) -> Result<Message, String> {
        let to: Address = letter.to.parse().map_err(|_| "no address".to_owned())?;
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .message_id(Some(format!("<{}@{domain}>", letter.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|error| error.to_string())
    }
}

#[async_trait]
impl Carrier for Smtp {
    async fn carry(&self, letter: &Written) -> Posted {
        let message = match self.message(letter) {
            Ok(message) => message,
            Err(why) => return Posted::Refused(why),
        };
        match self.transport.send(message).await {
            Ok(_) => Posted::Taken,
            Err(error) if error.is_permanent() => Posted::Refused(error.to_string()),
            Err(error) => Posted::NotNow(error.to_string()),
        }
    }
}
