//! All members as CSV that the import reads back.

use vigie_domain::people::Member;
use vigie_domain::people::row::{COLUMNS, guarded, value_text};
use vigie_store::{Dir, Key, MAX_PAGE, Range};

use crate::app::App;
use crate::app::error::AppError;
use crate::app::tx::decode;

impl App {
    /// Writes every member, some lines at a time; returned is how many.
    ///
    /// # Errors
    /// The store failed, or `write` did.
    pub async fn export_members(
        &self,
        write: &mut (dyn FnMut(&[u8]) -> std::io::Result<()> + Send),
    ) -> Result<u64, AppError> {
        let failed =
            |error: std::io::Error| AppError::Store(vigie_store::StoreError::Io(error.to_string()));
        let heading: Vec<&str> = COLUMNS.iter().map(|(column, _)| column.name()).collect();
        write(&line(heading.iter().map(|name| (*name).to_owned()))).map_err(failed)?;
        let range = Range::prefix(&Key::of("me/").end());
        let (mut after, mut count) = (None, 0);
        loop {
            let page = self
                .store
                .scan(self.shard, &range, after.as_ref(), MAX_PAGE, Dir::Forward)
                .await?;
            for (key, entry) in &page.items {
                let member: Member = decode(key, &entry.value)?;
                let values = COLUMNS
                    .iter()
                    .map(|(column, _)| guarded(&value_text(&member, *column)));
                write(&line(values)).map_err(failed)?;
                count += 1;
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(count),
            }
        }
    }
}

fn line(values: impl Iterator<Item = String>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    // Writing into memory does not fail.
    let _ = writer.write_record(values);
    writer.into_inner().unwrap_or_default()
}
