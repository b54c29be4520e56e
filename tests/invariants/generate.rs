//! Packs, rows and dates, small enough to be read and close enough together to meet each other.

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::Union;
use tierkeeper::store::CustomerId;

use super::calendar::days_after;
use super::case::{Case, Customer, Deed, Row, Step, What};
use super::change::{Change, NAMES, each_named, mend};
use super::model::{
    Alert, Condition, Cutoffs, From, Ladder, Landing, Length, Metric, Pack, Period, Policy, Review,
    Round, Tick, Tier, Unit, Window, Won,
};

/// Of what cases may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Everything is "at least", and nothing can fail.
    pub at_least_only: bool,
    /// Every tier goes up at its review, and none has a grace.
    pub at_review_only: bool,
    /// Criteria read what people hold.
    pub standings: bool,
    pub deeds: bool,
    pub changes: bool,
}

impl Kind {
    pub const ANY: Kind = Kind {
        at_least_only: false,
        at_review_only: false,
        standings: true,
        deeds: true,
        changes: true,
    };
}

const CUSTOMERS: usize = 6;
const STEPS: usize = 9;
const LADDERS: [&str; 2] = ["club", "circle"];

pub fn cases(kind: Kind) -> impl Strategy<Value = Case> {
    let starts = [
        date(2026, 1, 15),
        date(2024, 2, 29),
        date(2025, 12, 31),
        date(2026, 1, 31),
        date(2026, 3, 21),
    ];
    let rows = vec(row(), 0..24);
    (pack(kind), select(starts.to_vec()), customers(), rows, vec(step(kind), 1..STEPS)).prop_map(
        |(pack, start, customers, rows, mut steps)| {
            for step in &mut steps {
                if let What::Deed { customer, ladder, .. } = &mut step.what {
                    *customer %= customers.len();
                    *ladder %= pack.ladders.len();
                }
            }
            let customers: Vec<Customer> =
                customers.into_iter().map(|customer| customer.starting(start)).collect();
            let rows = placed(rows, start, &pack, customers.len());
            Case { pack, start, customers, rows, steps }
        },
    )
}

/// A customer, with the day on which they joined as days before the start.
#[derive(Debug, Clone)]
struct Joined {
    id: CustomerId,
    days: Option<i32>,
    comes: usize,
}

impl Joined {
    fn starting(self, start: Date) -> Customer {
        let joined = self.days.map(|days| days_after(start, -days));
        Customer { id: self.id, joined, comes: self.comes }
    }
}

fn customers() -> impl Strategy<Value = Vec<Joined>> {
    let comes = prop_oneof![4 => Just(0), 1 => 1..STEPS];
    vec((of(-30..900), comes), 1..=CUSTOMERS).prop_map(|customers| {
        let ids = ["1", "7", "20", "05", "a", "B"].map(CustomerId::parse);
        let each = ids.into_iter().zip(customers);
        each.map(|(id, (days, comes))| Joined { id, days, comes }).collect()
    })
}

/// A row with its day as days from the start.
#[derive(Debug, Clone)]
struct Placed {
    customer: usize,
    days: i32,
    cents: Option<i64>,
    comes: usize,
    goes: Option<usize>,
}

fn row() -> impl Strategy<Value = Placed> {
    let days = prop_oneof![3 => -400..30, 3 => 0..400, 1 => Just(0)];
    let cents = prop_oneof![
        4 => (1_i64..8).prop_map(|fifties| Some(fifties * 5000)),
        1 => (-4_i64..40_001).prop_map(|cents| Some(cents.max(1))),
        3 => Just(None),
    ];
    let comes = prop_oneof![3 => Just(0), 1 => 0..STEPS];
    (0..CUSTOMERS, days, cents, comes, weighted(0.15, 1..STEPS)).prop_map(
        |(customer, days, cents, comes, goes)| {
            let goes = goes.map(|goes| goes.max(comes + 1));
            Placed { customer, days, cents, comes, goes }
        },
    )
}

/// Rows on their days. Nobody who was there is away later: a row that brings somebody into the
/// store stays.
fn placed(rows: Vec<Placed>, start: Date, pack: &Pack, customers: usize) -> Vec<Row> {
    let mut placed: Vec<Row> = Vec::new();
    for Placed { customer, days, cents, comes, goes } in rows {
        let customer = customer % customers;
        let day = days_after(start, days);
        let is_known = pack.roster
            || placed.iter().any(|row| {
                row.customer == customer
                    && row.day <= day
                    && row.comes <= comes
                    && row.goes.is_none()
            });
        placed.push(Row { customer, day, cents, comes, goes: goes.filter(|_| is_known) });
    }
    placed
}

