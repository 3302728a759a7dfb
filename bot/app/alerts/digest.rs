//! What stays below the threshold of a group: told once a day.

use chrono::{DateTime, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::calendar::placed;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{EquipmentId, Place};

use super::records::Outage;
use crate::app::due::Due;
use crate::app::error::AppError;
use crate::app::keys;
use crate::app::outbox::{Class, Message};
use crate::app::tx::Tx;

/// Names said in a digest.
const NAMES: usize = 10;

/// What is below the threshold of a group waits for its digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct DigestLine {
    since: DateTime<Utc>,
    times: u32,
}

crate::record_v1!(DigestLine);

/// Lines of a digest that one commit removes.
const REMOVED: usize = 60;

impl Tx<'_> {
    /// Notes something for the next digest of a group.
    pub(super) async fn digest_later(
        &mut self,
        place: Place,
        outage: &Outage,
    ) -> Result<(), AppError> {
        let key = keys::digest_line(place.chat, &outage.equipment);
        let known: Option<DigestLine> = self.get(&key).await?;
        if known
            .as_ref()
            .is_some_and(|line| line.since == outage.since)
        {
            return Ok(());
        }
        let line = DigestLine {
            since: outage.since,
            times: known.map_or(1, |line| line.times.saturating_add(1)),
        };
        self.put(key, &line)?;
        let at = self.next_digest();
        self.plan(at, Due::Digest { place, said: false })
    }

    fn next_digest(&self) -> DateTime<Utc> {
        let minute = u32::from(self.settings().digest_minute.min(24 * 60 - 1));
        let time = NaiveTime::from_num_seconds_from_midnight_opt(minute * 60, 0);
        let (time, zone) = (time.unwrap_or(NaiveTime::MIN), self.settings().zone);
        let local = self.now().with_timezone(&zone).naive_local();
        let day = if local.time() < time {
            local.date()
        } else {
            local.date().succ_opt().unwrap_or_else(|| local.date())
        };
        placed(zone, day.and_time(time), false)
    }

    /// Tells a group once what stayed below its threshold.
    pub(crate) async fn digest(&mut self, place: Place, said: bool) -> Result<(), AppError> {
        let rows = self.all::<DigestLine>(&keys::digest(place.chat)).await?;
        if !said && !rows.is_empty() {
            let mut names = Vec::new();
            for (key, line) in rows.iter().take(NAMES) {
                let id = keys::last_text(key).map(EquipmentId);
                let name = match id {
                    Some(id) => self.plain_name_of(&id).await?,
                    None => continue,
                };
                names.push(match line.times {
                    1 => name,
                    times => format!("{name} ({times}×)"),
                });
            }
            let more = rows.len().saturating_sub(NAMES);
            let say = Say::new(Text::DigestBelow)
                .with("names", Arg::Name(names.join(", ")))
                .with("more", Arg::Number(i64::try_from(more).unwrap_or(i64::MAX)));
            let mut message = Message::of(say);
            message.silent = true;
            self.say_at(place, Class::Bulk, message)?;
        }
        for (key, _) in rows.iter().take(REMOVED) {
            self.delete(key.clone());
        }
        if rows.len() > REMOVED {
            return self.plan(self.now(), Due::Digest { place, said: true });
        }
        Ok(())
    }
}
