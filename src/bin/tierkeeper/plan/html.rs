//! A plan as one page: nothing is loaded, and nothing runs.

use std::fmt::Write;

use tierkeeper::plan::LadderPlan;

use super::Planned;
use super::flow;
use super::wording::{cell, counted, told};
use crate::output::grouped;

const STYLE: &str = "
:root { color-scheme: light dark; --ink: #1d2126; --paper: #fff; --line: #d0d5db; --soft: #5b6570;
  --same: #b8c0c9; --promoted: #2b8a57; --demoted: #c2571a; --across: #4a6fb5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --paper: #15181b; --line: #3a4148;
  --soft: #9aa4ae; --same: #4d565f; --promoted: #4fb783; --demoted: #e58a4e; --across: #86a8e8; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid var(--line); text-align: start; }
th { min-width: 4.5rem; } td:nth-child(3):not(.n) { min-width: 8rem; } td:last-child:not(.n) { min-width: 18rem; }
.n { text-align: end; font-variant-numeric: tabular-nums; }
.soft { color: var(--soft); } .over { color: var(--demoted); font-weight: 600; }
.flow { overflow-x: auto; }
svg { display: block; max-width: 100%; height: auto; margin: .5rem 0; }
svg text { font-size: 130px; fill: var(--ink); } svg rect { fill: var(--soft); }
svg path { stroke-width: 12; opacity: .75; }
svg .same { fill: var(--same); stroke: var(--same); }
svg .promoted { fill: var(--promoted); stroke: var(--promoted); }
svg .demoted { fill: var(--demoted); stroke: var(--demoted); }
svg .across { fill: var(--across); stroke: var(--across); }
";

pub fn page(planned: &Planned<'_>) -> String {
    let plan = planned.plan;
    let heading = escaped(&planned.heading());
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{heading}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>{heading}</h1>\n\
         <p>{} customers as of {}: {}</p>\n",
        escaped(planned.locale.unwrap_or("en")),
        grouped(plan.customers),
        plan.as_of,
        planned.question(),
    );
    if planned.is_same() {
        page.push_str("<p>the rules are the same</p>\n");
    }
    list("Limits", limits(planned), &mut page);
    list("Rules", plan.rules.iter().map(|rule| escaped(rule)).collect(), &mut page);
    for (id, ladder) in plan.ladders.iter().enumerate() {
        self::ladder(planned, ladder, id, &mut page);
    }
    movers(planned, &mut page);
    benefits(planned, &mut page);
    before_after("Cutoffs", planned.cutoffs(), &mut page);
    before_after("Segments", planned.segments(), &mut page);
    before_after("Alerts", planned.alerts(), &mut page);
    page.push_str("</body>\n</html>\n");
    page
}

fn limits(planned: &Planned<'_>) -> Vec<String> {
    let told = planned.verdicts.iter().map(|verdict| {
        let text = escaped(&planned.verdict(verdict));
        if verdict.over { format!("<span class=\"over\">{text}</span>") } else { text }
    });
    told.collect()
}

/// `items` are markup.
fn list(title: &str, items: Vec<String>, page: &mut String) {
    if !items.is_empty() {
        let items: String = items.iter().map(|item| format!("<li>{item}</li>\n")).collect();
        let _ = write!(page, "<h2>{title}</h2>\n<ul>\n{items}</ul>\n");
    }
}

