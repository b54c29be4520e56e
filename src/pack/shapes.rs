//! The parsed pack: what the files say, every part with its place, nothing resolved yet.

use crate::expr::Condition;
use crate::program::{BenefitKind, ColumnKind, LocalText, MonthDay, ParameterKind, Period};
use crate::source::{FileId, Loc, MappedText, Span};

/// An expression as written.
pub type ExprText = MappedText;

/// A literal or a parameter's name: a duration, amount, share, flag, list. Resolved by `check`.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// The scalar's text; `quoted` is text for sure, never a number or a name.
    Scalar {
        text: MappedText,
        quoted: bool,
    },
    List {
        items: Vec<MappedText>,
        span: Span,
    },
    /// `{expr: …}`
    Expr {
        text: ExprText,
        span: Span,
    },
}

impl Literal {
    pub fn span(&self) -> Span {
        match self {
            Literal::Scalar { text, .. } => text.whole(),
            Literal::List { span, .. } | Literal::Expr { span, .. } => *span,
        }
    }
}

/// People's words with the place of each text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ParsedText {
    /// Language and text; no language: written as one text.
    pub texts: Vec<(Option<String>, MappedText)>,
}

impl ParsedText {
    pub fn plain(&self) -> LocalText {
        LocalText {
            texts: self.texts.iter().map(|(tag, text)| (tag.clone(), text.text.clone())).collect(),
        }
    }
}

#[derive(Debug, Clone, Default)]
pub struct ParsedPack {
    pub manifest: Manifest,
    pub settings: ParsedSettings,
    pub parameters: Vec<ParsedParameter>,
    pub customers: Option<ParsedCustomers>,
    pub sources: Vec<ParsedSource>,
    pub metrics: Vec<ParsedMetric>,
    pub ladders: Vec<ParsedLadder>,
    pub benefits: Vec<ParsedBenefit>,
    pub segments: Vec<ParsedSegment>,
    pub alerts: Vec<ParsedAlert>,
    /// Script files, by module name in order of name.
    pub scripts: Vec<(String, FileId)>,
}

#[derive(Debug, Clone, Default)]
pub struct Manifest {
    pub name: Option<Loc<String>>,
    pub version: Option<Loc<semver::Version>>,
    pub title: ParsedText,
    pub requires: Option<Loc<semver::VersionReq>>,
}

#[derive(Debug, Clone, Default)]
pub struct ParsedSettings {
    /// As written; `check` looks it up.
    pub currency: Option<Loc<String>>,
    pub money_decimals: Option<Loc<u8>>,
    pub timezone: Option<Loc<String>>,
    pub year_starts: Option<Loc<MonthDay>>,
    pub population: Option<ParsedCondition>,
}

#[derive(Debug, Clone)]
pub struct ParsedParameter {
    pub name: Loc<String>,
    pub kind: Loc<ParameterKind>,
    pub default: Option<Literal>,
    /// Whether there is a default, or a misspelt one, even if it cannot be read.
    pub has_default: bool,
    pub min: Option<Literal>,
    pub max: Option<Literal>,
    pub title: ParsedText,
}

#[derive(Debug, Clone)]
pub struct ParsedCustomers {
    pub table: Loc<String>,
    pub id: Loc<String>,
    pub columns: Vec<ParsedColumn>,
}

#[derive(Debug, Clone)]
pub struct ParsedColumn {
    pub name: Loc<String>,
    pub kind: Loc<ColumnKind>,
    /// The column's own name; `None`: the same as `name`.
    pub column: Option<Loc<String>>,
    pub minor: bool,
    pub expr: Option<ExprText>,
}

#[derive(Debug, Clone)]
pub struct ParsedSource {
    pub name: Loc<String>,
    pub table: Option<Loc<String>>,
    pub query: Option<MappedText>,
    pub customer: Option<Loc<String>>,
    pub at: Option<Loc<String>>,
    pub at_milliseconds: bool,
    pub columns: Vec<ParsedColumn>,
}

/// A condition as written, with the place of each list or map for findings.
pub type ParsedCondition = Loc<Condition<ExprText>>;

#[derive(Debug, Clone)]
pub struct ParsedMetric {
    pub name: Loc<String>,
    /// `None` where the metric has no usable key; the finding is already made.
    pub kind: Option<Loc<ParsedMetricKind>>,
    pub filter: Option<ParsedCondition>,
    /// Whether there is a `where`, or a misspelt one, even if it cannot be read.
    pub has_filter: bool,
    pub within: Option<Loc<ParsedWindow>>,
    pub ago: Option<Literal>,
    pub otherwise: Option<Literal>,
    pub unit: Option<Loc<crate::expr::Unit>>,
    pub title: ParsedText,
}

