//! The smallest change of one metric that earns a tier, found by deciding again.

use rust_decimal::Decimal;

use super::criterion::asked;
use super::customer::OneCustomer;
use super::{Change, Measure};
use crate::criteria::{Asked, Direction, Leaf, Requirement};
use crate::expr::decimal::{raised, representable, subtract};
use crate::expr::{Input, LadderId, MetricId, Node, TierId, Type, Value};
use crate::metrics::population::{Fixed, Population};
use crate::pass::{After, Trial, Tried};
use crate::program::{Aggregate, Metric, MetricKind, Program, Window};

/// Values that are tried for a metric in one direction before it is given up: each but the first
/// follows a border that has moved with the customer, or is that of another comparison.
const TRIES: usize = 64;

/// For each metric that the tier asks for by itself, the smallest change with which the customer
/// earns the tier or a higher one; those that are the smallest parts of what they lead to first.
/// With `fixed` nothing that is taken over the population moves with the customer.
pub(super) fn changes(
    program: &Program,
    population: &Population,
    after: &After,
    (slot, fixed): (usize, Option<&Fixed>),
    (ladder, tier): (LadderId, TierId),
) -> Vec<Change> {
    let enter = Requirement::of(&program.ladders[ladder].tiers[tier].enter);
    let leaves: Vec<(Leaf<'_>, MetricId)> = enter
        .leaves()
        .into_iter()
        .filter_map(|(leaf, _)| Some((leaf, measured_metric(program, leaf)?)))
        .collect();
    let mut metrics: Vec<MetricId> = leaves.iter().map(|(_, metric)| *metric).collect();
    metrics.sort_unstable();
    metrics.dedup();
    let mut found: Vec<Change> = metrics
        .into_iter()
        .filter_map(|metric| {
            let own = leaves.iter().filter(|(_, of)| *of == metric);
            let (now, scale) = population.whole_number(metric, slot)?;
            let search = Search {
                program,
                id: metric,
                leaves: own.map(|(leaf, _)| *leaf).collect(),
                trial: Trial::new(
                    program,
                    population,
                    after.asked(),
                    (ladder, slot),
                    metric,
                    fixed,
                ),
                tier,
                now,
                scale,
            };
            search.smallest()
        })
        .collect();
    found.sort_by_key(|change| (change.part(), change.metric));
    found
}

/// The metric that a comparison of numbers measures, where it can still change: what is over does
/// not.
fn measured_metric(program: &Program, leaf: Leaf<'_>) -> Option<MetricId> {
    let measured = leaf.sides(program).measured;
    match measured.node {
        Node::Input(Input::Metric(metric)) if measured.ty == Type::Number => {
            Some(metric).filter(|&metric| !is_over(&program.metrics[metric]))
        }
        _ => None,
    }
}

/// Whether a metric is about a time that is over.
fn is_over(metric: &Metric) -> bool {
    let over = match &metric.kind {
        MetricKind::Rows(rows) => {
            rows.ago.is_some()
                || matches!(rows.window, Window::Previous(_) | Window::PreviousMembershipYear(_))
        }
        _ => false,
    };
    over || metric.hidden
}

/// Whether a metric can have a value at all.
fn is_possible(metric: &Metric, value: Decimal) -> bool {
    match &metric.kind {
        MetricKind::Rows(rows) => match rows.aggregate {
            Aggregate::Sum(_)
            | Aggregate::Min(_)
            | Aggregate::Max(_)
            | Aggregate::Average(_)
            | Aggregate::First(_)
            | Aggregate::Last(_) => true,
            Aggregate::Percent => value >= Decimal::ZERO && value <= Decimal::ONE_HUNDRED,
            Aggregate::Count
            | Aggregate::Distinct(_)
            | Aggregate::DistinctDays
            | Aggregate::DaysSinceLast
            | Aggregate::DaysSinceFirst
            | Aggregate::DaysBetween => value >= Decimal::ZERO,
        },
        _ => true,
    }
}

/// The values of one metric of one customer, as whole numbers of its scale.
struct Search<'a> {
    program: &'a Program,
    id: MetricId,
    /// The comparisons that measure it.
    leaves: Vec<Leaf<'a>>,
    trial: Trial<'a>,
    tier: TierId,
    now: i128,
    scale: u8,
}

