//! Members from files, as a difference.
//!
//! A file may change more than one commit can hold, so an import has three steps. It is *staged*:
//! what each changed member was and will be is written aside (`ms/`), and nobody sees it. One
//! commit *switches*: from there on the import has happened. Then the staged records are *applied*,
//! which is idempotent and is finished at the next start if the program ends meanwhile, before
//! anything is read. The staged records stay for the undo until the next import has happened.

use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Receiver;
use vigie_domain::MemberId;
use vigie_domain::people::Member;
use vigie_domain::people::read::Row;
use vigie_domain::people::row::{Fault, Why, role_text};
use vigie_domain::text::Say;
use vigie_store::{Dir, Key, MAX_GET, Op, Range};

use super::bulk::Bulk;
use super::search::stands_otherwise;
use super::sheet::standing_words;
use super::staged::{Seen, Staged, found_by};
use crate::app::error::AppError;
use crate::app::tx::{Tx, decode, encode};
use crate::app::{App, keys};

/// Faults that are told; more are counted.
const MOST_FAULTS: usize = 200;
/// Lines of other kinds that are told.
const MOST_TOLD: usize = 50;

/// Rows of a file, some at a time.
pub type Incomings = Receiver<Vec<Row>>;

/// How far imports of members are.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Progress {
    /// Number of the last import that happened; 0: none.
    last: u64,
    /// It has happened and is not applied to the end.
    #[serde(default)]
    applying: bool,
    /// Number of the import before it, whose staged records are to be removed.
    #[serde(default)]
    stale: Option<u64>,
}

crate::record_v1!(Progress);

/// What an import changed, or would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// New members.
    pub added: u64,
    /// Changed members.
    pub changed: u64,
    /// Members that stay as they are.
    pub same: u64,
    /// Members that are not in the file; they stay.
    pub missing: u64,
    /// The first of them.
    pub missing_ids: Vec<MemberId>,
    /// Members whose roles or standing change: number, before, after. The first ones.
    pub weighty: Vec<(MemberId, Vec<Say>, Vec<Say>)>,
    /// Rows that cannot be used. The first ones.
    pub faults: Vec<Fault>,
    /// How many there are.
    pub fault_count: u64,
}

/// What an undo put back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Members that are again as they were.
    pub restored: u64,
    /// Members that somebody has changed since: they stay.
    pub kept: u64,
}

/// What became of an import that was cut short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leftover {
    /// It had happened, and has been applied to its end now.
    Finished,
    /// It had not happened: nothing has changed, and what it staged is of no use
    /// ([`App::drop_staged`]).
    Dropped,
}

/// Why an import did not happen.
#[derive(Debug, thiserror::Error)]
pub enum MemberImportError {
    /// There is none to undo.
    #[error("there is no import to undo")]
    NothingToUndo,
    /// The store failed; the import can be done again.
    #[error(transparent)]
    App(#[from] AppError),
}

fn progress_key() -> Key {
    Key::of("sys/members").end()
}

fn all_staged(number: u64) -> Key {
    Key::of("ms/").u64(number).end()
}

fn staged_key(number: u64, id: &MemberId) -> Key {
    Key::of("ms/").u64(number).text(id.as_str()).end()
}

impl Applied {
    fn fault(&mut self, fault: Fault) {
        self.fault_count += 1;
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }

    fn count(&mut self, before: Option<&Member>, after: &Member) {
        match before {
            Some(_) => self.changed += 1,
            None => self.added += 1,
        }
        let was = before.map(standing_words).unwrap_or_default();
        let is = standing_words(after);
        let plain = before.is_none() && is == standing_words(&Member::new(after.id.clone(), ""));
        if was != is && !plain && self.weighty.len() < MOST_TOLD {
            self.weighty.push((after.id.clone(), was, is));
        }
    }
}

/// What a member is, in fixed words.
pub(super) fn standing(member: &Member) -> String {
    let mut words = vec![format!("{:?}", member.status).to_lowercase()];
    words.extend(
        member
            .roles
            .iter()
            .map(role_text)
            .filter(|role| role != "member"),
    );
    for mandate in &member.mandates {
        let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string());
        let (from, until) = (day(mandate.from), day(mandate.until));
        words.push(format!(
            "{} {}..{}",
            role_text(&mandate.role),
            from.unwrap_or_default(),
            until.unwrap_or_default()
        ));
    }
    words.join(", ")
}

