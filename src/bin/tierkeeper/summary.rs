//! What a pass did, as `evaluate` and `demo` show it.

use std::fmt::Write;

use serde_json::{Map, Value, json};
use tierkeeper::explain::Words;
use tierkeeper::pass::{LadderOutcome, Moves, PassOutcome};
use tierkeeper::program::{Ladder, Program};

use crate::color::Paint;
use crate::output::{align_right, grouped, plain_table};

/// Seconds that the parts of a pass took.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    pub read: f64,
    pub decide: f64,
    pub write: f64,
}

/// The shape of `evaluate --format json`.
pub fn as_json(program: &Program, outcome: &PassOutcome, timings: Option<Timings>) -> Value {
    let facts = &outcome.population.facts;
    let ladders: Map<String, Value> = program
        .ladders
        .iter()
        .zip(&outcome.ladders)
        .map(|(ladder, outcome)| {
            let shape = ladder_json(ladder, &outcome.tiers, outcome.none, &outcome.moves);
            (ladder.name.clone(), shape)
        })
        .collect();
    let segments: Map<String, Value> = program
        .segments
        .iter()
        .zip(&outcome.after.segments)
        .map(|(segment, members)| (segment.name.clone(), json!(members.count)))
        .collect();
    let alerts: Map<String, Value> = program
        .alerts
        .iter()
        .zip(&outcome.alerts)
        .map(|(alert, outcome)| (alert.name.clone(), json!(outcome.members.count)))
        .collect();
    let skipped = facts.bad_row_reasons.iter().map(bad_rows);
    let mut summary = json!({
        "as_of": outcome.population.as_of.to_string(),
        "program": program.generation(),
        "customers": facts.customers.len(),
        "skipped_rows": facts.skipped_rows,
        "bad_rows": facts.bad_rows,
        "faults": outcome.decision_faults(),
        "ladders": ladders,
        "segments": segments,
        "alerts": alerts,
        "warnings": skipped.chain(outcome.warnings.iter().cloned()).collect::<Vec<_>>(),
    });
    if let (Some(timings), Some(summary)) = (timings, summary.as_object_mut()) {
        let rounded = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
        summary.insert(
            "seconds".into(),
            json!({
                "read": rounded(timings.read),
                "decide": rounded(timings.decide),
                "write": rounded(timings.write),
            }),
        );
    }
    summary
}

/// The shape of a ladder in the results of passes.
pub fn ladder_json(ladder: &Ladder, tiers: &[u64], none: u64, moves: &Moves) -> Value {
    let tiers: Map<String, Value> = ladder
        .tiers
        .iter()
        .zip(tiers)
        .map(|(tier, count)| (tier.name.clone(), json!(count)))
        .collect();
    json!({"tiers": tiers, "none": none, "moves": moves})
}

/// The summary for people.
pub fn page(
    program: &Program,
    outcome: &PassOutcome,
    timings: Option<Timings>,
    locale: Option<&str>,
    paint: Paint,
) -> String {
    let words = Words::new(program, locale);
    let facts = &outcome.population.facts;
    let mut text = format!(
        "{}, as of {}: {} {}\n",
        paint.bold(words.title(&program.title, &program.name)),
        outcome.population.as_of,
        grouped(facts.customers.len() as u64),
        if facts.customers.len() == 1 { "customer" } else { "customers" },
    );
    for (ladder, of_ladder) in program.ladders.iter().zip(&outcome.ladders) {
        let name = words.title(&ladder.title, &ladder.name);
        let _ = write!(text, "\n{}\n{}\n", paint.bold(name), tiers(ladder, of_ladder, &words));
        let _ = writeln!(text, "  {}", moves(&of_ladder.moves));
    }
    let members = |heading: &str, rows: Vec<(&str, u64)>, text: &mut String| {
        if rows.is_empty() {
            return;
        }
        let mut table = plain_table();
        for (name, count) in rows {
            table.add_row([name.to_owned(), grouped(count)]);
        }
        align_right(&mut table, &[1]);
        let _ = write!(text, "\n{}\n{}\n", paint.bold(heading), table.trim_fmt());
    };
    let segments = program.segments.iter().zip(&outcome.after.segments);
    let segments = segments
        .map(|(segment, members)| (words.title(&segment.title, &segment.name), members.count));
    members("Segments", segments.collect(), &mut text);
    let alerts = program.alerts.iter().zip(&outcome.alerts);
    let alerts = alerts
        .map(|(alert, outcome)| (words.title(&alert.title, &alert.name), outcome.members.count));
    members("Alerts", alerts.collect(), &mut text);
    remarks(outcome, paint, &mut text);
    if let Some(timings) = timings {
        let _ = writeln!(
            text,
            "\nseconds: {:.2} reading, {:.2} deciding, {:.2} writing",
            timings.read, timings.decide, timings.write
        );
    }
    text
}

/// What was skipped, what failed, what deserves a look.
fn remarks(outcome: &PassOutcome, paint: Paint, text: &mut String) {
    let facts = &outcome.population.facts;
    let mut lines = Vec::new();
    for (reason, rows) in &facts.skipped_rows {
        lines.push(format!("rows skipped, {reason}: {}", grouped(*rows)));
    }
    for (reason, rows) in &facts.bad_row_reasons {
        lines.push(bad_rows((reason, rows)));
    }
    lines.extend(facts.bad_row_examples.iter().map(|example| format!("  for example: {example}")));
    lines.extend(outcome.warnings.iter().map(|warning| paint.warning(warning).to_string()));
    if !lines.is_empty() {
        let _ = write!(text, "\n{}\n  {}\n", paint.bold("Remarks"), lines.join("\n  "));
    }
}

/// How many rows could not be read, and why.
fn bad_rows((reason, rows): (&String, &u64)) -> String {
    format!("unreadable rows skipped, {reason}: {}", grouped(*rows))
}

/// Characters of the longest bar.
const BAR: u64 = 30;

fn tiers(ladder: &Ladder, outcome: &LadderOutcome, words: &Words<'_>) -> String {
    let total: u64 = outcome.tiers.iter().sum::<u64>() + outcome.none;
    let mut table = plain_table();
    let rows = ladder.tiers.iter().zip(&outcome.tiers);
    let rows = rows.map(|(tier, count)| (words.title(&tier.title, &tier.name), *count));
    let none = (outcome.none > 0).then_some(("no tier", outcome.none));
    for (name, count) in rows.chain(none) {
        // Tenths of a percent, half up: a share for the eye.
        let share = (count * 2000 + total).checked_div(total * 2).unwrap_or(0);
        let bar = (count * BAR).div_ceil(total.max(1));
        table.add_row([
            name.to_owned(),
            grouped(count),
            format!("{}.{} %", share / 10, share % 10),
            "▇".repeat(usize::try_from(bar).unwrap_or(0)),
        ]);
    }
    align_right(&mut table, &[1, 2]);
    table.trim_fmt()
}

/// The moves of a ladder in words.
pub fn moves(moves: &Moves) -> String {
    let counted = [
        (moves.entered, "entered"),
        (moves.upgraded, "moved up"),
        (moves.downgraded, "moved down"),
        (moves.retained, "renewed"),
        (moves.left, "left"),
        (moves.grace_started, "began a grace"),
        (moves.grace_recovered, "caught up"),
        (moves.migrated, "migrated"),
    ];
    let words: Vec<String> = counted
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{} {word}", grouped(*count)))
        .collect();
    if words.is_empty() { "nobody moved".to_owned() } else { words.join(", ") }
}
