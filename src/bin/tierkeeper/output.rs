use std::io::{self, BufWriter, StdoutLock, Write};

use clap::ValueEnum;
use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::exit::Failure;

/// `--format` where there are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    #[default]
    Human,
    Json,
}

/// Where results go.
pub fn stdout() -> BufWriter<StdoutLock<'static>> {
    BufWriter::with_capacity(1 << 16, io::stdout().lock())
}

/// Writes a result as a whole.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = stdout();
    out.write_all(text.as_bytes())?;
    out.flush()
}

/// Writes a machine-readable result and a line break.
pub fn print_json(value: &impl Serialize) -> io::Result<()> {
    let mut out = stdout();
    serde_json::to_writer_pretty(&mut out, value)?;
    out.write_all(b"\n")?;
    out.flush()
}

/// A CSV writer's fault is that of the stream below it.
pub fn written(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        kind => Failure::new(format_args!("cannot write the result: {kind:?}")),
    }
}

/// A line for people on stderr: progress, notes, warnings.
pub fn note(text: impl std::fmt::Display) {
    // Where stderr is closed nobody wants to know.
    let _ = writeln!(io::stderr(), "{text}");
}

/// A table without lines, indented under its heading.
pub fn plain_table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}

pub fn align_right(table: &mut Table, columns: &[usize]) {
    for &column in columns {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// Whole words in lines of at most `width` characters.
pub fn wrapped(text: &str, width: usize) -> String {
    let mut lines = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push('\n');
            used = 0;
        } else if used > 0 {
            lines.push(' ');
            used += 1;
        }
        lines.push_str(word);
        used += length;
    }
    lines
}

/// Whole numbers with thin groups of three: `541 909`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// An amount with thin groups of three: `541 909.50`.
pub fn money(amount: Decimal, places: u32) -> String {
    let text = format!("{:.1$}", amount.abs().round_dp(places), places as usize);
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let sign = if amount.is_sign_negative() && !amount.is_zero() { "-" } else { "" };
    match whole.parse() {
        Ok(whole) => format!("{sign}{}{rest}", grouped(whole)),
        // Longer than any count.
        Err(_) => format!("{sign}{text}"),
    }
}
