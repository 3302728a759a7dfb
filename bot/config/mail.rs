//! The server of electronic mail.

use toml::Spanned;
use vigie_domain::text::Key;

use super::check::Checker;
use super::raw::Mail;
use super::secret;
use crate::mail::{Encryption, Server, Smtp};

impl Checker<'_> {
    /// Without a section no mail is sent.
    pub(super) fn mail(&mut self, raw: Option<&Spanned<Mail>>) -> Option<Server> {
        let raw = raw?;
        let at = self.place(raw);
        let raw = raw.get_ref();
        for (key, there) in [("host", raw.host.is_some()), ("from", raw.from.is_some())] {
            if !there {
                self.missing(Some(at.clone()), key);
            }
        }
        if let Some(port) = &raw.port {
            self.range(port, 1, u64::from(u16::MAX));
        }
        let encryption = raw.encryption.unwrap_or(Encryption::Tls);
        let usual = match encryption {
            Encryption::Tls => 465,
            Encryption::StartTls => 587,
            Encryption::None => 25,
        };
        let port = raw.port.as_ref().map_or(usual, |port| *port.get_ref());
        let login = match (&raw.user, &raw.password_file) {
            (None, None) => None,
            (None, Some(_)) => {
                self.missing(Some(at), "user");
                None
            }
            (Some(_), None) => {
                self.missing(Some(at), "password_file");
                None
            }
            (Some(user), Some(file)) => match secret::read(&self.path(file), true) {
                Ok(password) => Some((user.clone(), password)),
                Err(say) => {
                    self.wrong(file, say);
                    None
                }
            },
        };
        let from = raw.from.as_ref()?;
        let server = Server {
            host: raw.host.as_ref()?.get_ref().clone(),
            port: u16::try_from(port).unwrap_or_default(),
            encryption,
            login,
            from: from.get_ref().clone(),
        };
        if Smtp::new(&server).is_err() {
            self.wrong(from, Key::OpsConfigMailFrom.into());
        }
        Some(server)
    }
}
