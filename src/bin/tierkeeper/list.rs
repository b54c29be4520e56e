use std::io::Write;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json, json};
use tierkeeper::criteria::value_json;
use tierkeeper::explain::{Words, plain_number};
use tierkeeper::expr::{MetricId, Value};
use tierkeeper::pass::{ListRow, list_rows};

use crate::decided::Decided;
use crate::exit::{Exit, Failure};
use crate::filter::Filter;
use crate::output::{self, plain_table};
use crate::session::Session;
use crate::shared::Shared;

/// Who is where, with their numbers
///
/// Ordered by customer; without a filter everybody, in every ladder. Standings are those of the
/// last pass, numbers are computed from the facts as of its date.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper list --tier vip\n  \
                        tierkeeper list --near club.vip --limit 20\n  \
                        tierkeeper list --format csv > customers.csv")]
pub struct Arguments {
    /// Only this ladder
    #[arg(long, value_name = "L")]
    ladder: Option<String>,
    /// Only this tier: its id, or `ladder.tier`; `none` for those without one
    #[arg(long, value_name = "T")]
    tier: Option<String>,
    /// Only members of this segment
    #[arg(long, value_name = "S")]
    segment: Option<String>,
    /// Only those near this tier, as its `near` segment says, or at most 20 % short
    #[arg(long, value_name = "L.T")]
    near: Option<String>,
    /// Only those whom this alert is about
    #[arg(long, value_name = "A")]
    alert: Option<String>,
    /// At most so many rows
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// How to show it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
    Csv,
}

/// Rows that a table for people shows unless more are asked for.
const HUMAN_ROWS: usize = 200;

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let decided = Decided::stored(&session)?;
        let filter = Filter::new(
            &decided,
            self.ladder.as_deref(),
            self.tier.as_deref(),
            self.segment.as_deref(),
            self.near.as_deref(),
            self.alert.as_deref(),
        )?;
        let ladders = filter.ladders.clone();
        let rows = list_rows(&decided.population, &decided.after, &ladders)
            .filter(|row| filter.takes(row))
            .take(self.limit.unwrap_or(usize::MAX));
        match self.format {
            Format::Csv => write_csv(&decided, rows)?,
            Format::Json => write_json(&decided, rows)?,
            Format::Human => self.write_table(&decided, rows)?,
        }
        Ok(Exit::Done)
    }

    fn write_table<'a>(
        &self,
        decided: &Decided,
        rows: impl Iterator<Item = ListRow<'a>>,
    ) -> Result<(), Failure> {
        let program = &decided.rules.program;
        let words = Words::new(program, self.shared.locale.as_deref());
        let metrics = telling_metrics(decided);
        let mut table = plain_table();
        let heads = metrics.iter().map(|&metric| program.metrics[metric].name.as_str());
        let first = ["customer", "ladder", "tier", "since", "review on"];
        table.set_header(first.into_iter().chain(heads));
        let (mut shown, mut more) = (0, 0);
        let limit = self.limit.unwrap_or(HUMAN_ROWS);
        for row in rows {
            if shown == limit {
                more += 1;
                continue;
            }
            shown += 1;
            let ladder = &program.ladders[row.ladder];
            let tier = row.standing.tier.map_or("no tier", |tier| {
                words.title(&ladder.tiers[tier].title, &ladder.tiers[tier].name)
            });
            let date = |date: Option<jiff::civil::Date>| {
                date.map_or_else(String::new, |date| date.to_string())
            };
            let mut cells = vec![
                row.customer.to_string(),
                words.title(&ladder.title, &ladder.name).to_owned(),
                tier.to_owned(),
                date(row.standing.since),
                date(row.standing.review_on),
            ];
            cells.extend(metrics.iter().map(|&metric| {
                match decided.population.metric(metric, row.slot) {
                    Ok(value) => words.value(&value, program.metrics[metric].unit),
                    Err(fault) => fault.words().to_owned(),
                }
            }));
            table.add_row(cells);
        }
        if shown == 0 {
            output::note("nobody");
            return Ok(());
        }
        output::print(&format!("{}\n", table.trim_fmt()))?;
        if more > 0 {
            output::note(format_args!("and {more} more; `--limit` or `--format csv` shows them"));
        }
        Ok(())
    }
}

