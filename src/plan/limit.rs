//! Whether a change goes over its limits.

use std::fmt;

use rust_decimal::Decimal;

use super::{LadderPlan, Passed, Plan, TotalCost, Way};
use crate::expr::TierId;
use crate::expr::decimal::{divide, multiply, subtract};
use crate::limits::{DemotedLimit, Limits, RiseLimit};

/// Places of percents that people read.
pub const PERCENT_PLACES: u32 = 2;

/// A share of people in percent as people read it, half to even.
pub fn percent_of(people: u64, of: u64) -> Decimal {
    let share = Decimal::from(people) * Decimal::ONE_HUNDRED;
    share.checked_div(of.into()).unwrap_or_default().round_dp(PERCENT_PLACES)
}

/// What a limit is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    Demoted(DemotedLimit),
    CostRise(RiseLimit),
}

/// What was found of what is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// People who are demoted, and of how many.
    Demoted {
        /// Of the first pack; `None`: of the whole ladder.
        tier: Option<TierId>,
        people: u64,
        holders: u64,
    },
    CostRise(CostRise),
}

/// By how much a cost rises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CostRise {
    /// By an amount of money; below zero it falls. The percent of the cost before, six decimals;
    /// `None`: there was none.
    By { before: Decimal, amount: Decimal, percent: Option<Decimal> },
    /// The packs have other currencies, or a sum is too large: no limit is kept then.
    Unknown,
}

/// A limit, and whether it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub limit: Limit,
    /// Of which ladder, where it is about people.
    pub ladder: Option<String>,
    pub found: Found,
    pub over: bool,
}

impl Plan<'_> {
    /// One verdict for each limit, of people one for each ladder.
    pub fn verdicts(&self, limits: Limits) -> Vec<Verdict> {
        let mut verdicts = Vec::new();
        if let Some(limit) = limits.max_demoted {
            let demoted = |ladder| demoted(limit, limits.at_least, ladder);
            verdicts.extend(self.ladders.iter().map(demoted));
        }
        if let Some(limit) = limits.max_cost_rise {
            let found = self.cost_rise();
            verdicts.push(Verdict {
                limit: Limit::CostRise(limit),
                ladder: None,
                found: Found::CostRise(found),
                over: limit.is_passed(found),
            });
        }
        verdicts
    }

    /// By how much the cost of all benefits rises. Where none declares a cost it is nothing.
    pub fn cost_rise(&self) -> CostRise {
        let (before, after) = self.cost();
        let currency = |passed: &Passed<'_>| passed.rules.program.settings.currency.clone();
        if before.is_some() && after.is_some() && currency(&self.from) != currency(&self.to) {
            return CostRise::Unknown;
        }
        let known = |cost: TotalCost| cost.unwrap_or(Ok(Decimal::ZERO));
        let rise = |before: Decimal, after: Decimal| {
            let amount = subtract(after, before)?;
            let percent = (before > Decimal::ZERO)
                .then(|| divide(multiply(amount, Decimal::ONE_HUNDRED)?, before));
            Ok(CostRise::By { before, amount, percent: percent.transpose()? })
        };
        known(before).and_then(|before| rise(before, known(after)?)).unwrap_or(CostRise::Unknown)
    }
}

fn demoted(limit: DemotedLimit, at_least: u64, ladder: &LadderPlan) -> Verdict {
    let (tier, people, holders, over) = match limit {
        DemotedLimit::People(most) => {
            (None, ladder.demoted, ladder.holders(), ladder.demoted > most)
        }
        DemotedLimit::Percent(most) => {
            let (tier, people, holders) = hardest_hit(ladder, at_least);
            let allowed = multiply(most, Decimal::from(holders));
            // A percent so large that nothing holds it allows everybody.
            let over =
                allowed.is_ok_and(|allowed| Decimal::from(people) * Decimal::ONE_HUNDRED > allowed);
            (tier, people, holders, over && people >= at_least)
        }
    };
    Verdict {
        limit: Limit::Demoted(limit),
        ladder: Some(ladder.name.clone()),
        found: Found::Demoted { tier, people, holders },
        over,
    }
}

/// The tier that loses the largest part of its holders, the highest of several: how many are
/// demoted, and of how many. Tiers that lose at least so many go before others. Without a tier
/// where nobody is demoted.
fn hardest_hit(ladder: &LadderPlan, at_least: u64) -> (Option<TierId>, u64, u64) {
    let tiers = ladder.matrix.iter().enumerate().take(ladder.matrix.len() - 1);
    let hit = tiers.filter_map(|(tier, row)| {
        let lost = row.iter().enumerate().filter(|(to, _)| {
            let to = (*to + 1 < row.len()).then_some(*to);
            ladder.way(Some(tier), to) == Some(Way::Demoted)
        });
        let lost: u64 = lost.map(|(_, people)| people).sum();
        (lost > 0).then(|| (Some(tier), lost, row.iter().sum::<u64>()))
    });
    let harder = |a: &(_, u64, u64), b: &(_, u64, u64)| match (a.1 >= at_least, b.1 >= at_least) {
        (a_counts, b_counts) if a_counts != b_counts => a_counts,
        _ => u128::from(a.1) * u128::from(b.2) >= u128::from(b.1) * u128::from(a.2),
    };
    let hardest = hit.reduce(|a, b| if harder(&a, &b) { a } else { b });
    hardest.unwrap_or((None, 0, ladder.holders()))
}

impl RiseLimit {
    fn is_passed(self, found: CostRise) -> bool {
        let CostRise::By { before, amount, percent } = found else { return true };
        match (self, percent) {
            (RiseLimit::Amount(most), _) => amount > most,
            // From nothing.
            (RiseLimit::Percent(_), None) => amount > Decimal::ZERO,
            // Exact, and not by the rounded percent, where there is room for it.
            (RiseLimit::Percent(most), Some(percent)) => {
                let sides = multiply(amount, Decimal::ONE_HUNDRED)
                    .and_then(|rise| Ok(rise > multiply(most, before)?));
                sides.unwrap_or(percent > most)
            }
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limit::Demoted(DemotedLimit::Percent(percent))
            | Limit::CostRise(RiseLimit::Percent(percent)) => write!(f, "{percent}%"),
            Limit::Demoted(DemotedLimit::People(people)) => write!(f, "{people}"),
            Limit::CostRise(RiseLimit::Amount(amount)) => write!(f, "{amount}"),
        }
    }
}

impl Limit {
    /// Its option.
    pub fn name(&self) -> &'static str {
        match self {
            Limit::Demoted(_) => "max-demoted",
            Limit::CostRise(_) => "max-cost-rise",
        }
    }
}
