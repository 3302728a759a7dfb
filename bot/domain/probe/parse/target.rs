//! What a probe asks: hosts, ports and addresses of pages.

use super::super::{Family, Target};
use super::{Fault, fault, forms};
use crate::network_import::{Hint, What};

/// Longest name of a host.
const LONGEST_HOST: usize = 253;

fn one<'w>(places: &[&'w str]) -> Result<&'w str, Fault> {
    match places {
        [] => Err(fault(What::Missing, "", "", forms())),
        [place] => Ok(place),
        [_, more, ..] => Err(fault(What::UnknownField, "", more, forms())),
    }
}

pub(super) fn ping(places: &[&str]) -> Result<Target, Fault> {
    let host = host(one(places)?)?;
    Ok(Target::Ping { host })
}

pub(super) fn tcp(places: &[&str]) -> Result<Target, Fault> {
    let place = one(places)?;
    let (host, port) = host_and_port(place)?;
    let port = port.ok_or_else(|| {
        let hint = Hint::OneOf(format!("{place}:443"));
        fault(What::Missing, "port", place, hint)
    })?;
    Ok(Target::Tcp { host, port })
}

pub(super) fn http(places: &[&str]) -> Result<Target, Fault> {
    let url = one(places)?;
    let shape = || Hint::OneOf("https://…, http://…".to_owned());
    if url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(fault(What::WrongType, "", url, shape()));
    }
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| {
            let (head, rest) = (url.get(..scheme.len())?, url.get(scheme.len()..)?);
            head.eq_ignore_ascii_case(scheme).then_some(rest)
        })
        .ok_or_else(|| fault(What::WrongType, "", url, shape()))?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    if authority.contains('@') {
        // What is probed is shown in groups: a password has no place there.
        let hidden = authority.rsplit('@').next().unwrap_or_default();
        return Err(fault(What::WrongType, "", &format!("…@{hidden}"), shape()));
    }
    host_and_port(authority)?;
    Ok(Target::Http {
        url: url.to_owned(),
    })
}

pub(super) fn dns(places: &[&str], family: Family) -> Result<Target, Fault> {
    let (servers, names): (Vec<&str>, Vec<&str>) =
        places.iter().partition(|place| place.starts_with('@'));
    let name = host(one(&names)?)?;
    let server = match servers.as_slice() {
        [] => {
            let hint = Hint::OneOf("@10.1.2.3".to_owned());
            return Err(fault(What::Missing, "server", "", hint));
        }
        [server] => server.trim_start_matches('@'),
        [_, more, ..] => return Err(fault(What::Repeated, "server", more, Hint::None)),
    };
    let (server, port) = host_and_port(server)?;
    Ok(Target::Dns {
        name,
        family,
        server,
        port: port.unwrap_or(53),
    })
}

/// An address or a name.
fn host(text: &str) -> Result<String, Fault> {
    let bare = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'))
        .unwrap_or(text);
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return Ok(bare.to_lowercase());
    }
    let letters = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    let name = text.strip_suffix('.').unwrap_or(text);
    // Digits and dots alone are an address with a slip in it, not a name.
    let numbers = name.chars().all(|c| c.is_ascii_digit() || c == '.');
    if name.len() <= LONGEST_HOST && !numbers && name.split('.').all(letters) {
        return Ok(name.to_ascii_lowercase());
    }
    let hint = Hint::OneOf("10.1.2.3, 2001:db8::1, relais.example.net".to_owned());
    Err(fault(What::WrongType, "", text, hint))
}

fn host_and_port(text: &str) -> Result<(String, Option<u16>), Fault> {
    if text.parse::<std::net::Ipv6Addr>().is_ok() {
        return Ok((host(text)?, None));
    }
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => (address, rest.strip_prefix(':')),
        None => match text.rsplit_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        },
    };
    let port = match port {
        None => None,
        Some(digits) => match digits.parse::<u16>() {
            Ok(port @ 1..) => Some(port),
            _ => {
                let hint = Hint::OneOf("1-65535".to_owned());
                return Err(fault(What::OutOfRange, "port", digits, hint));
            }
        },
    };
    Ok((host(name)?, port))
}
