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
    let address = lines.next().unwrap_or_default();
    let mut vars = Map::new();
    for line in lines.take(OBJECTS) {
        let (name, text) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        if !name.is_empty() {
            vars.insert(name.to_owned(), value(text).unwrap_or_default());
        }
    }
    if vars.is_empty() {
        return Err(Fault::Event("a trap without objects".to_owned()));
    }
    let mut map = start(Caller::SnmpTrap, given, now);
    map.extend(value(host).map(|host| ("host".to_owned(), host)));
    map.extend(sender(address).map(|address| ("address".to_owned(), address)));
    map.insert("vars".to_owned(), Value::Object(vars));
    Ok(Some(Event {
        about: None,
        body: map.into(),
    }))
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
        assert!(super::event("", &Given::default(), now).unwrap().is_none());
        assert!(super::event("sw\nUDP\n", &Given::default(), now).is_err());
    }
}