fn ladder(planned: &Planned<'_>, ladder: &LadderPlan, id: usize, page: &mut String) {
    let title = planned.ladder(ladder);
    let (rows, columns) = (planned.rows(ladder), planned.columns(ladder));
    let way = |row: usize, column: usize| {
        let tier = |place: usize, of: usize| (place + 1 < of).then_some(place);
        ladder.way(tier(row, rows.len()), tier(column, columns.len()))
    };
    let _ = write!(
        page,
        "<h2 dir=\"auto\">{}</h2>\n<p>{}</p>\n<div class=\"flow\">\n{}</div>\n",
        escaped(&title),
        counted(ladder),
        flow::drawing(ladder, &title, (&rows, &columns), way, id),
    );
    let (before, after) = (ladder.sizes_from(), ladder.sizes_to());
    let shown = told(&after);
    // The arrow stays with its tier.
    let header = shown.iter().map(|&column| format!("→\u{a0}{}", columns[column]));
    let header: Vec<String> =
        [String::new()].into_iter().chain(header).chain(["before".to_owned()]).collect();
    let mut lines: Vec<Vec<String>> = Vec::new();
    for row in told(&before) {
        let cells = shown.iter().map(|&column| cell(ladder.matrix[row][column]));
        let cells = cells.chain([grouped(before[row])]);
        lines.push([rows[row].clone()].into_iter().chain(cells).collect());
    }
    let after = shown.iter().map(|&column| grouped(after[column]));
    lines.push(["after".to_owned()].into_iter().chain(after).chain([String::new()]).collect());
    table(&header, &lines, 1, page);
}

fn movers(planned: &Planned<'_>, page: &mut String) {
    let (listed, all) = (planned.movers.len(), planned.plan.movers.len());
    if all == 0 {
        page.push_str("<h2>Who moves</h2>\n<p>nobody</p>\n");
        return;
    }
    let (listed, all) = (grouped(listed as u64), grouped(all as u64));
    let _ = writeln!(page, "<h2>Who moves</h2>\n<p class=\"soft\">{listed} of {all}</p>");
    let header = ["customer", "ladder", "move", "because"].map(str::to_owned);
    let lines: Vec<Vec<String>> = planned
        .moves()
        .map(|(mover, because)| {
            vec![
                planned.plan.customer(mover).to_string(),
                planned.ladder(&planned.plan.ladders[mover.ladder]),
                planned.way(mover),
                planned.because(mover, &because),
            ]
        })
        .collect();
    table(&header, &lines, header.len(), page);
}

fn benefits(planned: &Planned<'_>, page: &mut String) {
    let Some(cost) = planned.cost() else { return };
    let _ = write!(page, "<h2>Benefits</h2>\n<p>{}</p>\n", escaped(&cost));
    let lines: Vec<[String; 3]> = planned
        .plan
        .costs()
        .into_iter()
        .map(|costs| {
            [
                planned.benefit(costs.name),
                planned.benefit_cost(costs.before, &planned.plan.from),
                planned.benefit_cost(costs.after, &planned.plan.to),
            ]
        })
        .collect();
    rows(lines, page);
}

fn before_after(title: &str, lines: Vec<[String; 3]>, page: &mut String) {
    if !lines.is_empty() {
        let _ = writeln!(page, "<h2>{title}</h2>");
        rows(lines, page);
    }
}

fn rows(lines: Vec<[String; 3]>, page: &mut String) {
    let header = ["", "before", "after"].map(str::to_owned);
    let lines: Vec<Vec<String>> = lines.into_iter().map(Vec::from).collect();
    table(&header, &lines, 1, page);
}

/// Numbers stand in the columns from `numbers` on.
fn table(header: &[String], lines: &[Vec<String>], numbers: usize, page: &mut String) {
    let class = |place: usize| if place >= numbers { " class=\"n\"" } else { "" };
    let cells = |tag: &str, cells: &[String]| -> String {
        let cells = cells.iter().enumerate();
        cells
            .map(|(place, cell)| {
                format!("<{tag}{} dir=\"auto\">{}</{tag}>", class(place), escaped(cell))
            })
            .collect()
    };
    let _ = writeln!(page, "<table>\n<thead><tr>{}</tr></thead>\n<tbody>", cells("th", header));
    for line in lines {
        let _ = writeln!(page, "<tr>{}</tr>", cells("td", line));
    }
    page.push_str("</tbody>\n</table>\n");
}

/// Text that is nothing but text in HTML, in attributes too.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter if letter.is_control() => safe.push(' '),
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_of_a_text_is_markup() {
        assert_eq!(
            escaped("<a href=\"x\" onclick='y'>&\n</a>"),
            "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp; &lt;/a&gt;"
        );
    }
}
