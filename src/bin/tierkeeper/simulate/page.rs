//! The steps for people: a table and a chart per ladder, and what the other pack changes.

use std::fmt::Write;

use tierkeeper::explain::Words;

use super::columns::{Column, Key, Pair, columns, cost, pairs};
use super::replay::Replay;
use super::{Simulated, Start, chart, difference};
use crate::color::Paint;
use crate::output::{align_right, grouped, plain_table};

/// Stands between the numbers of two packs.
const BAR: &str = " | ";

/// Stands for what a pack does not have.
const NOTHING: &str = "–";

pub fn page(simulated: &Simulated, locale: Option<&str>, paint: Paint) -> String {
    let mut text = heading(simulated, locale, paint);
    let ladders = ladders(simulated, locale);
    let with_cost = ladders.len() == 1;
    for (name, title) in &ladders {
        let against = simulated.against.as_ref();
        let pairs = pairs(
            columns(&simulated.current, name, locale),
            against.and_then(|against| columns(against, name, locale)),
        );
        let costs = if with_cost { costs(simulated) } else { None };
        let _ = write!(text, "\n{}\n{}\n", paint.bold(title), steps(simulated, &pairs, costs));
        let _ = write!(text, "\n{}", charts(simulated, &pairs));
        if against.is_some() {
            let mut lines = difference::of_ladder(&pairs);
            if with_cost {
                lines.extend(difference::of_cost(simulated));
            }
            let _ = write!(text, "\n{}", differences(simulated, lines, "tiers and moves"));
        }
    }
    if let (false, Some(costs)) = (with_cost, costs(simulated)) {
        let table = steps(simulated, &[], Some(costs));
        let _ = write!(text, "\n{}\n{table}\n", paint.bold("Benefits"));
    }
    if !with_cost && simulated.against.is_some() && costs(simulated).is_some() {
        let lines = difference::of_cost(simulated).into_iter().collect();
        let _ = write!(text, "\n{}", differences(simulated, lines, "benefit cost"));
    }
    text
}

fn heading(simulated: &Simulated, locale: Option<&str>, paint: Paint) -> String {
    let program = &simulated.current.rules.program;
    let title =
        |program| Words::new(program, locale).title(&program.title, &program.name).to_owned();
    let (first, last) = (simulated.dates.first(), simulated.dates.last());
    let date =
        |date: Option<&jiff::civil::Date>| date.map_or_else(String::new, ToString::to_string);
    let start = match simulated.start {
        Start::Empty => "from empty",
        Start::Stored => "from the stored standings",
    };
    let mut text = format!(
        "{}, {} to {}, every {}, {start}\n",
        paint.bold(title(program)),
        date(first),
        date(last),
        simulated.every,
    );
    if let Some(against) = &simulated.against {
        let other = &against.rules.program;
        let _ = writeln!(
            text,
            "each number{BAR}that of {} {} {}",
            title(other),
            other.version,
            paint.warning("(against)"),
        );
    }
    text
}

/// Names and titles: those of the current pack, then those that only the other has.
fn ladders(simulated: &Simulated, locale: Option<&str>) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for replay in [Some(&simulated.current), simulated.against.as_ref()].into_iter().flatten() {
        let program = &replay.rules.program;
        let words = Words::new(program, locale);
        for ladder in &program.ladders {
            if found.iter().all(|(name, _)| *name != ladder.name) {
                let title = words.title(&ladder.title, &ladder.name).to_owned();
                found.push((ladder.name.clone(), title));
            }
        }
    }
    found
}

/// The benefits' cost by step; `None` where no benefit declares one.
fn costs(simulated: &Simulated) -> Option<Vec<String>> {
    let of = |replay: &Replay| -> Vec<Option<String>> {
        replay.steps.iter().map(|step| cost(replay, step)).collect()
    };
    let current = of(&simulated.current);
    let against = simulated.against.as_ref().map(of);
    let all = current.iter().chain(against.iter().flatten());
    all.flatten().next()?;
    let shown = |cost: &Option<String>| cost.clone().unwrap_or_else(|| NOTHING.to_owned());
    Some(match against {
        None => current.iter().map(shown).collect(),
        Some(against) => {
            let both = current.iter().zip(&against);
            both.map(|(a, b)| format!("{}{BAR}{}", shown(a), shown(b))).collect()
        }
    })
}

fn steps(simulated: &Simulated, pairs: &[Pair], costs: Option<Vec<String>>) -> String {
    let mut table = plain_table();
    let mut header = vec!["date".to_owned()];
    header.extend(pairs.iter().filter_map(Pair::any).map(|column| column.title.clone()));
    let currency = &simulated.current.rules.program.settings.currency;
    header.extend(costs.iter().map(|_| format!("cost a year, {currency}")));
    let width = header.len();
    table.set_header(header);
    for (step, date) in simulated.dates.iter().enumerate() {
        let mut row = vec![date.to_string()];
        row.extend(pairs.iter().map(|pair| cell(simulated, pair, step)));
        row.extend(costs.iter().map(|costs| costs[step].clone()));
        table.add_row(row);
    }
    align_right(&mut table, &(1..width).collect::<Vec<_>>());
    table.trim_fmt()
}

fn cell(simulated: &Simulated, pair: &Pair, step: usize) -> String {
    let number = |column: &Option<Column>| match column {
        Some(column) => grouped(column.numbers[step]),
        None => NOTHING.to_owned(),
    };
    match simulated.against {
        Some(_) => format!("{}{BAR}{}", number(&pair.current), number(&pair.against)),
        None => number(&pair.current),
    }
}

/// A line per tier and pack, those of a tier on the same scale.
fn charts(simulated: &Simulated, pairs: &[Pair]) -> String {
    let mut table = plain_table();
    let is_size = |pair: &&Pair| {
        pair.any().is_some_and(|column| matches!(column.key, Key::Tier(_) | Key::NoTier))
    };
    for pair in pairs.iter().filter(is_size) {
        let scale = chart::ends(pair.both().flat_map(|column| column.numbers.iter().copied()));
        let mut row = |name: &str, column: &Column| {
            let first = column.numbers.first().copied().unwrap_or(0);
            let line = chart::line(&column.numbers, scale);
            table.add_row([name.to_owned(), grouped(first), line, grouped(column.last())]);
        };
        let both = simulated.against.is_some();
        if let Some(column) = &pair.current {
            row(&column.title, column);
        }
        if let Some(column) = &pair.against {
            let name = if both && pair.current.is_some() { "  against" } else { &column.title };
            row(name, column);
        }
    }
    align_right(&mut table, &[1, 3]);
    format!("{}\n", table.trim_fmt())
}

fn differences(simulated: &Simulated, lines: Vec<String>, what: &str) -> String {
    let last = simulated.dates.last().map_or_else(String::new, ToString::to_string);
    if lines.is_empty() {
        return format!("  against: the same {what} on {last}\n");
    }
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}\n")).collect();
    format!("  against, on {last}:\n{}", lines.concat())
}
