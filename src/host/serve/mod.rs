//! The service: what hangs on the board, over HTTP.
//!
//! In: requests. Out: JSON, each answer with the header `tierkeeper-generation` that says which
//! generation made it; errors as problems (RFC 9457). Never: a decision of its own, a lock on the
//! way to a customer's answer, or a token in a log.

mod access;
mod around;
mod body;
mod commands;
mod connections;
mod crowd;
mod customers;
mod decide;
mod events;
mod health;
mod host_metrics;
mod json;
mod members;
mod metrics;
mod open_files;
mod openapi;
mod options;
mod parameters;
mod patient;
mod places;
mod problem;
mod rate;
mod routes;
mod site;
mod state_readers;
#[cfg(test)]
mod tests;
mod token;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

pub use options::{ServeError, ServiceOptions};
pub use token::{Token, TokenError};

use super::{Board, Commands};
use site::Site;

/// Threads that answer; reading the state and deciding have threads of their own.
const WORKERS: usize = 2;
/// Threads for what takes longer than an answer from memory.
const BLOCKING: usize = 8;

/// A running service. Dropping it cuts everybody off.
#[derive(Debug)]
pub struct Service {
    /// `None` once it has ended.
    runtime: Option<Runtime>,
    accepting: JoinHandle<()>,
    address: SocketAddr,
    site: Arc<Site>,
}

impl Service {
    /// Binds and begins to answer. An address that others can reach needs both tokens.
    pub fn start(
        options: ServiceOptions,
        board: Arc<Board>,
        commands: Commands,
    ) -> Result<Service, ServeError> {
        options.refuse_open_doors()?;
        let listen = options.listen;
        let bind = |error| ServeError::Bind { listen, error };
        let listener = TcpListener::bind(listen).map_err(bind)?;
        listener.set_nonblocking(true).map_err(bind)?;
        let address = listener.local_addr().map_err(bind)?;
        let runtime = Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .max_blocking_threads(BLOCKING)
            .thread_name("tierkeeper-serve")
            .enable_all()
            .build()
            .map_err(ServeError::Runtime)?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(bind)?
        };
        let site = Arc::new(Site::new(options, board, commands));
        let router = routes::router(&site);
        let accepting = runtime.spawn(connections::accept(listener, router, Arc::clone(&site)));
        Ok(Service { runtime: Some(runtime), accepting, address, site })
    }

    /// Where it listens; with the port that the system chose where port 0 was asked for.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no new connection, lets running requests end, and after a while cuts them off.
    pub fn stop(mut self, within: Duration) {
        self.site.stop();
        let Some(runtime) = self.runtime.take() else { return };
        let accepting = &mut self.accepting;
        let ended = runtime.block_on(async { tokio::time::timeout(within, accepting).await });
        if ended.is_err() {
            tracing::warn!("requests were cut off");
        }
        runtime.shutdown_background();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
