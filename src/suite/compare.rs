//! What is expected against what is found.

use jiff::civil::Date;

use super::case::{Expectation, Expected, ExpectedBenefit, Step};
use super::read::same_text;
use super::run::OWN;
use super::seen::Seen;
use super::shown::{self, Shown};
use crate::explain::{Criterion, Explanation};
use crate::expr::{LadderId, Value};
use crate::lifecycle::{Event, TierCode};
use crate::pass::{GivenBenefit, GivenValue, benefits};
use crate::source::Span;

/// Something that is not as expected.
#[derive(Debug, Clone)]
pub struct Mismatch {
    /// Of the expectation.
    pub span: Span,
    pub on: Date,
    /// `club.tier`, `benefits.discount`
    pub what: String,
    pub expected: String,
    pub found: String,
    /// The criteria of the ladder that it is about, with what was measured.
    pub criteria: Vec<Criterion>,
}

/// Everything that differs, or the first thing.
pub(super) fn compare(step: &Step, seen: &Seen<'_>, first_only: bool) -> Vec<Mismatch> {
    let mut mismatches = Vec::new();
    let mut given = None;
    let mut explained: Option<Explanation<'_>> = None;
    for Expectation { span, what } in &step.expected {
        let Err(Shown { expected, found }) = seen.check(what, &mut given) else { continue };
        let what = shown::place(seen.program, what);
        let mut mismatch = Mismatch {
            span: *span,
            on: step.on,
            what: what.text,
            expected,
            found,
            criteria: Vec::new(),
        };
        if first_only {
            return vec![mismatch];
        }
        if let Some(ladder) = what.ladder {
            let explained = explained.get_or_insert_with(|| seen.explain());
            mismatch.criteria.clone_from(&explained.ladders[ladder].criteria);
        }
        mismatches.push(mismatch);
    }
    mismatches
}

