//! Nagios 4, through `vigie notify nagios` as its notification command.

use super::{Format, checks, icinga2, notify};

/// The format, as it is listed.
pub const FORMAT: Format = Format {
    name: "nagios",
    parse: |input| notify::parse_as(input, &READER),
    sample: |sample| icinga2::notification("nagios", sample),
};

/// Its reader.
pub(super) static READER: notify::Reader = notify::Reader {
    src: "nagios",
    is_ours: icinga2::READER.is_ours,
    read: checks::read,
};
