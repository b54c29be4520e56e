//! Layers of answers put together.

use super::Conductor;
use super::touching::{Day, asked_of};
use crate::expr::Merge;
use crate::host::answers::{Answers, Layer};
use crate::lifecycle::Standings;
use crate::metrics::population::Population;
use crate::pass::{After, alert_holders, columns_before};
use crate::program::Program;
use crate::store::Facts;

/// Those who were touched are put among everybody when they are more than one in so many, and so
/// many more.
const APART: usize = 20;
pub(super) const ALWAYS_APART: usize = 1_000;

impl Conductor {
    /// Hangs up the answers with a layer of touched customers above those there are.
    pub(super) fn put_above(&mut self, answers: &Answers, layer: Layer) {
        let program = &answers.rules.program;
        let Some(day) = &self.day else { return };
        let everybody = &*answers.everybody;
        let threads = self.settings.threads;
        let above = match &answers.touched {
            Some(below) => joined(program, below, &layer, (day, everybody), threads),
            None => layer,
        };
        let many = above.customers().len() + above.gone.len();
        if many <= everybody.customers().len() / APART + self.always_apart {
            self.publish(answers.with_touched(above));
            return;
        }
        let mut all = joined(program, everybody, &above, (day, everybody), threads);
        // Nobody is below them.
        all.gone.clear();
        if let Some(day) = &mut self.day
            && let Some(asked) = &mut day.asked
        {
            *asked = asked_of(program, everybody.customers(), asked, all.customers());
        }
        self.publish(Answers::of_everybody(answers.rules.clone(), all));
    }
}

impl Answers {
    /// Everybody's facts, as they were read.
    pub(super) fn facts(&self) -> Facts {
        let program = &self.rules.program;
        let below = self.everybody.population.facts.as_read(program);
        match &self.touched {
            Some(touched) => {
                let (below, _) = without(below, None, touched);
                below.merged(&touched.population.facts.as_read(program))
            }
            None => below,
        }
    }
}

/// Two layers in one, as of the same date; those above win.
fn joined(
    program: &Program,
    below: &Layer,
    above: &Layer,
    (day, everybody): (&Day, &Layer),
    threads: usize,
) -> Layer {
    let (facts, standings) =
        without(below.population.facts.as_read(program), Some(&below.after.standings), above);
    let merge = Merge::of(&facts.customers, above.customers());
    let facts = facts.merged(&above.population.facts.as_read(program));
    let standings = standings.unwrap_or_default().merged(&above.after.standings, &merge);
    let asked = day
        .asked
        .as_ref()
        .map(|asked| asked_of(program, everybody.customers(), asked, &facts.customers));
    let as_of = day.date;
    let columns = columns_before(program, asked.as_ref().unwrap_or(&standings), as_of);
    let population = Population::build_fixed(program, facts, &columns, &day.fixed, as_of, threads);
    let after = After::stored(program, &population, standings, threads);
    let alerts = (0..program.alerts.len())
        .map(|alert| alert_holders(program, &population, &after, alert, threads))
        .collect();
    let mut gone: Vec<_> = below.gone.iter().chain(&above.gone).cloned().collect();
    gone.sort_unstable();
    gone.dedup();
    // Whoever has come back is not gone.
    gone.retain(|customer| population.facts.slot(customer).is_none());
    Layer::new(program, population, after, alerts, gone)
}

/// Facts (and standings) of those who are not gone in the layer above.
fn without(
    facts: Facts,
    standings: Option<&Standings>,
    above: &Layer,
) -> (Facts, Option<Standings>) {
    if above.gone.is_empty() {
        return (facts, standings.cloned());
    }
    let here = |slot: &usize| above.gone.binary_search(&facts.customers[*slot]).is_err();
    let slots: Vec<usize> = (0..facts.customers.len()).filter(here).collect();
    (facts.rows(&slots), standings.map(|standings| standings.rows(&slots)))
}
