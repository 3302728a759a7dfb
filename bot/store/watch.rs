//! Watch streams, the same for every adapter.
//!
//! Promise: a watcher is told each durable change once, in commit order, right after it became
//! durable. Nothing is pushed at watchers: they are woken and read the change log at their own
//! pace, so a slow one holds no memory and never delays a commit. Where the log no longer reaches
//! back far enough it gets one [`WatchItem::Gap`] and goes on from there. The stream ends when the
//! store is closed, and does not keep it open.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use tokio::sync::watch;

use crate::commit::Commit;
use crate::{Key, Result, Rev, Shard, WatchItem};

/// What the change log answers.
pub(crate) enum LogRead {
    /// Some of the commits after the asked revision, without a hole, in order.
    Commits(Vec<Arc<Commit>>),
    /// The log starts later than asked; the present revision.
    Gone(Rev),
}

/// A change log that watchers read.
pub(crate) trait Log: Send + Sync + 'static {
    /// The commits right after `after`, up to some bound.
    fn commits_after(&self, shard: Shard, after: Rev) -> Result<LogRead>;
}

struct Watcher<L> {
    log: Weak<L>,
    durable: watch::Receiver<Rev>,
    shard: Shard,
    prefix: Key,
    at: Rev,
    ready: VecDeque<WatchItem>,
}

impl<L: Log> Watcher<L> {
    async fn next(mut self) -> Option<(WatchItem, Self)> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some((item, self));
            }
            let now = *self.durable.borrow_and_update();
            if self.at == now || !self.read(now)? {
                self.durable.changed().await.ok()?;
            }
        }
    }

    /// Reads on; `Some(false)`: nothing to be had before the next change; `None`: closed.
    fn read(&mut self, now: Rev) -> Option<bool> {
        if self.at > now {
            self.gap(now);
            return Some(true);
        }
        match self.log.upgrade()?.commits_after(self.shard, self.at) {
            Ok(LogRead::Gone(rev)) => self.gap(rev),
            Ok(LogRead::Commits(commits)) if commits.is_empty() => return Some(false),
            Ok(LogRead::Commits(commits)) => {
                for commit in commits {
                    self.at = commit.rev;
                    self.take(&commit);
                }
            }
            Err(error) => {
                tracing::warn!(%error, "the change log cannot be read; the watcher waits");
                return Some(false);
            }
        }
        Some(true)
    }

    fn gap(&mut self, resume_from: Rev) {
        self.at = resume_from;
        self.ready.push_back(WatchItem::Gap { resume_from });
    }

    fn take(&mut self, commit: &Commit) {
        let wanted = commit
            .changes
            .iter()
            .filter(|(key, _)| key.as_bytes().starts_with(self.prefix.as_bytes()));
        self.ready
            .extend(wanted.map(|(key, value)| WatchItem::Change {
                rev: commit.rev,
                key: key.clone(),
                value: value.clone(),
            }));
    }
}

/// The stream of changes under `prefix` after `from`.
pub(crate) fn stream<L: Log>(
    log: Weak<L>,
    durable: watch::Receiver<Rev>,
    shard: Shard,
    prefix: Key,
    from: Rev,
) -> BoxStream<'static, WatchItem> {
    let watcher = Watcher {
        log,
        durable,
        shard,
        prefix,
        at: from,
        ready: VecDeque::new(),
    };
    stream::unfold(watcher, Watcher::next).boxed()
}
