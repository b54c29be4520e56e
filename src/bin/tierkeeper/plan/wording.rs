//! A plan in words, for every format that people read.

use rust_decimal::Decimal;
use tierkeeper::criteria::Joined;
use tierkeeper::explain::{Criterion, Words, plain_number};
use tierkeeper::expr::Unit;
use tierkeeper::metrics::population::Taken;
use tierkeeper::pass::BenefitCost;
use tierkeeper::plan::{
    Because, CostRise, CutoffPair, Found, LadderPlan, Limit, Mover, Pair, Passed, RiseLimit, Stays,
    TotalCost, Verdict, Way,
};
use tierkeeper::program::Program;

use super::Planned;
use crate::output::{grouped, money};

/// Places of percents that people read.
const PERCENT_PLACES: u32 = 2;

impl Planned<'_> {
    pub fn words_before(&self) -> Words<'_> {
        Words::new(&self.plan.from.rules.program, self.locale)
    }

    pub fn words_after(&self) -> Words<'_> {
        Words::new(&self.plan.to.rules.program, self.locale)
    }

    /// `Tiny club 1.0.0`
    pub fn pack(&self, passed: &Passed<'_>) -> String {
        let program = &passed.rules.program;
        let title =
            Words::new(program, self.locale).title(&program.title, &program.name).to_owned();
        format!("{title} {}", program.version)
    }

    /// Where the plan leads from and to.
    pub fn heading(&self) -> String {
        let (from, to) = (self.pack(&self.plan.from), self.pack(&self.plan.to));
        match self.reverse {
            false => format!("{from} → {to} ({})", self.against),
            true => format!("{from} ({}) → {to}", self.against),
        }
    }

    /// Which of the two questions it answers.
    pub fn question(&self) -> &'static str {
        match self.plan.review_all {
            false => "what moves at the next pass, promised periods kept",
            true => "what would move if everybody were reviewed now",
        }
    }

    /// Whether both packs are the same rules.
    pub fn is_same(&self) -> bool {
        let [from, to] = [&self.plan.from, &self.plan.to];
        from.rules.program.generation() == to.rules.program.generation()
    }

    pub fn ladder(&self, ladder: &LadderPlan) -> String {
        let (program, id, words) = match (ladder.to, ladder.from) {
            (Some(to), _) => (&self.plan.to.rules.program, to, self.words_after()),
            (None, Some(from)) => (&self.plan.from.rules.program, from, self.words_before()),
            (None, None) => return ladder.name.clone(),
        };
        words.title(&program.ladders[id].title, &ladder.name).to_owned()
    }

    /// The titles of a ladder's tiers in the first pack, and "no tier".
    pub fn rows(&self, ladder: &LadderPlan) -> Vec<String> {
        tiers(&self.plan.from.rules.program, ladder.from, self.words_before())
    }

    pub fn columns(&self, ladder: &LadderPlan) -> Vec<String> {
        tiers(&self.plan.to.rules.program, ladder.to, self.words_after())
    }

    /// `VIP → Gold`
    pub fn way(&self, mover: &Mover) -> String {
        let ladder = &self.plan.ladders[mover.ladder];
        let (rows, columns) = (self.rows(ladder), self.columns(ladder));
        let from = &rows[mover.from.unwrap_or(rows.len() - 1)];
        let to = &columns[mover.to.unwrap_or(columns.len() - 1)];
        format!("{from} → {to}")
    }

    /// What a move rests on: of a fall what is missing, otherwise what is there.
    pub fn because(&self, mover: &Mover, because: &Because) -> String {
        let criteria = match because {
            Because::Criteria(criteria) => criteria,
            other => return note(other).unwrap_or_default(),
        };
        let decides = |criterion: &&Criterion| criterion.met != (mover.way == Way::Demoted);
        let mut told: Vec<&Criterion> = criteria.iter().filter(decides).collect();
        if told.is_empty() {
            told = criteria.iter().collect();
        }
        let words = self.words_after();
        let mut text = String::new();
        for (place, criterion) in told.into_iter().enumerate() {
            if place > 0 {
                text.push_str(if criterion.joined == Joined::Or { "; or " } else { "; " });
            }
            let outcome = words.outcome(criterion, self.plan.as_of);
            let subject = words.criterion(criterion);
            text.push_str(&match (criterion.top, criterion.metric) {
                (Some(_), _) => format!("{subject}: {outcome}"),
                (None, Some(_)) => format!("{subject} {outcome}"),
                (None, None) => format!("{subject} ({outcome})"),
            });
        }
        text
    }

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
    fn rise(&self) -> Option<String> {
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

    /// `top_percent(10, spend) in club: 1200.00 → 1100.00`, of cutoffs that differ.
    pub fn cutoffs(&self) -> Vec<[String; 3]> {
        let value = |taken: Option<&Taken>, words: &Words<'_>, unit: Unit| match taken {
            None => "–".to_owned(),
            Some(taken) => match taken.value {
                Ok(value) => words.number(value, unit),
                Err(fault) => format!("no answer: {}", fault.words()),
            },
        };
        let differs = |pair: &CutoffPair<'_>| match (pair.before, pair.after) {
            (Some(before), Some(after)) => before.value != after.value,
            _ => true,
        };
        let told = self.plan.cutoffs().into_iter().filter(differs).map(|pair| {
            let ladder = pair.ladder.map_or_else(String::new, |ladder| format!("{ladder}: "));
            [
                format!("{ladder}{}", pair.text),
                value(pair.before, &self.words_before(), pair.unit),
                value(pair.after, &self.words_after(), pair.unit),
            ]
        });
        told.collect()
    }

    /// The title of a tier of the first pack.
    fn tier_of(&self, verdict: &Verdict, tier: Option<usize>) -> Option<String> {
        let ladder =
            self.plan.ladders.iter().find(|it| Some(&it.name) == verdict.ladder.as_ref())?;
        self.rows(ladder).into_iter().nth(tier?)
    }

    /// `max-demoted 2% in The club: VIP: 1 of 40 demoted (2.5 %)`, and whether it is over.
    pub fn verdict(&self, verdict: &Verdict) -> String {
        let place = verdict.ladder.as_ref().map_or_else(String::new, |name| {
            let ladder = self.plan.ladders.iter().find(|ladder| ladder.name == *name);
            format!(" in {}", ladder.map_or_else(|| name.clone(), |ladder| self.ladder(ladder)))
        });
        let over = if verdict.over { "over the limit" } else { "within the limit" };
        let found = match verdict.found {
            Found::Demoted { tier, people, holders } => {
                let percent = percent_of(people, holders);
                let tier = self.tier_of(verdict, tier).map_or_else(String::new, |it| it + ": ");
                format!("{tier}{} of {} demoted ({percent} %)", grouped(people), grouped(holders))
            }
            Found::CostRise(CostRise::Unknown) => "the rise cannot be told".to_owned(),
            Found::CostRise(CostRise::By { amount, percent: None, .. })
                if amount > Decimal::ZERO =>
            {
                format!("{} (from nothing)", self.rise().unwrap_or_default())
            }
            Found::CostRise(_) => self.rise().unwrap_or_default(),
        };
        let unit = match verdict.limit {
            Limit::Demoted(_) => String::new(),
            Limit::CostRise(RiseLimit::Amount(_)) => {
                format!(" {}", self.plan.to.rules.program.settings.currency)
            }
            Limit::CostRise(_) => String::new(),
        };
        format!("{} {}{unit}{place}: {found}, {over}", verdict.limit.name(), verdict.limit)
    }
}

