//! A made-up population for any pack.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::compared_texts::ComparedTexts;
use crate::expr::{Value, date_from_days, days_from_date};
use crate::program::{ColumnKind, ColumnSource, Program, Source};
use crate::random::Random;
use crate::store::{CustomerId, MemoryRow, MemoryStore};

/// Facts lie in this many days up to the as-of date.
const DAYS: i64 = 3 * 365;

/// How many rows a customer has at most in a source that they use fully, and how many of 100
/// customers are so.
const ACTIVITIES: [(i64, i64, i64); 5] =
    [(0, 0, 10), (1, 3, 25), (4, 20, 35), (21, 80, 22), (81, 200, 8)];

/// How many days ago a customer was last seen at most, and how many of 100 customers so: most have
/// been here of late, some stay away for a while, some have stopped.
const LAST_SEEN: [(i64, i64, i64); 5] =
    [(0, 0, 30), (1, 14, 25), (15, 60, 20), (61, 365, 10), (366, DAYS - 200, 15)];

/// How much of their activity goes into a source with money, in percent, for how many of 100.
const SHARES: [(i64, i64, i64); 4] = [(0, 0, 12), (1, 5, 18), (6, 40, 25), (41, 100, 45)];

/// What has no money happens now and then: how many rows a customer has of it who does anything at
/// all, for how many of 100. `None`: a share, as of a source with money.
const NOW_AND_THEN: [(Option<(i64, i64)>, i64); 4] =
    [(Some((0, 0)), 45), (Some((1, 3)), 30), (Some((4, 9)), 10), (None, 15)];

/// In how many of 100 rows a customer's flag is set.
const LEANINGS: [i64; 7] = [0, 5, 20, 50, 80, 95, 100];

/// Of 100 attributes, and of 100 values of rows, so many are unknown.
const UNKNOWN_ATTRIBUTES: i64 = 5;
const UNKNOWN_VALUES: i64 = 2;

/// Customers 1 to `customers` with believable facts for every source and attribute: most do
/// little, a few do a lot, some have stopped. Texts are those that the rules compare with, and
/// one other.
///
/// The same on every machine. The numbers of a customer depend on the seed, the as-of date, the
/// names of the source and the column and whether there is money in the source, and not on how
/// many customers, sources and columns there are; nor on the numbers that the rules ask for, so
/// that a change of one leaves everybody as they are. Texts depend on those that the rules compare with, so that a pack and a change of
/// it are best asked over what is made up for one of them.
pub fn made_up(program: &Program, customers: u32, seed: u64, as_of: Date) -> MemoryStore {
    let made = MadeUp { program, texts: ComparedTexts::of(program), seed, as_of };
    let customers = 1..=u64::from(customers);
    MemoryStore {
        customers: customers
            .clone()
            .map(|number| (CustomerId::Int(number.cast_signed()), made.attributes(number)))
            .collect(),
        sources: program
            .sources
            .iter()
            .enumerate()
            .map(|(id, source)| {
                let rows = |number| made.rows(id, source, number);
                customers.clone().flat_map(rows).collect()
            })
            .collect(),
    }
}

struct MadeUp<'p> {
    program: &'p Program,
    texts: ComparedTexts,
    seed: u64,
    as_of: Date,
}

