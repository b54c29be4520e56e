//! What is edited in every script, seen from its tokens:
//!
//! - an unknown flag reads as false under `&&`, `||` and as the condition of `if` and `while`;
//! - `x == ()` and `x != ()` ask whether `x` is unknown, although a comparison with nothing is
//!   false.
//!
//! And the functions that the edits call.

use std::collections::BTreeSet;

use rhai::Dynamic;

use super::edits::Edit;
use super::library::Library;
use super::numbers::{Failure, failure};
use super::operators::words;
use super::tokens::{Kind, Token};

// Scripts cannot call these themselves: names with two underscores are not in the catalog.
pub(super) const AS_OF: &str = "__as_of()";
pub(super) const GROWN: &str = "__grown";
pub(super) const PART: &str = "__part";
const HOLDS: &str = "__holds(";
const NOTHING: &str = "__nothing()";

/// The other side of `x == ()`.
#[derive(Debug, Clone, Copy)]
struct Nothing;

pub(super) fn register(library: &mut Library) {
    library.register_fn("__holds", holds);
    library.register_fn("__part", part);
    // The interpreter looks at the size of what is passed by reference.
    library.register_fn("__grown", |_: &mut Dynamic, index: Dynamic| index);
    library.register_type_with_name::<Nothing>("()");
    library.register_fn("__nothing", || Nothing);
    library.register_fn("==", |value: Dynamic, _: Nothing| value.is_unit());
    library.register_fn("==", |_: Nothing, value: Dynamic| value.is_unit());
    library.register_fn("!=", |value: Dynamic, _: Nothing| !value.is_unit());
    library.register_fn("!=", |_: Nothing, value: Dynamic| !value.is_unit());
}

fn holds(value: Dynamic) -> Result<bool, Failure> {
    if value.is_unit() {
        return Ok(false);
    }
    value
        .as_bool()
        .map_err(|_| failure(format!("a condition is true or false, not {}", words(&value))))
}

/// The part of a score, or the property of a property.
fn part(map: &mut Dynamic, name: &str, part: &str) -> Result<Dynamic, Failure> {
    let missing = || failure(format!("there is no `{name}.{part}`"));
    let map = map.as_map_ref().map_err(|_| missing())?;
    if let Some(value) = map.get(format!("{name}.{part}").as_str()) {
        return Ok(value.clone());
    }
    let inner = map.get(name).ok_or_else(missing)?;
    let inner = inner.as_map_ref().map_err(|_| missing())?;
    inner.get(part).cloned().ok_or_else(missing)
}

/// The parts that a score of recency, frequency and money has.
pub(super) fn is_part(name: &str) -> bool {
    matches!(name, "r" | "f" | "m")
}

pub(super) fn edits(source: &str, tokens: &[Token]) -> Vec<Edit> {
    let view = View { source, tokens };
    let mut edits = Vec::new();
    let mut conditions = BTreeSet::new();
    for index in 0..tokens.len() {
        match view.text(index) {
            "&&" => conditions.extend(view.operands(index)),
            "||" if view.is_value_end(index.wrapping_sub(1)) => {
                conditions.extend(view.operands(index));
            }
            "if" | "while" => conditions.extend(view.condition(index)),
            "()" => edits.extend(view.nothing(index)),
            _ => {}
        }
    }
    for (first, end) in conditions {
        if first < end && end <= tokens.len() {
            edits.push(Edit::insert(tokens[first].start, HOLDS));
            edits.push(Edit::insert(tokens[end - 1].end, ")"));
        }
    }
    edits
}

struct View<'a> {
    source: &'a str,
    tokens: &'a [Token],
}

impl View<'_> {
    /// The text of a token; empty outside.
    fn text(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| token.text(self.source))
    }

    /// Whether a value may end with this token.
    fn is_value_end(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else { return false };
        match token.kind {
            Kind::Text => true,
            Kind::Word => !is_keyword(self.text(index)),
            Kind::Symbol => matches!(self.text(index), ")" | "]" | "}" | "()"),
        }
    }

    /// Both sides of an `&&` or `||`, each from its first token to the one after it.
    fn operands(&self, operator: usize) -> [(usize, usize); 2] {
        let (mut first, mut depth) = (operator, 0_usize);
        while first > 0 {
            let text = self.text(first - 1);
            if is_closing(text) {
                // A block before this one is a statement of its own, unless it is the value.
                if depth == 0 && text == "}" && first != operator {
                    break;
                }
                depth += 1;
            } else if is_opening(text) {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            } else if depth == 0 && (ends_operand(text) || is_keyword(text) && text != "in") {
                break;
            }
            first -= 1;
        }
        [(first, operator), (operator + 1, self.operand_end(operator + 1))]
    }

    /// The token after an operand that begins with a token.
    fn operand_end(&self, first: usize) -> usize {
        let (mut end, mut depth) = (first, 0_usize);
        while end < self.tokens.len() {
            let text = self.text(end);
            if is_opening(text) {
                let begins_value = end == first || self.text(end - 1) == "else";
                if depth == 0 && text == "{" && !begins_value && !self.in_if(first) {
                    break;
                }
                depth += 1;
            } else if is_closing(text) {
                if depth == 0 {
                    break;
                }
                depth -= 1;
            } else if depth == 0 && ends_operand(text) {
                break;
            }
            end += 1;
        }
        end
    }

    /// Whether an operand is an `if … { } else { }` of its own.
    fn in_if(&self, first: usize) -> bool {
        matches!(self.text(first), "if" | "switch")
    }

    /// From `if` or `while` to the block.
    fn condition(&self, keyword: usize) -> Option<(usize, usize)> {
        let (mut end, mut depth) = (keyword + 1, 0_usize);
        while end < self.tokens.len() {
            let text = self.text(end);
            if depth == 0 && text == "{" && end > keyword + 1 {
                return Some((keyword + 1, end));
            }
            // Not before a block: the `while` of a `do`, or the `if` of a `switch` case.
            if depth == 0 && matches!(text, ";" | "=>" | "}" | "if" | "switch") {
                return None;
            }
            if is_opening(text) {
                depth += 1;
            } else if is_closing(text) {
                depth = depth.checked_sub(1)?;
            }
            end += 1;
        }
        None
    }

    /// `()` beside `==` or `!=`, which is no call.
    fn nothing(&self, index: usize) -> Option<Edit> {
        let is_equality = |text: &str| matches!(text, "==" | "!=");
        let before = index.checked_sub(1).map_or("", |index| self.text(index));
        let call = index > 0 && self.is_value_end(index - 1);
        let asked = !call && (is_equality(before) || is_equality(self.text(index + 1)));
        let token = self.tokens[index];
        asked.then(|| Edit::replace(token.start, token.end, NOTHING))
    }
}

fn is_opening(text: &str) -> bool {
    matches!(text, "(" | "[" | "{" | "#{" | "?[")
}

fn is_closing(text: &str) -> bool {
    matches!(text, ")" | "]" | "}")
}

/// What binds less than `&&`, or separates.
fn ends_operand(text: &str) -> bool {
    matches!(
        text,
        "&&" | "||"
            | ","
            | ";"
            | ":"
            | "=>"
            | "="
            | "+="
            | "-="
            | "*="
            | "/="
            | "%="
            | "|"
            | "^"
            | "&"
    )
}

fn is_keyword(text: &str) -> bool {
    matches!(
        text,
        "if" | "else"
            | "while"
            | "until"
            | "do"
            | "loop"
            | "for"
            | "in"
            | "switch"
            | "return"
            | "throw"
            | "break"
            | "continue"
            | "let"
            | "const"
            | "fn"
    )
}