impl App {
    /// Finishes an import that had happened when the program ended, and makes members of older
    /// stores findable. To be called before members are read.
    ///
    /// # Errors
    /// The store failed.
    pub async fn members_ready(&self) -> Result<Option<Leftover>, AppError> {
        match self.read::<Progress>(&progress_key()).await? {
            Some(progress) if progress.applying => {
                self.apply(progress, &mut |_| ()).await?;
                Ok(Some(Leftover::Finished))
            }
            Some(progress) => {
                let staged = Range::prefix(&all_staged(progress.last + 1));
                let one = self.store.scan(self.shard, &staged, None, 1, Dir::Forward);
                let left = !one.await?.items.is_empty();
                Ok(left.then_some(Leftover::Dropped))
            }
            None => {
                self.index_members().await?;
                self.write_progress(&Progress::default()).await?;
                Ok(None)
            }
        }
    }

    /// Removes what an import that never happened had staged. No import may be under way.
    ///
    /// # Errors
    /// The store failed.
    pub async fn drop_staged(&self) -> Result<(), AppError> {
        let progress: Progress = self.read(&progress_key()).await?.unwrap_or_default();
        self.clear(&all_staged(progress.last + 1)).await
    }

    async fn index_members(&self) -> Result<(), AppError> {
        let mut bulk = Bulk::new(self);
        let mut after = None;
        loop {
            let range = Range::prefix(&Key::of("me/").end());
            let page = self.page(&range, after.as_ref()).await?;
            for (key, entry) in &page.items {
                let member: Member = decode(key, &entry.value)?;
                bulk.write(found_by(&member)?).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return bulk.end().await,
            }
        }
    }

    async fn page(
        &self,
        range: &Range,
        after: Option<&Key>,
    ) -> Result<vigie_store::Page, AppError> {
        let most = vigie_store::MAX_PAGE;
        let page = self
            .store
            .scan(self.shard, range, after, most, Dir::Forward);
        Ok(page.await?)
    }

