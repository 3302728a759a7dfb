//! Questions to a server of names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr as _;
use std::time::Duration;

use hickory_proto::op::{Message, Query};
use hickory_proto::rr::{Name, RecordType};
use tokio::net::UdpSocket;
use tokio::time::Instant;
use vigie_domain::probe::Family;
use vigie_domain::probe::measure::Why;

use super::Failed;

/// Longest answer over UDP that is read.
const MOST_BYTES: usize = 4_096;

/// Asks a server for the address of a name, and returns how long the answer took.
pub(super) async fn ask(
    server: SocketAddr,
    name: &str,
    family: Family,
) -> Result<Duration, Failed> {
    let kind = match family {
        Family::V4 => RecordType::A,
        Family::V6 => RecordType::AAAA,
    };
    let mut name = Name::from_str(name).map_err(|_| Why::NoName)?;
    name.set_fqdn(true);
    let mut question = Message::query();
    question.metadata.recursion_desired = true;
    question.add_query(Query::query(name, kind));
    let bytes = question.to_vec().map_err(|_| Why::Broken)?;
    let from: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // A new port each time, and only this server is heard.
    let socket = UdpSocket::bind(SocketAddr::new(from, 0)).await?;
    socket.connect(server).await?;
    let begun = Instant::now();
    socket.send(&bytes).await?;
    let mut buffer = vec![0; MOST_BYTES];
    loop {
        let length = socket.recv(&mut buffer).await?;
        let Ok(answer) = Message::from_vec(buffer.get(..length).unwrap_or_default()) else {
            continue;
        };
        // What answers another question, such as a late or a forged one, is none.
        if answer.metadata.id != question.metadata.id || answer.queries != question.queries {
            continue;
        }
        return judge(&answer, kind).map(|()| begun.elapsed());
    }
}

fn judge(answer: &Message, kind: RecordType) -> Result<(), Failed> {
    match answer.metadata.response_code.low() {
        0 => {}
        3 => return Err(Why::NoRecord.into()),
        code => return Err(Why::DnsCode(code.into()).into()),
    }
    // An answer that is too long for UDP is an answer.
    let found = answer
        .answers
        .iter()
        .any(|record| record.record_type() == kind);
    if found || answer.metadata.truncation {
        Ok(())
    } else {
        Err(Why::NoRecord.into())
    }
}
