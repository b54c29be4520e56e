use super::Lower;
use super::meant::meant;
use crate::diagnostic::nearest;
use crate::pack::yaml::Node;
use crate::pack::{Literal, ParsedWindow, names};
use crate::program::Period;
use crate::source::Loc;

const FIXED: &[(&str, ParsedWindow)] = &[
    ("lifetime", ParsedWindow::Lifetime),
    ("membership year", ParsedWindow::MembershipYear),
    ("previous membership year", ParsedWindow::PreviousMembershipYear),
    ("calendar week", ParsedWindow::Calendar(Period::Week)),
    ("calendar month", ParsedWindow::Calendar(Period::Month)),
    ("calendar quarter", ParsedWindow::Calendar(Period::Quarter)),
    ("calendar half-year", ParsedWindow::Calendar(Period::HalfYear)),
    ("calendar year", ParsedWindow::Calendar(Period::Year)),
    ("previous calendar week", ParsedWindow::Previous(Period::Week)),
    ("previous calendar month", ParsedWindow::Previous(Period::Month)),
    ("previous calendar quarter", ParsedWindow::Previous(Period::Quarter)),
    ("previous calendar half-year", ParsedWindow::Previous(Period::HalfYear)),
    ("previous calendar year", ParsedWindow::Previous(Period::Year)),
];

impl Lower<'_> {
    /// The value of `within:`.
    pub(super) fn window(&mut self, node: &Node) -> Option<Loc<ParsedWindow>> {
        let scalar = self.scalar(node, "`within`")?;
        let text = &scalar.text;
        let words: Vec<&str> = text.text.split_whitespace().collect();
        let normal = words.join(" ");
        let window = if let Some((_, window)) = FIXED.iter().find(|(name, _)| *name == normal) {
            window.clone()
        } else if let ["tier", ladder] = words[..] {
            let start = text.text.rfind(ladder).unwrap_or(0);
            let span = text.span(start, start + ladder.len());
            ParsedWindow::Tier(Loc::new(ladder.to_owned(), span))
        } else if normal.starts_with(|c: char| c.is_ascii_digit() || c == '-')
            || names::is_name(&normal) && nearest(&normal, fixed_names()).is_none()
        {
            ParsedWindow::Trailing(Literal::Scalar { text: text.clone(), quoted: false })
        } else {
            let names: Vec<&'static str> = fixed_names().collect();
            let help = match meant(&normal, &names).map(str::to_owned).or_else(|| trailing(&normal))
            {
                Some(name) => format!("did you mean `{name}`?"),
                None => "write a duration such as `12 months`, `calendar year`, \
                         `previous calendar year`, `membership year`, `tier <ladder>` or `lifetime`"
                    .to_owned(),
            };
            self.invalid_value(node.span, format!("`{normal}` is no window"), Some(help));
            return None;
        };
        Some(Loc::new(window, node.span))
    }
}

/// The duration in `last 12 months`, `the past 12 months` or `๑๒ months`.
fn trailing(written: &str) -> Option<String> {
    let words: Vec<&str> = written.split(' ').collect();
    let [before @ .., count, unit] = &words[..] else { return None };
    let known = ["the", "last", "past", "previous", "in", "son", "letzte", "letzten"];
    let digits: String = count
        .chars()
        .map(|c| crate::expr::digit(c).and_then(|value| char::from_digit(value, 10)).unwrap_or(c))
        .collect();
    let duration = format!("{digits} {unit}");
    let is_meant = before.iter().all(|word| known.contains(&word.to_lowercase().as_str()));
    (is_meant && duration.parse::<crate::lifecycle::Duration>().is_ok()).then_some(duration)
}

fn fixed_names() -> impl Iterator<Item = &'static str> {
    FIXED.iter().map(|(name, _)| *name)
}
