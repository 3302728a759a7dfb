//! Files of people on disk: random names in one folder that nothing serves.

use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::Bytes;

use crate::app::files::Shelf;

/// Longest name that is taken: names are ours, and hexadecimal.
const LONGEST: usize = 64;

/// A folder that only we may read.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens the folder, and makes it where it is not there.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(path: &Path) -> io::Result<Self> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)?;
        Ok(Self {
            path: path.to_owned(),
        })
    }

    fn place(&self, name: &str) -> io::Result<PathBuf> {
        let ours = name.len() <= LONGEST
            && !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        match ours {
            true => Ok(self.path.join(name)),
            false => Err(io::Error::from(io::ErrorKind::InvalidInput)),
        }
    }
}

#[async_trait]
impl Shelf for Folder {
    async fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (place, bytes) = (self.place(name)?, bytes.to_vec());
        let folder = self.path.clone();
        let written = move || {
            use std::io::Write as _;
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(place)?;
            file.write_all(&bytes)?;
            file.sync_all()?;
            // The name is there for good once its folder is.
            std::fs::File::open(folder)?.sync_all()
        };
        tokio::task::spawn_blocking(written)
            .await
            .map_err(io::Error::other)?
    }

    async fn read(&self, name: &str) -> io::Result<Bytes> {
        tokio::fs::read(self.place(name)?).await.map(Bytes::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_that_is_not_ours_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Folder::open(&folder.path().join("files")).unwrap();
        for name in ["../../etc", "a/b", "", "g0", &"a".repeat(65)] {
            assert!(shelf.keep(name, b"x").await.is_err(), "{name}");
            assert!(shelf.read(name).await.is_err(), "{name}");
        }
        shelf.keep("00ff", b"x").await.unwrap();
        assert_eq!(shelf.read("00ff").await.unwrap(), "x");
        assert!(
            shelf.keep("00ff", b"y").await.is_err(),
            "nothing is overwritten"
        );
    }
}
