//! Parameters: their declarations, and the values that a client or a command gives them.

use std::sync::Arc;

use super::checker::{Checker, Meaning};
use super::literal::{is_name, kind_name};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::Value;
use crate::pack::{Literal, ParsedParameter};
use crate::program::{Parameter, ParameterKind, ParameterValue};
use crate::source::{Loc, Span};

impl Checker<'_> {
    /// Lowers the declared parameters with the values in effect: the last override that names
    /// one, else its default.
    pub fn lower_parameters(&mut self, overrides: &[(Loc<String>, Literal)]) {
        let pack = self.pack;
        for (name, _) in overrides {
            if !pack.parameters.iter().any(|parameter| parameter.name.value == name.value) {
                let names = pack.parameters.iter().map(|parameter| parameter.name.value.as_str());
                let help = did_you_mean(&name.value, names);
                self.report(
                    Diagnostic::new(
                        Code::UnknownParameter,
                        name.span,
                        format!("the pack has no parameter `{}`", name.value),
                    )
                    .maybe_help(help),
                );
            }
        }
        for parsed in &pack.parameters {
            let given = overrides
                .iter()
                .rev()
                .find(|(name, _)| name.value == parsed.name.value)
                .map(|(_, literal)| literal);
            self.lower_parameter(parsed, given);
        }
    }

    fn lower_parameter(&mut self, parsed: &ParsedParameter, given: Option<&Literal>) {
        let kind = parsed.kind.value;
        let default = parsed.default.as_ref().and_then(|default| self.typed(default, kind));
        let min = parsed.min.as_ref().and_then(|min| self.typed(min, kind));
        let max = parsed.max.as_ref().and_then(|max| self.typed(max, kind));
        if let (Some(min), Some(max)) = (&min, &max)
            && below(max, min)
        {
            let span = parsed.min.as_ref().map_or(parsed.name.span, Literal::span);
            let finding = Diagnostic::new(Code::ParameterBounds, span, "`min` is above `max`");
            self.report(finding.help("swap them, or leave one of them out"));
        }
        let bounded = |checker: &mut Self, value: &Option<ParameterValue>, span: Span| {
            let Some(value) = value else { return };
            let outside = if min.as_ref().is_some_and(|min| below(value, min)) {
                min.as_ref().map(|min| ("at least", min))
            } else if max.as_ref().is_some_and(|max| below(max, value)) {
                max.as_ref().map(|max| ("at most", max))
            } else {
                None
            };
            if let Some((words, bound)) = outside {
                let message = format!(
                    "`{}` is {}, and must be {words} {}",
                    parsed.name.value,
                    shown(value),
                    shown(bound)
                );
                let help = format!("write {words} `{}`, or change the bound", shown(bound));
                checker.report(Diagnostic::new(Code::ParameterBounds, span, message).help(help));
            }
        };
        if let Some(literal) = &parsed.default {
            bounded(self, &default, literal.span());
        }
        let mut value = default;
        if let Some(literal) = given {
            value = self.typed(literal, kind);
            bounded(self, &value, literal.span());
        }
        if !parsed.has_default && given.is_none() {
            let message = format!("parameter `{}` has no `default`", parsed.name.value);
            self.report(
                Diagnostic::new(Code::MissingKey, parsed.name.span, message)
                    .help("add `default: <value>`, or give it a value in `tierkeeper.yaml`"),
            );
        }
        self.stand_ins |= value.is_none();
        let id = self.parameters.len();
        self.declare(&parsed.name.value, Meaning::Parameter(id), parsed.name.span);
        self.parameters.push(Parameter {
            name: parsed.name.value.clone(),
            kind,
            // With findings there is no program; the value only lets the checks go on.
            value: value.unwrap_or_else(|| stand_in(kind)),
            title: parsed.title.plain(),
        });
    }

    /// A literal as a value of a parameter's type.
    fn typed(&mut self, literal: &Literal, kind: ParameterKind) -> Option<ParameterValue> {
        let mismatch = |checker: &mut Self, shown: &str| {
            let message = match literal {
                Literal::List { .. } => format!("a list is no {}", kind_name(kind)),
                _ => format!("`{shown}` is no {}", kind_name(kind)),
            };
            checker.report(
                Diagnostic::new(Code::ParameterType, literal.span(), message).help(example(kind)),
            );
        };
        let (text, quoted) = match literal {
            Literal::List { items, .. } if kind == ParameterKind::List => {
                let items: Arc<[Value]> =
                    items.iter().map(|item| Value::text(&item.text)).collect();
                return Some(ParameterValue::Value(Value::List(items)));
            }
            Literal::List { .. } => {
                mismatch(self, "a list");
                return None;
            }
            Literal::Expr { text, .. } => {
                mismatch(self, &text.text);
                return None;
            }
            Literal::Scalar { text, quoted } => (text, *quoted),
        };
        let written = text.text.trim();
        let value = match kind {
            ParameterKind::Duration => {
                return self.written_duration(text).map(ParameterValue::Duration);
            }
            ParameterKind::Text => Value::text(&text.text),
            ParameterKind::Flag if written == "true" && !quoted => Value::Flag(true),
            ParameterKind::Flag if written == "false" && !quoted => Value::Flag(false),
            ParameterKind::Date => Value::Date(self.date(written, text.whole())?),
            ParameterKind::Flag if truth(written).is_some() => {
                let meant = truth(written) == Some(true);
                let message = format!("`{written}` is no flag");
                let finding = Diagnostic::new(Code::ParameterType, literal.span(), message);
                self.report(finding.help(format!("write `{meant}`")));
                return None;
            }
            ParameterKind::Flag | ParameterKind::List => {
                mismatch(self, written);
                return None;
            }
            _ if quoted => {
                let help = super::written::without_quotes(written, kind.unit());
                let message =
                    format!("`{written}` in quotation marks is text, no {}", kind_name(kind));
                let finding = Diagnostic::new(Code::ParameterType, literal.span(), message);
                self.report(finding.help(help));
                return None;
            }
            _ if is_name(written) => {
                mismatch(self, written);
                return None;
            }
            _ => {
                let before = self.findings.iter().count();
                let number = self.written_number(text, kind.unit());
                if number.is_none() && self.findings.iter().count() == before {
                    mismatch(self, written);
                }
                let number = number?;
                if kind == ParameterKind::Percent {
                    self.percent_in_range(number, text.whole())?;
                }
                Value::Number(number)
            }
        };
        Some(ParameterValue::Value(value))
    }
}

