//! When tiers are looked at again, and how often a ladder takes its cutoffs.

use rust_decimal::Decimal;

use super::checker::Checker;
use super::literal::is_name;
use super::scope::Scope;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::expr::LadderId;
use crate::lifecycle::{Cadence, CutoffCadence, Review, ReviewFrom, Span as Length, Tick};
use crate::pack::{Literal, ParsedReview};
use crate::program::MonthDay;
use crate::source::Loc;

/// Words for cadences that are written as a duration.
const LONG_CADENCES: [(&str, &str); 4] = [
    ("fortnightly", "2 weeks"),
    ("quarterly", "3 months"),
    ("yearly", "1 year"),
    ("annually", "1 year"),
];

impl Checker<'_> {
    pub fn review(&mut self, ladder: LadderId, parsed: &ParsedReview) -> Option<Review> {
        match parsed {
            ParsedReview::Fixed { period, from, round } => {
                let period = self.length(ladder, period)?;
                let from = match from {
                    Some(from) => self.review_from(from)?,
                    None => ReviewFrom::Evaluation,
                };
                Some(Review::Fixed { period, from, round: round.as_ref().map(|r| r.value) })
            }
            ParsedReview::Dynamic(cadence) => match self.tick(cadence)? {
                Some(tick) => Some(Review::Dynamic(Cadence::Tick(tick))),
                None => {
                    self.length(ladder, cadence).map(|every| Review::Dynamic(Cadence::Every(every)))
                }
            },
        }
    }

    /// How often a ladder takes its cutoffs; `None`: in every pass.
    pub fn cutoff_cadence(&mut self, cutoffs: &Literal) -> Option<CutoffCadence> {
        match self.tick(cutoffs)? {
            Some(Tick::Daily) => None,
            Some(tick) => Some(CutoffCadence::Tick(tick)),
            None => self.duration(cutoffs).map(CutoffCadence::Every),
        }
    }

    /// The tick that a word names: `Some(None)` for what may be a duration, `None` for a
    /// word that is misspelt, which is a finding.
    fn tick(&mut self, literal: &Literal) -> Option<Option<Tick>> {
        let Literal::Scalar { text, .. } = literal else { return Some(None) };
        let written = text.text.trim();
        match written {
            "daily" => return Some(Some(Tick::Daily)),
            "weekly" => return Some(Some(Tick::Weekly)),
            "monthly" => return Some(Some(Tick::Monthly)),
            _ => {}
        }
        let is_known = self.names.contains_key(written);
        let help = LONG_CADENCES
            .iter()
            .find(|(word, _)| *word == written)
            .map(|(_, duration)| format!("write `{duration}`"))
            .or_else(|| did_you_mean(written, ["daily", "weekly", "monthly"]))
            .filter(|_| is_name(written) && !is_known);
        if let Some(help) = help {
            let message = format!("`{written}` is no cadence");
            self.report(Diagnostic::new(Code::InvalidValue, text.whole(), message).help(help));
            return None;
        }
        Some(None)
    }

    /// A duration, a parameter, or `{expr: …}` that gives whole days or duration text.
    fn length(&mut self, ladder: LadderId, literal: &Literal) -> Option<Length> {
        let Literal::Expr { text, .. } = literal else {
            return self.duration(literal).map(Length::Fixed);
        };
        // A script may give either; its number is read as its digits.
        let ast = crate::expr::parse(text, &mut self.findings)?;
        let want = Some(crate::expr::Type::Text);
        let scope = Scope::criterion(ladder, self.holding(ladder));
        let expr = self.typed_expr(&ast, scope, want)?;
        if !matches!(expr.ty, crate::expr::Type::Number | crate::expr::Type::Text) {
            let message = format!("a period is whole days or text; this is {}", expr.ty.words());
            self.error(Code::WrongType, expr.span, message);
            return None;
        }
        if let crate::expr::Node::Literal(crate::expr::Value::Number(days)) = &expr.node
            && *days < Decimal::ONE
        {
            let message = format!("`{days}` days is under a day");
            self.report(
                Diagnostic::new(Code::PeriodTooShort, expr.span, message)
                    .help("write at least `1 day`"),
            );
            return None;
        }
        Some(Length::Computed(expr))
    }

    fn review_from(&mut self, from: &Loc<String>) -> Option<ReviewFrom> {
        match from.value.as_str() {
            "evaluation" => return Some(ReviewFrom::Evaluation),
            "entry" => return Some(ReviewFrom::Entry),
            _ => {}
        }
        if let Some(day) = month_day(&from.value) {
            return Some(ReviewFrom::EachYear(day));
        }
        let attributes = || self.attributes.iter().map(|attribute| attribute.name.as_str());
        if attributes().any(|name| name == from.value) {
            return self.date_attribute(&from.value, from.span).map(ReviewFrom::Attribute);
        }
        let help = did_you_mean(&from.value, attributes().chain(["evaluation", "entry"]));
        self.report(
            Diagnostic::new(
                Code::InvalidValue,
                from.span,
                format!("a period cannot start from `{}`", from.value),
            )
            .help(help.unwrap_or_else(|| {
                if from.value.starts_with(|c: char| c.is_ascii_digit()) {
                    return crate::pack::day_help(&from.value);
                }
                "write `evaluation`, `entry`, a date attribute of the customers, or a day as \
                 `01-01`"
                    .to_owned()
            })),
        );
        None
    }
}

/// `MM-DD`; 29 February is a day of leap years.
pub(super) fn month_day(text: &str) -> Option<MonthDay> {
    let (month, day) = text.split_once('-')?;
    if month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    // 2000 is a leap year.
    jiff::civil::Date::new(2000, month, day).ok()?;
    Some(MonthDay { month, day })
}
