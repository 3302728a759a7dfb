//! The world on disk.

use std::path::Path;

use bytes::Bytes;

use crate::server::Server;
use crate::world::{StoredFile, World};

/// Appends changed records to a file.
#[derive(Debug)]
pub(crate) struct Journal {}

impl Journal {
    pub fn open(_folder: &Path, _world: &mut World) -> Result<Self, crate::StartError> {
        Ok(Self {})
    }

    pub fn append(&mut self, world: &mut World) {
        world.records.take();
    }
}

impl Server {
    /// The content of a file, from memory or disk.
    pub fn file_bytes(&self, file: &StoredFile) -> Option<Bytes> {
        if !file.bytes.is_empty() || file.size == 0 {
            return Some(file.bytes.clone());
        }
        let folder = self.config.data_dir.as_deref()?;
        std::fs::read(file_path(folder, &file.unique))
            .ok()
            .map(Bytes::from)
    }
}

/// Where the content of a file lies.
pub(crate) fn file_path(folder: &Path, unique: &str) -> std::path::PathBuf {
    folder.join("files").join(unique)
}
