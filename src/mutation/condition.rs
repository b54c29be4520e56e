//! Small steps away from a condition.

use super::draft::{DROPPED, Draft};
use super::expression::{self, Use};
use super::known::Known;
use super::{Operator, flow};
use crate::expr::Condition;
use crate::pack::{ExprText, ParsedCondition};
use crate::source::{Loc, Span};

type Written = Condition<ExprText>;

/// Mutants of a condition where there is one.
pub(super) fn of(
    condition: Option<&ParsedCondition>,
    known: &Known<'_>,
) -> Vec<Draft<Option<ParsedCondition>>> {
    let Some(condition) = condition else { return Vec::new() };
    let mut drafts = inner(&condition.value, condition.span, known);
    if let Condition::Expr(_) = condition.value {
        drafts.push(dropped(&condition.value, condition.span, Condition::Always));
    }
    let place = condition.span;
    drafts.into_iter().map(|draft| draft.map(|new| Some(Loc::new(new, place)))).collect()
}

fn dropped(condition: &Written, place: Span, new: Written) -> Draft<Written> {
    Draft {
        operator: Operator::Criterion,
        variant: 0,
        span: place_of(condition).unwrap_or(place),
        before: flow::condition(condition),
        after: DROPPED.to_owned(),
        new,
    }
}

/// `place`: where what holds the condition stands.
fn inner(condition: &Written, place: Span, known: &Known<'_>) -> Vec<Draft<Written>> {
    let (list, neutral, group): (_, _, fn(&Written, Vec<Written>) -> Written) = match condition {
        Condition::Always | Condition::Never => return Vec::new(),
        Condition::Expr(text) => {
            let drafts = expression::of(text, known, Use::Criterion);
            return drafts.into_iter().map(|draft| draft.map(Condition::Expr)).collect();
        }
        Condition::All(list) => (list, Condition::Always, |_, list| Condition::All(list)),
        Condition::None(list) => (list, Condition::Never, |_, list| Condition::None(list)),
        Condition::Any { of, .. } => (of, Condition::Never, |whole, of| match whole {
            Condition::Any { at_least, .. } => Condition::Any { at_least: *at_least, of },
            _ => Condition::Any { at_least: 1, of },
        }),
    };
    let mut drafts = counted(condition, place);
    for (index, item) in list.iter().enumerate() {
        let mut items = inner(item, place, known);
        if *item != neutral {
            items.push(dropped(item, place, neutral.clone()));
        }
        drafts.extend(items.into_iter().map(|draft| {
            draft.map(|new| {
                let mut list = list.clone();
                list[index] = new;
                group(condition, list)
            })
        }));
    }
    drafts
}

/// How many of a group must hold: all, any, one more, one less.
fn counted(condition: &Written, place: Span) -> Vec<Draft<Written>> {
    let any = |at_least, of: &Vec<Written>| Condition::Any { at_least, of: of.clone() };
    let others: Vec<(u32, Written)> = match condition {
        Condition::All(list) if list.len() > 1 => vec![(0, any(1, list))],
        Condition::Any { at_least: 1, of } if of.len() > 1 => vec![(0, Condition::All(of.clone()))],
        Condition::Any { at_least, of } if of.len() > 1 => {
            let more = (*at_least < of.len()).then(|| (1, any(at_least + 1, of)));
            more.into_iter().chain([(2, any(at_least - 1, of))]).collect()
        }
        _ => Vec::new(),
    };
    let draft = |(variant, new)| Draft {
        operator: Operator::AllAny,
        variant,
        span: place_of(condition).unwrap_or(place),
        before: shown(condition, &new),
        after: shown(&new, condition),
        new,
    };
    others.into_iter().map(draft).collect()
}

/// A group beside another: where only the number differs, that.
fn shown(condition: &Written, other: &Written) -> String {
    match (condition, other) {
        (Condition::Any { at_least, .. }, Condition::Any { .. }) => format!("at_least: {at_least}"),
        _ => flow::condition(condition),
    }
}

/// From the first expression of a condition to the last one.
fn place_of(condition: &Written) -> Option<Span> {
    let mut place: Option<Span> = None;
    condition.visit(&mut |text: &ExprText| {
        let own = text.whole();
        place = Some(place.map_or(own, |place| place.to(own)));
    });
    place
}
