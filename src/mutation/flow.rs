//! Parts of a pack on one line, as people would write them there.

use crate::expr::Condition;
use crate::pack::ExprText;

/// Characters of a text that is shown.
const LONGEST: usize = 100;

/// A text on one line, cut where it is too long.
pub(super) fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

pub(super) fn condition(condition: &Condition<ExprText>) -> String {
    one_line(&written(condition))
}

fn written(condition: &Condition<ExprText>) -> String {
    let list = |of: &[Condition<ExprText>]| of.iter().map(written).collect::<Vec<_>>().join(", ");
    match condition {
        Condition::Always => "always".to_owned(),
        Condition::Never => "never".to_owned(),
        Condition::Expr(text) => text.text.trim().to_owned(),
        Condition::All(of) => format!("all: [{}]", list(of)),
        Condition::Any { at_least: 1, of } => format!("any: [{}]", list(of)),
        Condition::Any { at_least, of } => format!("any: [{}], at_least: {at_least}", list(of)),
        Condition::None(of) => format!("none: [{}]", list(of)),
    }
}