impl Search<'_> {
    fn smallest(&self) -> Option<Change> {
        if self.is_enough(self.trial.earned_now()) {
            return None;
        }
        let ways = [1, -1].into_iter().filter_map(|sign| self.towards(sign));
        ways.min_by_key(Change::part)
    }

    fn is_enough(&self, earned: Option<TierId>) -> bool {
        earned.is_some_and(|earned| earned <= self.tier)
    }

    /// Walks from border to border, upwards or downwards, to the first that earns the tier; then
    /// back to the nearest value that does.
    fn towards(&self, sign: i128) -> Option<Change> {
        let (mut short, mut tried) = (self.now, None);
        for _ in 0..TRIES {
            let next = self.border(tried.as_ref(), short, sign)?;
            let outcome = self.decide(next)?;
            if self.is_enough(outcome.earned) {
                return self.change(self.nearest(short, next, sign));
            }
            (short, tried) = (next, Some(outcome));
        }
        None
    }

    fn decide(&self, value: i128) -> Option<Tried> {
        let number = representable(value, self.scale.into()).ok()?;
        is_possible(&self.program.metrics[self.id], number).then(|| self.trial.decide(value))?
    }

    /// The nearest value beyond `from` that meets a comparison which is not met.
    fn border(&self, tried: Option<&Tried>, from: i128, sign: i128) -> Option<i128> {
        self.trial.with_customer(tried, |population, inputs| {
            let customer = OneCustomer { population, inputs };
            let borders = self.leaves.iter();
            let borders = borders.filter_map(|leaf| self.asked(*leaf, from, sign, &customer));
            let beyond = |border: &i128| border.saturating_sub(from).saturating_mul(sign);
            borders.filter(|border| beyond(border) > 0).min_by_key(beyond)
        })
    }

    /// The value with which a comparison is met that is not.
    fn asked(
        &self,
        leaf: Leaf<'_>,
        from: i128,
        sign: i128,
        customer: &OneCustomer<'_>,
    ) -> Option<i128> {
        let holds = customer.value(leaf.expr).ok()? == Value::Flag(true);
        if holds != leaf.negated {
            return None;
        }
        let sides = leaf.sides(self.program);
        let measured = customer.value(sides.measured);
        let (asked, direction) = asked(&sides, &measured, customer);
        let (floor, exact) = self.whole(asked.ok()?.as_number()?)?;
        let border = match direction {
            Direction::AtLeast if exact => floor,
            Direction::AtLeast | Direction::MoreThan => floor.checked_add(1)?,
            Direction::LessThan if exact => floor.checked_sub(1)?,
            Direction::AtMost | Direction::LessThan => floor,
            Direction::Exactly => return exact.then_some(floor),
            Direction::AnythingBut => return from.checked_add(sign),
            Direction::Other => return None,
        };
        let upwards = if direction.is_upper() { -1 } else { 1 };
        // Equals at the border of a top may rank before.
        let is_reached = border.saturating_sub(from).saturating_mul(upwards) <= 0;
        match matches!(sides.asked, Asked::Top(_)) && is_reached {
            true => from.checked_add(upwards),
            false => Some(border),
        }
    }

    /// A number as the whole number below it at the scale of the metric, and whether it is one.
    fn whole(&self, number: Decimal) -> Option<(i128, bool)> {
        let (number, scale) = (number.normalize(), u32::from(self.scale));
        match number.scale().checked_sub(scale) {
            Some(more) if more > 0 => {
                Some((number.mantissa().div_euclid(10i128.checked_pow(more)?), false))
            }
            _ => Some((raised(number, scale)?, true)),
        }
    }

    /// The value nearest to `short`, which does not earn the tier, that does, where `enough` does.
    fn nearest(&self, mut short: i128, mut enough: i128, sign: i128) -> i128 {
        let mut probe = enough - sign;
        while (enough - short) * sign > 1 {
            match self.decide(probe).is_some_and(|tried| self.is_enough(tried.earned)) {
                true => enough = probe,
                false => short = probe,
            }
            probe = short + (enough - short) / 2;
        }
        enough
    }

    fn change(&self, to: i128) -> Option<Change> {
        let number = |whole| representable(whole, self.scale.into()).ok();
        let (now, to) = (number(self.now)?, number(to)?);
        Some(Change { metric: self.id, now, to, by: subtract(to, now).ok()? })
    }
}

impl Change {
    /// How large it is, as a part of what it leads to.
    fn part(&self) -> Decimal {
        let whole = if self.to.is_zero() { Decimal::ONE } else { self.to.abs() };
        self.by.abs().checked_div(whole).unwrap_or(Decimal::MAX)
    }
}