fn step(kind: Kind) -> impl Strategy<Value = Step> {
    let gap = prop_oneof![
        2 => Just(0), 3 => Just(1), 3 => 2..12, 3 => 25..36, 2 => 60..130, 1 => 300..400,
    ];
    let pass = match kind.changes {
        true => weighted(0.25, change(kind)).prop_map(What::Pass).boxed(),
        false => Just(What::Pass(None)).boxed(),
    };
    let deed = (0..CUSTOMERS, 0..2_usize, deed());
    let deed = deed.prop_map(|(customer, ladder, deed)| What::Deed { customer, ladder, deed });
    let mut whats = vec![(3, pass)];
    if kind.deeds {
        whats.push((1, deed.boxed()));
    }
    (gap, Union::new_weighted(whats)).prop_map(|(gap, what)| Step { gap, what })
}

fn deed() -> impl Strategy<Value = Deed> {
    let days = || weighted(0.8, 1..120);
    prop_oneof![
        2 => (0..4_usize, days()).prop_map(|(tier, days)| Deed::Pin { tier, days }),
        2 => (0..4_usize, days()).prop_map(|(tier, days)| Deed::Floor { tier, days }),
        1 => Just(Deed::Release),
        1 => (0..4_usize, 0..400, of(0..200)).prop_map(|(tier, since, review_on)| {
            Deed::Adopt { tier, since, review_on }
        }),
        1 => (1..200).prop_map(|days| Deed::Extend { days }),
    ]
}

fn change(kind: Kind) -> impl Strategy<Value = Change> {
    let place = || (0..2_usize, 0..4_usize);
    prop_oneof![
        (place(), -3_i64..4).prop_map(|((ladder, tier), by)| Change::Threshold {
            ladder,
            tier,
            by: by * 50
        }),
        (place(), policy(kind)).prop_map(|((ladder, tier), policy)| Change::Policy {
            ladder,
            tier,
            policy
        }),
        place().prop_map(|(ladder, tier)| Change::Rename { ladder, tier }),
        place().prop_map(|(ladder, tier)| Change::Drop { ladder, tier }),
        (place(), at_least()).prop_map(|((ladder, tier), enter)| Change::Add {
            ladder,
            tier,
            enter
        }),
        window(kind).prop_map(Change::Spend),
        of(1_i64..3).prop_map(Change::Population),
        (0..2_usize, cutoffs()).prop_map(|(ladder, cutoffs)| Change::Cutoffs { ladder, cutoffs }),
    ]
}

fn pack(kind: Kind) -> impl Strategy<Value = Pack> {
    let population = of(1_i64..3);
    let years = select(vec![(1, 1), (3, 21), (11, 30), (2, 29)]);
    let windows = (window(kind), window(kind), window(kind));
    let circle = prop_oneof![2 => ladder("circle", kind), 1 => shares("circle", kind)];
    let regulars = condition(Kind { at_least_only: false, ..kind }, false);
    (any::<bool>(), years, population, windows, ladder("club", kind), circle, regulars, alert())
        .prop_map(|(roster, year_starts, population, windows, club, circle, regulars, alert)| {
            let ladders = vec![club, circle];
            let (spend, order_count, visits) = windows;
            let mut pack = Pack {
                roster,
                year_starts,
                population,
                spend,
                order_count,
                visits,
                ladders,
                regulars,
                alert,
            };
            fitted(&mut pack);
            pack
        })
}

/// Lets everything name what is there.
fn fitted(pack: &mut Pack) {
    let names: Vec<(&str, Vec<String>)> = pack
        .ladders
        .iter()
        .map(|ladder| (ladder.name, ladder.tiers.iter().map(|tier| tier.name.clone()).collect()))
        .collect();
    each_named(pack, &mut |ladder, tier| {
        let (_, tiers) = names.iter().find(|(name, _)| *name == ladder).expect("a ladder");
        if !tiers.contains(tier) {
            tier.clone_from(&tiers[tiers.len() - 1]);
        }
    });
    if !pack.roster {
        for tier in pack.ladders.iter_mut().flat_map(|ladder| &mut ladder.tiers) {
            if let Review::Fixed { from: from @ From::Joined, .. } = &mut tier.policy.review {
                *from = From::Entry;
            }
        }
    }
    pack.ladders.iter_mut().for_each(mend);
}