    async fn write_progress(&self, progress: &Progress) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        tx.put(progress_key(), progress)?;
        tx.commit().await?;
        Ok(())
    }

    /// What a file would change. Nothing is written. `told` is given the number of rows read.
    ///
    /// # Errors
    /// The store failed.
    pub async fn check_members(
        &self,
        rows: &mut Incomings,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Applied, AppError> {
        self.members_ready().await?;
        let (applied, seen) = self.stage(rows, None, told).await?;
        self.missing(applied, &seen).await
    }

    /// Imports a file. `told` is given the number of rows read, then of records written.
    ///
    /// # Errors
    /// The store failed; unless the import had happened, nothing has changed.
    pub async fn import_members(
        &self,
        rows: &mut Incomings,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<Applied, AppError> {
        self.members_ready().await?;
        let _deciding = self.deciding.lock().await;
        let before: Progress = self.read(&progress_key()).await?.unwrap_or_default();
        let number = before.last + 1;
        // What an import that never happened had staged.
        self.clear(&all_staged(number)).await?;
        let (applied, seen) = self.stage(rows, Some(number), told).await?;
        let applied = self.missing(applied, &seen).await?;
        if applied.added + applied.changed == 0 {
            return Ok(applied);
        }
        let what = format!(
            "{} added, {} changed, {} missing",
            applied.added, applied.changed, applied.missing
        );
        self.switch(&before, number, "import-members", &what)
            .await?;
        let progress: Progress = self.read(&progress_key()).await?.unwrap_or_default();
        self.apply(progress, told).await?;
        Ok(applied)
    }

    /// Puts back what the last import changed, but for what somebody has changed since. Undoing
    /// twice brings the import again.
    ///
    /// # Errors
    /// There is none, or the store failed.
    pub async fn undo_members(&self) -> Result<Undone, MemberImportError> {
        self.members_ready().await?;
        let _deciding = self.deciding.lock().await;
        let before: Progress = self
            .read(&progress_key())
            .await?
            .filter(|progress: &Progress| progress.last > 0)
            .ok_or(MemberImportError::NothingToUndo)?;
        let number = before.last + 1;
        self.clear(&all_staged(number)).await?;
        let mut undone = Undone::default();
        let mut bulk = Bulk::new(self);
        let range = Range::prefix(&all_staged(before.last));
        let mut after = None;
        loop {
            let page = self.page(&range, after.as_ref()).await?;
            for (key, entry) in &page.items {
                let was: Staged = decode(key, &entry.value)?;
                let Some(id) = was.id() else { continue };
                let now: Option<Member> = self.read(&keys::member(id.as_str())).await?;
                if now != was.after {
                    undone.kept += 1;
                    continue;
                }
                undone.restored += 1;
                let key = staged_key(number, &id);
                let back = Staged {
                    before: was.after,
                    after: was.before,
                };
                let value = encode(&key, &back)?;
                bulk.write(vec![Op::Put(key, value)]).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        bulk.end().await?;
        let what = format!("{} restored, {} kept", undone.restored, undone.kept);
        self.switch(&before, number, "undo-import-members", &what)
            .await?;
        let progress: Progress = self.read(&progress_key()).await?.unwrap_or_default();
        self.apply(progress, &mut |_| ()).await?;
        Ok(undone)
    }

    async fn stage(
        &self,
        rows: &mut Incomings,
        number: Option<u64>,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(Applied, Seen), AppError> {
        let mut applied = Applied::default();
        let mut seen = Seen::default();
        let mut bulk = Bulk::new(self);
        let mut read = 0;
        while let Some(some) = rows.recv().await {
            read += some.len() as u64;
            let mut fresh = Vec::new();
            for row in some {
                match row {
                    Ok(row) if seen.is_new(&row.id) => fresh.push(row),
                    Ok(row) => applied.fault(Fault {
                        line: row.line,
                        why: Why::Twice(row.id.0),
                    }),
                    Err(fault) => applied.fault(fault),
                }
            }
            for some in fresh.chunks(MAX_GET) {
                let wanted: Vec<Key> = some
                    .iter()
                    .map(|row| keys::member(row.id.as_str()))
                    .collect();
                let known = self.store.get(self.shard, &wanted).await?;
                for ((row, key), entry) in some.iter().zip(&wanted).zip(known) {
                    let before: Option<Member> =
                        entry.map(|entry| decode(key, &entry.value)).transpose()?;
                    let after = match row.onto(before.as_ref()) {
                        Ok(after) => after,
                        Err(fault) => {
                            applied.fault(fault);
                            continue;
                        }
                    };
                    if before.as_ref() == Some(&after) {
                        applied.same += 1;
                        continue;
                    }
                    applied.count(before.as_ref(), &after);
                    if let Some(number) = number {
                        let key = staged_key(number, &row.id);
                        let after = Some(after);
                        let value = encode(&key, &Staged { before, after })?;
                        bulk.write(vec![Op::Put(key, value)]).await?;
                    }
                }
            }
            told(read);
        }
        bulk.end().await?;
        Ok((applied, seen))
    }

    /// Counts those who are members and are not in the file.
    async fn missing(&self, mut applied: Applied, seen: &Seen) -> Result<Applied, AppError> {
        let range = Range::prefix(&Key::of("me/").end());
        let mut after = None;
        loop {
            let page = self.page(&range, after.as_ref()).await?;
            for (key, entry) in &page.items {
                if keys::member_of_record(key).is_some_and(|id| !seen.has(&id)) {
                    let member: Member = decode(key, &entry.value)?;
                    if member.status != vigie_domain::people::Status::Active {
                        continue;
                    }
                    applied.missing += 1;
                    if applied.missing_ids.len() < MOST_TOLD {
                        applied.missing_ids.push(member.id);
                    }
                }
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(applied),
            }
        }
    }

    /// The commit from which on the import has happened.
    async fn switch(
        &self,
        before: &Progress,
        number: u64,
        action: &str,
        what: &str,
    ) -> Result<(), AppError> {
        let mut tx = Tx::new(self);
        tx.put(
            progress_key(),
            &Progress {
                last: number,
                applying: true,
                stale: (before.last > 0).then_some(before.last),
            },
        )?;
        tx.audit_of("console", action, &format!("import {number}"), ("", what))
            .await?;
        match tx.commit().await? {
            Some(_) => Ok(()),
            None => Err(AppError::Contended(1)),
        }
    }

    async fn apply(
        &self,
        progress: Progress,
        told: &mut (dyn FnMut(u64) + Send),
    ) -> Result<(), AppError> {
        let mut bulk = Bulk::new(self);
        let range = Range::prefix(&all_staged(progress.last));
        let (mut after, mut done) = (None, 0);
        loop {
            let mut moved = Vec::new();
            let page = self.page(&range, after.as_ref()).await?;
            for (key, entry) in &page.items {
                let staged: Staged = decode(key, &entry.value)?;
                bulk.write(staged.ops()?).await?;
                if let (Some(before), Some(after)) = (&staged.before, &staged.after)
                    && stands_otherwise(before, after)
                {
                    moved.push(after.id.clone());
                }
                done += 1;
            }
            for id in &moved {
                let mut tx = Tx::new(self);
                tx.groups_follow(id).await?;
                tx.commit().await?;
            }
            told(done);
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        bulk.end().await?;
        self.roles.forget();
        if let Some(stale) = progress.stale {
            self.clear(&all_staged(stale)).await?;
        }
        self.write_progress(&Progress {
            applying: false,
            stale: None,
            ..progress
        })
        .await
    }

    async fn clear(&self, prefix: &Key) -> Result<(), AppError> {
        let mut bulk = Bulk::new(self);
        let range = Range::prefix(prefix);
        let mut after = None;
        loop {
            let page = self.page(&range, after.as_ref()).await?;
            for (key, _) in page.items {
                bulk.write(vec![Op::Delete(key)]).await?;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return bulk.end().await,
            }
        }
    }
}
