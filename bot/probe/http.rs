//! Pages: the status, and a text that must be there.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use tokio::time::Instant;
use vigie_domain::probe::Expected;
use vigie_domain::probe::measure::Why;

use super::{Failed, Good};

/// Bytes of a page in which the expected text is looked for.
const MOST_BYTES: usize = 256 * 1024;

/// Gets pages.
#[derive(Clone)]
pub(super) struct Pages(Client);

impl Pages {
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("vigie/", env!("CARGO_PKG_VERSION"), " (probe)"))
            // Where it leads to is another question.
            .redirect(Policy::none())
            .no_proxy()
            // Each question shows whether a connection can be made.
            .pool_max_idle_per_host(0)
            .build()?;
        Ok(Self(client))
    }

    pub async fn get(
        &self,
        url: &str,
        expected: &Expected,
        patience: Duration,
    ) -> Result<Good, Failed> {
        let begun = Instant::now();
        let sent = self.0.get(url).timeout(patience).send().await;
        let page = sent.map_err(|error| failed(&error))?;
        let after = begun.elapsed();
        let from = page.remote_addr().map(|address| address.ip());
        let status = page.status().as_u16();
        if !expected.status_is_well(status) {
            return Err(Why::Status(status).into());
        }
        if let Some(text) = &expected.text
            && !holds(page, text).await?
        {
            return Err(Why::NoText.into());
        }
        Ok((after, from))
    }
}

async fn holds(mut page: Response, text: &str) -> Result<bool, Failed> {
    let mut body: Vec<u8> = Vec::new();
    while let Some(part) = page.chunk().await.map_err(|error| failed(&error))? {
        body.extend_from_slice(&part);
        if body.len() >= MOST_BYTES {
            break;
        }
    }
    Ok(String::from_utf8_lossy(&body).contains(text))
}

/// What a failure is, as far as its chain of causes tells.
fn failed(error: &reqwest::Error) -> Failed {
    if error.is_timeout() {
        return Why::Timeout.into();
    }
    let mut cause = error.source();
    while let Some(found) = cause {
        if let Some(found) = found.downcast_ref::<io::Error>() {
            return match found.kind() {
                // The encryption reports what it does not accept in this form.
                io::ErrorKind::InvalidData => Why::Tls.into(),
                io::ErrorKind::Other if error.is_connect() && found.get_ref().is_some() => {
                    Why::Tls.into()
                }
                _ => Failed::of(found),
            };
        }
        if found.to_string() == "dns error" {
            return Why::NoName.into();
        }
        cause = found.source();
    }
    Why::Broken.into()
}
