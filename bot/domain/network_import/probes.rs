//! The field `probe`: one probe as text, several in a list, or several in one text divided by `|`.

use crate::probe::Probe;
use crate::probe::parse::{self, LONGEST, MOST};

use super::fields::Fields;
use super::problem::{Hint, What};
use super::source::{Field, Value};

/// Reads the probes of a piece of equipment.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> Vec<Probe> {
    let Some(Field { at, value, .. }) = fields.take("probe") else {
        return Vec::new();
    };
    let texts = match value {
        Value::List(items) => items,
        one => vec![(at, one)],
    };
    let mut probes: Vec<Probe> = Vec::new();
    for (at, value) in texts {
        let Some(text) = fields.as_text("probe", at, value, LONGEST * MOST) else {
            continue;
        };
        for text in parse::divide(&text) {
            match parse::parse(text) {
                Ok(probe) if probes.iter().any(|other| other.target == probe.target) => {
                    let target = probe.target.to_string();
                    fields.fault(at, What::Repeated, "probe", &target, Hint::None);
                }
                Ok(_) if probes.len() == MOST => {
                    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
                    fields.fault(at, What::TooLong, "probe", text, Hint::Limit(limit));
                    return probes;
                }
                Ok(probe) => probes.push(probe),
                Err(fault) => {
                    let field = match fault.part {
                        "" => "probe".to_owned(),
                        part => format!("probe {part}"),
                    };
                    fields.fault(at, fault.what, &field, &fault.value, fault.hint);
                }
            }
        }
    }
    probes
}
