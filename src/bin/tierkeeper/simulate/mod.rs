mod chart;
mod columns;
mod difference;
mod json;
mod page;
mod replay;
mod rows;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use tierkeeper::build::Origin;
use tierkeeper::lifecycle::Duration;
use tierkeeper::pack::PackFiles;
use tierkeeper::simulate::{DatesError, dates};

use crate::exit::{Exit, Failure};
use crate::output;
use crate::session::{Session, rules_of};
use crate::shared::{self, Shared};
use replay::Replay;

/// Replays history into tiers: how many, who moves, what it costs, date by date
///
/// Reads the store once and takes one pass per date, each from the standings of the one before.
/// The state is never touched. With `--against` another pack is replayed beside it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tierkeeper simulate --from 2025-01-01 --to 2025-12-31 --every \"1 month\"\n  \
    tierkeeper simulate --from 2025-01-01 --to 2025-12-31 --every \"1 month\" --against rules/stricter\n  \
    tierkeeper simulate --from 2025-01-01 --to 2025-12-31 --every \"1 week\" --format csv > tiers.csv")]
pub struct Arguments {
    /// The first date
    #[arg(long, value_name = "DATE", value_parser = shared::date)]
    from: Date,
    /// The last date
    #[arg(long, value_name = "DATE", value_parser = shared::date)]
    to: Date,
    /// How long from one date to the next, like `1 month`, `1 week` or `10 days`
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    every: Duration,
    /// Another pack, replayed over the same facts and dates
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// With which standings to begin
    #[arg(long, value_enum, default_value_t)]
    start: Start,
    /// Skip rows that cannot be read, and count them
    #[arg(long)]
    skip_bad_rows: bool,
    /// How to show the steps
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Start {
    /// Nobody is in a tier
    #[default]
    Empty,
    /// The standings in the state database
    Stored,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
    Csv,
}

/// What was simulated.
#[derive(Debug)]
struct Simulated {
    every: Duration,
    start: Start,
    dates: Vec<Date>,
    current: Replay,
    against: Option<Replay>,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let dates = dates(self.from, self.to, self.every).map_err(refused)?;
        let session = Session::open(&self.shared)?;
        let rules = session.rules()?;
        let against = self.against.as_ref().map(|pack| {
            // The same project and parameters: only the pack differs.
            let origin = Origin { files: PackFiles::read(pack)?, ..session.origin()? };
            rules_of(origin)
        });
        let against = against.transpose()?;
        let replay = |rules| {
            let from_stored = self.start == Start::Stored;
            Replay::run(&session, rules, &dates, from_stored, self.skip_bad_rows)
        };
        let current = replay(rules)?;
        let against = against.map(replay).transpose()?;
        let (every, start) = (self.every, self.start);
        let simulated = Simulated { every, start, dates, current, against };
        match self.format {
            Format::Json => output::print_json(&json::simulated(&simulated))?,
            Format::Csv => rows::write(&simulated)?,
            Format::Human => {
                let paint = self.shared.look.color.for_stdout();
                let locale = self.shared.locale.as_deref();
                output::print(&page::page(&simulated, locale, paint))?;
            }
        }
        Ok(Exit::Done)
    }
}

impl Start {
    fn name(self) -> &'static str {
        match self {
            Start::Empty => "empty",
            Start::Stored => "stored",
        }
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    text.parse().map_err(|error| format!("{error}; write it like `1 month`"))
}

fn refused(error: DatesError) -> Failure {
    let help = match error {
        DatesError::Backwards { .. } => "exchange `--from` and `--to`",
        DatesError::TooMany { .. } => "take a longer `--every`, or a shorter time",
    };
    Failure::with_help(error, help)
}