#[derive(Debug, Clone)]
pub enum ParsedMetricKind {
    /// `count`, `percent`, `days_since_last`, `days_since_first`, `days_between`: of a source.
    OfSource {
        aggregate: SourceAggregate,
        source: Loc<String>,
    },
    /// `sum`, `min`, `max`, `avg`, `first`, `last`, `distinct`: of `SOURCE.COLUMN`.
    OfColumn {
        aggregate: ColumnAggregate,
        source: Loc<String>,
        column: Loc<String>,
    },
    Formula(ExprText),
    Score(Vec<ParsedScoreLine>),
    Rfm {
        recency: Option<Loc<String>>,
        frequency: Option<Loc<String>>,
        monetary: Option<Loc<String>>,
        bins: Option<Literal>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceAggregate {
    Count,
    Percent,
    DaysSinceLast,
    DaysSinceFirst,
    DaysBetween,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnAggregate {
    Sum,
    Min,
    Max,
    Average,
    First,
    Last,
    Distinct,
}

#[derive(Debug, Clone)]
pub struct ParsedScoreLine {
    pub when: Option<ParsedCondition>,
    pub add: Option<ExprText>,
    pub cap: Option<Literal>,
}

#[derive(Debug, Clone)]
pub enum ParsedWindow {
    Lifetime,
    /// A duration or a parameter's name.
    Trailing(Literal),
    Calendar(Period),
    Previous(Period),
    MembershipYear,
    PreviousMembershipYear,
    Tier(Loc<String>),
}

#[derive(Debug, Clone)]
pub struct ParsedLadder {
    pub name: Loc<String>,
    pub title: ParsedText,
    pub ties: Option<Loc<ParsedTies>>,
    pub cutoffs: Option<Literal>,
    pub rank_by: Vec<ExprText>,
    pub defaults: ParsedPolicy,
    pub tiers: Vec<ParsedTier>,
    pub renamed: Vec<(Loc<String>, Loc<String>)>,
    pub on_change: Option<Loc<crate::lifecycle::OnChange>>,
    pub warn: Option<Literal>,
}

#[derive(Debug, Clone)]
pub enum ParsedTies {
    Include,
    Exclude,
    BreakBy(Vec<ExprText>),
}

/// `review`, `upgrade`, `grace`, `landing`: of a tier, or a ladder's `defaults`.
#[derive(Debug, Clone, Default)]
pub struct ParsedPolicy {
    pub review: Option<Loc<ParsedReview>>,
    pub upgrade: Option<Loc<crate::lifecycle::Upgrade>>,
    pub grace: Option<Literal>,
    /// `one_down`, `earned` or a tier's id.
    pub landing: Option<Loc<String>>,
}

#[derive(Debug, Clone)]
pub enum ParsedReview {
    Fixed {
        period: Literal,
        /// `evaluation`, `entry`, an attribute, or MM-DD.
        from: Option<Loc<String>>,
        round: Option<Loc<crate::lifecycle::Round>>,
    },
    /// `daily`, `weekly`, `monthly`, a duration, a parameter or `{expr: …}`.
    Dynamic(Literal),
}

#[derive(Debug, Clone)]
pub struct ParsedTier {
    pub name: Loc<String>,
    pub title: ParsedText,
    pub enter: Option<ParsedCondition>,
    pub share: Option<Literal>,
    pub keep: Option<ParsedCondition>,
    pub policy: ParsedPolicy,
    pub warn_over: Option<Literal>,
}

#[derive(Debug, Clone)]
pub struct ParsedBenefit {
    pub name: Loc<String>,
    /// `None` where it is missing or unknown; the finding is already made.
    pub kind: Option<Loc<BenefitKind>>,
    pub title: ParsedText,
    pub ladder: Option<Loc<String>>,
    pub tiers: Vec<(Loc<String>, ParsedBenefitValue)>,
    pub segments: Vec<(Loc<String>, ParsedBenefitValue)>,
    pub when: Option<ParsedCondition>,
    pub cost: Option<ExprText>,
    pub on: Option<Loc<String>>,
    pub category: Option<Loc<String>>,
}

#[derive(Debug, Clone)]
pub enum ParsedBenefitValue {
    Literal(Literal),
    /// `{over: …}`
    Over {
        over: Literal,
        span: Span,
    },
    /// `{ceiling: …, days: …, guarantor: …}`
    Credit {
        ceiling: Option<Literal>,
        days: Option<Literal>,
        guarantor: Option<Literal>,
        span: Span,
    },
    /// `{en: …, fa: …}`
    Text {
        text: ParsedText,
        span: Span,
    },
}

#[derive(Debug, Clone)]
pub struct ParsedSegment {
    pub name: Loc<String>,
    pub title: ParsedText,
    pub when: Option<ParsedCondition>,
    /// `LADDER.TIER`
    pub near: Option<Loc<String>>,
    pub short_by: Option<Literal>,
}

#[derive(Debug, Clone)]
pub struct ParsedAlert {
    pub name: Loc<String>,
    pub title: ParsedText,
    /// `LADDER.TIER`
    pub holders: Option<Loc<String>>,
    pub when: Option<ParsedCondition>,
    pub action: Vec<ParsedText>,
    pub every: Option<Literal>,
    pub message: ParsedText,
}
