//! Why the program ends, in words and codes.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use vigie_domain::text::{Arg, Key, Say};
use vigie_store::StoreError;

use crate::exit::{Exit, Failure};

fn at(path: &Path) -> Arg {
    Arg::Text(path.display().to_string())
}

/// A folder cannot be written to.
pub(super) fn folder(path: &Path, error: &io::Error) -> Failure {
    let say = Say::new(Key::OpsFolder)
        .with("path", at(path))
        .with("why", Arg::Text(error.to_string()));
    Failure::new(Exit::Folder, say)
}

/// A file cannot be read.
pub(super) fn file(path: &Path, error: &io::Error) -> Failure {
    let say = Say::new(Key::OpsTransferUnreadable)
        .with("file", Arg::Code(path.display().to_string()))
        .with("why", Arg::Text(error.to_string()));
    Failure::new(Exit::Data, say)
}

/// A file is not as it has to be.
pub(super) fn data(path: &Path, say: Say) -> Failure {
    let mut failure = Failure::new(Exit::Data, say);
    for (place, _) in &mut failure.lines {
        *place = Some(path.display().to_string());
    }
    failure
}

/// The store cannot be opened.
pub(super) fn store(path: &Path, error: &StoreError) -> Failure {
    let (exit, key) = match error {
        StoreError::InUse(_) => (Exit::StoreInUse, Key::OpsStoreInUse),
        StoreError::Damaged(_) => (Exit::StoreUnusable, Key::OpsStoreDamaged),
        StoreError::TooNew(_) => (Exit::StoreUnusable, Key::OpsStoreTooNew),
        StoreError::Io(why) if why.to_lowercase().contains("permission denied") => {
            (Exit::Folder, Key::OpsFolder)
        }
        _ => (Exit::StorageFailed, Key::OpsStoreFailed),
    };
    let mut say = Say::new(key).with("path", at(path));
    if exit != Exit::StoreInUse {
        say = say.with("why", Arg::Text(error.to_string()));
    }
    Failure::new(exit, say)
}

/// The address to listen on cannot be used.
pub(super) fn listen(address: SocketAddr, error: &io::Error) -> Failure {
    let listen = Arg::Text(address.to_string());
    let say = match error.kind() {
        io::ErrorKind::AddrInUse => Say::new(Key::OpsPortTaken).with("listen", listen),
        _ => Say::new(Key::OpsListenFailed)
            .with("listen", listen)
            .with("why", Arg::Text(error.to_string())),
    };
    Failure::new(Exit::Port, say)
}

/// Storage failed and did not come back.
pub(super) fn storage_lost() -> Failure {
    Failure::new(Exit::StorageFailed, Say::new(Key::OpsStoreReopen))
}

/// Telegram refuses the token.
pub(super) fn token_refused() -> Failure {
    Failure::new(Exit::Token, Say::new(Key::RuntimeTokenRefused))
}

/// A fault of the program itself.
pub(super) fn internal(why: &str) -> Failure {
    Failure::new(
        Exit::Internal,
        Say::new(Key::OpsInternal).with("why", Arg::Text(why.to_owned())),
    )
}
