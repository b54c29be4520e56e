//! A case's customers on their way through time: standings from one date to the next.

use jiff::civil::Date;

use super::case::{Case, Fact, GivenCutoff, Step};
use super::people::{GivenTo, People};
use super::read::same_text;
use super::run::OWN;
use crate::coverage::Coverage;
use crate::expr::LadderId;
use crate::lifecycle::{Deed, NO_DAY, Standings, TierCode, optional};
use crate::metrics::population::{Border, HeldCutoff, Population};
use crate::pass::{
    ByHand, Moved, Note, PassOutcome, Wanted, do_by_hand, remembered_tiers, run, standing_columns,
};
use crate::program::{Cutoff, Program, Ties};
use crate::store::{CustomerId, Facts, MemoryRow};

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
        let mut people = People::default();
        people.store.sources = vec![Vec::new(); program.sources.len()];
        for person in &case.people {
            let customer = || person.id.clone();
            people.store.customers.push((customer(), person.attributes.clone()));
            for Fact { source, at, values } in &person.facts {
                let row = MemoryRow { customer: customer(), at: *at, values: values.clone() };
                people.store.sources[*source].push(row);
            }
            for (metric, value) in &person.metrics {
                let given = GivenTo { customer: customer(), metric: *metric, value: value.clone() };
                people.given.push(given);
            }
        }
        Self {
            case,
            program,
            people,
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
        let since = |ladder: LadderId, customer: &CustomerId| {
            let slot = self.case.people.iter().position(|person| person.id == *customer)?;
            optional(self.before.ladders[ladder].since[slot])
        };
        self.people.facts(self.program, as_of, &since).map_err(|error| error.to_string())
    }

    /// The standings with which the case begins.
    fn begin(&mut self, on: Date, held: &[Option<HeldCutoff>]) -> Result<(), String> {
        let mut wanted = vec![Vec::new(); self.program.ladders.len()];
        for (slot, person) in (0..).zip(&self.case.people) {
            for held in &person.standings {
                let since = held.since.unwrap_or(on);
                let deed = Deed::Adopt { tier: held.tier, since, review_on: held.review_on };
                wanted[held.ladder].push(Wanted { slot, deed, note: Note::default() });
            }
        }
        if wanted.iter().all(Vec::is_empty) {
            return Ok(());
        }
        self.before = self.deeds(on, held, wanted)?.standings;
        for (slot, person) in self.case.people.iter().enumerate() {
            for held in person.standings.iter().filter(|held| held.grace_until.is_some()) {
                let ladder = &mut self.before.ladders[held.ladder];
                let mut standing = ladder.get(slot);
                standing.grace_until = held.grace_until;
                ladder.set(slot, TierCode::new(standing.tier), &standing, None);
            }
        }
        Ok(())
    }

    fn deeds(
        &self,
        on: Date,
        held: &[Option<HeldCutoff>],
        wanted: Vec<Vec<Wanted>>,
    ) -> Result<ByHand, String> {
        let columns = standing_columns(self.program, &self.before, on);
        let population = Population::build(self.program, self.facts(on)?, &columns, held, on, 1);
        do_by_hand(self.program, &population, &self.before, wanted, 1).map_err(
            |(ladder, customer, fault)| {
                let ladder = &self.program.ladders[ladder].name;
                let fault = fault.words();
                format!(
                    "the review of customer {customer} in `{ladder}` cannot be computed: {fault}"
                )
            },
        )
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

/// Nobody holds anything; tiers whose past is asked for are remembered.
fn nobody(program: &Program, customers: usize) -> Standings {
    let mut standings = Standings::empty(customers, program.ladders.len(), program.alerts.len());
    let remembered = remembered_tiers(program);
    for (id, ladder) in standings.ladders.iter_mut().enumerate() {
        let column = |tier| match remembered.contains(&(id, tier)) {
            true => vec![NO_DAY; customers],
            false => Vec::new(),
        };
        ladder.left_on = (0..program.ladders[id].tiers.len()).map(column).collect();
    }
    standings
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
