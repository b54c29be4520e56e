use clap::Args;
use jiff::civil::Date;
use serde_json::json;
use tierkeeper::lifecycle::Deed;
use tierkeeper::pass::{Note, Wanted};

use crate::desk::Desk;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format, grouped};
use crate::session::Session;
use crate::shared::Shared;

/// Moves reviews that come earlier to a date, for everybody there
///
/// Whoever would be looked at before that day keeps the tier until then; a grace that runs ends.
/// Later reviews stay as they are, and so do those whom a hold keeps where they are.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tierkeeper extend --ladder club --tier vip --until 2027-06-30 --reason \"shops closed in spring\"\n  \
    tierkeeper extend --until 2027-01-01 --reason \"the move to the new shop\" --dry-run")]
pub struct Arguments {
    /// Only in this ladder [default: in all]
    #[arg(long, value_name = "L")]
    ladder: Option<String>,
    /// Only in this tier: its id, or LADDER.TIER
    #[arg(long, value_name = "T")]
    tier: Option<String>,
    /// The day to which reviews move
    #[arg(long, value_name = "DATE", value_parser = crate::shared::date)]
    until: Date,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
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
        if self.until <= desk.as_of {
            return Err(Failure::new(format_args!(
                "{} does not lie after {}: no review would move",
                self.until, desk.as_of
            )));
        }
        let places = self.places(&desk).map_err(Failure::new)?;
        let note = Note { by: self.by.clone(), reason: Some(self.reason.clone()) };
        let mut wanted = vec![Vec::new(); desk.rules.program.ladders.len()];
        for (ladder, tier) in places {
            let held = desk.standings.ladders[ladder].tier.iter().enumerate();
            let there = held.filter(|(_, held)| match tier {
                Some(tier) => held.tier() == Some(tier),
                None => held.tier().is_some(),
            });
            wanted[ladder].extend(there.map(|(slot, _)| Wanted {
                slot: slot as u32,
                deed: Deed::Extend(self.until),
                note: note.clone(),
            }));
        }
        let asked: usize = wanted.iter().map(Vec::len).sum();
        let written = desk.write(wanted, self.dry_run)?;
        let moved = written.customers();
        match self.format {
            Format::Json => output::print_json(&json!({
                "as_of": written.done.as_of.to_string(),
                "until": self.until.to_string(),
                "customers": moved,
                "unchanged": asked - moved,
            }))?,
            Format::Human => {
                let reviews = if moved == 1 { "review" } else { "reviews" };
                output::print(&format!(
                    "{} {reviews} moved to {}; {} come later, or are held by hand\n",
                    grouped(moved as u64),
                    self.until,
                    grouped((asked - moved) as u64),
                ))?;
                if self.dry_run {
                    output::note("dry run: nothing was written");
                }
            }
        }
        Ok(Exit::Done)
    }

    /// Ladders, and the tier in them where one is named.
    fn places(&self, desk: &Desk) -> Result<Vec<(usize, Option<usize>)>, String> {
        let ladders = &desk.rules.program.ladders;
        let only = self.ladder.as_deref().map(|name| desk.ladder(name)).transpose()?;
        match (&self.tier, only) {
            (None, Some(ladder)) => Ok(vec![(ladder, None)]),
            (None, None) => Ok((0..ladders.len()).map(|ladder| (ladder, None)).collect()),
            (Some(tier), Some(ladder)) => {
                let name = &ladders[ladder].name;
                let tier = tier.strip_prefix(&format!("{name}.")).unwrap_or(tier);
                Ok(vec![(ladder, Some(desk.tier(ladder, tier)?))])
            }
            (Some(tier), None) if tier.contains('.') => {
                let (ladder, tier) = desk.tier_of_ladder(tier)?;
                Ok(vec![(ladder, Some(tier))])
            }
            (Some(tier), None) => {
                let with = (0..ladders.len()).filter(|ladder| desk.tier(*ladder, tier).is_ok());
                let with: Vec<usize> = with.collect();
                match with[..] {
                    [] => desk.tier(0, tier).map(|_| Vec::new()),
                    _ => with
                        .iter()
                        .map(|&ladder| Ok((ladder, Some(desk.tier(ladder, tier)?))))
                        .collect(),
                }
            }
        }
    }
}
