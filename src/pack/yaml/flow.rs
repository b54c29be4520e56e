use super::tag::quoted;
use super::{Entry, Kind, Node};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::expr::number_with_commas;
use crate::source::{Loc, Span};

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

/// Whether a key is what a comma cut off the number before it, as in `{ default: 1,000 }`; the
/// number becomes one broken value.
pub(super) fn is_rest_of_number(
    text: &str,
    previous: Option<&mut Entry>,
    key: &Loc<String>,
    findings: &mut Diagnostics,
) -> bool {
    let Some(Entry { value, .. }) = previous else { return false };
    let begins_with_digit = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    let between = &text[value.span.end as usize..key.span.start as usize];
    let is_number = match &value.kind {
        Kind::Scalar(scalar) => {
            let digits = scalar.text.text.trim_start_matches('-');
            !scalar.quoted
                && begins_with_digit(digits)
                && digits.ends_with(|c: char| c.is_ascii_digit())
        }
        _ => false,
    };
    if !is_number || between != "," || !begins_with_digit(&key.value) {
        return false;
    }
    let whole = value.span.to(key.span);
    let written = &text[whole.start as usize..whole.end as usize];
    let Some(number) = number_with_commas(written.trim_end_matches('%')) else { return false };
    findings.push(
        Diagnostic::new(Code::ThousandsComma, whole, "a number has no comma")
            .help(format!("write `{number}`")),
    );
    *value = Node { kind: Kind::Broken, span: whole };
    true
}

/// The entry that `key:value` or `key=value` without blanks means; its value is broken.
pub(super) fn glued(key: &Loc<String>, findings: &mut Diagnostics) -> Option<Entry> {
    let written = key.value.as_str();
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let end = written.find(|c: char| !is_part(c)).filter(|end| *end > 0)?;
    let (name, rest) = written.split_at(end);
    let value = rest.trim_start().strip_prefix([':', '='])?.trim_start();
    if !value.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    findings.push(
        Diagnostic::new(
            Code::YamlSyntax,
            key.span,
            format!("`{written}` has no `: ` after its key"),
        )
        .help(format!("write `{name}: {value}`")),
    );
    let span = Span { end: key.span.start + end as u32, ..key.span };
    let value = Node { kind: Kind::Broken, span: key.span };
    Some(Entry { key: Loc::new(name.to_owned(), span), value })
}
