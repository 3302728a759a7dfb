//! Icinga 2, through `vigie notify icinga2` as its notification command.

use serde_json::{Map, Value, json};
use vigie_domain::alert::Phase;

use super::{Format, Sample, checks, notify};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "icinga2",
    parse: |input| notify::parse_as(input, &READER),
    sample,
};

/// Its reader.
pub(super) static READER: notify::Reader = notify::Reader {
    src: "icinga2",
    is_ours,
    read: checks::read,
};

fn is_ours(map: &Map<String, Value>) -> bool {
    map.contains_key("type") && map.contains_key("host") && map.contains_key("state")
}

fn sample(sample: &Sample<'_>) -> Value {
    notification("icinga2", sample)
}

/// A service's notification; also that of Nagios.
pub(super) fn notification(src: &str, sample: &Sample<'_>) -> Value {
    let over = sample.phase == Phase::Resolved;
    json!({
        "src": src,
        "type": if over { "RECOVERY" } else { "PROBLEM" },
        "host": sample.equipment,
        "service": sample.id,
        "state": if over { "OK" } else { "CRITICAL" },
        "output": sample.text,
        "ts": sample.at.timestamp(),
        "since": if over { sample.at } else { sample.began }.timestamp(),
    })
}