impl MadeUp<'_> {
    fn random(&self, name: &[&str], customer: u64) -> Random {
        Random::named(self.seed, name, customer)
    }

    fn attributes(&self, customer: u64) -> Vec<Value> {
        let attributes = self.program.attributes.iter().enumerate();
        attributes
            .map(|(id, attribute)| {
                if matches!(attribute.column, ColumnSource::Computed(_)) {
                    return Value::Null;
                }
                let mut random = self.random(&["attribute", &attribute.name], customer);
                let texts = texts(&attribute.name, self.texts.of_attribute(id));
                let level = random.heavy_tail(60);
                let favourite = random.between(0, texts.len() as i64 - 1) as usize;
                let habit = Habit { level, leaning: 60, texts, favourite };
                if random.chance(UNKNOWN_ATTRIBUTES) {
                    return Value::Null;
                }
                match attribute.kind {
                    // Ages, points, balances: there is no second row to add up.
                    ColumnKind::Count => {
                        let part = random.between(0, 100);
                        Value::Number((habit.level * part / 100).into())
                    }
                    kind => self.value(kind, &habit, &mut random),
                }
            })
            .collect()
    }

    fn rows(&self, id: usize, source: &Source, customer: u64) -> Vec<MemoryRow> {
        let (count, last_day) = self.activity(customer);
        let mut random = self.random(&["source", &source.name], customer);
        let rows = rows_of(source, count, &mut random);
        let level = random.heavy_tail(60);
        let mut made: Vec<MemoryRow> = (0..rows)
            .map(|_| {
                // More of late than long ago: a shop grows.
                let days = [0; 2].map(|_| random.between(last_day, DAYS - 1));
                let day = self.days_ago(days[0].min(days[1]));
                let (hour, minute) = (random.between(8, 21) as i8, random.between(0, 59) as i8);
                MemoryRow {
                    customer: CustomerId::Int(customer.cast_signed()),
                    at: day.at(hour, minute, 0, 0),
                    values: Vec::with_capacity(source.columns.len()),
                }
            })
            .collect();
        for (column, declared) in source.columns.iter().enumerate() {
            let name = ["column", &source.name, &declared.name];
            let mut random = self.random(&name, customer);
            let texts = texts(&declared.name, self.texts.of_column(id, column));
            let habit = Habit {
                level,
                leaning: *random.pick(&LEANINGS),
                favourite: random.between(0, texts.len() as i64 - 1) as usize,
                texts,
            };
            let computed = matches!(declared.column, ColumnSource::Computed(_));
            for row in &mut made {
                let unknown = computed || random.chance(UNKNOWN_VALUES);
                let mut value = || self.value(declared.kind, &habit, &mut random);
                row.values.push(if unknown { Value::Null } else { value() });
            }
        }
        made
    }

    /// How many rows a customer has at most, and how many days ago they were last seen.
    fn activity(&self, customer: u64) -> (i64, i64) {
        let mut random = self.random(&["customer"], customer);
        let (low, high, _) = *random.weighted(&ACTIVITIES, |activity| activity.2);
        let rows = random.between(low, high);
        let (first, last, _) = *random.weighted(&LAST_SEEN, |seen| seen.2);
        (rows, random.between(first, last))
    }

    fn value(&self, kind: ColumnKind, habit: &Habit, random: &mut Random) -> Value {
        match kind {
            ColumnKind::Money => {
                let decimals = self.program.settings.money_decimals;
                let typical =
                    if decimals == 0 { 300_000 } else { 250 * 10_i64.pow(decimals.into()) };
                let amount = typical * habit.level / 100 * random.heavy_tail(40) / 100;
                Value::Number(Decimal::new(amount, decimals.into()))
            }
            ColumnKind::Number => {
                Value::Number(Decimal::new(habit.level * random.heavy_tail(40) / 100, 2))
            }
            ColumnKind::Count => {
                let counts = [(0, 0, 2), (1, 1, 60), (2, 4, 25), (5, 20, 13)];
                let (low, high, _) = *random.weighted(&counts, |count| count.2);
                Value::Number(random.between(low, high).into())
            }
            ColumnKind::Flag => Value::Flag(random.chance(habit.leaning)),
            ColumnKind::Date => Value::Date(self.days_ago(random.between(0, DAYS - 1))),
            ColumnKind::Text => {
                let is_favourite = random.chance(60);
                let any = random.pick(&habit.texts);
                Value::text(if is_favourite { &habit.texts[habit.favourite] } else { any })
            }
        }
    }

    fn days_ago(&self, days: i64) -> Date {
        date_from_days(days_from_date(self.as_of) - days as i32)
    }
}

/// How many rows a customer has in a source who does so much in all.
fn rows_of(source: &Source, activity: i64, random: &mut Random) -> i64 {
    let has_money = source.columns.iter().any(|column| column.kind == ColumnKind::Money);
    let (low, high, _) = *random.weighted(&SHARES, |share| share.2);
    let share = (activity * random.between(low, high) + 99) / 100;
    match random.weighted(&NOW_AND_THEN, |rows| rows.1).0 {
        Some((low, high)) if !has_money => random.between(low, high).min(activity),
        _ => share,
    }
}

/// What is the same in all rows of a customer.
struct Habit {
    /// How much they spend; in percent of what is usual.
    level: i64,
    leaning: i64,
    texts: Vec<String>,
    favourite: usize,
}

/// The texts that a column may have: those that rules ask for and one other; where they ask for
/// none, a few that name the column.
fn texts(name: &str, compared: Vec<&str>) -> Vec<String> {
    if compared.is_empty() {
        return (1..=5).map(|number| format!("{name} {number}")).collect();
    }
    let other = ["other", "another"].into_iter().find(|other| !compared.contains(other));
    compared.into_iter().chain(other).map(str::to_owned).collect()
}
