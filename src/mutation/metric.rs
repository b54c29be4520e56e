//! Small steps away from a metric: its rows, its window, its formula, its points.

use rust_decimal::Decimal;

use super::draft::{DROPPED, Draft};
use super::expression::{self, Use};
use super::known::Known;
use super::mutant::{Found, Part};
use super::{Operator, condition, flow, literal, step};
use crate::expr::Unit;
use crate::pack::{Literal, ParsedMetric, ParsedMetricKind, ParsedScoreLine, ParsedWindow};
use crate::source::{Loc, MappedText};

/// What an RFM metric has without `bins`.
const BINS: u32 = 5;

pub(super) fn of(id: usize, metric: &ParsedMetric, known: &Known<'_>, found: &mut Found) {
    let place = |key: &str| format!("`{key}` of metric `{}`", metric.name.value);
    let part = |new: ParsedMetric| Part::Metric(id, Box::new(new));
    found.add(&place("where"), condition::of(metric.filter.as_ref(), known), |filter| {
        part(ParsedMetric { filter, ..metric.clone() })
    });
    found.add(&place("within"), window(metric.within.as_ref(), known), |window| {
        part(ParsedMetric { within: Some(window), ..metric.clone() })
    });
    found.add(&place("ago"), ago(metric.ago.as_ref(), known), |ago| {
        part(ParsedMetric { ago, ..metric.clone() })
    });
    let Some(kind) = &metric.kind else { return };
    let with = |new: ParsedMetricKind| {
        part(ParsedMetric { kind: Some(Loc::new(new, kind.span)), ..metric.clone() })
    };
    match &kind.value {
        ParsedMetricKind::Formula(text) => {
            let drafts = expression::of(text, known, Use::Formula);
            found.add(&place("expr"), drafts, |text| with(ParsedMetricKind::Formula(text)));
        }
        ParsedMetricKind::Score(lines) => {
            for (index, line) in lines.iter().enumerate() {
                let place =
                    format!("line {} of `score` of metric `{}`", index + 1, metric.name.value);
                found.add(&place, score_line(line, known), |new| {
                    let mut lines = lines.clone();
                    lines[index] = new;
                    with(ParsedMetricKind::Score(lines))
                });
            }
        }
        ParsedMetricKind::Rfm { recency, frequency, monetary, bins } => {
            found.add(&place("bins"), fewer_bins(bins.as_ref(), kind, known), |bins| {
                let (recency, frequency) = (recency.clone(), frequency.clone());
                with(ParsedMetricKind::Rfm {
                    recency,
                    frequency,
                    monetary: monetary.clone(),
                    bins: Some(bins),
                })
            });
        }
        ParsedMetricKind::OfSource { .. } | ParsedMetricKind::OfColumn { .. } => {}
    }
}

fn window(within: Option<&Loc<ParsedWindow>>, known: &Known<'_>) -> Vec<Draft<Loc<ParsedWindow>>> {
    let Some(Loc { value, span }) = within else { return Vec::new() };
    let written = flow::one_line(known.texts.text(*span));
    let (new, after) = match value {
        ParsedWindow::Trailing(duration) => {
            let shorter = literal::duration(duration, known).and_then(step::shorter);
            let Some(shorter) = shorter.map(|shorter| shorter.to_string()) else {
                return Vec::new();
            };
            (ParsedWindow::Trailing(literal::replaced(duration, &shorter)), shorter)
        }
        ParsedWindow::Calendar(period) => {
            (ParsedWindow::Previous(*period), format!("previous {written}"))
        }
        ParsedWindow::MembershipYear => {
            (ParsedWindow::PreviousMembershipYear, format!("previous {written}"))
        }
        ParsedWindow::Previous(period) => {
            (ParsedWindow::Calendar(*period), written.replacen("previous ", "", 1))
        }
        ParsedWindow::PreviousMembershipYear => {
            (ParsedWindow::MembershipYear, written.replacen("previous ", "", 1))
        }
        ParsedWindow::Lifetime | ParsedWindow::Tier(_) => return Vec::new(),
    };
    let draft = Draft {
        operator: Operator::Window,
        variant: 0,
        span: *span,
        before: written,
        after,
        new: Loc::new(new, *span),
    };
    vec![draft.shown_as(|written| format!("within: {written}"))]
}

fn ago(ago: Option<&Literal>, known: &Known<'_>) -> Vec<Draft<Option<Literal>>> {
    let Some(ago) = ago else { return Vec::new() };
    let shorter = literal::duration(ago, known).and_then(step::shorter);
    let shorter = shorter.map(|shorter| {
        literal::draft(Operator::Window, 0, ago, &shorter.to_string(), known).map(Some)
    });
    let gone = literal::draft(Operator::Window, 1, ago, DROPPED, known).map(|_| None);
    let drafts = shorter.into_iter().chain([gone]);
    drafts.map(|draft| draft.shown_as(|written| format!("ago: {written}"))).collect()
}

fn score_line(line: &ParsedScoreLine, known: &Known<'_>) -> Vec<Draft<ParsedScoreLine>> {
    let mut drafts = Vec::new();
    for draft in condition::of(line.when.as_ref(), known) {
        drafts.push(draft.map(|when| ParsedScoreLine { when, ..line.clone() }));
    }
    if let Some(add) = &line.add {
        let new = match expression::literal(add) {
            Some(points) => {
                let more = (points + Decimal::ONE).to_string();
                Some(add.edited(&[(0..add.text.len(), more)]))
            }
            None => expression::with_more(add, "+ 1"),
        };
        drafts.extend(new.map(|new| {
            let draft = Draft {
                operator: Operator::Score,
                variant: 0,
                span: add.whole(),
                before: flow::one_line(&add.text),
                after: flow::one_line(&new.text),
                new: ParsedScoreLine { add: Some(new), ..line.clone() },
            };
            draft.shown_as(|written| format!("add: {written}"))
        }));
        for draft in expression::of(add, known, Use::Criterion) {
            drafts.push(draft.map(|add| ParsedScoreLine { add: Some(add), ..line.clone() }));
        }
    }
    if let Some(cap) = &line.cap {
        let draft = literal::draft(Operator::Score, 0, cap, DROPPED, known);
        drafts.push(
            draft
                .shown_as(|written| format!("cap: {written}"))
                .map(|_| ParsedScoreLine { cap: None, ..line.clone() }),
        );
    }
    drafts
}

fn fewer_bins(
    bins: Option<&Literal>,
    kind: &Loc<ParsedMetricKind>,
    known: &Known<'_>,
) -> Vec<Draft<Literal>> {
    let draft = match bins {
        Some(bins) => literal::number(bins, Unit::Count, known).map(|(value, one)| {
            literal::draft(Operator::Score, 0, bins, &(value - one).to_string(), known)
        }),
        None => {
            let place = kind.span;
            let text = (BINS - 1).to_string();
            let new = MappedText::verbatim("", place.file, place.start as usize);
            let new = Literal::Scalar { text: new.edited(&[(0..0, text.clone())]), quoted: false };
            let before = BINS.to_string();
            Some(Draft {
                operator: Operator::Score,
                variant: 0,
                span: place,
                before,
                after: text,
                new,
            })
        }
    };
    draft.into_iter().map(|draft| draft.shown_as(|written| format!("bins: {written}"))).collect()
}
