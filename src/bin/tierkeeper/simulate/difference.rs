//! What another pack does differently, in words.

use super::Simulated;
use super::columns::{Column, Key, Pair};
use super::replay::Replay;
use crate::output::{grouped, money};

/// One line per thing in which a ladder differs; empty where it does not.
pub fn of_ladder(pairs: &[Pair]) -> Vec<String> {
    let mut lines = Vec::new();
    for pair in pairs {
        let Some(column) = pair.any() else { continue };
        let (current, against) = match column.key {
            // Sizes are those of the last date, moves those of all.
            Key::Tier(_) | Key::NoTier | Key::Flapping => {
                (pair.current.as_ref().map(Column::last), pair.against.as_ref().map(Column::last))
            }
            Key::Entered | Key::Up | Key::Down => {
                (pair.current.as_ref().map(Column::sum), pair.against.as_ref().map(Column::sum))
            }
        };
        let line = match (current, against) {
            (Some(current), Some(against)) if current != against => {
                let more = if against > current { "more" } else { "fewer" };
                let by = grouped(against.abs_diff(current));
                let instead = format!("{} instead of {}", grouped(against), grouped(current));
                match &column.key {
                    Key::Tier(_) => format!("{by} {more} in {} ({instead})", column.title),
                    Key::NoTier => format!("{by} {more} without a tier ({instead})"),
                    Key::Entered => format!("{by} {more} entered over all dates ({instead})"),
                    Key::Up => format!("{by} {more} moves up over all dates ({instead})"),
                    Key::Down => format!("{by} {more} moves down over all dates ({instead})"),
                    Key::Flapping => format!("{by} {more} customers flapping ({instead})"),
                }
            }
            (Some(current), None) => {
                format!("no {} ({} in it)", column.title, grouped(current))
            }
            (None, Some(against)) => {
                format!("{} in {}, which is new", grouped(against), column.title)
            }
            _ => continue,
        };
        lines.push(line);
    }
    lines
}

/// What the benefits of the other pack cost more or less on the last date; `None`: the same.
pub fn of_cost(simulated: &Simulated) -> Option<String> {
    let against = simulated.against.as_ref()?;
    let settings = &simulated.current.rules.program.settings;
    let shown = |amount| money(amount, settings.money_decimals.into());
    let last = |replay: &Replay| replay.steps.last()?.cost()?.ok();
    match (last(&simulated.current), last(against)) {
        (Some(current), Some(against)) if current != against => {
            let by = against.checked_sub(current)?;
            let more = if by.is_sign_negative() { "less" } else { "more" };
            Some(format!(
                "benefits cost {} {} a year {more} ({} instead of {})",
                shown(by.abs()),
                settings.currency,
                shown(against),
                shown(current),
            ))
        }
        (None, Some(against)) => Some(format!(
            "benefits cost {} {} a year; the current pack does not say what its own cost",
            shown(against),
            settings.currency
        )),
        (Some(current), None) => Some(format!(
            "the other pack does not say what its benefits cost, instead of {} {} a year",
            shown(current),
            settings.currency
        )),
        _ => None,
    }
}