/// The metrics that the ladders' criteria ask for, in the order of their declaration; a table
/// for people has no room for all.
fn telling_metrics(decided: &Decided) -> Vec<MetricId> {
    let program = &decided.rules.program;
    let mut asked = vec![false; program.metrics.len()];
    for tier in program.ladders.iter().flat_map(|ladder| &ladder.tiers) {
        for condition in std::iter::once(&tier.enter).chain(&tier.keep) {
            condition.visit(&mut |expr| {
                expr.visit(&mut |part| match part.node {
                    tierkeeper::expr::Node::Input(tierkeeper::expr::Input::Metric(metric)) => {
                        asked[metric] = true;
                    }
                    tierkeeper::expr::Node::Input(tierkeeper::expr::Input::Top(cutoff)) => {
                        program.cutoffs[cutoff].measure.visit(&mut |part| {
                            if let tierkeeper::expr::Node::Input(tierkeeper::expr::Input::Metric(
                                metric,
                            )) = part.node
                            {
                                asked[metric] = true;
                            }
                        });
                    }
                    _ => {}
                });
            });
        }
    }
    (0..asked.len()).filter(|&metric| asked[metric] && !program.metrics[metric].hidden).collect()
}

fn shown_metrics(decided: &Decided) -> Vec<MetricId> {
    let metrics = &decided.rules.program.metrics;
    (0..metrics.len()).filter(|&metric| !metrics[metric].hidden).collect()
}

fn write_csv<'a>(
    decided: &Decided,
    rows: impl Iterator<Item = ListRow<'a>>,
) -> Result<(), Failure> {
    let program = &decided.rules.program;
    let metrics = shown_metrics(decided);
    let mut writer = csv::Writer::from_writer(output::stdout());
    let first = ["customer", "ladder", "tier", "since", "review_on", "grace_until"];
    let names = metrics.iter().map(|&metric| program.metrics[metric].name.as_str());
    writer.write_record(first.into_iter().chain(names)).map_err(output::written)?;
    let mut cells: Vec<String> = Vec::with_capacity(first.len() + metrics.len());
    for row in rows {
        let ladder = &program.ladders[row.ladder];
        let date = |date: Option<jiff::civil::Date>| {
            date.map_or_else(String::new, |date| date.to_string())
        };
        cells.clear();
        cells.push(row.customer.to_string());
        cells.push(ladder.name.clone());
        cells.push(row.standing.tier.map_or_else(String::new, |t| ladder.tiers[t].name.clone()));
        cells.push(date(row.standing.since));
        cells.push(date(row.standing.review_on));
        cells.push(date(row.standing.grace_until));
        for &metric in &metrics {
            let value = decided.population.metric(metric, row.slot).unwrap_or(Value::Null);
            cells.push(csv_cell(&value));
        }
        writer.write_record(&cells).map_err(output::written)?;
    }
    writer.flush()?;
    Ok(())
}

fn csv_cell(value: &Value) -> String {
    match value {
        Value::Null | Value::List(_) => String::new(),
        Value::Number(number) => plain_number(*number),
        Value::Flag(flag) => u8::from(*flag).to_string(),
        Value::Text(text) => text.to_string(),
        Value::Date(date) => date.to_string(),
    }
}

/// An array, one customer and ladder a line.
fn write_json<'a>(
    decided: &Decided,
    rows: impl Iterator<Item = ListRow<'a>>,
) -> Result<(), Failure> {
    let mut out = output::stdout();
    let metrics = shown_metrics(decided);
    out.write_all(b"[")?;
    for (index, row) in rows.enumerate() {
        out.write_all(if index == 0 { b"\n  " } else { b",\n  " })?;
        serde_json::to_writer(&mut out, &row_json(decided, &row, &metrics))
            .map_err(std::io::Error::from)?;
    }
    out.write_all(b"\n]\n")?;
    out.flush()?;
    Ok(())
}

fn row_json(decided: &Decided, row: &ListRow<'_>, metrics: &[MetricId]) -> Json {
    let program = &decided.rules.program;
    let ladder = &program.ladders[row.ladder];
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let metrics: Map<String, Json> = metrics
        .iter()
        .map(|&metric| {
            let value = decided.population.metric(metric, row.slot).unwrap_or(Value::Null);
            (program.metrics[metric].name.clone(), value_json(&value))
        })
        .collect();
    json!({
        "customer": row.customer.to_string(),
        "ladder": ladder.name,
        "tier": row.standing.tier.map(|tier| &ladder.tiers[tier].name),
        "since": date(row.standing.since),
        "review_on": date(row.standing.review_on),
        "grace_until": date(row.standing.grace_until),
        "metrics": metrics,
    })
}
