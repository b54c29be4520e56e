use std::fmt::Write;
use std::path::Path;

use clap::Args;
use serde_json::json;
use tierkeeper::store::tracking::{Tracking, Untracking, track, untrack};

use crate::exit::{Exit, Failure};
use crate::output::{self, Format};
use crate::session::Session;
use crate::shared::Shared;

/// Has the store note whose rows change, for tables whose rows are changed or deleted
///
/// Between full passes, new facts are found by the row numbers of a table: new rows only. This command
/// adds triggers to the table of a source, in the store, which note the customers of rows that are
/// inserted, updated or deleted in the table `tierkeeper_touched`. They keep the last 100 000 entries
/// and change nothing else. Do not drop that table by hand: writing to the source would fail.
/// `tierkeeper untrack` removes everything again.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper track orders\n  \
                        tierkeeper track customers --store shop.db --pack rules/my-pack")]
pub struct Track {
    #[command(flatten)]
    of: Of,
}

/// Removes what `track` has added to the store for a source
///
/// Its triggers go; the table `tierkeeper_touched` goes with the last of them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  tierkeeper untrack orders\n  \
                        tierkeeper untrack customers --store shop.db --pack rules/my-pack")]
pub struct Untrack {
    #[command(flatten)]
    of: Of,
}

#[derive(Debug, Args)]
struct Of {
    /// A source of the pack, or `customers`
    source: String,
    /// How to show the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Track {
    pub fn run(&self) -> Result<Exit, Failure> {
        let Of { source, format, shared } = &self.of;
        let session = Session::open(shared)?;
        let store = session.store()?;
        let done = track(&session.rules()?.program, source, store)?;
        match format {
            Format::Json => output::print_json(&json!({
                "source": source,
                "table": done.table,
                "tracked": true,
                "touched": { "table": done.touched, "made": done.touched_made },
                "triggers": done.triggers,
                "made": done.made,
                "unnoticed": done.unnoticed,
            }))?,
            Format::Human => output::print(&tracked(source, store, &done))?,
        }
        Ok(Exit::Done)
    }
}

impl Untrack {
    pub fn run(&self) -> Result<Exit, Failure> {
        let Of { source, format, shared } = &self.of;
        let session = Session::open(shared)?;
        let store = session.store()?;
        // A pack that is broken or gone keeps nobody from taking the triggers away.
        let program = session.pack().and_then(|_| session.build(None).ok()?.program);
        let done = untrack(program.as_ref(), source, store)?;
        match format {
            Format::Json => output::print_json(&json!({
                "source": source,
                "tracked": false,
                "touched_removed": done.touched_removed,
                "removed": done.removed,
            }))?,
            Format::Human => output::print(&untracked(source, store, &done))?,
        }
        Ok(Exit::Done)
    }
}

fn tracked(source: &str, store: &Path, done: &Tracking) -> String {
    let (Tracking { table, touched, .. }, store) = (done, store.display());
    let mut page = if done.made.is_empty() {
        format!("{source} was tracked already: nothing was changed in {store}\n")
    } else {
        format!("{source} is tracked now. In {store}, for the table {table}:\n")
    };
    if done.touched_made {
        writeln!(page, "  made the table {touched}").expect("writing to a string");
    }
    for trigger in &done.made {
        writeln!(page, "  made the trigger {trigger}").expect("writing to a string");
    }
    for index in &done.unnoticed {
        writeln!(
            page,
            "note: a row that `REPLACE` deletes by the unique index {index} is not noticed"
        )
        .expect("writing to a string");
    }
    page
}

fn untracked(source: &str, store: &Path, done: &Untracking) -> String {
    let store = store.display();
    if done.removed.is_empty() {
        return format!("{source} was not tracked: nothing was changed in {store}\n");
    }
    let mut page = format!("{source} is not tracked any more. In {store}:\n");
    for trigger in &done.removed {
        writeln!(page, "  removed the trigger {trigger}").expect("writing to a string");
    }
    if done.touched_removed {
        page.push_str("  removed the table tierkeeper_touched\n");
    }
    page
}
