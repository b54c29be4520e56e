use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{Change, Criterion, Need, NextChange};
use crate::criteria::{Direction, value_json};
use crate::expr::{MetricId, NEVER_DAYS, Unit, Value};
use crate::lifecycle::Event;
use crate::pass::{GivenValue, Why};
use crate::program::{BenefitKind, CutoffKind, Ladder, LocalText, MetricKind, Program};

/// Values and criteria as people read them: with the money's decimals, in their language.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    program: &'a Program,
    locale: Option<&'a str>,
    exact: bool,
}

/// A number as it is, without zeros at its end.
pub fn plain_number(number: Decimal) -> String {
    number.normalize().to_string()
}

/// Places of percents and other numbers that people still read.
const READABLE_PLACES: u32 = 2;

impl<'a> Words<'a> {
    pub fn new(program: &'a Program, locale: Option<&'a str>) -> Self {
        Self { program, locale, exact: false }
    }

    /// Words that are compared with each other: ids in place of titles, numbers with all of their
    /// places, texts in quotes.
    pub fn exact(program: &'a Program) -> Self {
        Self { program, locale: None, exact: true }
    }

    /// A text in the reader's language; `None` where there is none.
    pub(super) fn text<'t>(&self, text: &'t LocalText) -> Option<&'t str> {
        text.get(self.locale)
    }

    /// A title in the reader's language, or the id where there is none.
    pub fn title(&self, title: &'a LocalText, id: &'a str) -> &'a str {
        title.get(self.locale).filter(|_| !self.exact).unwrap_or(id)
    }

    pub fn number(&self, number: Decimal, unit: Unit) -> String {
        match unit {
            Unit::Money => {
                let places = u32::from(self.program.settings.money_decimals);
                let rounded = number.round_dp(places);
                // A computed amount may be finer than the money; it is not hidden.
                if rounded == number {
                    format!("{rounded:.0$}", places as usize)
                } else {
                    plain_number(number)
                }
            }
            Unit::Days if number == Decimal::from(NEVER_DAYS) => "never".to_owned(),
            Unit::Percent | Unit::Number if !self.exact => {
                plain_number(number.round_dp(READABLE_PLACES))
            }
            _ => plain_number(number),
        }
    }

    /// A value with its unit, as fine as people read it: `812.40 TRY`, `12.5 %`, `14 days`.
    pub fn amount(&self, value: &Value, unit: Unit) -> String {
        let Value::Number(number) = value else { return self.value(value, unit) };
        match unit {
            Unit::Money => {
                let rounded = number.round_dp(u32::from(self.program.settings.money_decimals));
                format!("{} {}", self.number(rounded, unit), self.program.settings.currency)
            }
            Unit::Percent => format!("{} %", self.number(*number, unit)),
            Unit::Days if *number == Decimal::from(NEVER_DAYS) => self.number(*number, unit),
            Unit::Days if *number == Decimal::ONE => "1 day".to_owned(),
            Unit::Days => format!("{} days", self.number(number.round_dp(READABLE_PLACES), unit)),
            Unit::Count | Unit::Number => self.number(*number, unit),
        }
    }

    pub fn value(&self, value: &Value, unit: Unit) -> String {
        match value {
            Value::Null => "unknown".to_owned(),
            Value::Number(number) => self.number(*number, unit),
            Value::Flag(true) => "yes".to_owned(),
            Value::Flag(false) => "no".to_owned(),
            Value::Text(_) if self.exact => value_json(value).to_string(),
            Value::Text(text) => text.to_string(),
            Value::Date(date) => date.to_string(),
            Value::List(list) => {
                let items: Vec<String> = list.iter().map(|item| self.value(item, unit)).collect();
                items.join(", ")
            }
        }
    }

    /// What a criterion is about: a metric's title, the top, or the expression as written.
    pub fn criterion(&self, criterion: &Criterion) -> String {
        let subject = self.subject(criterion.metric, &criterion.subject);
        match (criterion.top, criterion.metric) {
            (Some(top), _) => match self.program.cutoffs[top].kind {
                CutoffKind::TopPercent(share) => {
                    format!("{subject}, top {} %", plain_number(share))
                }
                CutoffKind::TopCount(count) => format!("{subject}, top {count}"),
                CutoffKind::MakesPercent(share) => {
                    format!("{subject}, those who make {} %", plain_number(share))
                }
                _ => subject,
            },
            (None, Some(_)) => subject,
            (None, None) => criterion.text.clone(),
        }
    }

    /// `812.40 of 1000.00: 187.60 short`; what was taken over the population on another date
    /// than the one that is explained says so.
    pub fn outcome(&self, criterion: &Criterion, as_of: Date) -> String {
        if let Some(fault) = criterion.fault {
            return format!("no answer: {}", fault.words());
        }
        let Criterion { direction, unit, .. } = *criterion;
        let measured = self.value(&criterion.measured, unit);
        let asked = self.value(&criterion.asked, unit);
        let taken = match criterion.taken_on.filter(|taken_on| *taken_on != as_of) {
            Some(taken_on) => format!(", taken {taken_on}"),
            None => String::new(),
        };
        match (direction, &criterion.asked) {
            (Direction::Other, Value::Flag(_)) => format!("{measured}{taken}"),
            _ => {
                let gap = criterion.gap.filter(|_| !criterion.met);
                let relation = format!("{}{taken}", relation(&measured, &asked, direction));
                self.with_gap(relation, direction, gap, unit)
            }
        }
    }

    /// `Spend 812.40 of 1000.00: 187.60 short`
    pub fn need(&self, need: &Need) -> String {
        let name = self.subject(need.metric, &need.name);
        let (now, asked) = (self.number(need.now, need.unit), self.number(need.asked, need.unit));
        let relation = relation(&now, &asked, need.direction);
        let relation = self.with_gap(relation, need.direction, Some(need.gap), need.unit);
        format!("{name} {relation}")
    }

    /// `Spend up by 187.60 to 1000.00`
    pub fn change(&self, change: &Change) -> String {
        let unit = self.program.metrics[change.metric].unit;
        let direction = if change.by < Decimal::ZERO { "down" } else { "up" };
        let (by, to) = (self.number(change.by.abs(), unit), self.number(change.to, unit));
        format!("{} {direction} by {by} to {to}", self.metric(change.metric))
    }

    /// `On 2026-12-15, if nothing more is bought: falls to Gold`
    pub fn next_change(&self, ladder: &Ladder, change: &NextChange) -> String {
        let tier = change.to.tier.map(|tier| &ladder.tiers[tier]);
        let tier = tier.map(|tier| self.title(&tier.title, &tier.name));
        let stays = tier.map_or_else(|| "has no tier".to_owned(), |tier| format!("stays {tier}"));
        let until = match change.to.review_on {
            Some(until) if until > change.on => format!(" until {until}"),
            _ => String::new(),
        };
        let tier = tier.unwrap_or("no tier");
        let what = match (change.event, change.to.grace_until) {
            (Some(Event::Entered | Event::Upgraded), _) => format!("rises to {tier}"),
            (Some(Event::Downgraded), _) => format!("falls to {tier}"),
            (Some(Event::Left), _) => "falls out of the ladder".to_owned(),
            (Some(Event::Migrated), _) => format!("moves to {tier}"),
            (Some(Event::GraceStarted), Some(until)) => format!("begins a grace until {until}"),
            (Some(Event::Retained), _) => format!("{stays}{until}"),
            (Some(Event::GraceRecovered), _) => format!("has caught up, {stays}{until}"),
            (Some(Event::HoldEnded), _) => format!("the hold ends, {stays}"),
            (Some(Event::Fault), _) => format!("there is no answer, {stays}"),
            _ => stays,
        };
        format!("On {}, if nothing more is bought: {what}", change.on)
    }

    /// How a measured value stands to what is asked, and what is missing.
    fn with_gap(
        &self,
        relation: String,
        direction: Direction,
        gap: Option<Decimal>,
        unit: Unit,
    ) -> String {
        // Only a top is missed with enough: others with as much rank before, or one does not count.
        if direction == Direction::AtLeast {
            match gap {
                Some(gap) if gap.is_zero() => return format!("{relation}, but others rank before"),
                Some(gap) if gap < Decimal::ZERO => {
                    return format!("{relation}, but outside of those who count");
                }
                _ => {}
            }
        }
        // Where equal is not enough the gap is nothing, and the words say it.
        match gap.filter(|gap| *gap > Decimal::ZERO) {
            Some(gap) => {
                let words = if direction.is_upper() { "too much" } else { "short" };
                format!("{relation}: {} {words}", self.number(gap, unit))
            }
            None => relation,
        }
    }

    /// What a benefit gives: `20 %`, `free over 500.00 TRY`, `Gift box`.
    pub fn given(&self, kind: BenefitKind, value: &GivenValue) -> String {
        let money = |number: Decimal| self.amount(&Value::Number(number), Unit::Money);
        match value {
            GivenValue::Amount(amount) => match kind {
                BenefitKind::AmountOff => money(*amount),
                BenefitKind::PointsMultiplier => format!("{} times", plain_number(*amount)),
                _ => format!("{} %", plain_number(*amount)),
            },
            GivenValue::ShippingAlways => "always".to_owned(),
            GivenValue::ShippingOver(over) => format!("over {}", money(*over)),
            GivenValue::Credit { ceiling, days, guarantor } => {
                let guarantor = if *guarantor { ", with a guarantor" } else { "" };
                format!("up to {} for {days} days{guarantor}", money(*ceiling))
            }
            GivenValue::Text(text) => text.get(self.locale).unwrap_or_default().to_owned(),
        }
    }

    /// What gives a benefit: the tier's or segment's title.
    pub fn why(&self, why: Why) -> String {
        match why {
            Why::Tier(ladder, tier) => {
                let tier = &self.program.ladders[ladder].tiers[tier];
                self.title(&tier.title, &tier.name).to_owned()
            }
            Why::Segment(segment) => {
                let segment = &self.program.segments[segment];
                self.title(&segment.title, &segment.name).to_owned()
            }
        }
    }

    /// A metric's title, or what stands in the pack.
    pub fn subject(&self, metric: Option<MetricId>, written: &str) -> String {
        metric.map_or_else(|| written.to_owned(), |metric| self.metric(metric))
    }

    /// A metric's title; the parts of an `rfm` metric say which they are.
    pub fn metric(&self, metric: MetricId) -> String {
        let rule = &self.program.metrics[metric];
        let title = self.title(&rule.title, &rule.name);
        match rule.kind {
            MetricKind::RfmPart { part, .. } if !rule.title.is_empty() && !self.exact => {
                let part = ["recency", "frequency", "money"][usize::from(part.min(2))];
                format!("{title}: {part}")
            }
            _ => title.to_owned(),
        }
    }
}

