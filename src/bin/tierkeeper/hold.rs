use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;
use tierkeeper::explain::Words;
use tierkeeper::expr::LadderId;
use tierkeeper::lifecycle::{Deed, Hold};
use tierkeeper::pass::{Note, Wanted};

use crate::desk::{Desk, Written};
use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::session::Session;
use crate::shared::Shared;
use crate::status_file::{Fields, StatusFile, refuse};

/// Gives somebody a tier by hand, until a date
///
/// The customer is put into the tier at once, and nothing changes until the date, which is the
/// first free day; then the review is due. With `--floor` the tier is only the least they have:
/// they may earn more.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tierkeeper hold 1042 --tier club.vip --until 2027-01-01 --reason \"a complaint settled\" --by Ayse\n  \
    tierkeeper hold 1042 --tier club.gold --floor --reason \"partner of the house\"\n  \
    tierkeeper hold --from partners.csv --reason \"partners 2027\"\n\n\
    The file's columns: customer, tier (LADDER.TIER), until, reason, by, floor (yes or no); all but the\n\
    first two may be left out. Either all of its lines are taken or none.")]
pub struct Arguments {
    /// The customer's id
    #[arg(
        allow_negative_numbers = true,
        required_unless_present = "from",
        conflicts_with = "from"
    )]
    customer: Option<String>,
    /// The tier, as LADDER.TIER
    #[arg(long, value_name = "L.T", required_unless_present = "from", conflicts_with = "from")]
    tier: Option<String>,
    /// The first day on which the hold is over [default: without end]
    #[arg(long, value_name = "DATE", value_parser = crate::shared::date)]
    until: Option<Date>,
    /// Why
    #[arg(long, value_name = "TEXT", required_unless_present = "from")]
    reason: Option<String>,
    /// Who decided it
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// The tier is the least that they have
    #[arg(long)]
    floor: bool,
    /// A CSV file with many
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
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
        let wanted = match (&self.from, &self.customer, &self.tier) {
            (Some(from), ..) => self.file(&desk, from)?,
            (None, Some(customer), Some(tier)) => {
                let wanted =
                    self.wanted(&desk, customer, tier, self.until, self.floor, self.note());
                vec![wanted.map_err(Failure::new)?]
            }
            // Both are required then.
            _ => Vec::new(),
        };
        let mut by_ladder = vec![Vec::new(); desk.rules.program.ladders.len()];
        for (ladder, wanted) in wanted {
            by_ladder[ladder].push(wanted);
        }
        let written = desk.write(by_ladder, self.dry_run)?;
        match self.format {
            Format::Json => output::print_json(&written.to_json())?,
            Format::Human => {
                output::print(&held(&written, self.shared.locale.as_deref()))?;
                if self.dry_run {
                    output::note("dry run: nothing was written");
                }
            }
        }
        Ok(Exit::Done)
    }

    fn note(&self) -> Note {
        Note { by: self.by.clone(), reason: self.reason.clone() }
    }

    fn wanted(
        &self,
        desk: &Desk,
        customer: &str,
        tier: &str,
        until: Option<Date>,
        floor: bool,
        note: Note,
    ) -> Result<(LadderId, Wanted), String> {
        let slot = desk.customer(customer)?;
        let (ladder, tier) = desk.tier_of_ladder(tier)?;
        if let Some(until) = until.filter(|until| *until <= desk.as_of) {
            return Err(format!(
                "a hold until {until} would be over on {}: `until` is the first free day",
                desk.as_of
            ));
        }
        let hold = Hold { tier: Some(tier), pins: !floor, until };
        Ok((ladder, Wanted { slot, deed: Deed::Hold(hold), note }))
    }

    fn file(&self, desk: &Desk, path: &Path) -> Result<Vec<(LadderId, Wanted)>, Failure> {
        let file =
            StatusFile::read(path, &["customer", "tier"], &["until", "reason", "by", "floor"])?;
        let rows = file.each(|fields| self.row(desk, fields))?;
        let mut seen = std::collections::HashMap::new();
        let mut faults = Vec::new();
        for (line, (ladder, wanted)) in &rows {
            if let Some(first) = seen.insert((*ladder, wanted.slot), *line) {
                faults.push((*line, format!("the same customer and ladder as in line {first}")));
            }
        }
        refuse(&path.display().to_string(), faults)?;
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    fn row(&self, desk: &Desk, fields: &Fields<'_>) -> Result<(LadderId, Wanted), String> {
        let until = fields.date("until")?.or(self.until);
        let floor = match fields.optional("floor") {
            None => self.floor,
            Some("yes" | "true" | "1") => true,
            Some("no" | "false" | "0") => false,
            Some(other) => return Err(format!("`{other}` in `floor`: write `yes` or `no`")),
        };
        let own = |name, otherwise: &Option<String>| {
            fields.optional(name).map(str::to_owned).or_else(|| otherwise.clone())
        };
        let note = Note { by: own("by", &self.by), reason: own("reason", &self.reason) };
        if note.reason.is_none() {
            return Err(
                "there is no reason: fill the column `reason`, or give `--reason`".to_owned()
            );
        }
        self.wanted(desk, fields.needed("customer")?, fields.needed("tier")?, until, floor, note)
    }
}

/// What was done, a line each, or their number where they are many.
fn held(written: &Written, locale: Option<&str>) -> String {
    const LINES: usize = 20;
    let program = &written.rules.program;
    let words = Words::new(program, locale);
    let mut text = String::new();
    let mut more = 0;
    for (id, deeds) in written.done.ladders.iter().enumerate() {
        let ladder = &program.ladders[id];
        let title = |tier: usize| words.title(&ladder.tiers[tier].title, &ladder.tiers[tier].name);
        for (at, moved) in deeds.events.iter().enumerate() {
            if at >= LINES {
                more += 1;
                continue;
            }
            let standing = written.done.standings.get(id, moved.slot as usize);
            let Some(hold) = standing.hold else { continue };
            let tier = hold.tier.map_or("", title);
            let how = if hold.pins { "is held in" } else { "has at least" };
            let until = match hold.until {
                Some(until) => format!(" until {until}"),
                None => " without end".to_owned(),
            };
            let was = match moved.from.tier() {
                Some(from) if moved.from != moved.to => format!(" (was {})", title(from)),
                None if moved.from != moved.to => " (had no tier)".to_owned(),
                _ => String::new(),
            };
            let customer = &written.done.customers[moved.slot as usize];
            let _ = writeln!(text, "Customer {customer} {how} {tier}{until}{was}");
        }
    }
    if more > 0 {
        let _ = writeln!(text, "and {more} more");
    }
    text
}
