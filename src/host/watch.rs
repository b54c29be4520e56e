//! Hints that files have changed. Events are never more than that: what has changed is found out
//! by reading.

mod pending;
mod places;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::reload::Inputs;
use pending::Pending;
use places::{Identity, Places};

/// What may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hint {
    /// The pack or the project file.
    Rules,
    Store,
}

#[derive(Debug, Clone, Copy)]
pub struct WatchOptions {
    /// A hint comes when nothing has happened for so long,
    pub quiet: Duration,
    /// or so long after the first event.
    pub at_most: Duration,
    /// The first of the two for the store.
    pub store_quiet: Duration,
    /// A hint comes so often whatever happens.
    pub rescan: Duration,
    /// `Some`: no events at all, but a hint so often. For network file systems, where changes that
    /// others make are not told.
    pub poll: Option<Duration>,
}

impl Default for WatchOptions {
    fn default() -> Self {
        Self {
            quiet: Duration::from_millis(250),
            at_most: Duration::from_secs(2),
            store_quiet: Duration::from_millis(50),
            rescan: Duration::from_secs(30),
            poll: None,
        }
    }
}

/// Why nothing can be watched.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    #[error("files cannot be watched: {0}; `--poll 5` looks at them every five seconds instead")]
    Unwatchable(notify::Error),
}

/// Watches until it is dropped.
#[derive(Debug)]
pub struct Watch {
    stop: mpsc::Sender<Heard>,
}

/// What the watching thread hears.
#[derive(Debug)]
enum Heard {
    Event(notify::Result<Event>),
    Stop,
}

impl Watch {
    /// Watches where rules and facts are. `on_hint` is called from a thread of its own.
    pub fn start(
        inputs: &Inputs,
        store: &Path,
        options: WatchOptions,
        on_hint: impl Fn(Hint) + Send + 'static,
    ) -> Result<Watch, WatchError> {
        let (stop, heard) = mpsc::channel();
        let events = stop.clone();
        let tell = move |event| {
            // After the end nobody needs to know.
            let _ = events.send(Heard::Event(event));
        };
        let watcher = match options.poll {
            Some(_) => None,
            None => Some(notify::recommended_watcher(tell).map_err(WatchError::Unwatchable)?),
        };
        let places = Places::new(inputs, store);
        let mut watching = Watching { watcher, places, watched: BTreeMap::new() };
        watching.register();
        thread::Builder::new()
            .name("watcher".to_owned())
            .spawn(move || watching.run(&heard, options, on_hint))
            .expect("a thread can be started");
        Ok(Watch { stop })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.stop.send(Heard::Stop);
    }
}

/// Events come in bursts, one for each write to a file, the state's too when it is in the same
/// directory: so long after the first of them all are looked at together, each path once.
const BURST: Duration = Duration::from_millis(5);

/// What has happened.
#[derive(Debug)]
enum Burst {
    Paths(BTreeSet<PathBuf>),
    /// Events were lost, or the watcher is in trouble.
    Unknown,
}

/// The first event with all that came after it; `None`: the watch is to end.
fn burst(first: notify::Result<Event>, heard: &Receiver<Heard>) -> Option<Burst> {
    let mut paths = Some(BTreeSet::new());
    for heard in iter::once(Heard::Event(first)).chain(heard.try_iter()) {
        match heard {
            Heard::Stop => return None,
            // Whoever reads wakes nobody up.
            Heard::Event(Ok(event)) if matches!(event.kind, EventKind::Access(_)) => {}
            Heard::Event(Ok(event)) if !event.need_rescan() && !event.paths.is_empty() => {
                paths.iter_mut().for_each(|paths| paths.extend(event.paths.iter().cloned()));
            }
            Heard::Event(_) => paths = None,
        }
    }
    Some(paths.map_or(Burst::Unknown, Burst::Paths))
}

/// The watching thread's own.
#[derive(Debug)]
struct Watching {
    watcher: Option<RecommendedWatcher>,
    places: Places,
    /// Directories that are watched, and which directory each was then.
    watched: BTreeMap<PathBuf, Identity>,
}

impl Watching {
    fn run(mut self, heard: &Receiver<Heard>, options: WatchOptions, on_hint: impl Fn(Hint)) {
        let every = options.poll.unwrap_or(options.rescan);
        let mut rescan = Instant::now() + every;
        let mut rules = Pending::new(options.quiet, options.at_most);
        let mut store = Pending::new(options.store_quiet, options.at_most);
        loop {
            let until = [rules.due(), store.due()].into_iter().flatten().fold(rescan, Instant::min);
            match heard.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Heard::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                Ok(Heard::Event(first)) => {
                    thread::sleep(BURST);
                    let Some(burst) = burst(first, heard) else { return };
                    let now = Instant::now();
                    let hints = self.hints(&burst);
                    if hints.contains(&Hint::Rules) {
                        rules.happened(now);
                    }
                    if hints.contains(&Hint::Store) {
                        store.happened(now);
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if now >= rescan {
                rescan = now + every;
                self.register();
                on_hint(Hint::Rules);
                on_hint(Hint::Store);
            }
            if rules.is_over(now) {
                // What is to be watched may have moved.
                self.register();
                on_hint(Hint::Rules);
            }
            if store.is_over(now) {
                on_hint(Hint::Store);
            }
        }
    }

    /// What a burst of events may be about.
    fn hints(&self, burst: &Burst) -> BTreeSet<Hint> {
        match burst {
            Burst::Paths(paths) => {
                paths.iter().filter_map(|path| self.places.concern(path)).collect()
            }
            Burst::Unknown => [Hint::Rules, Hint::Store].into(),
        }
    }

    /// Watches the directories that are to be watched now: those that are new, and those that are
    /// others under the same name.
    fn register(&mut self) {
        let Some(watcher) = &mut self.watcher else { return };
        let wanted = self.places.directories();
        self.watched.retain(|directory, identity| {
            let stays = wanted.get(directory) == Some(identity);
            if !stays {
                // It may be gone already.
                let _ = watcher.unwatch(directory);
            }
            stays
        });
        for (directory, identity) in wanted {
            if !self.watched.contains_key(&directory)
                && watcher.watch(&directory, RecursiveMode::NonRecursive).is_ok()
            {
                self.watched.insert(directory, identity);
            }
        }
    }
}
