//! A host as a whole: the conductor, the watcher and the service, from start to stop.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::conductor::{Conductor, Settings, StartError};
use super::serve::{ServeError, Service, ServiceOptions};
use super::watch::{Hint, Watch, WatchError, WatchOptions};
use super::{Board, Clock, Command, Commands, Status};
use crate::store::{Owner, StateError, StateLock};

/// Everything that a host is told.
#[derive(Debug)]
pub struct HostOptions {
    pub settings: Settings,
    pub service: ServiceOptions,
    pub watch: WatchOptions,
    /// Who is told to others that want the state.
    pub owner: Owner,
}

/// Why there is no host.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    #[error(transparent)]
    Held(#[from] StateError),
    #[error(transparent)]
    Serve(#[from] ServeError),
    #[error(transparent)]
    Watch(#[from] WatchError),
    #[error(transparent)]
    Start(#[from] StartError),
}

/// A running host.
#[derive(Debug)]
pub struct Host {
    board: Arc<Board>,
    commands: Commands,
    service: Service,
    stop: Arc<AtomicBool>,
    conductor: JoinHandle<()>,
    // It stops watching when it is let go.
    _watch: Watch,
}

/// How often a host that stops looks whether it has.
const LOOK: Duration = Duration::from_millis(10);

impl Host {
    /// Takes the state's lock and the address, loads the rules, and begins. The first pass is made
    /// after this returns: until then the service says that it is not ready.
    pub fn start(options: HostOptions, clock: Arc<dyn Clock>) -> Result<Host, HostError> {
        let HostOptions { settings, service, watch, owner } = options;
        let lock = StateLock::acquire(&settings.state, &owner)?;
        let board = Arc::new(Board::new(settings.state.clone(), Status::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let (commands, received) = mpsc::channel();
        // What changes from here on is looked at once more.
        let hints = commands.clone();
        let hint = move |hint| {
            let command = match hint {
                Hint::Rules => Command::Reload(None),
                Hint::Store => Command::LookAtStore,
            };
            // After the conductor's end nobody needs to know.
            let _ = hints.send(command);
        };
        let inputs = &settings.inputs;
        let watch = Watch::start(inputs, &settings.store, watch, hint)?;
        let conductor = Conductor::start(settings, board.clone(), clock, stop.clone(), lock)?;
        let service = Service::start(service, board.clone(), commands.clone())?;
        let conductor = thread::Builder::new()
            .name("conductor".to_owned())
            .spawn(move || conductor.run(&received))
            .expect("a thread can be started");
        Ok(Host { board, commands, service, stop, conductor, _watch: watch })
    }

    /// Where it answers.
    pub fn address(&self) -> SocketAddr {
        self.service.address()
    }

    /// Looks at the files, as if something had said that they changed.
    pub fn reload(&self) {
        let _ = self.commands.send(Command::Reload(None));
    }

    /// Whether nobody decides any more: a bug of ours has ended it.
    pub fn is_broken(&self) -> bool {
        self.conductor.is_finished()
    }

    /// Ends within about that time. A pass that runs is finished, or has not happened. False: it
    /// did not come to an end in time.
    pub fn stop(self, within: Duration) -> bool {
        let until = Instant::now() + within;
        self.board.stop();
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.commands.send(Command::Stop);
        self.service.stop(within / 2);
        while !self.conductor.is_finished() {
            if Instant::now() >= until {
                return false;
            }
            thread::sleep(LOOK);
        }
        // A panic was told where it happened.
        self.conductor.join().is_ok()
    }
}
