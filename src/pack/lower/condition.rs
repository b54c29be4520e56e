use super::Lower;
use crate::diagnostic::{Code, Diagnostic};
use crate::expr::Condition;
use crate::pack::yaml::{Kind, Node};
use crate::pack::{ExprText, ParsedCondition};
use crate::source::Loc;

const KEYS: &[&str] = &["all", "any", "at_least", "none"];

impl Lower<'_> {
    /// `always`, `never`, one expression, a list, or a map of `all`, `any`, `none`.
    pub(super) fn condition(&mut self, node: &Node) -> Option<ParsedCondition> {
        let condition = self.nested_condition(node)?;
        Some(Loc::new(condition, node.span))
    }

    pub(super) fn maybe_condition(&mut self, node: Option<&Node>) -> Option<ParsedCondition> {
        node.and_then(|node| self.condition(node))
    }

    fn nested_condition(&mut self, node: &Node) -> Option<Condition<ExprText>> {
        match &node.kind {
            Kind::Scalar(scalar) => match scalar.text.text.trim() {
                "" => self.empty_condition(node),
                "always" => Some(Condition::Always),
                "never" => Some(Condition::Never),
                _ => Some(Condition::Expr(scalar.text.clone())),
            },
            Kind::Seq(items) if items.is_empty() => self.empty_condition(node),
            Kind::Seq(items) => Some(Condition::All(self.conditions(items))),
            Kind::Map(entries) if entries.is_empty() => self.empty_condition(node),
            Kind::Map(_) => self.condition_map(node),
            Kind::Null => self.empty_condition(node),
            Kind::Broken => None,
        }
    }

    fn empty_condition(&mut self, node: &Node) -> Option<Condition<ExprText>> {
        self.findings.push(
            Diagnostic::new(Code::EmptyCondition, node.span, "the condition is empty")
                .help("write an expression, `always` or `never`"),
        );
        None
    }

    fn conditions(&mut self, items: &[Node]) -> Vec<Condition<ExprText>> {
        items.iter().filter_map(|item| self.nested_condition(item)).collect()
    }

    fn condition_map(&mut self, node: &Node) -> Option<Condition<ExprText>> {
        let fields = self.fields(node, "a condition", KEYS)?;
        let mut parts = Vec::new();
        for entry in fields.entries() {
            let key = entry.key.value.as_str();
            if !matches!(key, "all" | "any" | "none") {
                continue;
            }
            let of = match &entry.value.kind {
                Kind::Seq(items) if !items.is_empty() => self.conditions(items),
                Kind::Seq(_) | Kind::Null => {
                    self.empty_condition(&entry.value);
                    continue;
                }
                Kind::Broken => continue,
                Kind::Scalar(_) | Kind::Map(_) => {
                    let help = "write each condition on a line of its own after `- `";
                    self.wrong_shape(
                        entry.value.span,
                        format!("`{key}` takes a list of conditions"),
                        Some(help.to_owned()),
                    );
                    continue;
                }
            };
            parts.push(match key {
                "all" => Condition::All(of),
                "none" => Condition::None(of),
                _ => {
                    let written = entry.value.items();
                    let at_least = fields.get("at_least");
                    let at_least = at_least.and_then(|node| self.at_least(node, written));
                    Condition::Any { at_least: at_least.unwrap_or(1), of }
                }
            });
        }
        if let (Some(entry), None) = (fields.entry("at_least"), fields.entry("any")) {
            self.findings.push(
                Diagnostic::new(Code::UnknownKey, entry.key.span, "`at_least` without `any`")
                    .help("write it beside `any:`"),
            );
        }
        match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Condition::All(parts)),
        }
    }

    /// How many of the `written` conditions must hold.
    fn at_least(&mut self, node: &Node, written: usize) -> Option<usize> {
        let word = self.word(node, "`at_least`")?;
        let number = word.value.parse::<usize>().ok();
        let number = number.filter(|number| (1..=written).contains(number));
        if number.is_none() {
            self.invalid_value(
                word.span,
                format!("`at_least` is a whole number from 1 to {written}, the conditions listed"),
                None,
            );
        }
        number
    }
}

impl Node {
    /// How many items a list has.
    fn items(&self) -> usize {
        match &self.kind {
            Kind::Seq(items) => items.len(),
            _ => 0,
        }
    }
}
