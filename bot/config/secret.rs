//! Secrets: from files that only their owner can read, or from systemd credentials.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use secrecy::SecretString;
use vigie_domain::text::{Arg, Key, Say};

/// Name of the systemd credential that holds the bot's token.
pub const CREDENTIAL: &str = "telegram-token";
/// Rights that a secret's file may not give: writing by the group, and anything to others.
const TOO_OPEN: u32 = 0o027;

/// Reads a secret. The rights of a file are checked, those of a credential are systemd's.
///
/// # Errors
/// What is wrong, for people.
pub(super) fn read(path: &Path, check_rights: bool) -> Result<SecretString, Say> {
    let shown = || Arg::Code(path.display().to_string());
    let failed = |error: std::io::Error| {
        Say::new(Key::OpsConfigSecretUnreadable)
            .with("path", shown())
            .with("why", Arg::Text(error.to_string()))
    };
    let mode = fs::metadata(path).map_err(failed)?.permissions().mode() & 0o777;
    if check_rights && mode & TOO_OPEN != 0 {
        return Err(Say::new(Key::OpsConfigSecretOpen)
            .with("path", shown())
            .with("mode", Arg::Code(format!("{mode:04o}"))));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let text = text.trim();
    if text.is_empty() {
        return Err(Say::new(Key::OpsConfigSecretEmpty).with("path", shown()));
    }
    Ok(text.into())
}
