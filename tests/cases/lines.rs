//! The lines of `expected.csv` and `timeline.csv`: commands, rows of tables, and comments.

pub enum Line {
    /// `#> …`, with the text of the `#| …` lines after it.
    Command {
        number: usize,
        text: String,
        rows: String,
    },
    Row(String),
}

/// Commands and rows in their order; comments and empty lines say nothing.
pub fn read(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(command) = line.strip_prefix("#> ") {
            lines.push(Line::Command { number, text: command.to_owned(), rows: String::new() });
        } else if let Some(row) = line.strip_prefix("#| ") {
            let Some(Line::Command { rows, .. }) = lines.last_mut() else {
                panic!("line {number}: `#|` stands after a command");
            };
            rows.push_str(row);
            rows.push('\n');
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            lines.push(Line::Row(line.to_owned()));
        }
    }
    lines
}
