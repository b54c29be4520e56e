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
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// A plain decimal: digits, perhaps a sign and a point. Never an exponent.
pub(super) fn decimal(text: &str) -> Option<Decimal> {
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
                let help = duration_help(text.text.trim());
                self.report(
                    Diagnostic::new(
                        code,
                        text.whole(),
                        format!("`{}` is no duration: {error}", text.text.trim()),
                    )
                    .help(help),
                );
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
            ParameterKind::Duration => format!("`{name}` is neither a duration nor a parameter"),
            _ => format!("`{name}` is neither a number nor a parameter"),
        };
        self.report(Diagnostic::new(Code::UnknownName, text.whole(), message).maybe_help(help));
    }

    /// A number of a unit, or a parameter with one: typed, so that explanations can name it.
    pub fn number(&mut self, literal: &Literal, unit: Unit) -> Option<Expr> {
        let Literal::Scalar { text, quoted: false } = literal else {
            self.error(Code::InvalidValue, literal.span(), "a number is wanted here");
            return None;
        };
        let trimmed = text.text.trim();
        if is_name(trimmed) {
            return match self.parameter_named(trimmed) {
                Some((id, ParameterValue::Value(value @ Value::Number(_)))) => Some(Expr {
                    node: Node::Parameter(id, value),
                    ty: Type::Number,
                    unit: parameter_unit(self.parameters[id].kind),
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
            self.error(Code::InvalidPercent, span, message);
            return None;
        }
        Some(number)
    }

    /// The number a text says, with the findings of docs/language.md §10 for what people write instead.
    pub fn written_number(&mut self, text: &MappedText, unit: Unit) -> Option<Decimal> {
        let written = text.text.trim();
        let span = text.whole();
        let Some(number) = decimal(written) else {
            let (code, help) = number_help(written, unit);
            self.report(
                Diagnostic::new(code, span, format!("`{written}` is no number")).maybe_help(help),
            );
            return None;
        };
        if unit == Unit::Money && number.scale() > u32::from(self.settings.money_decimals) {
            self.money_decimals(written, number, span);
            return None;
        }
        if unit == Unit::Count && !number.is_integer() {
            self.error(Code::InvalidValue, span, format!("`{written}` is no whole number"));
            return None;
        }
        Some(number.normalize())
    }

    /// The finding for an amount with more decimals than the money has.
    pub fn money_decimals(&mut self, written: &str, number: Decimal, span: Span) {
        let decimals = self.settings.money_decimals;
        let currency = &self.settings.currency;
        let thousands = written
            .split_once('.')
            .is_some_and(|(whole, rest)| whole.len() <= 3 && rest.len() == 3);
        let plural = if decimals == 1 { "" } else { "s" };
        let message = if thousands && number.is_integer() {
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
            format!("write at most {decimals} decimal{plural}")
        };
        self.report(Diagnostic::new(Code::MoneyDecimals, span, message).help(help));
    }

    /// `YYYY-MM-DD`.
    pub fn date(&mut self, text: &str, span: Span) -> Option<Date> {
        let parsed = (text.len() == 10).then(|| text.parse::<Date>().ok()).flatten();
        if parsed.is_none() {
            self.report(
                Diagnostic::new(Code::InvalidValue, span, format!("`{text}` is no date"))
                    .help("write year, month and day, as in `2026-03-21`"),
            );
        }
        parsed
    }
}

pub(super) fn parameter_unit(kind: ParameterKind) -> Unit {
    match kind {
        ParameterKind::Money => Unit::Money,
        ParameterKind::Percent => Unit::Percent,
        ParameterKind::Count => Unit::Count,
        _ => Unit::Number,
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

/// What to write instead of a text that is no number.
fn number_help(written: &str, unit: Unit) -> (Code, Option<String>) {
    if let Some(number) = written.strip_suffix('%').map(str::trim_end)
        && decimal(number).is_some()
    {
        return (
            Code::PercentSign,
            Some(format!("percents are numbers from 0 to 100: write `{number}`")),
        );
    }
    let joined = written.replace([',', '_', ' ', '\'', '\u{a0}', '\u{202f}'], "");
    if joined != written && decimal(&joined).is_some() {
        let code = if written.contains(',') { Code::ThousandsComma } else { Code::InvalidValue };
        return (code, Some(format!("write `{joined}`")));
    }
    let ascii: String = written.chars().map(ascii_digit).collect();
    if ascii != written && decimal(&ascii).is_some() {
        return (Code::ForeignDigits, Some(format!("write `{ascii}`")));
    }
    let help = match unit {
        Unit::Percent => Some("write a number from 0 to 100".to_owned()),
        Unit::Count => Some("write a whole number".to_owned()),
        _ => Some("write a plain number, as in `1000` or `99.90`".to_owned()),
    };
    (Code::InvalidValue, help)
}

/// The ASCII digit for a digit of a script that the packs' readers use.
fn ascii_digit(c: char) -> char {
    // Arabic-Indic, extended Arabic-Indic (Persian), Devanagari, Bengali, Thai, full width.
    const ZEROS: [u32; 6] = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10];
    let value = c as u32;
    ZEROS
        .iter()
        .find(|&&zero| (zero..zero + 10).contains(&value))
        .and_then(|zero| char::from_digit(value - zero, 10))
        .unwrap_or(c)
}

fn duration_help(written: &str) -> String {
    let fallback = "write a whole number and a unit, as in `12 months`".to_owned();
    let split = written.find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len());
    let (count, unit) = written.split_at(split);
    let unit = unit.trim();
    let is_right =
        matches!(unit, "day" | "days" | "week" | "weeks" | "month" | "months" | "year" | "years");
    if count.is_empty() || count == "0" || is_right {
        return fallback;
    }
    let unit = match unit {
        "d" => Some("days"),
        "w" => Some("weeks"),
        "m" => Some("months"),
        "y" => Some("years"),
        _ if count == "1" => crate::diagnostic::nearest(unit, ["day", "week", "month", "year"]),
        _ => crate::diagnostic::nearest(unit, ["days", "weeks", "months", "years"]),
    };
    unit.map_or(fallback, |unit| format!("did you mean `{count} {unit}`?"))
}
