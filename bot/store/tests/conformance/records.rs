//! The record format: golden bytes of every version, damage, newer versions.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use vigie_store::record::{payload_as, unknown_version};
use vigie_store::{Record, StoreError, decode, encode};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct TicketV1 {
    title: String,
    open: bool,
}

impl Record for TicketV1 {
    const SCHEMA: u16 = 1;

    fn upgrade(from: u16, _: &[u8]) -> Result<Self, StoreError> {
        unknown_version(from)
    }
}

/// Version 2 turned a yes-or-no into a word, and later gained a field with a default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Ticket {
    title: String,
    state: String,
    #[serde(default)]
    votes: u32,
}

impl Record for Ticket {
    const SCHEMA: u16 = 2;

    fn upgrade(from: u16, payload: &[u8]) -> Result<Self, StoreError> {
        match from {
            1 => {
                let old: TicketV1 = payload_as(payload)?;
                Ok(Self {
                    title: old.title,
                    state: if old.open { "open" } else { "closed" }.to_owned(),
                    votes: 0,
                })
            }
            other => unknown_version(other),
        }
    }
}

fn golden(name: &str) -> Vec<u8> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/store");
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect()
}

fn v1() -> TicketV1 {
    TicketV1 {
        title: "Relais éteint".to_owned(),
        open: true,
    }
}

fn v2() -> Ticket {
    Ticket {
        title: "Relais éteint".to_owned(),
        state: "open".to_owned(),
        votes: 7,
    }
}

#[test]
fn every_version_still_reads() {
    assert_eq!(decode::<TicketV1>(&golden("ticket-1.hex")).unwrap(), v1());
    let lifted = Ticket { votes: 0, ..v2() };
    assert_eq!(decode::<Ticket>(&golden("ticket-1.hex")).unwrap(), lifted);
    assert_eq!(
        decode::<Ticket>(&golden("ticket-2.hex")).unwrap(),
        lifted,
        "the field came later"
    );
    assert_eq!(decode::<Ticket>(&golden("ticket-2b.hex")).unwrap(), v2());
}

#[test]
fn what_is_written_has_not_changed() {
    assert_eq!(encode(&v1()).unwrap(), golden("ticket-1.hex"));
    assert_eq!(encode(&v2()).unwrap(), golden("ticket-2b.hex"));
}

#[test]
fn an_older_program_ignores_new_fields_but_refuses_newer_versions() {
    #[derive(Debug, Serialize, Deserialize)]
    struct Before {
        title: String,
        state: String,
    }
    impl Record for Before {
        const SCHEMA: u16 = 2;
        fn upgrade(from: u16, _: &[u8]) -> Result<Self, StoreError> {
            unknown_version(from)
        }
    }
    let read: Before = decode(&encode(&v2()).unwrap()).unwrap();
    assert_eq!((read.title, read.state), (v2().title, v2().state));
    let newer = decode::<TicketV1>(&encode(&v2()).unwrap());
    assert!(matches!(newer, Err(StoreError::TooNew(_))), "{newer:?}");
}

#[test]
fn every_altered_byte_is_noticed() {
    let raw = encode(&v2()).unwrap();
    for at in 0..raw.len() {
        for bit in 0..8 {
            let mut altered = raw.to_vec();
            altered[at] ^= 1 << bit;
            assert!(decode::<Ticket>(&altered).is_err(), "byte {at}, bit {bit}");
        }
        assert!(decode::<Ticket>(&raw[..at]).is_err(), "cut at {at}");
    }
}
