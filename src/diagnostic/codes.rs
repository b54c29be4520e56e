use serde::Serialize;

/// Whether a finding keeps a pack from running.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
}

/// The table of codes: variant, stable name, severity, title.
macro_rules! codes {
    ($($variant:ident $slug:literal $severity:ident $title:literal;)*) => {
        /// What kind of finding it is. The names are stable; other tools rely on them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code { $($variant,)* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            pub fn slug(self) -> &'static str {
                match self { $(Code::$variant => $slug,)* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            pub fn title(self) -> &'static str {
                match self { $(Code::$variant => $title,)* }
            }
        }
    };
}

codes! {
    // Files
    MissingManifest "missing-manifest" Error "a pack needs a `pack.yaml`";
    UnreadableFile "unreadable-file" Error "a file cannot be read";
    NotUtf8 "not-utf8" Error "a file is not UTF-8 text";
    FileTooLarge "file-too-large" Error "a file is over 1 MiB";
    OutsideRoot "outside-root" Error "a link leads out of the pack";
    // YAML
    YamlSyntax "yaml-syntax" Error "the YAML cannot be read";
    YamlTag "yaml-tag" Error "`!` begins a YAML tag";
    YamlLimit "yaml-limit" Error "the YAML is nested or repeated beyond reason";
    DuplicateKey "duplicate-key" Error "the same key twice";
    DuplicateEntry "duplicate-entry" Error "the same entry in two places";
    UnknownKey "unknown-key" Error "a key that has no meaning here";
    MissingKey "missing-key" Error "something required is missing";
    WrongShape "wrong-shape" Error "text, list or map where another was expected";
    EmptyCondition "empty-condition" Error "a condition without content";
    // Names and literals
    InvalidName "invalid-name" Error "a name that cannot be used";
    InvalidValue "invalid-value" Error "a value that cannot be read";
    InvalidDuration "invalid-duration" Error "not a duration";
    PeriodTooShort "period-too-short" Error "a period under a day";
    InvalidPercent "invalid-percent" Error "a percent outside 0 to 100";
    UnknownCurrency "unknown-currency" Error "not an ISO 4217 currency";
    UnknownTimezone "unknown-timezone" Error "not an IANA time zone";
    VersionTooOld "version-too-old" Error "the pack needs another version of tierkeeper";
    MoneyDecimals "money-decimals" Error "more decimals than the money has";
    // Expressions
    ExpressionSyntax "expression-syntax" Error "the expression cannot be read";
    UnbalancedParentheses "unbalanced-parentheses" Error "a parenthesis without its partner";
    ThousandsComma "thousands-comma" Error "a comma inside a number";
    PercentSign "percent-sign" Error "a percent sign after a number";
    SingleEquals "single-equals" Error "`=` where `==` is meant";
    WordOperator "word-operator" Error "a word where an operator is meant";
    UnicodeOperator "unicode-operator" Error "a symbol that is no operator";
    TypographicQuotes "typographic-quotes" Error "typographic quotation marks";
    SingleQuotes "single-quotes" Error "single quotation marks around text";
    ForeignDigits "foreign-digits" Error "digits of another script";
    UnknownName "unknown-name" Error "a name that nothing has";
    UnknownFunction "unknown-function" Error "a function that does not exist";
    AmbiguousName "ambiguous-name" Error "a name that means two things";
    WrongType "wrong-type" Error "a value of the wrong type";
    WrongArgumentCount "wrong-argument-count" Error "too many or too few arguments";
    NotConstant "not-constant" Error "a constant is needed here";
    NotAllowedHere "not-allowed-here" Error "something that cannot be used here";
    MetricCircle "metric-circle" Error "metrics that need each other";
    // Parameters and the project
    UnknownParameter "unknown-parameter" Error "a parameter that the pack does not have";
    ParameterType "parameter-type" Error "a parameter of the wrong type";
    ParameterBounds "parameter-bounds" Error "a parameter out of its bounds";
    // Tiers
    ShareSum "share-sum" Error "shares over 100 %";
    RestNotLast "rest-not-last" Error "`rest` before the last tier";
    MixedTiers "mixed-tiers" Error "a ladder that mixes shares and conditions";
    Contradiction "contradiction" Error "a condition that can never hold";
    FreshPeriod "fresh-period" Error "reviewed right after its period begins";
    // Store and scripts
    UnknownTable "unknown-table" Error "a table that the store does not have";
    UnknownColumn "unknown-column" Error "a column that the table does not have";
    QueryRejected "query-rejected" Error "a query that is not one read-only statement";
    ScriptSyntax "script-syntax" Error "the script cannot be read";
    ScriptForbidden "script-forbidden" Error "something that scripts may not do";
    // Warnings
    UnreachableTier "unreachable-tier" Warning "a tier that nobody can reach";
    StricterKeep "stricter-keep" Warning "harder to keep than to enter";
    TiersOutOfOrder "tiers-out-of-order" Warning "a lower tier that asks for more";
    WorseBenefit "worse-benefit" Warning "a benefit that gets worse as the tier rises";
    UnusedMetric "unused-metric" Warning "a metric that nothing uses";
    UnusedParameter "unused-parameter" Warning "a parameter that nothing uses";
    UnusedFunction "unused-function" Warning "a script function that nothing calls";
    PossibleDivisionByZero "possible-division-by-zero" Warning "a division that may be by zero";
    UnitMismatch "unit-mismatch" Warning "units that do not fit";
    CostNotYearly "cost-not-yearly" Warning "a cost that is not for a year";
    TopNotAbove "top-not-above" Warning "a top share that is not above the next tier's";
}

impl Code {
    pub fn from_slug(slug: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.slug() == slug)
    }
}
