//! ICMP echoes: one socket for each family serves all targets.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use surge_ping::{Client, Config, ICMP, IcmpPacket, PingIdentifier, PingSequence, SurgeError};
use vigie_domain::probe::measure::Why;

use super::{Failed, Own};

/// Bytes behind the header, as `ping` sends.
const PAYLOAD: [u8; 56] = [0x56; 56];
/// Type of an answer to an echo, of four and of six.
const ECHO_REPLY: (u8, u8) = (0, 129);

/// The sockets, opened when they are first needed.
#[derive(Default)]
pub(super) struct Pings {
    four: Mutex<Option<Client>>,
    six: Mutex<Option<Client>>,
    sequence: AtomicU16,
}

impl Pings {
    fn client(&self, kind: ICMP) -> Result<Client, Failed> {
        let place = match kind {
            ICMP::V4 => &self.four,
            ICMP::V6 => &self.six,
        };
        let mut place = place.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = place.as_ref() {
            return Ok(client.clone());
        }
        let client =
            Client::new(&Config::builder().kind(kind).build()).map_err(|error| {
                match error.kind() {
                    std::io::ErrorKind::PermissionDenied => Failed::Own(Own::NotPermitted),
                    _ => Failed::Own(Own::System(error.to_string())),
                }
            })?;
        *place = Some(client.clone());
        Ok(client)
    }

    /// Sends an echo and waits for its answer.
    pub async fn ping(&self, to: IpAddr, patience: Duration) -> Result<Duration, Failed> {
        let kind = match to {
            IpAddr::V4(_) => ICMP::V4,
            IpAddr::V6(_) => ICMP::V6,
        };
        let client = self.client(kind)?;
        let sequence = self.sequence.fetch_add(1, Ordering::Relaxed);
        let ours = PingIdentifier(std::process::id() as u16);
        let mut pinger = client.pinger(to, ours).await;
        pinger.timeout(patience);
        match pinger.ping(PingSequence(sequence), &PAYLOAD).await {
            Ok((packet, after)) if is_reply(&packet) => Ok(after),
            // A router on the way says that it cannot be brought there.
            Ok(_) => Err(Why::Unreachable.into()),
            Err(SurgeError::Timeout { .. }) => Err(Why::Timeout.into()),
            Err(SurgeError::IOError(error)) => Err(error.into()),
            Err(other) => Err(Failed::Own(Own::System(other.to_string()))),
        }
    }
}

fn is_reply(packet: &IcmpPacket) -> bool {
    match packet {
        IcmpPacket::V4(packet) => packet.get_icmp_type().0 == ECHO_REPLY.0,
        IcmpPacket::V6(packet) => packet.get_icmpv6_type().0 == ECHO_REPLY.1,
    }
}
