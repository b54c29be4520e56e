//! What a new generation would do to everybody, and whether a person has to say yes to it.

use rust_decimal::Decimal;
use serde_json::Value as Json;

use jiff::civil::Date;

use crate::explain::plain_number;
use crate::limits::{Limits, RiseLimit};
use crate::plan::{CostRise, Found, Limit, PERCENT_PLACES, Plan, Side, Verdict, percent_of, plan};

/// The impact of a generation on the population as it is.
#[derive(Debug, Clone)]
pub struct Impact {
    /// The shape of `plan --format json` without those who move.
    pub json: Json,
    /// Why it has to wait, in words; empty: it may go live.
    pub reasons: Vec<String>,
    /// What changed in the rules, in words.
    pub rules: Vec<String>,
    /// How many move in each ladder, in words.
    pub people: Vec<String>,
}

/// Holds a new generation (`to`) against the live one. Everybody is reviewed: a promised period
/// delays a demotion, it does not make it harmless.
pub fn impact(from: Side<'_>, to: Side<'_>, as_of: Date, limits: Limits, threads: usize) -> Impact {
    let plan = plan(from, to, as_of, true, threads);
    let verdicts = plan.verdicts(limits);
    let passed = verdicts.iter().filter(|verdict| verdict.over);
    Impact {
        json: plan.impact_json(&verdicts),
        reasons: passed.map(|verdict| reason(&plan, limits, verdict)).collect(),
        people: people(&plan),
        rules: plan.rules,
    }
}

/// `club: 3 would rise and 12 fall, if everybody were reviewed now`, of ladders in which somebody
/// moves.
fn people(plan: &Plan<'_>) -> Vec<String> {
    let moving = plan.ladders.iter().filter(|it| it.promoted + it.demoted + it.across > 0);
    let told = moving.map(|ladder| {
        let mut text =
            format!("{}: {} would rise and {} fall", ladder.name, ladder.promoted, ladder.demoted);
        if ladder.across > 0 {
            text.push_str(&format!(", {} would change to a tier at the same place", ladder.across));
        }
        text + ", if everybody were reviewed now"
    });
    told.collect()
}

fn reason(plan: &Plan<'_>, limits: Limits, verdict: &Verdict) -> String {
    let limit = match verdict.limit {
        Limit::Demoted(_) if limits.at_least > 0 => {
            format!("at most {} of a tier may, from {} people on", verdict.limit, limits.at_least)
        }
        Limit::Demoted(_) => format!("at most {} may", verdict.limit),
        Limit::CostRise(RiseLimit::Amount(_)) => {
            format!("at most {} {} may be", verdict.limit, currency(plan))
        }
        Limit::CostRise(RiseLimit::Percent(_)) => format!("at most {} may be", verdict.limit),
    };
    match verdict.found {
        Found::Demoted { tier, people, holders } => {
            let ladders = &plan.from.rules.program.ladders;
            let ladder = ladders.iter().find(|it| Some(&it.name) == verdict.ladder.as_ref());
            let name = verdict.ladder.as_deref().unwrap_or_default();
            let place = match ladder.zip(tier) {
                Some((ladder, tier)) => format!("{name}.{}", ladder.tiers[tier].name),
                None => name.to_owned(),
            };
            let share = plain_number(percent_of(people, holders));
            format!("{people} of {holders} in {place} would lose their tier ({share} %); {limit}")
        }
        Found::CostRise(CostRise::Unknown) => {
            "what benefits cost cannot be compared: other currencies, or too large a sum".to_owned()
        }
        Found::CostRise(CostRise::By { amount, percent: rise, .. }) => {
            let rise = rise
                .map_or_else(|| "from nothing".to_owned(), |rise| format!("{} %", rounded(rise)));
            let amount = rounded(amount);
            let currency = currency(plan);
            format!("benefits would cost {amount} {currency} more a year ({rise}); {limit}")
        }
    }
}

fn currency<'p>(plan: &'p Plan<'_>) -> &'p str {
    &plan.to.rules.program.settings.currency
}

fn rounded(number: Decimal) -> String {
    plain_number(number.round_dp(PERCENT_PLACES))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::build::Rules;
    use crate::lifecycle::Standings;
    use crate::pass::fixture::{nobody, rules, spenders};
    use crate::pass::run;

    const AS_OF: Date = date(2026, 3, 21);

    fn club(vip: u32, review: &str) -> Rules {
        rules(
            "",
            "",
            &format!(
                "
ladders:
  club:
    tiers:
      vip:
        enter: spend >= {vip}
        review: {review}
      gold: {{ enter: spend >= 100 }}
benefits:
  gift:
    kind: perk
    category: gift
    tiers: {{ vip: 'a box' }}
    cost: 10
"
            ),
        )
    }

    /// 100 customers with a spend of 1 to 100 hundreds, where `old` has decided.
    fn found(old: &Rules, new: &Rules, limits: Limits) -> Impact {
        let spend: Vec<i64> = (1..=100).map(|hundreds| hundreds * 100).collect();
        let facts = || spenders(&old.program, &spend);
        let first = run(&old.program, facts(), &nobody(&old.program, 100), &[], AS_OF, 1);
        let side = |rules, standings: Standings| Side {
            rules,
            facts: facts(),
            standings,
            held: Vec::new(),
        };
        let standings = first.after.standings;
        impact(side(old, standings.clone()), side(new, standings), AS_OF, limits, 1)
    }

    fn limits(at_least: u64) -> Limits {
        Limits {
            max_demoted: Some("5%".parse().unwrap()),
            at_least,
            max_cost_rise: Some("20%".parse().unwrap()),
        }
    }

    #[test]
    fn a_promised_period_does_not_make_a_demotion_harmless() {
        // From 41 VIPs (spend of 6000 and more) to 21: 20 of 41.
        let (old, new) = (club(6000, "{ fixed: 10 months }"), club(8000, "{ fixed: 10 months }"));
        let held = found(&old, &new, limits(20));
        assert_eq!(
            held.reasons,
            ["20 of 41 in club.vip would lose their tier (48.78 %); \
              at most 5% of a tier may, from 20 people on"]
        );
        assert_eq!(held.people, ["club: 0 would rise and 20 fall, if everybody were reviewed now"]);
        assert_eq!(held.json["ladders"]["club"]["demoted"], 20);
        assert_eq!(held.json["limits"][0]["over"], true);
        assert_eq!(held.rules.len(), 1, "{:?}", held.rules);
        // One person fewer is too few people.
        assert_eq!(found(&old, &new, limits(21)).reasons, Vec::<String>::new());
    }

    #[test]
    fn a_rise_of_cost_has_to_wait() {
        // From 41 boxes to 51: 100 more, of 410.
        let (old, new) = (club(6000, "{ dynamic: daily }"), club(5000, "{ dynamic: daily }"));
        let held = found(&old, &new, limits(20));
        assert_eq!(
            held.reasons,
            ["benefits would cost 100 EUR more a year (24.39 %); at most 20% may be"]
        );
        let free = Limits { max_cost_rise: Some("25%".parse().unwrap()), ..limits(20) };
        assert_eq!(found(&old, &new, free).reasons, Vec::<String>::new());
    }
}
