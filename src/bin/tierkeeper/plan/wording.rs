//! A plan in words, for every format that people read.

use rust_decimal::Decimal;
use tierkeeper::explain::{Words, plain_number};
use tierkeeper::expr::Unit;
use tierkeeper::limits::RiseLimit;
use tierkeeper::metrics::population::Taken;
use tierkeeper::plan::{
    CostRise, CutoffPair, Found, LadderPlan, Limit, Mover, Pair, Passed, Verdict, percent_of,
};
use tierkeeper::program::{LocalText, Program};

use super::Planned;
use crate::output::grouped;

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

    /// Whether both packs decide and say the same, whatever their names and versions.
    pub fn is_same(&self) -> bool {
        self.plan.rules.is_empty()
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

    /// Segments with other numbers of people: title, before, after.
    pub fn segments(&self) -> Vec<[String; 3]> {
        self.differing(self.plan.segments(), |program, name| {
            program.segments.iter().find(|it| it.name == name).map(|it| &it.title)
        })
    }

    /// Alerts about other numbers of people: title, before, after.
    pub fn alerts(&self) -> Vec<[String; 3]> {
        self.differing(self.plan.alerts(), |program, name| {
            program.alerts.iter().find(|it| it.name == name).map(|it| &it.title)
        })
    }

    pub fn benefit(&self, name: &str) -> String {
        self.titled(name, |program, name| {
            program.benefits.iter().find(|it| it.name == name).map(|it| &it.title)
        })
    }

    fn differing(
        &self,
        pairs: Vec<Pair<'_>>,
        title: impl for<'p> Fn(&'p Program, &str) -> Option<&'p LocalText>,
    ) -> Vec<[String; 3]> {
        let count = |count: Option<u64>| count.map_or_else(|| "–".to_owned(), grouped);
        let differs = |pair: &Pair<'_>| pair.before != pair.after;
        let told = pairs.into_iter().filter(differs);
        told.map(|pair| [self.titled(pair.name, &title), count(pair.before), count(pair.after)])
            .collect()
    }

    /// The title of the newer pack, where it has one.
    fn titled(
        &self,
        name: &str,
        title: impl for<'p> Fn(&'p Program, &str) -> Option<&'p LocalText>,
    ) -> String {
        let programs = [&self.plan.to, &self.plan.from].map(|passed| &passed.rules.program);
        let titles = programs.iter().find_map(|program| title(program, name));
        titles.and_then(|title| title.get(self.locale)).unwrap_or(name).to_owned()
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
                let percent = plain_number(percent_of(people, holders));
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

/// Of tiers and "no tier" behind them those that are worth telling: "no tier" only where somebody
/// has none.
pub fn told(sizes: &[u64]) -> Vec<usize> {
    (0..sizes.len()).filter(|&place| place + 1 < sizes.len() || sizes[place] > 0).collect()
}

/// A cell of a matrix.
pub fn cell(people: u64) -> String {
    if people == 0 { "·".to_owned() } else { grouped(people) }
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
