//! What was measured, carried in the alert in a form without language and said in the reader's.

use std::fmt;
use std::str::FromStr;

use super::window::Window;
use crate::text::{Arg, Key, Say};

/// Why a question has no good answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// No answer in time.
    Timeout,
    /// The port is closed.
    Refused,
    /// The network says that there is no way.
    Unreachable,
    /// The name has no address.
    NoName,
    /// The certificate or the encryption is not accepted.
    Tls,
    /// The connection broke, or what came makes no sense.
    Broken,
    /// Another status of a page than expected.
    Status(u16),
    /// The page does not hold the expected text.
    NoText,
    /// The server of names answers with this code.
    DnsCode(u16),
    /// The server of names knows no such address.
    NoRecord,
}

impl Why {
    /// In words.
    #[must_use]
    pub fn say(self) -> Say {
        let with = |key, code: u16| Say::new(key).with("code", Arg::Text(code.to_string()));
        match self {
            Self::Timeout => Key::ProbeTimeout.into(),
            Self::Refused => Key::ProbeRefused.into(),
            Self::Unreachable => Key::ProbeUnreachable.into(),
            Self::NoName => Key::ProbeNoName.into(),
            Self::Tls => Key::ProbeTls.into(),
            Self::Broken => Key::ProbeBroken.into(),
            Self::Status(code) => with(Key::ProbeStatus, code),
            Self::NoText => Key::ProbeNoText.into(),
            Self::DnsCode(code) => with(Key::ProbeDnsCode, code),
            Self::NoRecord => Key::ProbeNoRecord.into(),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout => f.write_str("timeout"),
            Self::Refused => f.write_str("refused"),
            Self::Unreachable => f.write_str("unreachable"),
            Self::NoName => f.write_str("no-name"),
            Self::Tls => f.write_str("tls"),
            Self::Broken => f.write_str("broken"),
            Self::Status(code) => write!(f, "status-{code}"),
            Self::NoText => f.write_str("no-text"),
            Self::DnsCode(code) => write!(f, "dns-{code}"),
            Self::NoRecord => f.write_str("no-record"),
        }
    }
}

impl FromStr for Why {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let code = |digits: &str| digits.parse().map_err(|_| ());
        Ok(match text {
            "timeout" => Self::Timeout,
            "refused" => Self::Refused,
            "unreachable" => Self::Unreachable,
            "no-name" => Self::NoName,
            "tls" => Self::Tls,
            "broken" => Self::Broken,
            "no-text" => Self::NoText,
            "no-record" => Self::NoRecord,
            _ => match text.split_once('-') {
                Some(("status", digits)) => Self::Status(code(digits)?),
                Some(("dns", digits)) => Self::DnsCode(code(digits)?),
                _ => return Err(()),
            },
        })
    }
}

/// What was measured when a state changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Whether it means "down", or only "degraded".
    pub down: bool,
    /// Questions that are remembered.
    pub asked: u32,
    /// How many of them were lost.
    pub lost: u32,
    /// Losses in a row.
    pub in_a_row: u32,
    /// Median time of the last answers, in tenths of milliseconds.
    pub rtt_tenths: Option<u64>,
    /// Why the last one was lost.
    pub why: Option<Why>,
}

impl Measure {
    /// What a window says now.
    #[must_use]
    pub fn of(window: &Window, in_a_row: u32, why: Option<Why>) -> Self {
        Self {
            down: false,
            asked: window.asked(),
            lost: window.lost(),
            in_a_row,
            rtt_tenths: window.median_us().map(|us| us / 100),
            why,
        }
    }

    /// In words, one after the other.
    #[must_use]
    pub fn say(&self) -> Vec<Say> {
        let number = |count: u32| Arg::Number(i64::from(count));
        let mut says = Vec::new();
        if self.in_a_row > 0 {
            says.extend(self.why.map(Why::say));
        }
        says.push(
            Say::new(Key::ProbeLoss)
                .with("lost", number(self.lost))
                .with("asked", number(self.asked)),
        );
        if let Some(rtt) = self.rtt_tenths {
            says.push(Say::new(Key::ProbeRtt).with("rtt", Arg::Text(milliseconds(rtt))));
        }
        says
    }
}

