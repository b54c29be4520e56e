use jiff::civil::Date;
use rust_decimal::Decimal;

use super::change::changes;
use super::message::mentioned;
use super::{Criterion, Explanation, Measure, Next, Slot, asked_of, explain_ladder};
use crate::build::Rules;
use crate::expr::{CutoffId, Expr, Fault, Inputs, LadderId, TierId, Value, evaluate, holds};
use crate::metrics::population::{Fixed, Population, StandingColumns};
use crate::pass::{After, benefits};
use crate::program::{Alert, Program};
use crate::source::Sources;

/// Explains one customer of a population, with the standings as they are in `after`.
pub fn explain<'a>(
    program: &'a Program,
    texts: &Sources,
    population: &Population,
    after: &After,
    slot: usize,
) -> Explanation<'a> {
    explain_with(program, texts, population, after, (slot, None))
}

/// The same at a cost that does not grow with the population: what was taken over it stays as it
/// was taken ([`Population::fixed`]).
///
/// It says what [`explain`] says, but for suggestions ([`Next::changes`]) where the customer's own
/// number is part of what it is compared with. To be above the average, say, takes a little more
/// once one is part of it; a top that is full takes a border that moves when somebody comes in.
/// Here the border is that of today.
pub fn explain_alone<'a>(
    program: &'a Program,
    texts: &Sources,
    population: &Population,
    after: &After,
    fixed: &Fixed,
    slot: usize,
) -> Explanation<'a> {
    explain_with(program, texts, population, after, (slot, Some(fixed)))
}

fn explain_with<'a>(
    program: &'a Program,
    texts: &Sources,
    population: &Population,
    after: &After,
    (slot, fixed): (usize, Option<&Fixed>),
) -> Explanation<'a> {
    population.with_customer(program, &after.columns, slot, |inputs| {
        let customer = OneCustomer { population, inputs };
        let ladders = (0..program.ladders.len())
            .map(|ladder| {
                let standing = after.standings.get(ladder, slot);
                let mut ladder = explain_ladder(program, texts, ladder, standing, &customer);
                if let Some(next) = &mut ladder.next {
                    let place = (ladder.ladder, next.tier);
                    next.changes = changes(program, population, after, (slot, fixed), place);
                }
                ladder
            })
            .collect();
        let metrics = (0..program.metrics.len())
            .filter(|&metric| !program.metrics[metric].hidden)
            .map(|metric| (metric, population.metric(metric, slot).unwrap_or(Value::Null)))
            .collect();
        let in_segment = |segment: &usize| after.segments[*segment].holds[slot];
        let alerted = |alert: &usize| is_about(&program.alerts[*alert], inputs, after, slot);
        let alerts: Vec<usize> = (0..program.alerts.len()).filter(alerted).collect();
        Explanation {
            customer: population.facts.customers[slot].to_string(),
            as_of: population.as_of,
            ladders,
            metrics,
            benefits: benefits(program, population, after, slot),
            segments: (0..program.segments.len()).filter(in_segment).collect(),
            mentioned: mentioned(program, population, inputs, slot, &alerts),
            alerts,
        }
    })
}

/// What a customer misses for the next tier of a ladder, without the changes that would be enough:
/// those are decided one by one.
pub fn next_tier(
    program: &Program,
    texts: &Sources,
    population: &Population,
    after: &After,
    (ladder, slot): (LadderId, usize),
) -> Option<Next> {
    population.with_customer(program, after.asked(), slot, |inputs| {
        let standing = after.standings.get(ladder, slot);
        explain_ladder(program, texts, ladder, standing, &OneCustomer { population, inputs }).next
    })
}

/// What a tier asks of a customer to be entered or kept, and what it measured; a tier without a
/// `keep` is kept by its `enter`. `standings` are those that the decision reads.
pub fn criteria(
    rules: &Rules,
    population: &Population,
    standings: &StandingColumns,
    customer: usize,
    (ladder, tier, slot): (LadderId, TierId, Slot),
) -> Vec<Criterion> {
    let Rules { program, texts, .. } = rules;
    let rule = &program.ladders[ladder].tiers[tier];
    let (slot, condition) = match (slot, &rule.keep) {
        (Slot::Keep, Some(keep)) => (Slot::Keep, keep),
        _ => (Slot::Enter, &rule.enter),
    };
    population.with_customer(program, standings, customer, |inputs| {
        asked_of(program, texts, (tier, slot), condition, &OneCustomer { population, inputs })
    })
}

/// Whether an alert's condition holds for the customer.
fn is_about(alert: &Alert, inputs: &dyn Inputs, after: &After, slot: usize) -> bool {
    let holds_tier = alert.holders.is_none_or(|(ladder, tier)| {
        after.standings.ladders[ladder].tier[slot].tier() == Some(tier)
    });
    holds_tier && holds(&alert.when, inputs, None).holds[0]
}

/// What expressions read of one customer.
pub(super) struct OneCustomer<'a> {
    pub population: &'a Population,
    pub inputs: &'a dyn Inputs,
}

impl Measure for OneCustomer<'_> {
    fn value(&self, expr: &Expr) -> Result<Value, Fault> {
        evaluate(expr, self.inputs, None).value(0)
    }

    fn border(&self, cutoff: CutoffId) -> Result<Decimal, Fault> {
        self.inputs.cutoff(cutoff)
    }

    fn taken_on(&self, cutoff: CutoffId) -> Option<Date> {
        self.population.cutoff(cutoff).map(|taken| taken.taken_on)
    }
}
