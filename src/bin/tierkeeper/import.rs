use std::fmt::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use comfy_table::{Table, presets};
use tierkeeper::import::{DeclaredTypes, ImportReport, ImportRequest, import};

use crate::color::Paint;
use crate::exit::{Exit, Failure};
use crate::output::{self, Format, grouped};
use crate::progress;
use crate::session::Session;
use crate::shared::{Shared, name_and_value};

/// CSV into a table of the store
///
/// The first line names the columns. Types come from the pack's sources where a pack is given,
/// otherwise from what the columns hold; nothing is lost either way: codes like `007` stay text.
/// A row that cannot be read is kept in FILE.rejected.csv with its line and the reason.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  tierkeeper import orders.csv --into orders --store shop.db\n  \
                        tierkeeper import sales.csv --into orders --column customer_id=Client --date-format '%d.%m.%Y'\n  \
                        tierkeeper import orders.csv --into orders --again"
)]
pub struct Arguments {
    /// The file: CSV in UTF-8, with commas and a header
    #[arg(value_name = "FILE.csv")]
    file: PathBuf,
    /// The table; it is made where the store has none of that name
    #[arg(long, value_name = "TABLE")]
    into: String,
    /// The table's column `name` comes from the file's column `Header`; can be repeated
    #[arg(long = "column", value_name = "NAME=HEADER", value_parser = name_and_value)]
    columns: Vec<(String, String)>,
    /// How the file writes dates, like `%d.%m.%Y %H:%M` [default: ISO 8601]
    #[arg(long, value_name = "FORMAT")]
    date_format: Option<String>,
    /// Import the file even if it was imported before
    #[arg(long)]
    again: bool,
    /// How to show the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    shared: Shared,
}

impl Arguments {
    pub fn run(&self) -> Result<Exit, Failure> {
        let session = Session::open(&self.shared)?;
        let store = session.store()?;
        let request = ImportRequest {
            file: &self.file,
            into: &self.into,
            columns: &self.columns,
            date_format: self.date_format.as_deref(),
            declared: self.declared(&session)?,
            again: self.again,
            imported_at: now(),
        };
        let bar = progress::bar("importing {bar:40} {percent} % {eta}");
        let report = import(store, &request, &mut |read, total| {
            bar.set_length(total);
            bar.set_position(read);
        });
        bar.finish_and_clear();
        let report = report?;
        match self.format {
            Format::Json => output::print_json(&report.to_json())?,
            Format::Human => {
                output::print(&page(&report, store, self.shared.look.color.for_stdout()))?;
            }
        }
        Ok(Exit::Done)
    }

    /// What the pack says of the table, where there is a pack.
    fn declared(&self, session: &Session<'_>) -> Result<DeclaredTypes, Failure> {
        if session.pack().is_none() {
            return Ok(DeclaredTypes::default());
        }
        let rules = session.rules()?;
        Ok(DeclaredTypes::of_table(&rules.program, &self.into))
    }
}

/// The time of the import, to the second.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn page(report: &ImportReport, store: &Path, paint: Paint) -> String {
    let mut text = String::new();
    let made = if report.created { "new table" } else { "table" };
    let _ = writeln!(
        text,
        "{} rows from {} into {made} `{}` of {}\n",
        paint.bold(grouped(report.rows)),
        report.file.display(),
        report.into,
        store.display()
    );
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(["column", "stored as", "from"]);
    for column in &report.columns {
        table.add_row([column.name.as_str(), column.stored_as, column.header.as_str()]);
    }
    let _ = writeln!(text, "{}\n", table.trim_fmt());
    match &report.rejected_file {
        None => text.push_str("no row was rejected\n"),
        Some(file) => {
            let rejected = grouped(report.rejected);
            let _ = writeln!(
                text,
                "{} rejected, kept in {}:",
                paint.warning(rows(report.rejected, &rejected)),
                file.display()
            );
            for kind in report.reasons() {
                let _ = writeln!(
                    text,
                    "  {}: {} (first on line {})",
                    rows(kind.rows, &grouped(kind.rows)),
                    kind.example,
                    kind.first_line
                );
            }
        }
    }
    text
}

fn rows(count: u64, shown: &str) -> String {
    format!("{shown} row{}", if count == 1 { "" } else { "s" })
}
