//! Rules as plain values: what the generator makes, what is written as a pack, and what the naive
//! evaluator reads.

/// A number and a unit, as in `10 months`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length(pub i64, pub Unit);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Days,
    Weeks,
    Months,
    Years,
}

/// Of an order or a visit; of orders also their amounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    Spend,
    OrderCount,
    Visits,
    DaysAway,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    Lifetime,
    Trailing(Length),
    Calendar(Round),
    Previous(Round),
    /// Since the last change of tier in this ladder.
    Tier(&'static str),
}

/// Parts of the pack's year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    Month,
    Quarter,
    HalfYear,
    Year,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Condition {
    Always,
    Never,
    /// Spend in whole euros, or a number.
    AtLeast(Metric, i64),
    AtMost(Metric, i64),
    /// 100 / visits >= n: a fault without visits.
    PerVisit(i64),
    TopPercent(i64, Metric),
    TopCount(i64, Metric),
    /// At least the average of the population.
    AboveAverage(Metric),
    InTier(&'static str, String),
    Holds(&'static str, String),
    DaysHeld(&'static str, String, i64),
    DaysSinceHeld(&'static str, String, i64),
    InGrace(&'static str),
    All(Vec<Condition>),
    Any(usize, Vec<Condition>),
    None(Vec<Condition>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Of(Length),
    /// So many days for each visit: a fault without visits.
    DaysPerVisit(i64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    Evaluation,
    Entry,
    /// The day on which the customer joined.
    Joined,
    MonthDay(i8, i8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    Daily,
    Weekly,
    Monthly,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Review {
    Fixed { period: Period, from: From, round: Option<Round> },
    Tick(Tick),
    Every(Period),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Landing {
    OneDown,
    Earned,
    Tier(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    pub review: Review,
    pub upgrade_at_review: bool,
    pub grace: Option<Length>,
    pub landing: Landing,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Won {
    Enter(Condition),
    /// A percent; `None` is the rest.
    Share(Option<i64>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tier {
    pub name: String,
    pub won: Won,
    pub keep: Option<Condition>,
    pub policy: Policy,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cutoffs {
    Daily,
    Tick(Tick),
    Every(Length),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    pub name: &'static str,
    pub exclude_ties: bool,
    pub cutoffs: Cutoffs,
    /// For shares.
    pub rank_by: Vec<Metric>,
    pub warn: Option<Length>,
    pub review_now: bool,
    pub renamed: Vec<(String, String)>,
    /// Highest first.
    pub tiers: Vec<Tier>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub holders: Option<(&'static str, String)>,
    pub when: Condition,
    pub every: Option<Length>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    /// Whether customers stand in a table of their own.
    pub roster: bool,
    pub year_starts: (i8, i8),
    /// Who counts: those with so many orders.
    pub population: Option<i64>,
    pub spend: Window,
    pub order_count: Window,
    pub visits: Window,
    pub ladders: Vec<Ladder>,
    /// Of the segment `regulars`.
    pub regulars: Condition,
    /// `quiet`.
    pub alert: Alert,
}

impl Ladder {
    pub fn rank(&self, tier: &str) -> Option<usize> {
        self.tiers.iter().position(|it| it.name == tier)
    }

    /// What a tier is called today.
    pub fn today(&self, tier: &str) -> Option<&str> {
        let renamed = self.renamed.iter().find(|(old, _)| old == tier).map(|(_, new)| new.as_str());
        self.rank(tier).map(|rank| self.tiers[rank].name.as_str()).or(renamed)
    }
}

impl Pack {
    pub fn ladder(&self, name: &str) -> &Ladder {
        self.ladders.iter().find(|ladder| ladder.name == name).expect("a ladder")
    }
}

impl Condition {
    /// Every part of it, itself first.
    pub fn parts(&self) -> Vec<&Condition> {
        let mut parts = vec![self];
        if let Condition::All(of) | Condition::Any(_, of) | Condition::None(of) = self {
            parts.extend(of.iter().flat_map(Condition::parts));
        }
        parts
    }

    /// Calls `change` with every part that names a tier.
    pub fn each_tier(&mut self, change: &mut impl FnMut(&'static str, &mut String)) {
        match self {
            Condition::InTier(ladder, tier)
            | Condition::Holds(ladder, tier)
            | Condition::DaysHeld(ladder, tier, _)
            | Condition::DaysSinceHeld(ladder, tier, _) => change(ladder, tier),
            Condition::All(of) | Condition::Any(_, of) | Condition::None(of) => {
                of.iter_mut().for_each(|part| part.each_tier(change));
            }
            _ => {}
        }
    }
}