/// Why there are no criteria.
pub fn note(because: &Because) -> Option<String> {
    let note = match because {
        Because::Criteria(_) => return None,
        Because::Stays(stays) => return Some(stays_note(*stays)),
        Because::NoTier => "the other pack does not have this tier",
        Because::NoLadder => "the other pack does not have this ladder",
        Because::NoCustomer => "nobody the other pack knows",
    };
    Some(note.to_owned())
}

fn stays_note(stays: Stays) -> String {
    match stays {
        Stays::Held { until: Some(until) } => format!("held by hand until {until}"),
        Stays::Held { until: None } => "held by hand".to_owned(),
        Stays::NoAnswer => "there is no answer, so nothing changes".to_owned(),
        Stays::Safe { until } => format!("safe until {until}"),
        Stays::InGrace { until } => format!("in grace until {until}"),
        Stays::Lands => "who falls lands here".to_owned(),
        Stays::Waits { until } => format!("earned, but rises at the review of {until} only"),
    }
}

/// A share of people in percent, half up, as people read it.
fn percent_of(people: u64, of: u64) -> String {
    let share = Decimal::from(people) * Decimal::ONE_HUNDRED;
    let share = share.checked_div(Decimal::from(of)).unwrap_or_default();
    plain_number(share.round_dp(PERCENT_PLACES))
}

/// Segments or alerts that differ: name, before, after.
pub fn differing(pairs: Vec<Pair<'_>>) -> Vec<[String; 3]> {
    let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), grouped);
    let differs = |pair: &Pair<'_>| pair.before != pair.after;
    let told = pairs.into_iter().filter(differs);
    told.map(|pair| [pair.name.to_owned(), count(pair.before), count(pair.after)]).collect()
}

/// `3 promoted, 1 demoted, 396 unchanged`
pub fn counted(ladder: &LadderPlan) -> String {
    let mut text =
        format!("{} promoted, {} demoted, ", grouped(ladder.promoted), grouped(ladder.demoted));
    if ladder.across > 0 {
        text.push_str(&format!("{} at the same height, ", grouped(ladder.across)));
    }
    text.push_str(&format!("{} unchanged", grouped(ladder.unchanged)));
    text
}

fn tiers(program: &Program, ladder: Option<usize>, words: Words<'_>) -> Vec<String> {
    let tiers = ladder.map_or(&[][..], |ladder| &program.ladders[ladder].tiers);
    let titles = tiers.iter().map(|tier| words.title(&tier.title, &tier.name).to_owned());
    titles.chain(["no tier".to_owned()]).collect()
}
