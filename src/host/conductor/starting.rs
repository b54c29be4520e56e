//! How a host begins: with the rules on disk, or with the last good ones.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::joining::ALWAYS_APART;
use super::live::{Candidate, Live};
use super::trouble::{Patience, StartError};
use super::{Conductor, Settings};
use crate::diagnostic::findings_text;
use crate::host::reload::{self, Loaded};
use crate::host::{Attempt, Board, Clock, Counts, Status};
use crate::store::{State, StateLock, StoreWatch};

/// The rules to begin with.
#[derive(Debug)]
struct First {
    candidate: Candidate,
    /// They are the last good ones of the state.
    from_state: bool,
}

impl Conductor {
    /// Finds the rules to begin with. Where those on disk are others than those of the last pass,
    /// the host begins with the latter: the new ones are then loaded, and guarded, like any
    /// others.
    pub fn start(
        settings: Settings,
        board: Arc<Board>,
        clock: Arc<dyn Clock>,
        stop: Arc<AtomicBool>,
        lock: StateLock,
    ) -> Result<Self, StartError> {
        let state = State::open_existing(&settings.state)?;
        let fingerprint = reload::fingerprint(&settings.inputs);
        let loaded = reload::load(&settings.inputs);
        let before = state.as_ref().map(last_good).transpose()?.flatten();
        let now = clock.now();
        let mut status = Status::default();
        let (attempt, first) = match loaded {
            Err(error) => {
                let message = error.to_string();
                let attempt = Attempt::unreadable(message.clone(), now);
                let Some(candidate) = before else { return Err(StartError::Rules(message)) };
                tracing::error!(
                    error = message,
                    generation = candidate.generation,
                    "the rules cannot be read; going on with the last good ones"
                );
                (attempt, First { candidate, from_state: true })
            }
            Ok(loaded) => {
                let findings = findings_text(&loaded.built.findings, &loaded.built.sources, false);
                let attempt = Attempt::of(&loaded.built, now);
                let first = first(loaded, before, &findings)?;
                (attempt, first)
            }
        };
        match attempt.ok {
            true => (status.counts.reloads_ok, status.counts.last_reload_ok) = (1, Some(now)),
            false => status.counts = Counts { reloads_failed: 1, ..Counts::default() },
        }
        // What is on disk is looked at again, unless it is what the host begins with.
        let same = attempt.generation.as_ref() == Some(&first.candidate.generation);
        let fingerprint = fingerprint.filter(|_| same || !attempt.ok);
        status.last_attempt = Some(attempt);
        let known_date = state.as_ref().map(State::last_date).transpose()?.flatten();
        let last_event = state.as_ref().map_or(0, State::last_event);
        let live = Live::of(first.candidate);
        status.generation.clone_from(&live.generation);
        status.files = live.files.clone();
        status.loaded_at = Some(now);
        status.from_state = first.from_state;
        tracing::info!(
            generation = live.generation,
            "{} {}",
            live.rules.program.name,
            live.rules.program.version
        );
        board.set_last_event(last_event);
        let mut conductor = Self {
            watch: StoreWatch::new(&settings.store)?,
            settings,
            board,
            clock,
            stop,
            live,
            waiting: None,
            rejected: None,
            approved: None,
            fingerprint,
            state,
            last_event,
            known_date,
            day: None,
            marks: None,
            dirty: true,
            due: now,
            patience: Patience::default(),
            retired: Vec::new(),
            log_trouble: None,
            always_apart: ALWAYS_APART,
            status,
            _lock: lock,
        };
        conductor.plan_next();
        conductor.publish_status();
        Ok(conductor)
    }
}

/// What to begin with where the files could be read.
fn first(loaded: Loaded, before: Option<Candidate>, findings: &str) -> Result<First, StartError> {
    let Loaded { origin, files, built, .. } = loaded;
    match (Candidate::of(built, origin, files), before) {
        (None, None) => Err(StartError::Findings(findings.to_owned())),
        (None, Some(candidate)) => {
            tracing::error!(
                generation = candidate.generation,
                "the rules have errors; going on with the last good ones\n{findings}"
            );
            Ok(First { candidate, from_state: true })
        }
        (Some(candidate), before) => {
            if !findings.is_empty() {
                tracing::warn!("the rules have findings\n{findings}");
            }
            match before.filter(|before| before.generation != candidate.generation) {
                Some(candidate) => {
                    tracing::info!("the rules have changed since the last pass");
                    Ok(First { candidate, from_state: true })
                }
                None => Ok(First { candidate, from_state: false }),
            }
        }
    }
}

/// The rules of the last pass, byte for byte as they were.
fn last_good(state: &State) -> Result<Option<Candidate>, StartError> {
    let Some(last) = state.last_pass()? else { return Ok(None) };
    let Some(origin) = state.origin(&last.program)? else { return Ok(None) };
    let files = reload::hashes(&origin);
    // A newer version of the program may see things in it that an older one did not.
    Ok(Candidate::of(origin.build(), origin, files))
}
