//! The lines of a snapshot's body: how they are written, and what they say when they are read
//! again.
//!
//! ```text
//! as of: 2026-11-22
//! customers: 500
//!
//! tiers of club:
//!   vip: 97
//!
//! each customer:
//! 1042  club  vip  until 2027-09-22  entered  spend 1200.00 of 1000.00; orders 6 of 5
//! ```

use std::borrow::Cow;

use serde_json::Value as Json;

/// Before the lines of customers, to the end of the body.
pub(super) const EACH_CUSTOMER: &str = "each customer:";

/// Between the columns of a customer's line.
pub(super) const BETWEEN: &str = "  ";

/// What a line of a body says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Blank,
    /// `tiers of club:`, without the colon.
    Heading(&'a str),
    /// `vip: 97`
    Entry {
        key: &'a str,
        value: &'a str,
    },
    Customer {
        customer: &'a str,
        ladder: &'a str,
        tier: &'a str,
    },
}

/// Every line of a body, with its text.
pub(super) fn lines(body: &str) -> impl Iterator<Item = (Line<'_>, &str)> {
    let mut of_customers = false;
    body.lines().map(move |text| {
        let line = if text.is_empty() {
            Line::Blank
        } else if of_customers {
            customer(text)
        } else if let Some((key, value)) = text.trim_start().rsplit_once(": ") {
            Line::Entry { key, value }
        } else {
            of_customers = text == EACH_CUSTOMER;
            Line::Heading(text.trim_end_matches(':'))
        };
        (line, text)
    })
}

fn customer(text: &str) -> Line<'_> {
    let (customer, rest) = text.split_at(id_length(text));
    let mut columns = rest.trim_start().split(BETWEEN);
    let mut column = || columns.next().unwrap_or_default();
    Line::Customer { customer, ladder: column(), tier: column() }
}

/// A customer's id as it stands at the beginning of a line: as it is, or in quotes where it could
/// be taken for something else.
pub(super) fn written_id(id: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control();
    if !id.is_empty() && !id.starts_with('"') && id.chars().all(is_plain) {
        Cow::Borrowed(id)
    } else {
        Cow::Owned(Json::from(id).to_string())
    }
}

/// The bytes of the id that a line begins with.
fn id_length(line: &str) -> usize {
    if !line.starts_with('"') {
        return line.find(BETWEEN).unwrap_or(line.len());
    }
    let mut escaped = false;
    for (at, byte) in line.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_was_written() {
        let body = "as of: 2026-11-22\n\ncutoffs:\n  top_percent(5, \"a: b\"): 8.00 (2 in it)\n\n\
                    each customer:\n\"a  \\\"b\"  club  vip  entered  x: 1 of 2\n7  club  none\n";
        let lines: Vec<Line<'_>> = lines(body).map(|(line, _)| line).collect();
        assert_eq!(
            lines,
            [
                Line::Entry { key: "as of", value: "2026-11-22" },
                Line::Blank,
                Line::Heading("cutoffs"),
                Line::Entry { key: "top_percent(5, \"a: b\")", value: "8.00 (2 in it)" },
                Line::Blank,
                Line::Heading("each customer"),
                Line::Customer { customer: "\"a  \\\"b\"", ladder: "club", tier: "vip" },
                Line::Customer { customer: "7", ladder: "club", tier: "none" },
            ]
        );
    }

    #[test]
    fn ids_stay_on_one_line_and_apart() {
        for (id, written) in [
            ("1042", "1042"),
            ("ayşe@example.com", "ayşe@example.com"),
            ("", "\"\""),
            ("a b", "\"a b\""),
            ("a\nb", "\"a\\nb\""),
            ("\"a", "\"\\\"a\""),
        ] {
            assert_eq!(written_id(id), written);
        }
    }
}
