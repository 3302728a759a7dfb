//! The arguments with which SmokePing calls its alert program: alert, target, loss, rtt, host, and
//! 1 where an alert with `edgetrigger = yes` begins. At the end of such an alert, and always without
//! `edgetrigger`, there are five; which of both it is tells a mark made at the beginning.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{Caller, Event, Fault, Given, about, start, value};

const NAMES: [&str; 6] = ["alert", "target", "loss", "rtt", "host", "raise"];

/// Reads the arguments. Marks of what began are in this folder.
pub(super) fn event(given: &Given, spool: &Path, now: DateTime<Utc>) -> Result<Event, Fault> {
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
    let mark = spool.join("begun").join(&about);
    let word = match map.get("raise").and_then(Value::as_str) {
        Some("1") => {
            // Without the mark the end is told all the same, with a remark.
            let _ = fs::create_dir_all(spool.join("begun")).and_then(|()| fs::write(mark, b""));
            "1"
        }
        Some(_) => "0",
        None if fs::remove_file(mark).is_ok() => "0",
        None => "?",
    };
    map.insert("raise".to_owned(), word.into());
    Ok(Event {
        about: Some(about),
        body: map.into(),
    })
}