fn ladder(name: &'static str, kind: Kind) -> impl Strategy<Value = Ladder> {
    let tier = (condition(kind, true), weighted(0.4, condition(kind, true)), policy(kind));
    (vec(tier, 1..=4), settings()).prop_map(move |(tiers, settings)| {
        let tiers = tiers.into_iter().zip(NAMES).map(|((enter, keep, policy), name)| Tier {
            name: name.to_owned(),
            won: Won::Enter(enter),
            keep,
            policy,
        });
        Ladder { name, tiers: tiers.collect(), ..settings }
    })
}

fn shares(name: &'static str, kind: Kind) -> impl Strategy<Value = Ladder> {
    let rest = weighted(0.5, policy(kind));
    let by = select(vec![
        vec![Metric::Spend],
        vec![Metric::OrderCount, Metric::Spend],
        vec![Metric::Visits],
    ]);
    let tier = (select(vec![5_i64, 15, 30, 40]), policy(kind));
    (vec(tier, 1..=2), rest, by, settings()).prop_map(move |(tiers, rest, rank_by, settings)| {
        let won = |(share, policy)| (Won::Share(Some(share)), policy);
        let tiers = tiers.into_iter().map(won).chain(rest.map(|policy| (Won::Share(None), policy)));
        let tiers = tiers.zip(NAMES).map(|((won, policy), name)| Tier {
            name: name.to_owned(),
            won,
            keep: None,
            policy,
        });
        Ladder { name, rank_by, tiers: tiers.collect(), ..settings }
    })
}

/// A ladder without its tiers.
fn settings() -> impl Strategy<Value = Ladder> {
    let warn = weighted(0.4, select(vec![Length(10, Unit::Days), Length(2, Unit::Months)]));
    (any::<bool>(), cutoffs(), warn, any::<bool>()).prop_map(
        |(exclude_ties, cutoffs, warn, review_now)| Ladder {
            name: "",
            exclude_ties,
            cutoffs,
            rank_by: Vec::new(),
            warn,
            review_now,
            renamed: Vec::new(),
            tiers: Vec::new(),
        },
    )
}

fn cutoffs() -> impl Strategy<Value = Cutoffs> {
    select(vec![
        Cutoffs::Daily,
        Cutoffs::Tick(Tick::Weekly),
        Cutoffs::Tick(Tick::Monthly),
        Cutoffs::Every(Length(10, Unit::Days)),
        Cutoffs::Every(Length(2, Unit::Months)),
    ])
}

fn policy(kind: Kind) -> impl Strategy<Value = Policy> {
    let landing = prop_oneof![
        Just(Landing::Earned),
        Just(Landing::OneDown),
        (0..4_usize).prop_map(|tier| Landing::Tier(NAMES[tier].to_owned())),
    ];
    let graces = vec![Length(1, Unit::Days), Length(30, Unit::Days), Length(2, Unit::Months)];
    let (grace, at_review) = match kind.at_review_only {
        true => (Just(None).boxed(), Just(true).boxed()),
        false => (weighted(0.4, select(graces)).boxed(), prop::bool::weighted(0.35).boxed()),
    };
    (review(kind), at_review, grace, landing).prop_map(|(review, at_review, grace, landing)| {
        Policy { review, upgrade_at_review: at_review, grace, landing }
    })
}

