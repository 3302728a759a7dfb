//! `vigie notify`: what the command line says, and what is told about the end.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use vigie_domain::text::{Arg, Key, Say};

use crate::app::ports::Clock as _;
use crate::args::{Caller, Notify};
use crate::clock::SystemClock;
use crate::config;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::notify::{self, Away, Fault, Given, Outcome, SpoolError, Way};

/// Tells of an event, or delivers what waits. Events that are kept for later are no failure.
///
/// # Errors
/// A person has to mend something; the failure says what became of the event.
pub async fn notify(
    console: &Console<'_>,
    args: Notify,
    env: impl Iterator<Item = (OsString, OsString)>,
) -> Result<(), Failure> {
    let lossy = |text: OsString| text.to_string_lossy().into_owned();
    let given = Given {
        env: env
            .map(|(name, value)| (lossy(name), lossy(value)))
            .collect(),
        args: args.arguments.into_iter().map(lossy).collect(),
        severity: args.severity,
    };
    let now = || SystemClock.now();
    let caller = args.caller.filter(|_| !args.flush).map(named);
    let token = match (token(&args.token_file), caller) {
        (Ok(token), _) => token,
        // Without a token nothing is posted; but nothing is lost either.
        (Err(why), Some(caller)) => {
            let kept = notify::keep(&args.spool, caller, &given, now());
            kept.map_err(|fault| failure(&args.spool, fault))?;
            return Err(why);
        }
        (Err(why), None) => return Err(why),
    };
    let way = Way {
        url: args.url,
        token,
        spool: args.spool,
        within: Duration::from_secs(args.timeout),
    };
    let ended = match caller {
        Some(caller) => notify::tell(&way, caller, &given, &now).await,
        None => notify::flush(&way, &now).await,
    };
    match ended {
        Ok(Outcome::Delivered(count)) if args.flush && count > 0 => {
            let count = Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
            console.say(&Say::new(Key::NotifyDelivered).with("count", count));
            Ok(())
        }
        Ok(Outcome::Delivered(_) | Outcome::Nothing) => Ok(()),
        Ok(Outcome::Kept { waiting, why }) => {
            console.warning("vigie", &kept(console, &way.spool, waiting, why));
            Ok(())
        }
        Err(fault) => Err(failure(&way.spool, fault)),
    }
}

/// The first token of a file.
pub(super) fn token(file: &Path) -> Result<SecretString, Failure> {
    let secret = config::secret(file).map_err(|say| Failure::new(Exit::Token, say))?;
    let first = secret.expose_secret().lines().next().unwrap_or_default();
    Ok(SecretString::from(first.trim()))
}

const fn named(caller: Caller) -> notify::Caller {
    match caller {
        Caller::Icinga2 => notify::Caller::Icinga2,
        Caller::Nagios => notify::Caller::Nagios,
        Caller::SmokePing => notify::Caller::SmokePing,
        Caller::SnmpTrap => notify::Caller::SnmpTrap,
        Caller::Syslog => notify::Caller::Syslog,
    }
}

fn kept(console: &Console<'_>, spool: &Path, waiting: usize, why: Away) -> Say {
    let why = match why {
        Away::Unreachable(why) => Say::new(Key::NotifyWhyUnreachable).with("why", Arg::Text(why)),
        Away::JustTried => Key::NotifyWhyJustTried.into(),
        Away::Busy => Key::NotifyWhyBusy.into(),
        Away::Late => Key::NotifyWhyLate.into(),
    };
    Say::new(Key::NotifyKept)
        .with("path", Arg::Text(spool.display().to_string()))
        .with(
            "waiting",
            Arg::Number(i64::try_from(waiting).unwrap_or(i64::MAX)),
        )
        .with("why", Arg::Text(console.text(&why)))
}

fn failure(spool: &Path, fault: Fault) -> Failure {
    let (exit, key) = match &fault {
        Fault::Event(_) => (Exit::Data, Key::NotifyEvent),
        Fault::Refused(_) => (Exit::Data, Key::NotifyRefused),
        Fault::Token(_) => (Exit::Token, Key::NotifyToken),
        Fault::Spool(SpoolError::Folder { .. }) => (Exit::Folder, Key::NotifySpool),
        Fault::Spool(SpoolError::Full(_)) => (Exit::StorageFailed, Key::NotifySpool),
    };
    let mut say = Say::new(key).with("why", Arg::Text(fault.to_string()));
    if matches!(fault, Fault::Refused(_) | Fault::Token(_)) {
        say = say.with("path", Arg::Text(spool.display().to_string()));
    }
    Failure::new(exit, say)
}
