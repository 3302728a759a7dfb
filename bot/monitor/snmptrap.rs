//! SNMP traps, through `vigie notify snmptrap` as the program of snmptrapd: linkDown and linkUp of
//! an interface, by its ifIndex. Other traps say no state that could end, and open nothing.

use serde_json::{Map, Value, json};
use vigie_domain::alert::{Alert, Phase, Severity, Tags};
use vigie_domain::text::clean;

use super::fields::{
    DETAILS, EQUIPMENT, Fields, NAME, Problems, SUMMARY, cut, hashed, line, whole_lines,
};
use super::{Format, Labels, Parsed, Sample, notify};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "snmptrap",
    parse: |input| notify::parse_as(input, &READER),
    sample,
};

/// Its reader.
pub(super) static READER: notify::Reader = notify::Reader {
    src: "snmptrap",
    is_ours: |map: &Map<String, Value>| map.contains_key("vars") && map.contains_key("host"),
    read,
};

const TRAP: (&str, &str) = ("1.3.6.1.6.3.1.1.4.1", "snmpTrapOID");
const INDEX: (&str, &str) = ("1.3.6.1.2.1.2.2.1.1", "ifIndex");
const DESCR: (&str, &str) = ("1.3.6.1.2.1.2.2.1.2", "ifDescr");
const ADMIN: (&str, &str) = ("1.3.6.1.2.1.2.2.1.7", "ifAdminStatus");
const NAMED: (&str, &str) = ("1.3.6.1.2.1.31.1.1.1.1", "ifName");
const ALIAS: (&str, &str) = ("1.3.6.1.2.1.31.1.1.1.18", "ifAlias");

/// What a trap carries: objects, by number or by name, and their values.
struct Vars(Vec<(String, String)>);

impl Vars {
    /// The value of a column, and the row it belongs to.
    fn find(&self, (number, name): (&str, &str)) -> Option<(&str, &str)> {
        self.0.iter().find_map(|(object, value)| {
            let object = object.trim_start_matches('.');
            let object = object.rsplit_once("::").map_or(object, |(_, name)| name);
            let rest = |start: &str| Some(object.strip_prefix(start)?.trim_start_matches('.'));
            let iso = number.strip_prefix('1').map(|rest| format!("iso{rest}."));
            let row = rest(&format!("{number}."))
                .or_else(|| rest(&iso?))
                .or_else(|| rest(&format!("{name}.")))
                .or_else(|| (object == name).then_some(""))?;
            Some((row, value.as_str()))
        })
    }

    fn value(&self, column: (&str, &str)) -> Option<String> {
        let (_, value) = self.find(column)?;
        let text = readable(value);
        (!text.is_empty()).then_some(text)
    }
}

/// A text as people read it: snmptrapd writes one with accents as numbers of its bytes.
fn readable(value: &str) -> String {
    let text = value.trim_matches('"').trim();
    let bytes: Option<Vec<u8>> = text
        .split_ascii_whitespace()
        .map(|pair| {
            u8::from_str_radix(pair, 16)
                .ok()
                .filter(|_| pair.len() == 2)
        })
        .collect();
    let quoted = value.trim_start().starts_with('"');
    let decoded = bytes.filter(|bytes| quoted && bytes.len() > 1);
    let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.map_or_else(|| text.to_owned(), |text| clean(&text).trim().to_owned())
}

fn read(fields: Fields<'_>, labels: &Labels, parsed: &mut Parsed, problems: &mut Problems) {
    let vars = Vars(fields.texts("vars", problems));
    let Some(trap) = vars.value(TRAP) else {
        return;
    };
    let phase = match trap.rsplit(['.', ':']).next() {
        _ if trap.ends_with("1.1.5.3") => Phase::Firing,
        _ if trap.ends_with("1.1.5.4") => Phase::Resolved,
        Some("linkDown") => Phase::Firing,
        Some("linkUp") => Phase::Resolved,
        _ => return,
    };
    let host = fields.text("host", problems);
    let host = host.filter(|host| host != "<UNKNOWN>");
    let Some(host) = host.or_else(|| fields.text("address", problems)) else {
        problems.add(
            &fields.path("host"),
            "expected the name or address of the device",
        );
        return;
    };
    let row = |column| vars.find(column).map(|(row, _)| row.to_owned());
    let index = vars
        .value(INDEX)
        .or_else(|| row(DESCR))
        .or_else(|| row(ADMIN));
    let index = index
        .filter(|index| !index.is_empty())
        .unwrap_or_else(|| "?".to_owned());
    let shown = vars.value(NAMED).or_else(|| vars.value(DESCR));
    let shown = shown.unwrap_or_else(|| format!("ifIndex {index}"));
    let alias = vars.value(ALIAS);
    let admin = vars.value(ADMIN);
    let shut = admin
        .as_deref()
        .is_some_and(|word| word.starts_with('2') || word.starts_with("down"));
    let word = labels.severity.as_deref().unwrap_or("severity");
    let severity = match fields.text(word, &mut Problems::default()) {
        Some(word) => Severity::from_word(Some(&word)),
        // Somebody switched it off there.
        None if shut => Severity::Info,
        None => Severity::Warning,
    };
    let time = fields.time_if_any("ts");
    let about = alias
        .as_ref()
        .map_or_else(String::new, |alias| format!(" ({alias})"));
    let what = if phase == Phase::Firing {
        "linkDown"
    } else {
        "linkUp"
    };
    let lines: Vec<_> = vars
        .0
        .iter()
        .map(|(name, text)| format!("{name} = {}", readable(text)))
        .collect();
    let own = labels.equipment.as_deref();
    let equipment = own.and_then(|own| fields.text(own, &mut Problems::default()));
    let summary = fields.text("text", problems);
    let summary = summary.unwrap_or_else(|| format!("{what}: {shown}{about}"));
    parsed.alerts.push(Alert {
        fingerprint: hashed(&[("host", &host), ("ifIndex", &index)]),
        phase,
        equipment: Some(cut(equipment.as_deref().unwrap_or(&host), EQUIPMENT)),
        name: cut(&format!("link {shown}"), NAME),
        severity,
        starts_at: time.filter(|_| phase == Phase::Firing),
        ends_at: time.filter(|_| phase == Phase::Resolved),
        summary: line(&summary, SUMMARY),
        details: whole_lines(&lines, DETAILS),
        link: None,
        tags: Tags::default(),
    });
}

fn sample(sample: &Sample<'_>) -> Value {
    let trap = match sample.phase {
        Phase::Firing => "IF-MIB::linkDown",
        Phase::Resolved => "IF-MIB::linkUp",
    };
    json!({
        "src": "snmptrap",
        "host": sample.equipment,
        "vars": {"SNMPv2-MIB::snmpTrapOID.0": trap, "IF-MIB::ifIndex.9999": sample.id},
        "text": sample.text,
        "ts": sample.at.timestamp(),
    })
}
