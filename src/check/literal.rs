//! Literals: what stands where a number, amount, duration or list is wanted, or the name of a
//! parameter that has one.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::checker::{Checker, Meaning};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::{Expr, Node, Type, Unit, Value};
use crate::lifecycle::{Duration, DurationError};
use crate::pack::Literal;
use crate::program::{ParameterKind, ParameterValue};
use crate::source::{MappedText, Span};

/// Whether a text has the form of a name, so that it may be a parameter's.
pub(crate) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A plain decimal: digits, perhaps a sign and a point. Never an exponent.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let plain = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.ends_with(|last: char| last.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && digits.bytes().filter(|&byte| byte == b'.').count() <= 1;
    plain.then(|| Decimal::from_str_exact(text.trim_start_matches('+')).ok()).flatten()
}

impl Checker<'_> {
    /// The parameter that a literal names; marks it as used.
    pub fn parameter_named(&mut self, text: &str) -> Option<(usize, ParameterValue)> {
        let (Meaning::Parameter(id), _) = *self.names.get(text)? else { return None };
        self.usage.parameters.insert(id);
        Some((id, self.parameters[id].value.clone()))
    }

    /// A duration, or a parameter with one.
    pub fn duration(&mut self, literal: &Literal) -> Option<Duration> {
        let Literal::Scalar { text, .. } = literal else {
            self.error(Code::InvalidDuration, literal.span(), "a duration is wanted here");
            return None;
        };
        let trimmed = text.text.trim();
        if is_name(trimmed) {
            match self.parameter_named(trimmed) {
                Some((_, ParameterValue::Duration(duration))) => return Some(duration),
                Some((id, _)) => {
                    let kind = kind_name(self.parameters[id].kind);
                    let message = format!("the parameter `{trimmed}` is a {kind}, not a duration");
                    self.error(Code::WrongType, text.whole(), message);
                }
                None => self.unknown_parameter(text, ParameterKind::Duration),
            }
            return None;
        }
        self.written_duration(text)
    }

    pub fn written_duration(&mut self, text: &MappedText) -> Option<Duration> {
        match text.text.trim().parse::<Duration>() {
            Ok(duration) => Some(duration),
            Err(error) => {
                let code = match error {
                    DurationError::TooShort => Code::PeriodTooShort,
                    _ => Code::InvalidDuration,
                };
                let written = text.text.trim();
                let (message, help) = match error {
                    DurationError::TooShort => (
                        format!("`{written}` is too short: {error}"),
                        "write at least `1 day`".to_owned(),
                    ),
                    _ => (
                        format!("`{written}` is no duration: {error}"),
                        super::written::duration_help(written),
                    ),
                };
                self.report(Diagnostic::new(code, text.whole(), message).help(help));
                None
            }
        }
    }

    fn unknown_parameter(&mut self, text: &MappedText, wanted: ParameterKind) {
        let name = text.text.trim();
        let candidates: Vec<&str> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.kind == wanted)
            .map(|parameter| parameter.name.as_str())
            .collect();
        let help = did_you_mean(name, candidates);
        let message = match wanted {
            ParameterKind::Duration => {
                let message = format!("`{name}` is neither a duration nor a parameter");
                let help = help.unwrap_or_else(|| super::written::duration_help(name));
                let finding = Diagnostic::new(Code::UnknownName, text.whole(), message);
                self.report(finding.help(help));
                return;
            }
            _ => format!("`{name}` is neither a number nor a parameter"),
        };
        let help = help.unwrap_or_else(|| "write a number, or the name of a parameter".to_owned());
        self.report(Diagnostic::new(Code::UnknownName, text.whole(), message).help(help));
    }

    /// A number of a unit, or a parameter with one: typed, so that explanations can name it.
    pub fn number(&mut self, literal: &Literal, unit: Unit) -> Option<Expr> {
        let Literal::Scalar { text, quoted: false } = literal else {
            let help = match literal {
                Literal::Scalar { text, .. } => super::written::without_quotes(&text.text, unit),
                _ => "write one number".to_owned(),
            };
            self.report(
                Diagnostic::new(Code::InvalidValue, literal.span(), "a number is wanted here")
                    .help(help),
            );
            return None;
        };
        let trimmed = text.text.trim();
        if is_name(trimmed) {
            return match self.parameter_named(trimmed) {
                Some((id, ParameterValue::Value(value @ Value::Number(_)))) => Some(Expr {
                    node: Node::Parameter(id, value),
                    ty: Type::Number,
                    unit: self.parameters[id].kind.unit(),
                    span: text.whole(),
                }),
                Some((id, _)) => {
                    let kind = kind_name(self.parameters[id].kind);
                    let message = format!("the parameter `{trimmed}` is a {kind}, not a number");
                    self.error(Code::WrongType, text.whole(), message);
                    None
                }
                None => {
                    self.unknown_parameter(text, ParameterKind::Number);
                    None
                }
            };
        }
        let number = self.written_number(text, unit)?;
        Some(Expr {
            node: Node::Literal(Value::Number(number)),
            ty: Type::Number,
            unit,
            span: text.whole(),
        })
    }

    /// A number that is known now: a literal, or a parameter's value.
    pub fn constant_number(&mut self, literal: &Literal, unit: Unit) -> Option<Decimal> {
        match self.number(literal, unit)?.node {
            Node::Literal(Value::Number(number)) | Node::Parameter(_, Value::Number(number)) => {
                Some(number)
            }
            _ => None,
        }
    }

    /// Percent, 0 to 100.
    pub fn percent(&mut self, literal: &Literal) -> Option<Decimal> {
        let number = self.constant_number(literal, Unit::Percent)?;
        self.percent_in_range(number, literal.span())
    }

    pub fn percent_in_range(&mut self, number: Decimal, span: Span) -> Option<Decimal> {
        if number.is_sign_negative() && !number.is_zero() || number > Decimal::ONE_HUNDRED {
            let message = format!("`{number}` is no percent: percents are 0 to 100");
            let help = if number.is_sign_negative() {
                "write a number from 0 to 100"
            } else {
                "write a number from 0 to 100: `100` is everybody, or everything"
            };
            self.report(Diagnostic::new(Code::InvalidPercent, span, message).help(help));
            return None;
        }
        Some(number)
    }

    /// The number a text says, with the findings of docs/language.md §10 for what people write instead.
    pub fn written_number(&mut self, text: &MappedText, unit: Unit) -> Option<Decimal> {
        let written = text.text.trim();
        let span = text.whole();
        let Some(number) = decimal(written) else {
            self.report(super::written::no_number(written, span, unit));
            return None;
        };
        if unit == Unit::Money && number.scale() > u32::from(self.settings.money_decimals) {
            self.money_decimals(written, number, span);
            return None;
        }
        if unit == Unit::Count && !number.is_integer() {
            self.report(
                Diagnostic::new(
                    Code::InvalidValue,
                    span,
                    format!("`{written}` is no whole number"),
                )
                .help(format!("write `{}`", number.round())),
            );
            return None;
        }
        Some(number.normalize())
    }

    /// The finding for an amount with more decimals than the money has.
    pub fn money_decimals(&mut self, written: &str, number: Decimal, span: Span) {
        let decimals = self.settings.money_decimals;
        let currency = match self.settings.currency.as_str() {
            "" => "the money",
            currency => currency,
        };
        // A point before `000`, `500` or `250` separates thousands; before `125` it may not.
        let thousands = written.split_once('.').is_some_and(|(whole, rest)| {
            whole.len() <= 3 && whole != "0" && rest.len() == 3 && rest.ends_with('0')
        });
        let plural = if decimals == 1 { "" } else { "s" };
        let message = if thousands {
            format!(
                "`{written}` is {}; {currency} has {decimals} decimal{plural}",
                number.normalize()
            )
        } else {
            format!("`{written}` has more decimals than {currency} has ({decimals})")
        };
        let help = if thousands {
            format!("did you mean `{}`?", written.replace('.', ""))
        } else {
            let rounded = number.abs().round_dp_with_strategy(
                u32::from(decimals),
                rust_decimal::RoundingStrategy::MidpointAwayFromZero,
            );
            format!("write `{rounded}`")
        };
        self.report(Diagnostic::new(Code::MoneyDecimals, span, message).help(help));
    }

    /// `YYYY-MM-DD`.
    pub fn date(&mut self, text: &str, span: Span) -> Option<Date> {
        let parsed = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        if parsed.is_none() {
            let (message, help) = super::written::no_date(text);
            self.report(Diagnostic::new(Code::InvalidValue, span, message).help(help));
        }
        parsed
    }
}

pub(super) fn kind_name(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Number => "number",
        ParameterKind::Money => "money amount",
        ParameterKind::Percent => "percent",
        ParameterKind::Count => "count",
        ParameterKind::Duration => "duration",
        ParameterKind::Date => "date",
        ParameterKind::Text => "text",
        ParameterKind::Flag => "flag",
        ParameterKind::List => "list",
    }
}
