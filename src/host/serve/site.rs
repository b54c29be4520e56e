//! What every handler can reach.

use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use tokio::sync::{oneshot, watch};

use super::ServiceOptions;
use super::access::Doors;
use super::metrics::Requests;
use super::places::Places;
use super::problem::{Kind, Problem};
use super::state_readers::StateReaders;
use crate::host::{Answers, Board, Command, Commands, Reply};

/// Lists and decisions that are made at the same time; as many threads are left for the state.
const WORKING: usize = 4;

#[derive(Debug)]
pub(super) struct Site {
    pub options: ServiceOptions,
    pub board: Arc<Board>,
    pub doors: Doors,
    pub requests: Requests,
    pub past: StateReaders,
    /// For lists and decisions.
    pub places: Places,
    commands: Commands,
    /// True once the service ends.
    stopping: watch::Sender<bool>,
}

impl Site {
    pub fn new(options: ServiceOptions, board: Arc<Board>, commands: Commands) -> Self {
        let doors = Doors::new(&options);
        let requests = Requests::new(&board);
        let past = StateReaders::of(board.state.clone());
        Self {
            options,
            board,
            doors,
            requests,
            past,
            places: Places::of(WORKING),
            commands,
            stopping: watch::Sender::new(false),
        }
    }

    /// The answers, once there are some.
    pub fn answers(&self) -> Result<Arc<Answers>, Problem> {
        self.board.answers().ok_or_else(|| {
            Problem::new(Kind::NotReady, "the first pass has not ended yet")
                .retry_after(Duration::from_secs(1))
        })
    }

    /// Asks the conductor for something and waits for the answer.
    pub async fn command<T>(
        &self,
        command: impl FnOnce(Reply<T>) -> Command,
    ) -> Result<T, Problem> {
        let stopping = || Problem::new(Kind::Stopping, "the host is about to end");
        let (reply, answer) = oneshot::channel();
        self.commands.send(command(reply)).map_err(|_| stopping())?;
        answer.await.map_err(|_| stopping())
    }

    pub fn stop(&self) {
        self.stopping.send_replace(true);
    }

    pub fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}

/// As the value of a header; `None` before there is a generation.
pub(super) fn generation_header(generation: &str) -> Option<HeaderValue> {
    let there = !generation.is_empty();
    HeaderValue::from_str(generation).ok().filter(|_| there)
}
