//! How the service is set up.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::Token;

/// Requests a second for each token where others can reach the service and nothing is said.
const USUAL_RATE: u32 = 1_000;

#[derive(Debug, Clone)]
pub struct ServiceOptions {
    pub listen: SocketAddr,
    /// Who reads shows it; `None`: everybody may read.
    pub read_token: Option<Token>,
    /// Who sends commands shows it, and may read too. `None`: everybody may send commands, or where
    /// there is a token for reading nobody.
    pub write_token: Option<Token>,
    /// Requests a second for each token. `None`: no limit on loopback, elsewhere 1000.
    pub rate_per_second: Option<u32>,
    /// Bytes of a request's body.
    pub body_limit: usize,
    /// How long an answer may take.
    pub time_limit: Duration,
    /// How long a command may take, which may have to wait for a pass over everybody.
    pub command_limit: Duration,
    /// How long the head of a request may take to come, from the end of the one before it.
    pub idle_limit: Duration,
    /// Connections at the same time; for a further one whoever has asked for nothing for the longest
    /// time is hung up on, and where all are busy it waits. No more than half of the files that the
    /// process may have open.
    pub connections: usize,
}

impl ServiceOptions {
    /// What is usual: no tokens, 1 MiB bodies, 10 s for an answer and 5 minutes for a command,
    /// a minute without a request, 4096 connections.
    pub fn at(listen: SocketAddr) -> Self {
        Self {
            listen,
            read_token: None,
            write_token: None,
            rate_per_second: None,
            body_limit: 1024 * 1024,
            time_limit: Duration::from_secs(10),
            command_limit: Duration::from_secs(300),
            idle_limit: Duration::from_secs(60),
            connections: 4096,
        }
    }

    /// Requests a second for each token.
    pub(super) fn rate(&self) -> Option<u32> {
        match self.rate_per_second {
            None if !self.listen.ip().is_loopback() => Some(USUAL_RATE),
            rate => rate,
        }
    }

    pub(super) fn refuse_open_doors(&self) -> Result<(), ServeError> {
        let (read, write) = (self.read_token.as_ref(), self.write_token.as_ref());
        if !self.listen.ip().is_loopback() && (read.is_none() || write.is_none()) {
            return Err(ServeError::NeedsTokens { listen: self.listen });
        }
        match (read, write) {
            (Some(read), Some(write)) if read == write => Err(ServeError::SameTokens),
            _ => Ok(()),
        }
    }
}

/// Why the service did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "`{listen}` can be reached from other machines: give a token for reading and another one \
         for commands, or listen on `{}`",
        loopback(*listen)
    )]
    NeedsTokens { listen: SocketAddr },
    #[error(
        "the tokens for reading and for commands are the same, so that whoever reads could send \
         commands: make two different ones"
    )]
    SameTokens,
    #[error("cannot listen on `{listen}`: {error}")]
    Bind { listen: SocketAddr, error: io::Error },
    #[error("cannot start the threads that serve: {0}")]
    Runtime(io::Error),
}

fn loopback(listen: SocketAddr) -> SocketAddr {
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), listen.port())
}
