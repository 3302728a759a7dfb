//! Requests of the information system, signed with a secret that only it and we know, and our
//! answers, signed for the request that they answer.
//!
//! A request carries its time (`Vigie-Time`, seconds), a name of its own (`Vigie-Nonce`) and the
//! HMAC-SHA256 of everything that it says (`Vigie-Signature`, hex). It holds for five minutes on
//! either side of its time; that it is taken once is for whoever keeps what was taken.

use std::fmt::Write as _;

use axum::http::{HeaderMap, StatusCode};
use hmac::{Hmac, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

/// Header with the time of a request.
pub const TIME: &str = "vigie-time";
/// Header with the name of a request.
pub const NONCE: &str = "vigie-nonce";
/// Header with the signature of a request, or of its answer.
pub const SIGNATURE: &str = "vigie-signature";
/// Seconds that a clock may be wrong.
const WINDOW: u64 = 300;
/// Shortest secret.
pub const SHORTEST: usize = 32;

/// The secrets shared with the information system: two while one is being replaced.
#[derive(Clone, Debug)]
pub struct SiteSecrets(Vec<SecretString>);

/// Why a request is not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// It is not signed, or not by the information system, or not as it arrived.
    Signature,
    /// Its clock and ours are too far apart.
    Clock,
}

impl Unheard {
    /// In a word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signature => "signature",
            Self::Clock => "clock",
        }
    }
}

/// A request that was heard.
#[derive(Debug)]
pub struct Heard<'a> {
    /// Its name.
    pub nonce: &'a str,
    secret: &'a SecretString,
}

impl SiteSecrets {
    /// Secrets, one a line. `None`: there is none, or one is too short.
    #[must_use]
    pub fn read(lines: &str) -> Option<Self> {
        let lines = lines.lines().map(str::trim);
        let secrets: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
        let fits = !secrets.is_empty() && secrets.iter().all(|one| one.len() >= SHORTEST);
        fits.then(|| Self(secrets.into_iter().map(SecretString::from).collect()))
    }

    /// Whether a request is of the information system, and of this moment.
    ///
    /// # Errors
    /// It is not.
    pub fn hear<'a>(
        &'a self,
        path: &str,
        headers: &'a HeaderMap,
        body: &[u8],
        now: i64,
    ) -> Result<Heard<'a>, Unheard> {
        let of = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let (Some(time), Some(nonce), Some(signature)) = (of(TIME), of(NONCE), of(SIGNATURE))
        else {
            return Err(Unheard::Signature);
        };
        let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !(16..=64).contains(&nonce.len()) || !nonce.bytes().all(named) {
            return Err(Unheard::Signature);
        }
        let signature = read_hex(signature).ok_or(Unheard::Signature)?;
        let said = request(path, time, nonce, body);
        let secret = self.0.iter().find(|secret| {
            // Compared in the same time, whatever differs.
            mac(secret, &said).is_some_and(|mac| mac.verify_slice(&signature).is_ok())
        });
        let secret = secret.ok_or(Unheard::Signature)?;
        let time: i64 = time.parse().map_err(|_| Unheard::Clock)?;
        match time.abs_diff(now) <= WINDOW {
            true => Ok(Heard { nonce, secret }),
            false => Err(Unheard::Clock),
        }
    }

    /// The signature of a request, as the information system makes it.
    #[must_use]
    pub fn sign(&self, path: &str, time: i64, nonce: &str, body: &[u8]) -> String {
        let said = request(path, &time.to_string(), nonce, body);
        self.0
            .first()
            .map_or_else(String::new, |secret| signed(secret, &said))
    }

    /// The signature of an answer, as the information system checks it.
    #[must_use]
    pub fn sign_answer(&self, nonce: &str, status: StatusCode, body: &[u8]) -> String {
        let said = answer(nonce, status, body);
        self.0
            .first()
            .map_or_else(String::new, |secret| signed(secret, &said))
    }
}

impl Heard<'_> {
    /// The signature of the answer, with the secret that signed the request.
    #[must_use]
    pub fn sign_answer(&self, status: StatusCode, body: &[u8]) -> String {
        signed(self.secret, &answer(self.nonce, status, body))
    }
}

fn request(path: &str, time: &str, nonce: &str, body: &[u8]) -> String {
    format!(
        "vigie-request-1\nPOST\n{path}\n{time}\n{nonce}\n{}",
        hex(&Sha256::digest(body))
    )
}

fn answer(nonce: &str, status: StatusCode, body: &[u8]) -> String {
    format!(
        "vigie-answer-1\n{nonce}\n{}\n{}",
        status.as_u16(),
        hex(&Sha256::digest(body))
    )
}

fn mac(secret: &SecretString, said: &str) -> Option<Hmac<Sha256>> {
    // A key may have any length.
    let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    Some(mac.chain_update(said))
}

fn signed(secret: &SecretString, said: &str) -> String {
    mac(secret, said).map_or_else(String::new, |mac| hex(&mac.finalize().into_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn read_hex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let digits = text.as_bytes().chunks(2);
    let read = |pair: &[u8]| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    };
    digits.map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "an invented secret of the tests, long enough";
    const OTHER: &str = "another invented secret of the tests, its heir";

    fn headers(time: &str, nonce: &str, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(TIME, time), (NONCE, nonce), (SIGNATURE, signature)] {
            headers.insert(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn what_was_altered_is_too_old_or_signed_by_others_is_not_heard() {
        let ours = SiteSecrets::read(SECRET).unwrap();
        let both = SiteSecrets::read(&format!("{OTHER}\n\n {SECRET} \n")).unwrap();
        let nonce = "a-name-of-22-letters-x";
        let signature = ours.sign("/si/links", 1_000, nonce, b"{}");
        let signed = headers("1000", nonce, &signature);
        for secrets in [&ours, &both] {
            for now in [700, 1_000, 1_300] {
                let heard = secrets.hear("/si/links", &signed, b"{}", now).unwrap();
                let answered = heard.sign_answer(StatusCode::OK, b"said");
                assert_eq!(answered, ours.sign_answer(nonce, StatusCode::OK, b"said"));
            }
        }
        let refused = |headers: &HeaderMap, path: &str, body: &[u8], now: i64| {
            ours.hear(path, headers, body, now).unwrap_err()
        };
        for now in [699, 1_301] {
            assert_eq!(refused(&signed, "/si/links", b"{}", now), Unheard::Clock);
        }
        let theirs = SiteSecrets::read(OTHER).unwrap();
        let stranger = theirs.sign("/si/links", 1_000, nonce, b"{}");
        for (headers, path, body) in [
            (&signed, "/si/links", &b"{ }"[..]),
            (&signed, "/si/links/number", b"{}"),
            (&headers("1001", nonce, &signature), "/si/links", b"{}"),
            (
                &headers("1000", "a-name-of-22-letters-y", &signature),
                "/si/links",
                b"{}",
            ),
            (&headers("1000", nonce, &stranger), "/si/links", b"{}"),
            (
                &headers("1000", nonce, &signature[..62]),
                "/si/links",
                b"{}",
            ),
            (&headers("1000", nonce, ""), "/si/links", b"{}"),
            (&headers("1000", "short", &signature), "/si/links", b"{}"),
            (&HeaderMap::new(), "/si/links", b"{}"),
        ] {
            assert_eq!(refused(headers, path, body, 1_000), Unheard::Signature);
        }
    }

    #[test]
    fn a_short_secret_is_none() {
        assert!(SiteSecrets::read("").is_none());
        assert!(SiteSecrets::read(&format!("{SECRET}\nshort")).is_none());
    }
}
