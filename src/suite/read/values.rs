//! Single values: numbers, dates, texts, flags.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};
use rust_decimal::Decimal;

use super::Reader;
use crate::check::literal::decimal;
use crate::check::written::{no_date, no_number, without_quotes};
use crate::expr::{Type, Unit, Value};
use crate::pack::yaml::{Kind, Node, Scalar};
use crate::program::ColumnKind;
use crate::source::Span;

/// The kind of value that a place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wanted {
    pub ty: Type,
    pub unit: Unit,
    /// Decimal places of a number.
    pub scale: u8,
}

impl Wanted {
    pub fn of_column(kind: ColumnKind, money_decimals: u8) -> Self {
        Self { ty: kind.ty(), unit: kind.unit(), scale: kind.scale(money_decimals) }
    }
}

impl Reader<'_, '_> {
    /// A value of a kind; nothing, `~` and `null` are unknown. `what`: as messages call it.
    pub(super) fn value(&mut self, node: &Node, what: &str, wanted: Wanted) -> Option<Value> {
        if matches!(node.kind, Kind::Null) {
            return Some(Value::Null);
        }
        let scalar = self.lower.scalar(node, what)?;
        let span = node.span;
        match wanted.ty {
            Type::Number => self.number(scalar, span, what, wanted).map(Value::Number),
            Type::Flag => self.flag(scalar, span, what).map(Value::Flag),
            Type::Date => self.date(scalar, span).map(Value::Date),
            Type::Text | Type::List => Some(Value::text(&scalar.text.text)),
        }
    }

    /// A number that must be there.
    pub(super) fn known(&mut self, node: &Node, what: &str, wanted: Wanted) -> Option<Decimal> {
        let scalar = self.lower.scalar(node, what)?;
        self.number(scalar, node.span, what, wanted)
    }

    /// A whole number of a range.
    pub(super) fn whole(
        &mut self,
        node: &Node,
        what: &str,
        range: RangeInclusive<u32>,
    ) -> Option<u32> {
        let wanted = Wanted { ty: Type::Number, unit: Unit::Count, scale: 0 };
        let number = self.known(node, what, wanted)?;
        let found = u32::try_from(number).ok().filter(|number| range.contains(number));
        if found.is_none() {
            let (least, most) = range.into_inner();
            let message = match number < least.into() {
                true => format!("{what} is at least {least}"),
                false => format!("{what} is at most {most}"),
            };
            let help = format!("write a whole number from {least} to {most}");
            self.invalid(node.span, message, help);
        }
        found
    }

    fn number(
        &mut self,
        scalar: &Scalar,
        span: Span,
        what: &str,
        wanted: Wanted,
    ) -> Option<Decimal> {
        let written = scalar.text.text.trim();
        if scalar.quoted {
            let help = without_quotes(written, wanted.unit);
            self.invalid(span, format!("{what} is a number"), help);
            return None;
        }
        let Some(number) = decimal(written) else {
            self.lower.findings.push(no_number(written, span, wanted.unit));
            return None;
        };
        let number = number.normalize();
        if number.scale() > u32::from(wanted.scale) {
            let message = match wanted.scale {
                0 => format!("{what} is a whole number, not `{written}`"),
                scale => format!("`{written}` has more decimals than {what} has ({scale})"),
            };
            let rounded = number.round_dp(u32::from(wanted.scale));
            self.invalid(span, message, format!("write `{rounded}`"));
            return None;
        }
        Some(number)
    }

    pub(super) fn flag(&mut self, scalar: &Scalar, span: Span, what: &str) -> Option<bool> {
        match scalar.text.text.trim() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            written => {
                let message = format!("`{written}` is neither true nor false");
                let help = format!("{what} is a flag: write `true` or `false`");
                self.invalid(span, message, help);
                None
            }
        }
    }

    pub(super) fn date(&mut self, scalar: &Scalar, span: Span) -> Option<Date> {
        let written = scalar.text.text.trim();
        let date = (written.len() == 10).then(|| written.parse::<Date>().ok()).flatten();
        if date.is_none() {
            let (message, help) = no_date(written);
            self.invalid(span, message, help);
        }
        date
    }

    /// A date that must be there. `what`: as messages call it.
    pub(super) fn date_of(&mut self, node: &Node, what: &str) -> Option<Date> {
        let scalar = self.lower.scalar(node, what)?;
        self.date(scalar, node.span)
    }

    /// A date, or `none`.
    pub(super) fn maybe_date(&mut self, node: &Node, what: &str) -> Option<Option<Date>> {
        match is_none(node) {
            true => Some(None),
            false => self.date_of(node, what).map(Some),
        }
    }

    /// A date, or a date and a time.
    pub(super) fn moment(&mut self, node: &Node) -> Option<DateTime> {
        let scalar = self.lower.scalar(node, "`at`")?;
        let written = scalar.text.text.trim();
        if written.len() <= 10 {
            return self.date(scalar, node.span).map(DateTime::from);
        }
        // An offset would say another moment than the date and the time before it.
        let plain = |c: char| c.is_ascii_digit() || matches!(c, ' ' | 'T' | ':' | '.');
        let is_plain = written.get(10..).is_some_and(|time| time.chars().all(plain));
        let moment = is_plain.then(|| written.replacen(' ', "T", 1).parse().ok()).flatten();
        if moment.is_none() {
            let message = match is_plain {
                true => format!("`{written}` is no moment that exists"),
                false => format!("`{written}` is no date and time"),
            };
            let zone = &self.program.settings.timezone;
            let help =
                format!("write `2026-01-10`, or `2026-01-10 18:30` as clocks in {zone} show");
            self.invalid(node.span, message, help);
        }
        moment
    }
}

/// Whether a node says that there is nothing: `none`, `null` or `~`.
pub(super) fn is_none(node: &Node) -> bool {
    match &node.kind {
        Kind::Null => true,
        Kind::Scalar(scalar) => !scalar.quoted && scalar.text.text.trim() == "none",
        _ => false,
    }
}
