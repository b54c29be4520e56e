//! Small steps away from a ladder's tiers: who gets in and stays, and the policies.

use super::draft::{DROPPED, Draft};
use super::expression::{self, Use};
use super::known::Known;
use super::mutant::{Found, Part};
use super::{Operator, condition, flow, literal, step};
use crate::lifecycle::{Tick, Upgrade};
use crate::pack::{Literal, ParsedLadder, ParsedPolicy, ParsedReview, ParsedTier};
use crate::source::Loc;

pub(super) fn of(id: usize, ladder: &ParsedLadder, known: &Known<'_>, found: &mut Found) {
    let name = &ladder.name.value;
    let owner = format!("`defaults` of ladder `{name}`");
    policy(&owner, &ladder.defaults, known, found, |new| Part::Defaults(id, Box::new(new)));
    let warn = longer(Operator::Review, ladder.warn.as_ref(), known);
    let warn = warn.map(|draft| draft.shown_as(|written| format!("warn: {written}")));
    found.add(&format!("`warn` of ladder `{name}`"), warn.into_iter().collect(), |new| {
        Part::Warn(id, new)
    });
    for (tier_id, tier) in ladder.tiers.iter().enumerate() {
        let owner = format!("tier `{name}.{}`", tier.name.value);
        let place = |key: &str| format!("`{key}` of {owner}");
        let part = |new: ParsedTier| Part::Tier(id, tier_id, Box::new(new));
        found.add(&place("enter"), condition::of(tier.enter.as_ref(), known), |enter| {
            part(ParsedTier { enter, ..tier.clone() })
        });
        let share = tier.share.iter().flat_map(|share| literal::thresholds(share, known));
        let share = share.map(|draft| draft.shown_as(|written| format!("share: {written}")));
        found.add(&place("share"), share.collect(), |share| {
            part(ParsedTier { share: Some(share), ..tier.clone() })
        });
        found.add(&place("keep"), condition::of(tier.keep.as_ref(), known), |keep| {
            part(ParsedTier { keep, ..tier.clone() })
        });
        policy(&owner, &tier.policy, known, found, |policy| {
            part(ParsedTier { policy, ..tier.clone() })
        });
    }
}

fn policy(
    owner: &str,
    policy: &ParsedPolicy,
    known: &Known<'_>,
    found: &mut Found,
    part: impl Fn(ParsedPolicy) -> Part,
) {
    let place = |key: &str| format!("`{key}` of {owner}");
    if let Some(review) = &policy.review {
        found.add(&place("review"), reviews(&review.value, known), |new| {
            let review = Some(Loc::new(new, review.span));
            part(ParsedPolicy { review, ..policy.clone() })
        });
    }
    found.add(&place("upgrade"), upgrade(policy.upgrade.as_ref(), known), |new| {
        part(ParsedPolicy { upgrade: Some(new), ..policy.clone() })
    });
    found.add(&place("grace"), grace(policy.grace.as_ref(), known), |new| {
        part(ParsedPolicy { grace: Some(new), ..policy.clone() })
    });
    found.add(&place("landing"), landing(policy.landing.as_ref()), |new| {
        part(ParsedPolicy { landing: Some(new), ..policy.clone() })
    });
}

/// One unit longer.
fn longer(
    operator: Operator,
    duration: Option<&Literal>,
    known: &Known<'_>,
) -> Option<Draft<Literal>> {
    let longer = step::longer(literal::duration(duration?, known)?);
    Some(literal::draft(operator, 0, duration?, &longer.to_string(), known))
}