/// How a measured value stands to what is asked.
fn relation(measured: &str, asked: &str, direction: Direction) -> String {
    match direction {
        Direction::AtLeast => format!("{measured} of {asked}"),
        Direction::MoreThan => format!("{measured}, more than {asked} is asked"),
        Direction::AtMost => format!("{measured}, at most {asked} is allowed"),
        Direction::LessThan => format!("{measured}, less than {asked} is asked"),
        Direction::Exactly => format!("{measured}, {asked} is asked"),
        Direction::AnythingBut => format!("{measured}, anything but {asked} is asked"),
        Direction::Other => format!("{measured}, asked is {asked}"),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::lifecycle::Standing;

    #[test]
    fn what_comes_next_is_said_by_its_event() {
        let pack = "
ladders:
  club:
    tiers:
      vip: { enter: spend > 9, title: { en: VIP, tr: Seçkin } }
      gold: { enter: spend > 5 }
";
        let program = crate::pass::fixture::shop("", "", pack);
        let on = date(2026, 12, 15);
        let said = |event: Option<Event>, tier: Option<usize>| {
            let to = Standing {
                tier,
                review_on: Some(date(2027, 9, 15)),
                grace_until: Some(date(2027, 1, 14)),
                ..Standing::default()
            };
            let change = NextChange { on, event, to };
            let said = Words::new(&program, Some("tr")).next_change(&program.ladders[0], &change);
            let start = "On 2026-12-15, if nothing more is bought: ";
            said.strip_prefix(start).unwrap_or_else(|| panic!("{said}")).to_owned()
        };
        assert_eq!(said(None, Some(1)), "stays gold");
        assert_eq!(said(None, None), "has no tier");
        assert_eq!(said(Some(Event::Retained), Some(0)), "stays Seçkin until 2027-09-15");
        assert_eq!(said(Some(Event::Upgraded), Some(0)), "rises to Seçkin");
        assert_eq!(said(Some(Event::Downgraded), Some(1)), "falls to gold");
        assert_eq!(said(Some(Event::Left), None), "falls out of the ladder");
        assert_eq!(said(Some(Event::GraceStarted), Some(0)), "begins a grace until 2027-01-14");
        let recovered = "has caught up, stays Seçkin until 2027-09-15";
        assert_eq!(said(Some(Event::GraceRecovered), Some(0)), recovered);
        assert_eq!(said(Some(Event::HoldEnded), Some(1)), "the hold ends, stays gold");
        assert_eq!(said(Some(Event::HoldEnded), None), "the hold ends, has no tier");
    }

    #[test]
    fn exact_words_are_ids_all_places_and_quoted_texts() {
        let program = crate::pass::fixture::program(
            "",
            "  share: { expr: spend / 3, title: Share }\n",
            "ladders: { club: { tiers: { vip: { enter: share > 5, title: Our best } } } }\n",
        );
        let share = crate::pass::fixture::metric(&program, "share");
        let (people, exact) = (Words::new(&program, None), Words::exact(&program));
        assert_eq!((people.metric(share), exact.metric(share)), ("Share".into(), "share".into()));
        let vip = &program.ladders[0].tiers[0];
        assert_eq!(people.title(&vip.title, &vip.name), "Our best");
        assert_eq!(exact.title(&vip.title, &vip.name), "vip");
        let number = Value::Number("33.333333".parse().unwrap());
        assert_eq!(people.value(&number, Unit::Percent), "33.33");
        assert_eq!(exact.value(&number, Unit::Percent), "33.333333");
        let text = Value::text("two\nlines");
        assert_eq!(people.value(&text, Unit::Number), "two\nlines");
        assert_eq!(exact.value(&text, Unit::Number), "\"two\\nlines\"");
        let never = Value::Number(NEVER_DAYS.into());
        assert_eq!(exact.value(&never, Unit::Days), "never");
    }

    #[test]
    fn numbers_lose_only_zeros() {
        assert_eq!(plain_number("812.40".parse().unwrap()), "812.4");
        assert_eq!(plain_number("1000".parse().unwrap()), "1000");
    }
}
