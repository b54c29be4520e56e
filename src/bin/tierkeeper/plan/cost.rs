//! What benefits cost before and after, in words.

use tierkeeper::explain::plain_number;
use tierkeeper::pass::BenefitCost;
use tierkeeper::plan::{CostRise, PERCENT_PLACES, Passed, TotalCost};

use super::Planned;

use crate::output::money;

impl Planned<'_> {
    /// `432.50 → 500.00 TRY a year, 67.50 more (15.61 %)`; `None` where no benefit declares a cost.
    pub fn cost(&self) -> Option<String> {
        let (before, after) = self.plan.cost();
        if before.is_none() && after.is_none() {
            return None;
        }
        let settings = |passed: &Passed<'_>| passed.rules.program.settings.clone();
        let (ours, theirs) = (settings(&self.plan.from), settings(&self.plan.to));
        let shown = |cost: TotalCost, places: u8| match cost {
            Some(Ok(cost)) => money(cost, places.into()),
            Some(Err(_)) => "too large to be told".to_owned(),
            None => "not said".to_owned(),
        };
        let before = shown(before, ours.money_decimals);
        let before = match ours.currency == theirs.currency {
            true => before,
            false => format!("{before} {}", ours.currency),
        };
        let after = format!("{} {}", shown(after, theirs.money_decimals), theirs.currency);
        Some(format!(
            "{before} → {after} a year{}",
            self.rise().map_or_else(String::new, |rise| format!(", {rise}"))
        ))
    }

    /// `67.50 more (15.61 %)`
    pub fn rise(&self) -> Option<String> {
        let CostRise::By { amount, percent, .. } = self.plan.cost_rise() else { return None };
        if amount.is_zero() {
            return Some("the same".to_owned());
        }
        let more = if amount.is_sign_negative() { "less" } else { "more" };
        let places = self.plan.to.rules.program.settings.money_decimals;
        let percent = percent.map_or_else(String::new, |percent| {
            format!(" ({} %)", plain_number(percent.abs().round_dp(PERCENT_PLACES)))
        });
        Some(format!("{} {more}{percent}", money(amount.abs(), places.into())))
    }

    /// What a benefit costs in one of the packs.
    pub fn benefit_cost(&self, cost: Option<BenefitCost>, passed: &Passed<'_>) -> String {
        let places = passed.rules.program.settings.money_decimals;
        match cost.map(|cost| cost.cost) {
            None => "–".to_owned(),
            Some(Ok(cost)) => money(cost, places.into()),
            Some(Err(_)) => "too large to be told".to_owned(),
        }
    }
}