fn reviews(review: &ParsedReview, known: &Known<'_>) -> Vec<Draft<ParsedReview>> {
    match review {
        ParsedReview::Fixed { period, from, round } => {
            let fixed = |period: Literal| ParsedReview::Fixed {
                period,
                from: from.clone(),
                round: round.clone(),
            };
            let mut drafts: Vec<_> = lengths(period, known, |written| format!("fixed: {written}"))
                .into_iter()
                .map(|draft| draft.map(fixed))
                .collect();
            let mut daily = literal::draft(Operator::Review, 1, period, "daily", known)
                .map(ParsedReview::Dynamic)
                .shown_as(|written| format!("fixed: {written}"));
            daily.after = "dynamic: daily".to_owned();
            drafts.push(daily);
            let gone = |variant, key: &str, span| Draft {
                operator: Operator::Review,
                variant,
                span,
                before: format!("{key}: {}", flow::one_line(known.texts.text(span))),
                after: DROPPED.to_owned(),
                new: (),
            };
            if let Some(from) = from {
                drafts.push(gone(2, "from", from.span).map(|()| ParsedReview::Fixed {
                    period: period.clone(),
                    from: None,
                    round: round.clone(),
                }));
            }
            if let Some(round) = round {
                drafts.push(gone(3, "round", round.span).map(|()| ParsedReview::Fixed {
                    period: period.clone(),
                    from: from.clone(),
                    round: None,
                }));
            }
            drafts
        }
        ParsedReview::Dynamic(cadence) => {
            let line = |written: &str| format!("dynamic: {written}");
            let drafts = match next_tick(cadence) {
                Some(next) => {
                    let draft = literal::draft(Operator::Review, 0, cadence, next, known);
                    vec![draft.shown_as(line)]
                }
                None => lengths(cadence, known, line),
            };
            drafts.into_iter().map(|draft| draft.map(ParsedReview::Dynamic)).collect()
        }
    }
}

/// A length of time: one unit longer, or what the expression that it comes from compares.
fn lengths(
    length: &Literal,
    known: &Known<'_>,
    line: impl Fn(&str) -> String,
) -> Vec<Draft<Literal>> {
    match length {
        Literal::Expr { text, span } => expression::of(text, known, Use::Criterion)
            .into_iter()
            .map(|draft| draft.map(|text| Literal::Expr { text, span: *span }))
            .collect(),
        Literal::Scalar { .. } | Literal::List { .. } => {
            let draft = longer(Operator::Review, Some(length), known);
            draft.into_iter().map(|draft| draft.shown_as(&line)).collect()
        }
    }
}

fn next_tick(cadence: &Literal) -> Option<&'static str> {
    let Literal::Scalar { text, .. } = cadence else { return None };
    let name = |tick| match tick {
        Tick::Daily => "daily",
        Tick::Weekly => "weekly",
        Tick::Monthly => "monthly",
    };
    let at = Tick::ALL.iter().position(|tick| name(*tick) == text.text.trim())?;
    Some(name(Tick::ALL[(at + 1) % Tick::ALL.len()]))
}

fn upgrade(upgrade: Option<&Loc<Upgrade>>, known: &Known<'_>) -> Vec<Draft<Loc<Upgrade>>> {
    let Some(Loc { value, span }) = upgrade else { return Vec::new() };
    let (new, after) = match value {
        Upgrade::AtOnce => (Upgrade::AtReview, "at review"),
        Upgrade::AtReview => (Upgrade::AtOnce, "at once"),
    };
    let draft = Draft {
        operator: Operator::Upgrade,
        variant: 0,
        span: *span,
        before: flow::one_line(known.texts.text(*span)),
        after: after.to_owned(),
        new: Loc::new(new, *span),
    };
    vec![draft.shown_as(|written| format!("upgrade: {written}"))]
}

fn grace(grace: Option<&Literal>, known: &Known<'_>) -> Vec<Draft<Literal>> {
    let Some(grace) = grace else { return Vec::new() };
    let Some(duration) = literal::duration(grace, known) else { return Vec::new() };
    let days = [(1, Some(step::day_longer(duration))), (2, step::day_shorter(duration))];
    let days = days.into_iter().filter_map(|(variant, new)| Some((variant, new?.to_string())));
    [(0, "none".to_owned())]
        .into_iter()
        .chain(days)
        .map(|(variant, new)| literal::draft(Operator::Grace, variant, grace, &new, known))
        .map(|draft| draft.shown_as(|written| format!("grace: {written}")))
        .collect()
}

/// `one_down` to `earned`, and everything else to both.
fn landing(landing: Option<&Loc<String>>) -> Vec<Draft<Loc<String>>> {
    let Some(Loc { value, span }) = landing else { return Vec::new() };
    let others = ["one_down", "earned"].into_iter().enumerate().filter(|(_, word)| word != value);
    others
        .map(|(variant, word)| Draft {
            operator: Operator::Landing,
            variant: variant as u32,
            span: *span,
            before: format!("landing: {value}"),
            after: format!("landing: {word}"),
            new: Loc::new(word.to_owned(), *span),
        })
        .collect()
}
