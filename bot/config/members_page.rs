//! The page of the information system on which members link their account.

use secrecy::ExposeSecret as _;
use toml::Spanned;
use vigie_domain::text::{Arg, Key, Say};

use super::MembersPage;
use super::check::Checker;
use super::raw::MembersPage as Raw;
use super::secret;
use crate::web::sealed::{SHORTEST, SiteSecrets};

impl Checker<'_> {
    /// Without a section there is no such page, and nobody is heard who says to be one.
    pub(super) fn members_page(&mut self, raw: Option<&Spanned<Raw>>) -> Option<MembersPage> {
        let raw = raw?;
        let at = self.place(raw);
        let raw = raw.get_ref();
        for (key, there) in [
            ("url", raw.url.is_some()),
            ("secret_file", raw.secret_file.is_some()),
        ] {
            if !there {
                self.missing(Some(at.clone()), key);
            }
        }
        let url = raw
            .url
            .as_ref()
            .and_then(|url| self.url(url, &["https", "http"]));
        let file = raw.secret_file.as_ref()?;
        let secrets = match secret::read(&self.path(file), true) {
            Ok(lines) => SiteSecrets::read(lines.expose_secret()),
            Err(say) => {
                self.wrong(file, say);
                return None;
            }
        };
        if secrets.is_none() {
            let least = i64::try_from(SHORTEST).unwrap_or_default();
            let say = Say::new(Key::OpsConfigMembersPageSecret).with("least", Arg::Number(least));
            self.wrong(file, say);
        }
        Some(MembersPage {
            url: url?,
            secrets: secrets?,
        })
    }
}
