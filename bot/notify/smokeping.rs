//! The arguments with which SmokePing calls its alert program: alert, target, loss, rtt, host, and
//! with `edgetrigger = yes` whether it begins (1) or ends (0).

use chrono::{DateTime, Utc};

use super::{Caller, Event, Fault, Given, about, start, value};

const NAMES: [&str; 6] = ["alert", "target", "loss", "rtt", "host", "raise"];

/// Reads the arguments.
pub(super) fn event(given: &Given, now: DateTime<Utc>) -> Result<Event, Fault> {
    let (Some(alert), Some(target)) = (given.args.first(), given.args.get(1)) else {
        let what = "SmokePing gives five arguments: alert, target, loss, rtt, host";
        return Err(Fault::Event(what.to_owned()));
    };
    let mut map = start(Caller::SmokePing, given, now);
    for (name, text) in NAMES.iter().zip(&given.args) {
        if let Some(text) = value(text) {
            map.insert((*name).to_owned(), text);
        }
    }
    let about = about(&["smokeping", alert, target]);
    Ok(Event {
        about: Some(about),
        body: map.into(),
    })
}
