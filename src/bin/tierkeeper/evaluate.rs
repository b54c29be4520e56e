use clap::Args;

use crate::decided::{PassOptions, pass};
use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::session::Session;
use crate::shared::Shared;
use crate::summary;

/// One pass: who is in which tier
///
/// Reads the store, decides everybody as of a date, and writes standings and events to the state
/// database in one transaction. The same pass again changes nothing.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper evaluate\n  \
                        tierkeeper evaluate --as-of 2026-03-21 --dry-run\n  \
                        tierkeeper evaluate --pack rules/fashion-retail --store shop.db --format json")]
pub struct Arguments {
    /// Skip rows that cannot be read, and count them
    #[arg(long)]
    skip_bad_rows: bool,
    /// Decide and show, but write nothing
    #[arg(long)]
    dry_run: bool,
    /// Show how long reading, deciding and writing took
    #[arg(long)]
    timings: bool,
    /// How to show the summary
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let rules = session.rules()?;
        let program = &rules.program;
        let options = PassOptions {
            as_of: session.as_of_or_today(program)?,
            skip_bad_rows: self.skip_bad_rows,
            dry_run: self.dry_run,
        };
        let today = session.today(program)?;
        if options.as_of > today && !options.dry_run {
            output::note(format_args!(
                "note: {} is after today, and later passes cannot go back before it; \
                 `--dry-run` only looks",
                options.as_of
            ));
        }
        let (outcome, timings) = pass(&session, &rules, options)?;
        let timings = self.timings.then_some(timings);
        match self.format {
            Format::Json => output::print_json(&summary::as_json(program, &outcome, timings))?,
            Format::Human => {
                let paint = self.shared.look.color.for_stdout();
                let locale = self.shared.locale.as_deref();
                output::print(&summary::page(program, &outcome, timings, locale, paint))?;
                if self.dry_run {
                    output::note("dry run: nothing was written");
                }
            }
        }
        Ok(Exit::Done)
    }
}
