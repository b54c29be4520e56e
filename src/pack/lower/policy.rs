use super::{Fields, Lower};
use crate::diagnostic::{Code, Diagnostic};
use crate::lifecycle::{Round, Upgrade};
use crate::pack::yaml::Node;
use crate::pack::{ParsedPolicy, ParsedReview};
use crate::source::Loc;

pub(super) const KEYS: &[&str] = &["review", "upgrade", "grace", "landing"];

const UPGRADES: &[(&str, Upgrade)] =
    &[("at once", Upgrade::AtOnce), ("at review", Upgrade::AtReview)];
const ROUNDS: &[(&str, Round)] = &[
    ("end of month", Round::Month),
    ("end of quarter", Round::Quarter),
    ("end of half-year", Round::HalfYear),
    ("end of year", Round::Year),
];

/// The policies among the keys of a tier or of `defaults`.
pub(super) fn policy(fields: &Fields<'_>, lower: &mut Lower<'_>) -> ParsedPolicy {
    ParsedPolicy {
        review: fields.get("review").and_then(|node| review(node, lower)),
        upgrade: fields
            .get("upgrade")
            .and_then(|node| lower.choice(node, "a way to upgrade", UPGRADES)),
        grace: lower.maybe_literal(fields.get("grace"), "`grace`"),
        landing: fields.get("landing").and_then(|node| lower.word(node, "`landing`")),
    }
}

fn review(node: &Node, lower: &mut Lower<'_>) -> Option<Loc<ParsedReview>> {
    if let crate::pack::yaml::Kind::Scalar(scalar) = &node.kind {
        let help = review_help(scalar.text.text.trim());
        let message = "`review` says whether it is `fixed` or `dynamic`";
        lower.wrong_shape(node.span, message, Some(help));
        return None;
    }
    let fields = lower.fields(node, "a review", &["fixed", "dynamic", "from", "round"])?;
    let review = match (fields.entry("fixed"), fields.entry("dynamic")) {
        (Some(fixed), None) => ParsedReview::Fixed {
            period: lower.literal(&fixed.value, "`fixed`")?,
            from: fields.get("from").and_then(|node| lower.word(node, "`from`")),
            round: fields
                .get("round")
                .and_then(|node| lower.choice(node, "a way to round", ROUNDS)),
        },
        (None, Some(dynamic)) => {
            for key in ["from", "round"] {
                if let Some(entry) = fields.entry(key) {
                    lower.findings.push(
                        Diagnostic::new(
                            Code::UnknownKey,
                            entry.key.span,
                            format!("a dynamic review has no `{key}`"),
                        )
                        .help("`from` and `round` belong beside `fixed`"),
                    );
                }
            }
            ParsedReview::Dynamic(lower.literal(&dynamic.value, "`dynamic`")?)
        }
        (Some(_), Some(second)) => {
            let help = Some("keep one of them".to_owned());
            lower.wrong_shape(second.key.span, "a review is `fixed` or `dynamic`, not both", help);
            return None;
        }
        (None, None) if fields.may_hold(&["fixed", "dynamic"]) => return None,
        (None, None) => {
            let help = "add `fixed: 12 months` or `dynamic: monthly`";
            lower.missing(fields.span, "the review", "`fixed` or `dynamic`", help);
            return None;
        }
    };
    Some(Loc::new(review, node.span))
}

/// How a review is written that stands there without braces.
fn review_help(written: &str) -> String {
    let (first, rest) = written.split_once([' ', ':']).unwrap_or((written, ""));
    match first {
        "fixed" | "dynamic" if !rest.is_empty() => {
            format!("write `review: {{ {first}: {} }}`", rest.trim_start_matches([':', ' ']))
        }
        "daily" | "weekly" | "monthly" => format!("write `review: {{ dynamic: {written} }}`"),
        _ => format!("write `review: {{ fixed: {written} }}` or `{{ dynamic: {written} }}`"),
    }
}
