//! Reads bodies and fixtures of monitoring formats.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde_json::Value;
use vigie::monitor::{HookInput, Labels, Parsed, format};
use vigie_domain::alert::Alert;

pub const JSON: &str = "application/json";
pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn paris() -> Labels {
    Labels {
        zone: chrono_tz::Europe::Paris,
        ..Labels::default()
    }
}

pub fn read_with(name: &str, content_type: &str, body: &[u8], labels: &Labels) -> Parsed {
    let input = HookInput {
        content_type,
        body,
        labels,
    };
    let format = format(name).expect("a known format");
    (format.parse)(&input).unwrap_or_else(|problems| panic!("{name}: {problems:?}"))
}

pub fn read(name: &str, body: impl AsRef<[u8]>) -> Parsed {
    read_with(name, JSON, body.as_ref(), &paris())
}

pub fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new("tests/fixtures/monitor").join(name)).expect("the fixture is there")
}

pub fn only(parsed: Parsed) -> Alert {
    let [alert] = <[Alert; 1]>::try_from(parsed.alerts).expect("one alert");
    alert
}

pub fn one(name: &str, file: &str) -> Alert {
    only(read(name, fixture(file)))
}

pub fn at(text: &str) -> Option<DateTime<Utc>> {
    Some(text.parse().expect("a time"))
}

pub fn changed(file: &str, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut value: Value = serde_json::from_slice(&fixture(file)).expect("JSON");
    change(&mut value);
    value.to_string().into_bytes()
}