fn review(kind: Kind) -> impl Strategy<Value = Review> {
    let lengths = [(1, Unit::Days), (10, Unit::Days), (2, Unit::Weeks), (1, Unit::Months)];
    let lengths = lengths.into_iter().chain([(3, Unit::Months), (10, Unit::Months)]);
    let lengths = lengths.chain([(1, Unit::Years)]).map(|(count, unit)| Length(count, unit));
    let lengths: Vec<Period> = lengths.map(Period::Of).collect();
    let period = move || {
        let mut periods = vec![(7, select(lengths.clone()).boxed())];
        if !kind.at_least_only {
            periods.push((1, (5_i64..40).prop_map(Period::DaysPerVisit).boxed()));
        }
        Union::new_weighted(periods)
    };
    let from = prop_oneof![
        2 => Just(From::Evaluation),
        1 => Just(From::Entry),
        1 => Just(From::Joined),
        1 => select(vec![(1, 1), (3, 21), (2, 29)]).prop_map(|(m, d)| From::MonthDay(m, d)),
    ];
    prop_oneof![
        3 => (period(), from, weighted(0.3, round()))
            .prop_map(|(period, from, round)| Review::Fixed { period, from, round }),
        2 => select(vec![Tick::Daily, Tick::Weekly, Tick::Monthly]).prop_map(Review::Tick),
        1 => period().prop_map(Review::Every),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    select(vec![Round::Month, Round::Quarter, Round::HalfYear, Round::Year])
}

fn window(kind: Kind) -> impl Strategy<Value = Window> {
    let lengths = vec![Length(30, Unit::Days), Length(6, Unit::Months), Length(1, Unit::Years)];
    let mut windows = vec![
        (2, Just(Window::Lifetime).boxed()),
        (3, select(lengths).prop_map(Window::Trailing).boxed()),
        (1, round().prop_map(Window::Calendar).boxed()),
        (1, round().prop_map(Window::Previous).boxed()),
    ];
    if kind.standings {
        windows.push((1, select(LADDERS.to_vec()).prop_map(Window::Tier).boxed()));
    }
    Union::new_weighted(windows)
}

/// `relative`: a criterion of a ladder, where population functions are allowed.
fn condition(kind: Kind, relative: bool) -> impl Strategy<Value = Condition> {
    let leaf = leaf(kind, relative).boxed();
    let list = vec(leaf.clone(), 1..=3);
    let any = (1..3_usize, list.clone());
    let mut conditions = vec![
        (6, leaf),
        (1, Just(Condition::Always).boxed()),
        (1, Just(Condition::Never).boxed()),
        (2, list.clone().prop_map(Condition::All).boxed()),
        (2, any.prop_map(|(least, of)| Condition::Any(least.min(of.len()), of)).boxed()),
    ];
    if !kind.at_least_only {
        conditions.push((1, list.prop_map(Condition::None).boxed()));
    }
    Union::new_weighted(conditions)
}

fn leaf(kind: Kind, relative: bool) -> impl Strategy<Value = Condition> {
    let measured = || select(vec![Metric::Spend, Metric::OrderCount, Metric::Visits]);
    let mut leaves = vec![(8, at_least().boxed())];
    if relative {
        let top = prop_oneof![
            (select(vec![10_i64, 34, 50, 100]), measured())
                .prop_map(|(percent, metric)| Condition::TopPercent(percent, metric)),
            (1_i64..4, measured()).prop_map(|(count, metric)| Condition::TopCount(count, metric)),
            measured().prop_map(Condition::AboveAverage),
        ];
        leaves.push((2, top.boxed()));
    }
    if !kind.at_least_only {
        leaves.push((1, (10_i64..60).prop_map(Condition::PerVisit).boxed()));
        let most = 10_i64..200;
        let away = most.prop_map(|most| Condition::AtMost(Metric::DaysAway, most));
        leaves.push((1, away.boxed()));
        if kind.standings || !relative {
            leaves.push((2, standing().boxed()));
        }
    }
    Union::new_weighted(leaves)
}

fn at_least() -> impl Strategy<Value = Condition> {
    prop_oneof![
        3 => (1_i64..9).prop_map(|it| Condition::AtLeast(Metric::Spend, it * 50)),
        2 => (1_i64..4).prop_map(|it| Condition::AtLeast(Metric::OrderCount, it)),
        2 => (1_i64..4).prop_map(|it| Condition::AtLeast(Metric::Visits, it)),
    ]
}

/// A condition on standings.
fn standing() -> impl Strategy<Value = Condition> {
    let tier = || (select(LADDERS.to_vec()), (0..4_usize).prop_map(|it| NAMES[it].to_owned()));
    prop_oneof![
        tier().prop_map(|(ladder, tier)| Condition::InTier(ladder, tier)),
        tier().prop_map(|(ladder, tier)| Condition::Holds(ladder, tier)),
        (tier(), 1_i64..200)
            .prop_map(|((ladder, tier), days)| Condition::DaysHeld(ladder, tier, days)),
        (tier(), 0_i64..200)
            .prop_map(|((ladder, tier), days)| Condition::DaysSinceHeld(ladder, tier, days)),
        select(LADDERS.to_vec()).prop_map(Condition::InGrace),
    ]
}

fn alert() -> impl Strategy<Value = Alert> {
    let tier = (select(LADDERS.to_vec()), (0..4_usize).prop_map(|it| NAMES[it].to_owned()));
    let when = (10_i64..100)
        .prop_map(|days| Condition::None(vec![Condition::AtMost(Metric::DaysAway, days)]));
    let every = of(select(vec![Length(14, Unit::Days), Length(1, Unit::Months)]));
    (of(tier), when, every).prop_map(|(holders, when, every)| Alert { holders, when, every })
}
