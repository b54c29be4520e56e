//! Full passes.

use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;

use super::touching::Day;
use super::{Conductor, Trouble};
use crate::build::Rules;
use crate::evaluation::{Beginning, begin};
use crate::expr::LadderId;
use crate::host::answers::{Answers, Layer};
use crate::host::calendar::next_after;
use crate::host::{LastPass, PassKind, StageSeconds};
use crate::pass::{PassOutcome, asks_standings, run};
use crate::store::{
    CustomerId, Following, QUERY_TIME_LIMIT, ReadOptions, State, StoreMarks, Written, following,
    read_facts,
};

/// Since when people hold their tiers, as a reading asks for it.
pub(super) type Since<'a> = &'a (dyn Fn(LadderId, &CustomerId) -> Option<Date> + Sync);

/// A full pass that is stored.
#[derive(Debug)]
pub(super) struct Passed {
    rules: Arc<Rules>,
    outcome: PassOutcome,
    day: Day,
    marks: Option<StoreMarks>,
    told: Told,
}

/// What is told of a pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) written: Written,
    pub(super) seconds: StageSeconds,
}

impl Conductor {
    /// A pass of everybody with the live rules.
    pub(super) fn full_pass(&mut self, why: &str) -> Result<(), Trouble> {
        let rules = self.live.rules.clone();
        tracing::info!(as_of = %self.as_of(), "a full pass: {why}");
        let passed = self.pass_of(&rules, None)?;
        self.show(passed);
        Ok(())
    }

    /// Decides everybody with rules, and stores it. `beginning`: with facts that were in memory or
    /// were read just now.
    pub(super) fn pass_of(
        &mut self,
        rules: &Arc<Rules>,
        beginning: Option<Beginning>,
    ) -> Result<Passed, Trouble> {
        let program = &rules.program;
        let began = Instant::now();
        let state = self.open_state()?;
        let (beginning, state, marks) = match beginning {
            Some(beginning) => (beginning, state, None),
            None => {
                // What comes while the rows are read is looked at once more, and nothing is missed.
                let marks = StoreMarks::take(program, &self.settings.store)?;
                let as_of = self.as_of();
                let (beginning, state) = begin(program, state, as_of, |since| {
                    let since = |ladder, customer: &CustomerId| since.get(ladder, customer);
                    let options = self.read_options(&since);
                    Ok::<_, Trouble>(read_facts(program, &self.settings.store, as_of, &options)?)
                })?;
                (beginning, state, Some(marks))
            }
        };
        let Beginning { as_of, facts, mut standings, held, tier_since } = beginning;
        let read = began.elapsed();
        let outcome = run(program, facts, &standings, &held, as_of, self.settings.threads);
        let asked = asks_standings(program).then(|| match standings.asked.take() {
            Some(asked) => *asked,
            None => standings,
        });
        let decided = began.elapsed();
        if self.is_stopping() {
            return Err(Trouble::Stopped);
        }
        let mut state = match state {
            Some(state) => state,
            None => State::create(&self.settings.state)?,
        };
        let written = state.write_pass(rules, &outcome)?;
        self.last_event = state.last_event();
        self.state = Some(state);
        let day = Day { date: as_of, fixed: outcome.population.fixed(), asked, tier_since };
        let told = Told { written, seconds: StageSeconds::of(read, decided, began.elapsed()) };
        Ok(Passed { rules: rules.clone(), outcome, day, marks, told })
    }

    /// Has a pass answer.
    pub(super) fn show(&mut self, passed: Passed) {
        let Passed { rules, outcome, day, marks, told } = passed;
        let (as_of, customers) = (day.date, outcome.population.len() as u64);
        for (ladder, of) in rules.program.ladders.iter().zip(&outcome.ladders) {
            let moves = [
                (of.moves.entered, "entered"),
                (of.moves.upgraded, "upgraded"),
                (of.moves.downgraded, "downgraded"),
                (of.moves.left, "left"),
                (of.moves.grace_started, "began a grace"),
            ];
            let told = moves.iter().filter(|(people, _)| *people > 0);
            let told: Vec<String> = told.map(|(people, how)| format!("{people} {how}")).collect();
            if !told.is_empty() {
                tracing::info!("  {}: {}", ladder.name, told.join(", "));
            }
        }
        self.tell_bad_rows(&outcome);
        self.status.counts.faults = outcome.decision_faults();
        self.status.counts.full_passes += 1;
        if marks.is_some() {
            self.marks = marks;
        }
        self.status.following = match following(&rules.program, &self.settings.store) {
            Ok(following) => following.iter().map(Following::to_json).collect(),
            Err(_) => Vec::new(),
        };
        let answers = Answers::of_everybody(rules.clone(), Layer::of(&rules.program, outcome));
        self.day = Some(day);
        self.publish(answers);
        self.tell(PassKind::Full, as_of, customers, told);
        self.plan_next();
        self.publish_status();
    }

    fn tell_bad_rows(&self, outcome: &PassOutcome) {
        let facts = &outcome.population.facts;
        if facts.bad_rows > 0 {
            tracing::warn!(rows = facts.bad_rows, "rows cannot be read and did not count");
        }
        for warning in &outcome.warnings {
            tracing::warn!("{warning}");
        }
    }

    /// Hangs answers up; those from before are let go of here, where nobody waits.
    pub(super) fn publish(&mut self, answers: Answers) {
        self.retired.extend(self.board.answers());
        self.board.publish(Arc::new(answers));
        self.board.set_last_event(self.last_event);
    }

    pub(super) fn tell(&mut self, kind: PassKind, as_of: Date, customers: u64, told: Told) {
        let Told { written, seconds } = told;
        let counts = &mut self.status.counts;
        match kind {
            PassKind::Full => counts.full_seconds += seconds,
            PassKind::Touched => counts.touched_seconds += seconds,
        }
        self.status.last_pass = Some(LastPass {
            kind,
            as_of,
            at: self.clock.now(),
            generation: self.live.generation.clone(),
            customers,
            events: written.events,
            seconds,
        });
        let seconds = format!("{:.3}", seconds.all());
        tracing::info!(kind = kind.name(), customers, events = written.events, seconds, "pass");
    }

    /// When the next full pass is due.
    pub(super) fn plan_next(&mut self) {
        self.due = next_after(self.live.schedule, self.clock.now(), &self.live.zone);
        self.status.schedule = self.live.schedule.to_string();
    }

    pub(super) fn read_options<'a>(&'a self, tier_since: Since<'a>) -> ReadOptions<'a> {
        ReadOptions {
            skip_bad_rows: self.settings.skip_bad_rows,
            threads: self.settings.threads,
            query_time_limit: QUERY_TIME_LIMIT,
            tier_since,
            progress: &|_, _| {},
            stop: self.stop.clone(),
        }
    }
}
