use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{Args, ValueEnum};
use tierkeeper::host::{
    Host, HostError, HostOptions, Inputs, ServiceOptions, Settings, StartError, SystemClock, Token,
    WatchOptions,
};
use tierkeeper::store::Owner;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::exit::{Exit, Failure};
use crate::output;
use crate::session::Session;
use crate::shared::Shared;

/// Where it answers if nothing else is said.
pub const LISTEN: &str = "127.0.0.1:7878";

/// How it is called where others are told who has the state.
pub const HOST: &str = "tierkeeper run";

/// How long a pass may still take when the host is asked to end.
const STOP_WITHIN: Duration = Duration::from_millis(4500);

/// How often the host looks whether it is still whole.
const LOOK: Duration = Duration::from_millis(200);

/// The host: reloads rules, evaluates what is new or due, and answers over HTTP
///
/// Watches the pack, the project file and the store. New rules go live by themselves, unless they
/// are broken or would demote too many people: then the ones before stay, and a person decides.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper run\n  \
                        tierkeeper run --listen 127.0.0.1:8080\n  \
                        tierkeeper run --listen 0.0.0.0:7878 --read-token-file read.token \
                        --write-token-file write.token\n\n\
                        In another terminal: tierkeeper status, tierkeeper approve ID\n\
                        The log's level: TIERKEEPER_LOG=debug")]
pub struct Arguments {
    /// Where to answer [default: `listen:` of the project file, or 127.0.0.1:7878]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// A file with the token that allows reading
    #[arg(long, value_name = "FILE")]
    read_token_file: Option<PathBuf>,
    /// A file with the token that allows reloading, approving and rejecting too
    #[arg(long, value_name = "FILE")]
    write_token_file: Option<PathBuf>,
    /// The token that allows reading
    #[arg(long, env = "TIERKEEPER_READ_TOKEN", hide = true, hide_env_values = true)]
    read_token: Option<String>,
    /// The token that allows everything
    #[arg(long, env = "TIERKEEPER_WRITE_TOKEN", hide = true, hide_env_values = true)]
    write_token: Option<String>,
    /// Requests a second that each token may make [default: 1000 off loopback; on
    /// loopback no limit]
    #[arg(long, value_name = "N")]
    rate: Option<u32>,
    /// Look at the files every so many seconds, where the system does not tell of changes (network
    /// file systems)
    #[arg(long, value_name = "SECONDS")]
    poll: Option<u64>,
    /// Skip rows that cannot be read, and count them
    #[arg(long)]
    skip_bad_rows: bool,
    /// How to log [default: human on a terminal, JSON elsewhere]
    #[arg(long, value_enum, value_name = "FORMAT")]
    log: Option<Log>,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Log {
    Human,
    Json,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let options = self.options(&session)?;
        self.begin_log();
        let host = match Host::start(options, Arc::new(SystemClock)) {
            Ok(host) => host,
            Err(HostError::Start(StartError::Findings(text))) => {
                output::note(text.trim_end());
                return Err(Failure::Findings);
            }
            Err(error) => return Err(Failure::new(error)),
        };
        tracing::info!("answering at http://{}", host.address());
        let is_whole = wait(&host)?;
        match (is_whole, host.stop(STOP_WITHIN)) {
            (false, _) => Ok(Exit::Bug),
            (true, true) => Ok(Exit::Done),
            (true, false) => {
                // What was not committed has not happened.
                tracing::warn!("the pass that was running is given up");
                std::process::exit(Exit::Done as i32);
            }
        }
    }

    fn options(&self, session: &Session<'_>) -> Result<HostOptions, Failure> {
        let store = session.store()?.to_owned();
        let pack = session.pack().ok_or_else(|| session.no_pack())?.to_owned();
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let settings = Settings {
            inputs: Inputs {
                pack,
                config: session.config(),
                set: self.shared.set.clone(),
                store: Some(store.clone()),
            },
            store,
            state: session.state()?,
            as_of: session.as_of(),
            skip_bad_rows: self.skip_bad_rows,
            threads: (processors - 1).max(1),
        };
        let listen = match (self.listen, session.listen()) {
            (Some(listen), _) | (None, Some(listen)) => listen,
            (None, None) => LISTEN.parse().expect("an address"),
        };
        let token = |file: &Option<PathBuf>, text: &Option<String>| {
            match (file, text) {
                (Some(file), _) => Token::read(file).map(Some),
                (None, Some(text)) => Token::new(text).map(Some),
                (None, None) => Ok(None),
            }
            .map_err(Failure::new)
        };
        let service = ServiceOptions {
            read_token: token(&self.read_token_file, &self.read_token)?,
            write_token: token(&self.write_token_file, &self.write_token)?,
            rate_per_second: self.rate,
            ..ServiceOptions::at(listen)
        };
        let poll = self.poll.map(|seconds| Duration::from_secs(seconds.max(1)));
        let watch = WatchOptions { poll, ..WatchOptions::default() };
        let owner = Owner {
            command: HOST.to_owned(),
            pid: std::process::id(),
            since: jiff::Timestamp::now(),
        };
        Ok(HostOptions { settings, service, watch, owner })
    }

    fn begin_log(&self) {
        let filter = EnvFilter::try_from_env("TIERKEEPER_LOG")
            .unwrap_or_else(|_| EnvFilter::new("tierkeeper=info,warn"));
        let is_terminal = io::stderr().is_terminal();
        let human = self.log.map_or(is_terminal, |log| log == Log::Human);
        let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
        if human {
            let paint = self.shared.look.color.for_stderr();
            log.with_target(false).with_ansi(paint.on).init();
        } else {
            log.json().flatten_event(true).init();
        }
    }
}

/// Waits until somebody asks the host to end. False: it has broken by itself.
fn wait(host: &Host) -> Result<bool, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(format_args!("cannot wait for signals: {error}")))?;
    runtime.block_on(async {
        let told = |kind| {
            signal(kind).map_err(|error| Failure::new(format_args!("cannot hear signals: {error}")))
        };
        let mut terminate = told(SignalKind::terminate())?;
        let mut interrupt = told(SignalKind::interrupt())?;
        let mut hangup = told(SignalKind::hangup())?;
        loop {
            tokio::select! {
                _ = terminate.recv() => return Ok(true),
                _ = interrupt.recv() => return Ok(true),
                _ = hangup.recv() => host.reload(),
                () = tokio::time::sleep(LOOK) => {
                    if host.is_broken() {
                        return Ok(false);
                    }
                }
            }
        }
    })
}
