//! What is no longer needed is removed, away from every hot path.

use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::SourceId;
use vigie_domain::alert::Incident;
use vigie_domain::flap::Flap;
use vigie_domain::history::Episode;
use vigie_domain::linking::Tally;
use vigie_domain::linking::site::SiteLink;
use vigie_store::{Batch, Dir, Key, Op, Range};

use super::buttons::Planted;
use super::cards::{Card, LastCard};
use super::error::AppError;
use super::history::history_keys;
use super::incidents::{Draft, Life};
use super::linking::{Disputed, Frozen, Letter, Proof, Seen};
use super::network::Digest;
use super::tx::{commit, decode, scan};
use super::{App, keys};

/// How long the last episode of an alert is remembered after its end.
const KEEP_EPISODES: TimeDelta = TimeDelta::days(30);
/// How long what an import changed is remembered.
const KEEP_IMPORTS: TimeDelta = TimeDelta::days(180);
/// How long a card is remembered after everything on it has ended.
const KEEP_CARDS: TimeDelta = TimeDelta::days(90);
/// How long the last changes of equipment, and the card that told its last end, are remembered.
const KEEP_CHANGES: TimeDelta = TimeDelta::days(1);
/// How long it is remembered how often somebody tried something: longer than any limit counts.
const KEEP_TRIES: TimeDelta = TimeDelta::days(2);
/// Rows looked at in one read.
const PAGE: u32 = 500;
/// Rows removed in one commit.
const REMOVED: usize = 80;

impl App {
    /// Removes buttons that have expired, episodes, cards and outages that ended long ago, and what
    /// was remembered to keep groups calm. Returned is how many rows were removed.
    ///
    /// # Errors
    /// The store failed; what is left is removed the next time.
    pub async fn sweep(&self) -> Result<usize, AppError> {
        let now = self.now();
        let expired = |key: &Key, value: &[u8]| Ok(decode::<Planted>(key, value)?.expires_at < now);
        let ended = |key: &Key, value: &[u8]| {
            let ended = decode::<Incident>(key, value)?.ended_at;
            Ok(ended.is_some_and(|ended| ended < now - KEEP_EPISODES))
        };
        let told_long_ago =
            |key: &Key, value: &[u8]| Ok(decode::<Digest>(key, value)?.at < now - KEEP_IMPORTS);
        let mut rows = self.old("bt/", expired).await?;
        rows.extend(self.old("im/", told_long_ago).await?);
        rows.extend(self.old("in/", ended).await?);
        let calm = |key: &Key, value: &[u8]| {
            let flap: Flap = decode(key, value)?;
            let old = flap.last().is_none_or(|last| last < now - KEEP_CHANGES);
            Ok(old && flap.since.is_none())
        };
        let late =
            |key: &Key, value: &[u8]| Ok(decode::<LastCard>(key, value)?.at < now - KEEP_CHANGES);
        rows.extend(self.old("ef/", calm).await?);
        rows.extend(self.old("cl/", late).await?);
        // A source that is not configured any more watches nothing.
        let unknown = |key: &Key, _: &[u8]| {
            let source = keys::first_text(key).map(SourceId);
            Ok(source.is_none_or(|source| !self.settings.sources.contains_key(&source)))
        };
        rows.extend(self.old("ws/", unknown).await?);
        let sent_long_ago =
            |key: &Key, value: &[u8]| Ok(decode::<Draft>(key, value)?.at < now - KEEP_CHANGES);
        rows.extend(self.old("iy/", sent_long_ago).await?);
        rows.extend(self.old_lives(now).await?);
        rows.extend(self.old_links(now).await?);
        rows.extend(self.old_cards(now).await?);
        rows.extend(self.old_outages(now).await?);
        for some in rows.chunks(REMOVED) {
            let batch = Batch {
                shard: self.shard,
                id: self.chance.bytes(),
                conds: Vec::new(),
                ops: some.iter().cloned().map(Op::Delete).collect(),
            };
            commit(&*self.store, batch).await?;
        }
        Ok(rows.len())
    }

