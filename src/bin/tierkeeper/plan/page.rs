//! A plan for people at a terminal.

use std::fmt::Write;

use tierkeeper::plan::{LadderPlan, Passed};

use super::Planned;
use super::wording::{cell, counted, told};
use crate::color::Paint;
use crate::output::grouped;
use crate::output::{align_right, plain_table};
use crate::summary::moves;

pub fn page(planned: &Planned<'_>, paint: Paint) -> String {
    let plan = planned.plan;
    let customers = if plan.customers == 1 { "customer" } else { "customers" };
    let mut text = format!(
        "{}\n{} {customers} as of {}: {}\n",
        paint.bold(planned.heading()),
        grouped(plan.customers),
        plan.as_of,
        planned.question(),
    );
    if planned.is_same() {
        text.push_str("the rules are the same\n");
    }
    section("Rules", plan.rules.clone(), paint, &mut text);
    for ladder in &plan.ladders {
        let title = planned.ladder(ladder);
        let _ = write!(text, "\n{}\n{}\n", paint.bold(title), matrix(planned, ladder));
        let _ = writeln!(text, "  {}", counted(ladder));
        let _ = write!(text, "{}", both_passes(planned, ladder));
    }
    who(planned, paint, &mut text);
    section("Cutoffs", aligned(planned.cutoffs()), paint, &mut text);
    section("Segments", aligned(planned.segments()), paint, &mut text);
    section("Alerts", aligned(planned.alerts()), paint, &mut text);
    section("Benefits", planned.cost().into_iter().collect(), paint, &mut text);
    let limits = planned.verdicts.iter().map(|verdict| {
        let told = planned.verdict(verdict);
        if verdict.over { paint.warning(told).to_string() } else { told }
    });
    section("Limits", limits.collect(), paint, &mut text);
    text
}

fn section(title: &str, lines: Vec<String>, paint: Paint, text: &mut String) {
    if !lines.is_empty() {
        let _ = writeln!(text, "\n{}\n  {}", paint.bold(title), lines.join("\n  "));
    }
}

/// Rows are the tiers of the first pack, columns those of the other.
fn matrix(planned: &Planned<'_>, ladder: &LadderPlan) -> String {
    let (rows, columns) = (planned.rows(ladder), planned.columns(ladder));
    let (sizes_from, sizes_to) = (ladder.sizes_from(), ladder.sizes_to());
    let (shown_rows, shown_columns) = (told(&sizes_from), told(&sizes_to));
    let mut table = plain_table();
    let header = shown_columns.iter().map(|&column| format!("→ {}", columns[column]));
    table.set_header([String::new()].into_iter().chain(header).chain(["before".to_owned()]));
    for row in shown_rows {
        let cells = shown_columns.iter().map(|&column| cell(ladder.matrix[row][column]));
        table.add_row(
            [rows[row].clone()].into_iter().chain(cells).chain([grouped(sizes_from[row])]),
        );
    }
    let after = shown_columns.iter().map(|&column| grouped(sizes_to[column]));
    table.add_row(["after".to_owned()].into_iter().chain(after).chain([String::new()]));
    align_right(&mut table, &(1..=shown_columns.len() + 1).collect::<Vec<_>>());
    table.trim_fmt()
}

/// What happens in both passes, where it is not the same.
fn both_passes(planned: &Planned<'_>, ladder: &LadderPlan) -> String {
    let of = |passed: &Passed<'_>, id: Option<usize>| {
        id.map_or_else(
            || "no such ladder".to_owned(),
            |id| moves(&passed.outcome.ladders[id].moves),
        )
    };
    let (from, to) = (of(&planned.plan.from, ladder.from), of(&planned.plan.to, ladder.to));
    match from == to {
        true => format!("  in both passes {from}\n"),
        false => format!("  in the pass before: {from}\n  in the pass after: {to}\n"),
    }
}

fn who(planned: &Planned<'_>, paint: Paint, text: &mut String) {
    let plan = planned.plan;
    let (listed, all) = (planned.movers.len(), plan.movers.len());
    if all == 0 {
        text.push_str("\nnobody moves\n");
        return;
    }
    let mut rows = plain_table();
    for (mover, because) in planned.moves() {
        let customer = plan.customer(mover).to_string();
        // Of one ladder alone its name is above.
        let ladder = (plan.ladders.len() > 1).then(|| planned.ladder(&plan.ladders[mover.ladder]));
        let told = [planned.way(mover), planned.because(mover, &because)];
        rows.add_row([customer].into_iter().chain(ladder).chain(told));
    }
    let title = match listed == all {
        true => "Who moves".to_owned(),
        false => format!("Who moves ({} of {})", grouped(listed as u64), grouped(all as u64)),
    };
    let _ = write!(text, "\n{}\n", paint.bold(title));
    if listed > 0 {
        let _ = writeln!(text, "{}", rows.trim_fmt());
    }
}

/// What differs, before and after, under each other.
fn aligned(lines: Vec<[String; 3]>) -> Vec<String> {
    let mut rows = plain_table();
    let empty = lines.is_empty();
    for [name, before, after] in lines {
        rows.add_row([name, before, "→".to_owned(), after]);
    }
    align_right(&mut rows, &[1, 3]);
    match empty {
        true => Vec::new(),
        false => rows.trim_fmt().lines().map(|line| line.trim_start().to_owned()).collect(),
    }
}
