//! What snmptrapd writes to the program of a `traphandle`: the name of the sender, its address,
//! then one object and its value a line.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use super::{Caller, Event, Fault, Given, start, value};

/// Most objects of a trap that are passed on.
const OBJECTS: usize = 100;

/// Reads a trap; nothing where there is none.
pub(super) fn event(text: &str, given: &Given, now: DateTime<Utc>) -> Result<Option<Event>, Fault> {
    let mut lines = text.lines();
    let Some(host) = lines.next().filter(|line| !line.trim().is_empty()) else {
        return Ok(None);
    };
    let address = sender(lines.next().unwrap_or_default());
    // Where names are not looked up, the first line is the address as well.
    let host = sender(host).or_else(|| value(host));
    let mut vars = Map::new();
    for (name, text) in objects(lines).into_iter().take(OBJECTS) {
        vars.insert(name, value(&text).unwrap_or_default());
    }
    if vars.is_empty() {
        return Err(Fault::Event("a trap without objects".to_owned()));
    }
    let mut map = start(Caller::SnmpTrap, given, now);
    map.extend(host.map(|host| ("host".to_owned(), host)));
    map.extend(address.map(|address| ("address".to_owned(), address)));
    map.insert("vars".to_owned(), Value::Object(vars));
    Ok(Some(Event {
        about: None,
        body: map.into(),
    }))
}

/// Objects and values; a value in quotes may go on in the next lines.
fn objects<'t>(lines: impl Iterator<Item = &'t str>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let open = |text: &str| text.starts_with('"') && (text.len() == 1 || !text.ends_with('"'));
    for line in lines {
        match found.last_mut().filter(|(_, text)| open(text)) {
            Some((_, text)) => {
                text.push(' ');
                text.push_str(line.trim_end());
            }
            None => {
                let (name, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
                if !name.is_empty() {
                    found.push((name.to_owned(), text.trim().to_owned()));
                }
            }
        }
    }
    found
}

/// The address in `UDP: [10.2.0.9]:161->[10.0.0.1]:162`.
fn sender(line: &str) -> Option<Value> {
    let (_, rest) = line.split_once('[')?;
    let (address, _) = rest.split_once(']')?;
    value(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trap_is_read_with_its_sender_and_its_objects() {
        let text = "sw-silo\nUDP: [10.2.0.9]:51161->[10.0.0.1]:162\n\
                    .1.3.6.1.6.3.1.1.4.1.0 .1.3.6.1.6.3.1.1.5.3\n\
                    IF-MIB::ifAlias.7 \"vers l'église <BH>\"\nIF-MIB::ifIndex.7\n";
        let now = DateTime::from_timestamp(1_795_563_200, 0).unwrap();
        let event = event(text, &Given::default(), now).unwrap().unwrap();
        assert_eq!(event.body["host"], "sw-silo");
        assert_eq!(event.body["address"], "10.2.0.9");
        assert_eq!(
            event.body["vars"]["IF-MIB::ifAlias.7"],
            "\"vers l'église <BH>\""
        );
        assert_eq!(event.body["vars"]["IF-MIB::ifIndex.7"], Value::Null);
        let text = "UDP: [10.2.0.9]:1->[10.0.0.1]:162\nUDP: [10.2.0.9]:1->[10.0.0.1]:162\n\
                    iso.3.6.1.2.1.31.1.1.1.18.7 \"76 65 72 73 20\n42 48 \"\niso.3.1 1\n";
        let event = super::event(text, &Given::default(), now).unwrap().unwrap();
        assert_eq!(event.body["host"], "10.2.0.9");
        let alias = &event.body["vars"]["iso.3.6.1.2.1.31.1.1.1.18.7"];
        assert_eq!(alias, "\"76 65 72 73 20 42 48 \"");
        assert_eq!(event.body["vars"]["iso.3.1"], "1");
        assert!(super::event("", &Given::default(), now).unwrap().is_none());
        assert!(super::event("sw\nUDP\n", &Given::default(), now).is_err());
    }
}