    /// What was needed to link accounts and is over: codes, what was proved and not confirmed, ways
    /// to dispute, and how often somebody tried.
    async fn old_links(&self, now: DateTime<Utc>) -> Result<Vec<Key>, AppError> {
        let over = |until: DateTime<Utc>| until < now;
        let mut rows = Vec::new();
        let proved = |key: &Key, value: &[u8]| Ok(over(decode::<Proof>(key, value)?.until));
        rows.extend(self.old("lp/", proved).await?);
        let letter = |key: &Key, value: &[u8]| Ok(over(decode::<Letter>(key, value)?.until));
        rows.extend(self.old("ll/", letter).await?);
        let disputed = |key: &Key, value: &[u8]| Ok(over(decode::<Disputed>(key, value)?.until));
        rows.extend(self.old("lx/", disputed).await?);
        let frozen = |key: &Key, value: &[u8]| Ok(over(decode::<Frozen>(key, value)?.0));
        rows.extend(self.old("lf/", frozen).await?);
        // Links that one administrator asked for, as earlier versions kept them.
        rows.extend(self.old("lw/", |_, _| Ok(true)).await?);
        let asked = |key: &Key, value: &[u8]| {
            Ok(over(decode::<SiteLink>(key, value)?.until + KEEP_CHANGES))
        };
        rows.extend(self.old("ls/", asked).await?);
        let seen = |key: &Key, value: &[u8]| Ok(over(decode::<Seen>(key, value)?.0));
        rows.extend(self.old("lq/", seen).await?);
        let tried = |key: &Key, value: &[u8]| {
            let last = decode::<Tally>(key, value)?.last();
            Ok(last.is_none_or(|last| last < now - KEEP_TRIES))
        };
        rows.extend(self.old("ln/", tried).await?);
        Ok(rows)
    }

    async fn old_cards(&self, now: DateTime<Utc>) -> Result<Vec<Key>, AppError> {
        let mut rows = Vec::new();
        for (key, value) in scan(self, &Key::of("ca/").end()).await? {
            let card: Card = decode(&key, &value)?;
            if card.live == 0 && card.opened_at < now - KEEP_CARDS {
                let causes = scan(self, &keys::causes(card.place.chat, card.id)).await?;
                rows.extend(causes.into_iter().map(|(key, _)| key));
                rows.push(key);
            }
        }
        Ok(rows)
    }

    /// Outages that ended before the months that are kept. The time of their end leads to them:
    /// what is younger is not looked at.
    async fn old_outages(&self, now: DateTime<Utc>) -> Result<Vec<Key>, AppError> {
        let before = now
            .checked_sub_months(chrono::Months::new(self.settings.history_months))
            .unwrap_or(DateTime::UNIX_EPOCH);
        let mut rows = Vec::new();
        for episode in self.outages_before(before).await? {
            let last: Option<Episode> = self.read(&keys::last_outage(&episode.equipment)).await?;
            if last.is_some_and(|last| last.ended == episode.ended) {
                rows.push(keys::last_outage(&episode.equipment));
            }
            rows.extend(history_keys(&episode));
        }
        Ok(rows)
    }

    /// Incidents that are over are kept as long as their outages.
    async fn old_lives(&self, now: DateTime<Utc>) -> Result<Vec<Key>, AppError> {
        let before = now
            .checked_sub_months(chrono::Months::new(self.settings.history_months))
            .unwrap_or(DateTime::UNIX_EPOCH);
        let over = |key: &Key, value: &[u8]| {
            let ended = decode::<Life>(key, value)?.ended;
            Ok(ended.is_some_and(|ended| ended < before))
        };
        let mut rows = self.old("ix/", over).await?;
        rows.extend(self.old("iw/", over).await?);
        Ok(rows)
    }

    async fn old(
        &self,
        prefix: &str,
        is_old: impl Fn(&Key, &[u8]) -> Result<bool, AppError>,
    ) -> Result<Vec<Key>, AppError> {
        let range = Range::prefix(&Key::of(prefix).end());
        let mut after = None;
        let mut rows = Vec::new();
        loop {
            let page = self
                .store
                .scan(self.shard, &range, after.as_ref(), PAGE, Dir::Forward)
                .await?;
            for (key, entry) in page.items {
                if is_old(&key, &entry.value)? {
                    rows.push(key);
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(rows),
            }
        }
    }
}
