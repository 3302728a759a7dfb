//! Errors of the use cases. What a person should read is a [`vigie_domain::text::Say`] in an
//! effect, never one of these: these go to the log, once, at the edge that called.

use vigie_store::StoreError;

/// Why a use case did not run to its end.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The store refused or failed.
    #[error("store: {0}")]
    Store(#[from] StoreError),
    /// A stored record cannot be read.
    #[error("record {key}: {problem}")]
    Record {
        /// The key, readable.
        key: String,
        /// What is wrong.
        problem: String,
    },
    /// Too many others changed the same records at the same time.
    #[error("gave up after {0} conflicts")]
    Contended(u32),
}

impl AppError {
    /// Whether nothing can be written at present, so that the sender should try again later.
    #[must_use]
    pub const fn is_storage(&self) -> bool {
        matches!(self, Self::Store(_))
    }

    /// Whether trying again cannot help: a limit was passed, or a record cannot be read.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        matches!(
            self,
            Self::Record { .. } | Self::Store(StoreError::Limit { .. })
        )
    }
}