impl<'a> Seen<'a> {
    /// Whether it is as expected; an error with both in words.
    fn check(
        &self,
        what: &Expected,
        given: &mut Option<Vec<GivenBenefit<'a>>>,
    ) -> Result<(), Shown> {
        let (program, outcome) = (self.program, self.outcome);
        let standing = |ladder: LadderId| outcome.after.standings.get(ladder, OWN);
        let date = |wanted: &Option<Date>, found: Option<Date>| {
            shown::same(wanted == &found, || (shown::date(*wanted), shown::date(found)))
        };
        match what {
            Expected::Tier(ladder, wanted) => {
                let found = outcome.after.standings.ladders[*ladder].tier[OWN];
                self.tier(*ladder, *wanted, found)
            }
            Expected::Earned(ladder, wanted) => {
                self.tier(*ladder, *wanted, outcome.ladders[*ladder].earned[OWN])
            }
            Expected::Since(ladder, wanted) => {
                date(wanted, standing(*ladder).since.filter(|_| standing(*ladder).tier.is_some()))
            }
            Expected::ReviewOn(ladder, wanted) => date(wanted, standing(*ladder).review_on),
            Expected::GraceUntil(ladder, wanted) => date(wanted, standing(*ladder).grace_until),
            Expected::Hold(ladder, wanted) => {
                let hold = standing(*ladder).hold;
                let found = hold.is_some_and(|hold| hold.is_active(outcome.population.as_of));
                shown::same(*wanted == found, || (wanted.to_string(), found.to_string()))
            }
            Expected::Happens(ladder, wanted) => {
                let found: Vec<Event> =
                    self.moves().filter(|(it, _)| it == ladder).map(|(_, it)| it.event).collect();
                let same = match wanted {
                    Some(event) => found.contains(event),
                    None => found.is_empty(),
                };
                shown::same(same, || {
                    let wanted = wanted.map_or("none", |event| event.name());
                    (wanted.to_owned(), shown::list(found.iter().map(|event| event.name())))
                })
            }
            Expected::Because(ladder, wanted) => {
                let found = self.because(*ladder);
                let same = found
                    .iter()
                    .any(|(subject, text)| same_text(subject, wanted) || same_text(text, wanted));
                shown::same(same, || {
                    let texts = found.iter().map(|(_, text)| text.as_str());
                    (wanted.clone(), shown::list(texts))
                })
            }
            Expected::Benefit(id, wanted) => {
                let given = given.get_or_insert_with(|| {
                    benefits(program, &outcome.population, &outcome.after, OWN)
                });
                let name = &program.benefits[*id].name;
                let found = given.iter().find(|given| given.id == name).map(|it| &it.value);
                shown::same(is_benefit(wanted, found), || {
                    (shown::expected_benefit(wanted), shown::benefit(found))
                })
            }
            Expected::Occasion(id, wanted) => {
                let given = given.get_or_insert_with(|| {
                    benefits(program, &outcome.population, &outcome.after, OWN)
                });
                let name = &program.benefits[*id].name;
                let found = given.iter().find(|given| given.id == name).map(|it| it.occasion);
                shown::same(found == Some(*wanted), || {
                    let found = found.map_or_else(|| "not given".to_owned(), shown::occasion);
                    (shown::occasion(*wanted), found)
                })
            }
            Expected::Segment(id, wanted) => {
                let found = outcome.after.segments[*id].holds[OWN];
                shown::same(*wanted == found, || (shown::is_in(*wanted), shown::is_in(found)))
            }
            Expected::NoSegment => {
                let names = program.segments.iter().zip(&outcome.after.segments);
                let names = names.filter(|(_, it)| it.holds[OWN]).map(|(it, _)| it.name.as_str());
                shown::nothing(names)
            }
            Expected::Alert(id, wanted) => {
                let found = outcome.alerts[*id].members.holds[OWN];
                shown::same(*wanted == found, || (shown::is_on(*wanted), shown::is_on(found)))
            }
            Expected::NoAlert => {
                let names = program.alerts.iter().zip(&outcome.alerts);
                let names =
                    names.filter(|(_, it)| it.members.holds[OWN]).map(|(it, _)| it.name.as_str());
                shown::nothing(names)
            }
            Expected::Event { event, about, happens } => {
                let found = self.events();
                let is_it = |(it, name): &(Event, &str)| {
                    it == event && about.as_ref().is_none_or(|about| about == name)
                };
                shown::same(found.iter().any(is_it) == *happens, || {
                    let about = about.as_ref().map_or(String::new(), |about| format!(" {about}"));
                    let not = if *happens { "" } else { "not " };
                    (format!("{not}{}{about}", event.name()), shown::events(&found))
                })
            }
            Expected::NoEvent => {
                let found = self.events();
                shown::same(found.is_empty(), || ("none".to_owned(), shown::events(&found)))
            }
            Expected::Faults(wanted) => {
                let found: u64 = outcome.faults.iter().map(|fault| fault.count).sum();
                shown::same(*wanted == found, || {
                    let mut words: Vec<&str> =
                        outcome.faults.iter().map(|it| it.fault.words()).collect();
                    words.dedup();
                    let found = match found {
                        0 => "0".to_owned(),
                        _ => format!("{found} ({})", words.join(", ")),
                    };
                    (wanted.to_string(), found)
                })
            }
            Expected::Metric(metric, wanted) => {
                let found = outcome.population.metric(*metric, OWN);
                let same = match (wanted, &found) {
                    (Value::Number(wanted), Ok(Value::Number(found))) => wanted == found,
                    (wanted, Ok(found)) => wanted == found,
                    (_, Err(_)) => false,
                };
                shown::same(same, || (shown::value(wanted), shown::found_value(&found)))
            }
        }
    }

    fn tier(&self, ladder: LadderId, wanted: Option<usize>, found: TierCode) -> Result<(), Shown> {
        let tiers = &self.program.ladders[ladder].tiers;
        let name = |tier: Option<usize>| tier.map_or("none", |tier| tiers[tier].name.as_str());
        shown::same(wanted == found.tier(), || {
            (name(wanted).to_owned(), name(found.tier()).to_owned())
        })
    }
}

fn is_benefit(wanted: &ExpectedBenefit, found: Option<&GivenValue>) -> bool {
    match (wanted, found) {
        (ExpectedBenefit::Given(wanted), found) => *wanted == found.is_some(),
        (ExpectedBenefit::Amount(wanted), Some(GivenValue::Amount(found))) => wanted == found,
        (ExpectedBenefit::ShippingAlways, Some(GivenValue::ShippingAlways)) => true,
        (ExpectedBenefit::ShippingOver(wanted), Some(GivenValue::ShippingOver(found))) => {
            wanted == found
        }
        (
            ExpectedBenefit::Credit { ceiling, days, guarantor },
            Some(GivenValue::Credit { ceiling: found, days: found_days, guarantor: found_one }),
        ) => {
            ceiling.is_none_or(|ceiling| ceiling == *found)
                && days.is_none_or(|days| days == *found_days)
                && guarantor.is_none_or(|guarantor| guarantor == *found_one)
        }
        (ExpectedBenefit::Text(wanted), Some(GivenValue::Text(found))) => {
            found.texts.iter().any(|(_, text)| text == wanted)
        }
        _ => false,
    }
}
