//! Asks UISP, within bounds of time and size.

use std::collections::BTreeSet;
use std::time::Duration;

use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;

use super::{Seen, device, outage, site};

/// Time for one answer.
const WITHIN: Duration = Duration::from_secs(30);
/// Largest answer.
const LARGEST: usize = 256 * 1_024 * 1_024;
/// Outages asked for at once.
const PAGE: usize = 200;
/// Pages asked for: more outages than that are a fault of UISP.
const PAGES: usize = 2_000;

/// How to reach a UISP.
#[derive(Clone, Debug)]
pub struct Access {
    /// Its address.
    pub url: Url,
    /// Its token.
    pub token: SecretString,
    /// The certificate of its authority, where that is not a public one.
    pub ca: Option<Vec<u8>>,
}

/// Why nothing is known.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// It does not answer.
    #[error("{0}")]
    Unreachable(String),
    /// It answers otherwise than expected.
    #[error("{0}: {1}")]
    Answer(String, String),
}

/// Asks one UISP.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    access: Access,
}

impl Client {
    /// A client of this UISP.
    ///
    /// # Errors
    /// The certificate cannot be read.
    pub fn new(access: Access) -> Result<Self, AskError> {
        let fault = |error: reqwest::Error| AskError::Unreachable(error.to_string());
        let mut builder = reqwest::Client::builder()
            .timeout(WITHIN)
            .redirect(reqwest::redirect::Policy::none());
        if let Some(pem) = &access.ca {
            let found = reqwest::Certificate::from_pem_bundle(pem).map_err(fault)?;
            if found.is_empty() {
                let why = "no certificate in PEM form".to_owned();
                return Err(AskError::Unreachable(why));
            }
            for certificate in found {
                builder = builder.add_root_certificate(certificate);
            }
        }
        Ok(Self {
            http: builder.build().map_err(fault)?,
            access,
        })
    }

    /// Looks at everything. Half a look is none.
    ///
    /// # Errors
    /// Some part could not be asked.
    pub async fn look(&self) -> Result<Seen, AskError> {
        let mut seen = self.places().await?;
        let mut known = BTreeSet::new();
        for page in 1..=PAGES {
            let query = format!("outages?count={PAGE}&page={page}&type=outage&inProgress=true");
            let answer = self.ask(&query).await?;
            let items = match &answer {
                Value::Array(items) => items,
                Value::Object(map) => match map.get("items") {
                    Some(Value::Array(items)) => items,
                    _ => return Err(strange("outages", "no list of items")),
                },
                _ => return Err(strange("outages", "neither a list nor an object")),
            };
            // It may give fewer than were asked for: only a page with nothing new is the last.
            let mut fresh = false;
            for item in items {
                let id = item.get("id").map(Value::to_string).unwrap_or_default();
                if known.insert(id) {
                    fresh = true;
                    seen.outages.extend(outage(item));
                }
            }
            let pages = answer
                .get("pagination")
                .and_then(|there| there.get("pages"));
            let last = pages
                .and_then(Value::as_u64)
                .is_some_and(|last| page as u64 >= last);
            if !fresh || last {
                return Ok(seen);
            }
        }
        Err(strange("outages", "too many pages"))
    }

    /// Sites and devices.
    ///
    /// # Errors
    /// Some part could not be asked.
    pub async fn places(&self) -> Result<Seen, AskError> {
        let sites = list("sites", self.ask("sites").await?)?;
        let devices = list("devices", self.ask("devices").await?)?;
        let sites = sites.iter().filter_map(site);
        let devices = devices.iter().filter_map(device);
        Ok(Seen {
            sites: sites.map(|site| (site.id.clone(), site)).collect(),
            devices: devices.map(|device| (device.id.clone(), device)).collect(),
            outages: Vec::new(),
        })
    }

    async fn ask(&self, what: &str) -> Result<Value, AskError> {
        let path = self.access.url.path().trim_end_matches('/');
        let mut url = self.access.url.clone();
        let (name, query) = what
            .split_once('?')
            .map_or((what, None), |(name, query)| (name, Some(query)));
        url.set_path(&format!("{path}/nms/api/v2.1/{name}"));
        url.set_query(query);
        let unreachable = |error: reqwest::Error| AskError::Unreachable(reason(&error));
        let request = self
            .http
            .get(url)
            .header("x-auth-token", self.access.token.expose_secret());
        let mut answer = request.send().await.map_err(unreachable)?;
        if !answer.status().is_success() {
            return Err(AskError::Answer(
                name.to_owned(),
                answer.status().to_string(),
            ));
        }
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(unreachable)? {
            body.extend_from_slice(&part);
            if body.len() > LARGEST {
                return Err(strange(name, "the answer is too large"));
            }
        }
        serde_json::from_slice(&body).map_err(|error| strange(name, &error.to_string()))
    }
}

fn list(what: &str, value: Value) -> Result<Vec<Value>, AskError> {
    match value {
        Value::Array(list) => Ok(list),
        _ => Err(strange(what, "not a list")),
    }
}

/// The innermost reason: "certificate not valid" rather than "error sending request".
fn reason(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

fn strange(what: &str, why: &str) -> AskError {
    AskError::Answer(what.to_owned(), why.to_owned())
}
