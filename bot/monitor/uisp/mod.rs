//! UISP (formerly UNMS) tells nobody: it is asked. Its outages become alerts of devices, the state
//! of its sites alerts of sites, and the tree of its sites a network file for a person to read.
//!
//! What cannot be asked is not known, and that is not the same as down: a look that fails in any
//! part changes nothing.

mod client;
mod import;
mod poll;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::{Map, Value};

use super::fields::{Fields, Problems};

pub use self::client::{Access, AskError, Client};
pub use self::import::network_file;
pub use self::poll::{Poller, run};

/// A site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Its number in UISP.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The site it hangs on.
    pub parent: Option<String>,
    /// Whether it belongs to a member.
    pub endpoint: bool,
    /// Its state, as UISP calls it.
    pub status: String,
    /// Where it is.
    pub address: Option<String>,
}

/// A device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its number in UISP.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its address in the network.
    pub address: Option<String>,
    /// The site it stands at.
    pub site: Option<String>,
    /// Its state, as UISP calls it.
    pub status: String,
}

/// An outage that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Its number in UISP.
    pub id: String,
    /// The device.
    pub device: Option<String>,
    /// The name of the device, where it is not in the list of devices.
    pub name: Option<String>,
    /// The site.
    pub site: Option<String>,
    /// When it began.
    pub since: Option<DateTime<Utc>>,
}

/// What one look saw.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Sites by their number.
    pub sites: BTreeMap<String, Site>,
    /// Devices by their number.
    pub devices: BTreeMap<String, Device>,
    /// Outages that last.
    pub outages: Vec<Outage>,
}

/// Its times have a zone.
fn fields(map: &Map<String, Value>) -> Fields<'_> {
    Fields::new(map, "", Tz::UTC)
}

fn text(map: &Map<String, Value>, name: &str) -> Option<String> {
    fields(map).text(name, &mut Problems::default())
}

fn object<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Map<String, Value>> {
    map.get(name).and_then(Value::as_object)
}

/// The number of what a field refers to, given as an object or by its number alone.
fn refers(map: &Map<String, Value>, name: &str) -> Option<String> {
    match map.get(name)? {
        Value::Object(there) => {
            let inner = object(there, "identification").unwrap_or(there);
            text(inner, "id")
        }
        _ => text(map, name),
    }
}

/// Reads a site; what has no number is none.
fn site(value: &Value) -> Option<Site> {
    let map = value.as_object()?;
    let inner = object(map, "identification").unwrap_or(map);
    let id = text(map, "id").or_else(|| text(inner, "id"))?;
    let address = object(map, "description").and_then(|there| text(there, "address"));
    Some(Site {
        name: text(inner, "name").unwrap_or_else(|| id.clone()),
        parent: refers(inner, "parent").filter(|parent| *parent != id),
        endpoint: text(inner, "type").as_deref() == Some("endpoint"),
        status: text(inner, "status").unwrap_or_default(),
        address,
        id,
    })
}

/// Reads a device; what has no number is none.
fn device(value: &Value) -> Option<Device> {
    let map = value.as_object()?;
    let inner = object(map, "identification").unwrap_or(map);
    let id = text(inner, "id").or_else(|| text(map, "id"))?;
    let name = text(inner, "displayName").or_else(|| text(inner, "name"));
    let overview = object(map, "overview");
    let status = overview.and_then(|there| text(there, "status"));
    let address = text(map, "ipAddress").map(|address| {
        let (bare, _) = address.split_once('/').unwrap_or((&address, ""));
        bare.to_owned()
    });
    Some(Device {
        name: name.unwrap_or_else(|| id.clone()),
        address,
        site: refers(inner, "site"),
        status: status.or_else(|| text(inner, "status")).unwrap_or_default(),
        id,
    })
}

/// Reads an outage; one that is over is none.
fn outage(value: &Value) -> Option<Outage> {
    let map = value.as_object()?;
    let over = ["inProgress", "ongoing"]
        .iter()
        .any(|name| map.get(*name) == Some(&Value::Bool(false)));
    let kind = text(map, "type").unwrap_or_else(|| "outage".to_owned());
    if over || kind != "outage" {
        return None;
    }
    let told = object(map, "device").map(|there| object(there, "identification").unwrap_or(there));
    let device = refers(map, "device").or_else(|| text(map, "deviceId"));
    let site = refers(map, "site").or_else(|| refers(told?, "site"));
    let since = ["startTimestamp", "startTime", "start"]
        .iter()
        .find_map(|name| fields(map).time_if_any(name));
    let name = told.and_then(|there| text(there, "displayName").or_else(|| text(there, "name")));
    let id = text(map, "id").or_else(|| device.clone())?;
    Some(Outage {
        id,
        device,
        name,
        site,
        since,
    })
}
