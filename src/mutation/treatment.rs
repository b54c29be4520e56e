//! Small steps away from segments and alerts.

use super::known::Known;
use super::mutant::{Found, Part};
use super::{Operator, condition, literal, step};
use crate::pack::{ParsedAlert, ParsedSegment};

pub(super) fn segment(id: usize, segment: &ParsedSegment, known: &Known<'_>, found: &mut Found) {
    let place = |key: &str| format!("`{key}` of segment `{}`", segment.name.value);
    let part = |new: ParsedSegment| Part::Segment(id, Box::new(new));
    found.add(&place("when"), condition::of(segment.when.as_ref(), known), |when| {
        part(ParsedSegment { when, ..segment.clone() })
    });
    let short_by = segment.short_by.iter().flat_map(|literal| literal::thresholds(literal, known));
    let short_by = short_by.map(|draft| draft.shown_as(|written| format!("short_by: {written}")));
    found.add(&place("short_by"), short_by.collect(), |short_by| {
        part(ParsedSegment { short_by: Some(short_by), ..segment.clone() })
    });
}

pub(super) fn alert(id: usize, alert: &ParsedAlert, known: &Known<'_>, found: &mut Found) {
    let place = |key: &str| format!("`{key}` of alert `{}`", alert.name.value);
    let part = |new: ParsedAlert| Part::Alert(id, Box::new(new));
    found.add(&place("when"), condition::of(alert.when.as_ref(), known), |when| {
        part(ParsedAlert { when, ..alert.clone() })
    });
    let every = alert.every.iter().filter_map(|every| {
        let longer = step::day_longer(literal::duration(every, known)?).to_string();
        let draft = literal::draft(Operator::Alert, 0, every, &longer, known);
        Some(draft.shown_as(|written| format!("every: {written}")))
    });
    found.add(&place("every"), every.collect(), |every| {
        part(ParsedAlert { every: Some(every), ..alert.clone() })
    });
}