/// What people mean who write something else than `true` or `false`.
pub(super) fn truth(written: &str) -> Option<bool> {
    match written.to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "1" | "evet" | "ja" => Some(true),
        "no" | "n" | "off" | "false" | "0" | "hayır" | "nein" => Some(false),
        _ => None,
    }
}

/// Whether `a` is less than `b`; kinds without an order never are.
fn below(a: &ParameterValue, b: &ParameterValue) -> bool {
    match (a, b) {
        (ParameterValue::Value(Value::Number(a)), ParameterValue::Value(Value::Number(b))) => a < b,
        (ParameterValue::Value(Value::Date(a)), ParameterValue::Value(Value::Date(b))) => a < b,
        (ParameterValue::Duration(a), ParameterValue::Duration(b)) => {
            a.shortest_days() < b.shortest_days()
        }
        _ => false,
    }
}

fn shown(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Duration(duration) => duration.to_string(),
        ParameterValue::Value(Value::Number(number)) => number.normalize().to_string(),
        ParameterValue::Value(Value::Date(date)) => date.to_string(),
        ParameterValue::Value(Value::Text(text)) => text.to_string(),
        ParameterValue::Value(Value::Flag(flag)) => flag.to_string(),
        ParameterValue::Value(Value::List(_) | Value::Null) => "a list".to_owned(),
    }
}

fn example(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Number => "write a number, as in `1.5`",
        ParameterKind::Money => "write an amount without a currency, as in `1000` or `99.90`",
        ParameterKind::Percent => "write a number from 0 to 100",
        ParameterKind::Count => "write a whole number",
        ParameterKind::Duration => "write a duration, as in `10 months`",
        ParameterKind::Date => "write a date, as in `2026-03-21`",
        ParameterKind::Text => "write text",
        ParameterKind::Flag => "write `true` or `false`",
        ParameterKind::List => "write a list of texts, as in `[coats, bags]`",
    }
}

fn stand_in(kind: ParameterKind) -> ParameterValue {
    ParameterValue::Value(match kind {
        ParameterKind::Duration => {
            return ParameterValue::Duration(crate::lifecycle::Duration::days(1));
        }
        ParameterKind::Date => Value::Date(jiff::civil::date(2000, 1, 1)),
        ParameterKind::Text => Value::text(""),
        ParameterKind::Flag => Value::Flag(false),
        ParameterKind::List => Value::List(Arc::new([])),
        _ => Value::Number(rust_decimal::Decimal::ONE),
    })
}
