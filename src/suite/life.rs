//! A case's customers on their way through time: standings from one date to the next.

use jiff::civil::Date;

use super::begin::{no_review, nobody, take_over, tier_since};
use super::case::{Case, GivenCutoff, Step};
use super::people::People;
use super::read::same_text;
use super::run::OWN;
use crate::coverage::Coverage;
use crate::expr::LadderId;
use crate::lifecycle::Standings;
use crate::metrics::population::{Border, HeldCutoff, Population};
use crate::pass::{ByHand, Moved, Note, PassOutcome, Wanted, do_by_hand, run, standing_columns};
use crate::program::{Cutoff, Program, Ties};
use crate::store::Facts;

/// A case on its way through time.
pub(super) struct Life<'a> {
    case: &'a Case,
    program: &'a Program,
    people: People,
    /// What the next pass finds.
    pub before: Standings,
    held: Vec<Option<HeldCutoff>>,
    /// What was done by hand on the date.
    pub by_hand: Vec<(LadderId, Moved)>,
}

impl<'a> Life<'a> {
    pub fn new(case: &'a Case, program: &'a Program) -> Self {
        Self {
            case,
            program,
            people: People::of(program, &case.people),
            before: nobody(program, case.people.len()),
            held: Vec::new(),
            by_hand: Vec::new(),
        }
    }

    /// What is done by hand on a date, and a pass. An error: why there is none.
    pub fn pass(
        &mut self,
        step: &Step,
        is_first: bool,
        coverage: Option<&mut Coverage>,
    ) -> Result<PassOutcome, String> {
        self.by_hand.clear();
        let held = self.cutoffs(step.on);
        if is_first {
            self.begin(step.on, &held)?;
        }
        if !step.deeds.is_empty() {
            let mut wanted = vec![Vec::new(); self.program.ladders.len()];
            for &(ladder, deed) in &step.deeds {
                wanted[ladder].push(Wanted { slot: OWN as u32, deed, note: Note::default() });
            }
            let done = self.deeds(step.on, &held, wanted)?;
            for (ladder, deeds) in done.ladders.iter().enumerate() {
                self.by_hand.extend(deeds.events.iter().map(|moved| (ladder, *moved)));
            }
            if let Some(coverage) = coverage {
                coverage.observe_by_hand(&self.before, &done.standings, &[OWN]);
            }
            self.before = done.standings;
        }
        let facts = self.facts(step.on)?;
        Ok(run(self.program, facts, &self.before, &held, step.on, 1))
    }

    /// Goes on to the next date.
    pub fn follow(&mut self, outcome: PassOutcome) {
        self.before = outcome.after.standings;
        self.held = outcome.population.held;
    }

    fn facts(&self, as_of: Date) -> Result<Facts, String> {
        let since = tier_since(&self.case.people, &self.before);
        self.people.facts(self.program, as_of, &since).map_err(|error| error.to_string())
    }

    /// The standings with which the case begins.
    fn begin(&mut self, on: Date, held: &[Option<HeldCutoff>]) -> Result<(), String> {
        if self.case.people.iter().all(|person| person.standings.is_empty()) {
            return Ok(());
        }
        let population = self.population(on, held)?;
        let taken = take_over(self.program, &self.case.people, &population, &self.before);
        self.before = taken.map_err(|error| error.to_string())?;
        Ok(())
    }

    fn population(&self, on: Date, held: &[Option<HeldCutoff>]) -> Result<Population, String> {
        let columns = standing_columns(self.program, &self.before, on);
        Ok(Population::build(self.program, self.facts(on)?, &columns, held, on, 1))
    }

    fn deeds(
        &self,
        on: Date,
        held: &[Option<HeldCutoff>],
        wanted: Vec<Vec<Wanted>>,
    ) -> Result<ByHand, String> {
        let population = self.population(on, held)?;
        let done = do_by_hand(self.program, &population, &self.before, wanted, 1);
        done.map_err(|(ladder, customer, fault)| {
            no_review(self.program, ladder, customer, fault).to_string()
        })
    }

    /// The cutoffs that are held, and those that the case gives.
    fn cutoffs(&self, on: Date) -> Vec<Option<HeldCutoff>> {
        let cutoffs = self.program.cutoffs.iter().enumerate();
        let held = cutoffs.map(|(id, cutoff)| {
            let mut given = self.case.cutoffs.iter();
            let given = given.find(|given| {
                given.places.contains(&cutoff.span) || same_text(&given.text, &cutoff.text)
            });
            match given {
                Some(given) => Some(as_held(cutoff, given, on)),
                None => self.held.get(id).cloned().flatten(),
            }
        });
        held.collect()
    }
}

/// A cutoff that is given, as one that was taken on the date.
fn as_held(cutoff: &Cutoff, given: &GivenCutoff, on: Date) -> HeldCutoff {
    let then = match &cutoff.ties {
        Ties::Include { then } | Ties::Exclude { then } | Ties::BreakBy(then) => then.len(),
    };
    let border = cutoff.kind.is_top().then(|| {
        // Whoever has the measure of the border is in, whatever ranks after it.
        let values = std::iter::once(Some(given.value)).chain(std::iter::repeat_n(None, then));
        Border { values: values.collect(), customer: None }
    });
    HeldCutoff {
        taken_on: on,
        until: on.tomorrow().unwrap_or(Date::MAX),
        counted_from: on,
        value: Ok(given.value),
        count: 1,
        border,
    }
}