/// Tenths of milliseconds as people write them; a decimal only where it says something.
#[must_use]
pub fn milliseconds(tenths: u64) -> String {
    if tenths >= 100 {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.down { "down" } else { "degraded" };
        let (lost, asked, row) = (self.lost, self.asked, self.in_a_row);
        write!(f, "state={state} lost={lost}/{asked} row={row}")?;
        if let Some(rtt) = self.rtt_tenths {
            write!(f, " rtt={}.{}ms", rtt / 10, rtt % 10)?;
        }
        match self.why {
            Some(why) => write!(f, " why={why}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Measure {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut measure = Self {
            down: false,
            asked: 0,
            lost: 0,
            in_a_row: 0,
            rtt_tenths: None,
            why: None,
        };
        for word in text.split(' ') {
            match word.split_once('=').ok_or(())? {
                ("state", "down") => measure.down = true,
                ("state", "degraded") => measure.down = false,
                ("lost", value) => {
                    let (lost, asked) = value.split_once('/').ok_or(())?;
                    measure.lost = lost.parse().map_err(|_| ())?;
                    measure.asked = asked.parse().map_err(|_| ())?;
                }
                ("row", value) => measure.in_a_row = value.parse().map_err(|_| ())?,
                ("rtt", value) => {
                    let (whole, tenth) = value
                        .strip_suffix("ms")
                        .and_then(|value| value.split_once('.'))
                        .ok_or(())?;
                    let whole: u64 = whole.parse().map_err(|_| ())?;
                    let tenth: u64 = tenth.parse().map_err(|_| ())?;
                    let tenths = whole.checked_mul(10).and_then(|t| t.checked_add(tenth));
                    measure.rtt_tenths = Some(tenths.ok_or(())?);
                }
                ("why", value) => measure.why = Some(value.parse()?),
                _ => return Err(()),
            }
        }
        Ok(measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn whys() -> impl Strategy<Value = Why> {
        prop_oneof![
            Just(Why::Timeout),
            Just(Why::Refused),
            Just(Why::Unreachable),
            Just(Why::NoName),
            Just(Why::Tls),
            Just(Why::Broken),
            any::<u16>().prop_map(Why::Status),
            Just(Why::NoText),
            any::<u16>().prop_map(Why::DnsCode),
            Just(Why::NoRecord),
        ]
    }

    proptest! {
        #[test]
        fn a_measure_is_read_back_from_its_text(
            down in any::<bool>(),
            (asked, lost, in_a_row) in (0_u32..101, 0_u32..101, any::<u32>()),
            rtt_tenths in prop::option::of(0_u64..70_000),
            why in prop::option::of(whys()),
        ) {
            let measure = Measure { down, asked, lost, in_a_row, rtt_tenths, why };
            prop_assert_eq!(measure.to_string().parse(), Ok(measure));
        }

        #[test]
        fn other_text_is_no_measure_and_does_no_harm(text in "\\PC{0,60}") {
            let _ = text.parse::<Measure>();
        }
    }

    #[test]
    fn words_name_the_cause_only_while_it_lasts() {
        let mut measure = Measure {
            down: true,
            asked: 10,
            lost: 3,
            in_a_row: 3,
            rtt_tenths: Some(123),
            why: Some(Why::Status(503)),
        };
        let keys =
            |measure: &Measure| -> Vec<Key> { measure.say().iter().map(|say| say.key).collect() };
        assert_eq!(
            keys(&measure),
            [Key::ProbeStatus, Key::ProbeLoss, Key::ProbeRtt]
        );
        measure.in_a_row = 0;
        assert_eq!(keys(&measure), [Key::ProbeLoss, Key::ProbeRtt]);
        assert_eq!(milliseconds(7), "0.7");
        assert_eq!(milliseconds(1_234), "123");
    }
}
