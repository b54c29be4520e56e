use super::tag::quoted;
use super::{Entry, Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::Span;

/// The offset after the bracket that closes a flow collection whose last item ends at `from`.
pub(super) fn closing(text: &str, from: usize, bracket: char) -> usize {
    let mut rest = &text[from..];
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ':'));
        if rest.starts_with('#') {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else {
            break;
        }
    }
    if rest.starts_with(bracket) { text.len() - rest.len() + 1 } else { from }
}

/// How many parentheses of an expression stay open; `None`: one closes that never opened.
fn open_parentheses(text: &str) -> Option<i32> {
    let mut open = 0;
    let mut in_text = false;
    for c in text.chars() {
        match c {
            '"' => in_text = !in_text,
            '(' if !in_text => open += 1,
            ')' if !in_text => open -= 1,
            _ => {}
        }
        if open < 0 {
            return None;
        }
    }
    Some(open)
}

fn is_balanced(text: &str) -> bool {
    open_parentheses(text) == Some(0)
}

fn unbalanced(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar(scalar) if !scalar.quoted && !is_balanced(&scalar.text.text))
}

/// The most pieces that one expression is put together from; a call has a few arguments.
const MOST_PIECES: usize = 24;

/// Of the items from the first on, how many belong together as one expression: so many that
/// the parentheses close. `None`: they never do.
fn joined(text: &str, spans: &[Span]) -> Option<usize> {
    let start = spans.first()?.start as usize;
    (1..=spans.len()).find(|count| is_balanced(&text[start..spans[count - 1].end as usize]))
}

fn report(text: &str, item: Span, whole: Option<Span>, findings: &mut Diagnostics) {
    let slice = |span: Span| &text[span.start as usize..span.end as usize];
    let help = match whole {
        Some(whole) => format!("quote it: {}", quoted(slice(whole))),
        None => "quote the whole expression, or write it in block form".to_owned(),
    };
    findings.push(
        Diagnostic::new(
            Code::UnbalancedParentheses,
            item,
            format!(
                "inside `[ ]` and `{{ }}` a comma ends an item, so `{}` has a parenthesis without \
                 its partner",
                slice(item)
            ),
        )
        .help(help),
    );
}

/// Finds items that a comma inside parentheses cut apart; each becomes one broken item.
pub(super) fn join_items(text: &str, items: &mut Vec<Node>, findings: &mut Diagnostics) {
    let mut index = 0;
    while index < items.len() {
        if unbalanced(&items[index]) {
            let spans: Vec<Span> =
                items[index..].iter().take(MOST_PIECES).map(|item| item.span).collect();
            let count = joined(text, &spans);
            let whole = count.map(|count| spans[0].to(spans[count - 1]));
            report(text, spans[0], whole, findings);
            items[index].kind = Kind::Broken;
            items.drain(index + 1..index + count.unwrap_or(1));
        }
        index += 1;
    }
}

/// The same for the values of a map; their further pieces look like keys without a value.
pub(super) fn join_entries(text: &str, entries: &mut Vec<Entry>, findings: &mut Diagnostics) {
    let mut index = 0;
    while index < entries.len() {
        if unbalanced(&entries[index].value) {
            let mut spans = vec![entries[index].value.span];
            let pieces = entries[index + 1..].iter().take(MOST_PIECES);
            let is_piece = |entry: &&Entry| matches!(entry.value.kind, Kind::Null);
            spans.extend(pieces.take_while(is_piece).map(|entry| entry.key.span));
            let count = joined(text, &spans);
            let whole = count.map(|count| spans[0].to(spans[count - 1]));
            report(text, spans[0], whole, findings);
            entries[index].value.kind = Kind::Broken;
            entries.drain(index + 1..index + count.unwrap_or(1));
        }
        index += 1;
    }
}
