//! Work that takes longer than an answer from memory: a few at a time, on threads of their own.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::problem::Problem;

/// Whoever comes when all places are taken waits, as long as the request may.
#[derive(Debug)]
pub(super) struct Places(Arc<Semaphore>);

impl Places {
    pub fn of(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let place = Arc::clone(&self.0).acquire_owned().await.map_err(|_| Problem::ours())?;
        let working = spawn_blocking(move || {
            // Kept until the end, even where nobody waits for it any more.
            let _place = place;
            work()
        });
        working.await.map_err(|_| Problem::ours())
    }
}
