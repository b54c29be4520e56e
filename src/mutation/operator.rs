/// A way to change a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operator {
    /// What is asked: up and down by the smallest unit and by a tenth.
    Threshold,
    /// A comparison: its neighbour.
    Comparison,
    /// One of several conditions: dropped. A negated one: not negated.
    Criterion,
    /// `all` and `any`, `&&` and `||`, `at_least`.
    AllAny,
    /// A window: one unit shorter, or the period before; `ago` shorter or dropped.
    Window,
    /// A landing: the other one.
    Landing,
    /// A grace: none, a day longer, a day shorter.
    Grace,
    /// A review: longer, of the other kind, without `from` or `round`; `warn` longer.
    Review,
    /// When a higher tier is taken: `at once` and `at review`.
    Upgrade,
    /// `every` of an alert: longer.
    Alert,
    /// A benefit: a step more, taken away, on every day.
    Benefit,
    /// An arithmetic operator of a metric or a computed column: its counterpart.
    Formula,
    /// What a line of a score adds, its cap; the bins of an RFM metric.
    Score,
}

impl Operator {
    pub const ALL: &'static [Operator] = &[
        Operator::Threshold,
        Operator::Comparison,
        Operator::Criterion,
        Operator::AllAny,
        Operator::Window,
        Operator::Landing,
        Operator::Grace,
        Operator::Review,
        Operator::Upgrade,
        Operator::Alert,
        Operator::Benefit,
        Operator::Formula,
        Operator::Score,
    ];

    /// Its stable name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Operator::Threshold => "threshold",
            Operator::Comparison => "comparison",
            Operator::Criterion => "criterion",
            Operator::AllAny => "all-any",
            Operator::Window => "window",
            Operator::Landing => "landing",
            Operator::Grace => "grace",
            Operator::Review => "review",
            Operator::Upgrade => "upgrade",
            Operator::Alert => "alert",
            Operator::Benefit => "benefit",
            Operator::Formula => "formula",
            Operator::Score => "score",
        }
    }
}
