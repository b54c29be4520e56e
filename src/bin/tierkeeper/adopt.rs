use std::collections::HashMap;
use std::fmt::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value as Json, json};
use tierkeeper::expr::LadderId;
use tierkeeper::lifecycle::Deed;
use tierkeeper::pass::{Note, Wanted};

use crate::desk::{Desk, Written};
use crate::exit::{Exit, Failure};
use crate::output::{self, Format, grouped};
use crate::session::Session;
use crate::shared::Shared;
use crate::status_file::{Fields, StatusFile, refuse};

/// Takes over the tiers that people hold today in another system
///
/// Promised periods are kept: nobody is looked at before their review. Either all lines of the file
/// are taken or none.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper adopt today.csv --dry-run\n  \
    tierkeeper adopt today.csv --by Ayse --reason \"from the old system\"\n\n\
    The file's columns: customer, ladder, tier, since, review_on. Without a review_on the tier's own\n\
    review counts, from `since`.")]
pub struct Arguments {
    /// A CSV file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Take over also for those who hold a tier already
    #[arg(long)]
    replace: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Who decided it
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Show what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// How to show the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let desk = Desk::open(&session)?;
        let needed = ["customer", "ladder", "tier", "since"];
        let file = StatusFile::read(&self.file, &needed, &["review_on"])?;
        let rows = file.each(|fields| self.row(&desk, fields))?;
        let mut wanted = vec![Vec::new(); desk.rules.program.ladders.len()];
        let mut seen = HashMap::new();
        let mut faults = Vec::new();
        for (line, (ladder, row)) in rows {
            if let Some(first) = seen.insert((ladder, row.slot), line) {
                faults.push((line, format!("the same customer and ladder as in line {first}")));
            }
            wanted[ladder].push(row);
        }
        refuse(&self.file.display().to_string(), faults)?;
        let written = desk.write(wanted, self.dry_run)?;
        match self.format {
            Format::Json => output::print_json(&as_json(&written))?,
            Format::Human => {
                output::print(&adopted(&written))?;
                if self.dry_run {
                    output::note("dry run: nothing was written");
                }
            }
        }
        Ok(Exit::Done)
    }

    fn row(&self, desk: &Desk, fields: &Fields<'_>) -> Result<(LadderId, Wanted), String> {
        let customer = fields.needed("customer")?;
        let slot = desk.customer(customer)?;
        let ladder = desk.ladder(fields.needed("ladder")?)?;
        let tier = desk.tier(ladder, fields.needed("tier")?)?;
        let since = fields.date("since")?.ok_or("`since` is empty")?;
        let review_on = fields.date("review_on")?;
        if since > desk.as_of {
            return Err(format!("`since` {since} lies after {}", desk.as_of));
        }
        if let Some(review_on) = review_on.filter(|review_on| *review_on < since) {
            return Err(format!("`review_on` {review_on} lies before `since` {since}"));
        }
        let standing = desk.standings.get(ladder, slot as usize);
        if standing.hold.is_some_and(|hold| hold.pins && hold.is_active(desk.as_of)) {
            return Err(format!(
                "customer `{customer}` is held by hand; `tierkeeper release {customer}` ends that"
            ));
        }
        let held = standing.tier;
        if let (Some(held), false) = (held, self.replace) {
            let tier = &desk.rules.program.ladders[ladder].tiers[held].name;
            return Err(format!(
                "customer `{customer}` holds `{tier}` already; `--replace` takes it over all the same"
            ));
        }
        let note = Note { by: self.by.clone(), reason: self.reason.clone() };
        Ok((ladder, Wanted { slot, deed: Deed::Adopt { tier, since, review_on }, note }))
    }
}

/// Customers by tier, of each ladder.
fn counts(written: &Written) -> Vec<Vec<u64>> {
    let ladders = written.rules.program.ladders.iter().zip(&written.done.ladders);
    ladders
        .map(|(ladder, deeds)| {
            let mut counts = vec![0; ladder.tiers.len()];
            for tier in deeds.events.iter().filter_map(|moved| moved.to.tier()) {
                counts[tier] += 1;
            }
            counts
        })
        .collect()
}

fn as_json(written: &Written) -> Json {
    let ladders: Map<String, Json> = written
        .rules
        .program
        .ladders
        .iter()
        .zip(counts(written))
        .map(|(ladder, counts)| {
            let tiers = ladder.tiers.iter().zip(counts);
            let tiers: Map<String, Json> =
                tiers.map(|(tier, count)| (tier.name.clone(), json!(count))).collect();
            (ladder.name.clone(), json!({ "tiers": tiers }))
        })
        .collect();
    json!({
        "as_of": written.done.as_of.to_string(),
        "customers": written.customers(),
        "ladders": ladders,
    })
}

fn adopted(written: &Written) -> String {
    let count = written.customers() as u64;
    let standings = if count == 1 { "standing" } else { "standings" };
    let mut text =
        format!("{} {standings} taken over as of {}\n", grouped(count), written.done.as_of);
    for (ladder, counts) in written.rules.program.ladders.iter().zip(counts(written)) {
        let tiers = ladder.tiers.iter().zip(counts).filter(|(_, count)| *count > 0);
        let tiers: Vec<String> =
            tiers.map(|(tier, count)| format!("{} {}", tier.name, grouped(count))).collect();
        if !tiers.is_empty() {
            let _ = writeln!(text, "  {}: {}", ladder.name, tiers.join(", "));
        }
    }
    text
}
