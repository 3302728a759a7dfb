//! UISP: what is asked while Vigie runs, and the network file that is made of it.

use std::sync::Arc;

use vigie_domain::text::{Arg, Key, Say};

use super::notify::token;
use super::{Parts, faults};
use crate::args::UispImport;
use crate::config::Uisp;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::monitor::source::Source;
use crate::monitor::uisp::{self, Access, AskError, Client, Poller};
use crate::monitor::{Labels, generic};

/// The sources of these: they tell alerts as every source does, but nobody may post for them.
pub(super) fn sources(uisp: &[Uisp]) -> impl Iterator<Item = Source> {
    uisp.iter().map(|uisp| Source {
        id: uisp.id.clone(),
        format: &generic::FORMAT,
        tokens: Vec::new(),
        labels: Labels::default(),
    })
}

/// Starts to look at each.
pub(super) fn start(parts: &mut Parts, all: &[Uisp]) -> Result<(), Failure> {
    for one in all {
        let access = Access {
            url: one.url.clone(),
            token: one.token.clone(),
            ca: one.ca.clone(),
        };
        let client = Client::new(access).map_err(|error| faults::internal(&error.to_string()))?;
        let poller = Poller::new(
            Arc::clone(&parts.app),
            Arc::clone(&parts.sources),
            Arc::clone(&parts.queue),
            one.id.clone(),
            client,
        );
        parts
            .tasks
            .spawn(uisp::run(poller, one.every, parts.stop.clone()));
    }
    Ok(())
}

/// Writes a network file from what UISP knows on standard output.
///
/// # Errors
/// UISP cannot be asked.
pub async fn uisp_import(console: &Console<'_>, args: UispImport) -> Result<(), Failure> {
    let ca = match &args.ca_file {
        Some(file) => Some(std::fs::read(file).map_err(|error| {
            let why = Arg::Text(error.to_string());
            Failure::new(
                Exit::Config,
                Say::new(Key::OpsConfigUnreadable).with("why", why),
            )
        })?),
        None => None,
    };
    let access = Access {
        url: args.url,
        token: token(&args.token_file)?,
        ca,
    };
    let asked = async { Client::new(access)?.places().await };
    let seen = asked.await.map_err(|error: AskError| {
        let why = Arg::Text(error.to_string());
        Failure::new(Exit::Data, Say::new(Key::NotifyUisp).with("why", why))
    })?;
    console.line(uisp::network_file(&seen).trim_end());
    Ok(())
}
