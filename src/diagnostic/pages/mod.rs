//! The page of every code: what it means, an example that provokes it, and what to write
//! instead. `tierkeeper explain-code` and `docs/findings.md` are made from these.

mod expressions;
mod facts;
mod files;
mod literals;
mod markdown;
mod tiers;

pub use markdown::findings_markdown;

use super::Code;

/// What people read about a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    pub why: &'static str,
    /// An example that provokes the finding.
    pub wrong: &'static str,
    /// What to write instead.
    pub right: &'static str,
}

impl Code {
    pub fn page(self) -> Page {
        match self {
            Code::MissingManifest => files::MISSING_MANIFEST,
            Code::UnreadableFile => files::UNREADABLE_FILE,
            Code::NotUtf8 => files::NOT_UTF8,
            Code::FileTooLarge => files::FILE_TOO_LARGE,
            Code::OutsideRoot => files::OUTSIDE_ROOT,
            Code::YamlSyntax => files::YAML_SYNTAX,
            Code::YamlTag => files::YAML_TAG,
            Code::YamlLimit => files::YAML_LIMIT,
            Code::DuplicateKey => files::DUPLICATE_KEY,
            Code::DuplicateEntry => files::DUPLICATE_ENTRY,
            Code::UnknownKey => files::UNKNOWN_KEY,
            Code::MissingKey => files::MISSING_KEY,
            Code::WrongShape => files::WRONG_SHAPE,
            Code::EmptyCondition => files::EMPTY_CONDITION,
            Code::InvalidName => literals::INVALID_NAME,
            Code::InvalidValue => literals::INVALID_VALUE,
            Code::InvalidDuration => literals::INVALID_DURATION,
            Code::PeriodTooShort => literals::PERIOD_TOO_SHORT,
            Code::InvalidPercent => literals::INVALID_PERCENT,
            Code::UnknownCurrency => literals::UNKNOWN_CURRENCY,
            Code::UnknownTimezone => literals::UNKNOWN_TIMEZONE,
            Code::VersionTooOld => literals::VERSION_TOO_OLD,
            Code::MoneyDecimals => literals::MONEY_DECIMALS,
            Code::ExpressionSyntax => expressions::EXPRESSION_SYNTAX,
            Code::UnbalancedParentheses => expressions::UNBALANCED_PARENTHESES,
            Code::ThousandsComma => expressions::THOUSANDS_COMMA,
            Code::PercentSign => expressions::PERCENT_SIGN,
            Code::SingleEquals => expressions::SINGLE_EQUALS,
            Code::WordOperator => expressions::WORD_OPERATOR,
            Code::UnicodeOperator => expressions::UNICODE_OPERATOR,
            Code::TypographicQuotes => expressions::TYPOGRAPHIC_QUOTES,
            Code::SingleQuotes => expressions::SINGLE_QUOTES,
            Code::ForeignDigits => expressions::FOREIGN_DIGITS,
            Code::UnknownName => expressions::UNKNOWN_NAME,
            Code::UnknownFunction => expressions::UNKNOWN_FUNCTION,
            Code::AmbiguousName => expressions::AMBIGUOUS_NAME,
            Code::WrongType => expressions::WRONG_TYPE,
            Code::WrongArgumentCount => expressions::WRONG_ARGUMENT_COUNT,
            Code::NotConstant => expressions::NOT_CONSTANT,
            Code::NotAllowedHere => expressions::NOT_ALLOWED_HERE,
            Code::MetricCircle => expressions::METRIC_CIRCLE,
            Code::UnknownParameter => literals::UNKNOWN_PARAMETER,
            Code::ParameterType => literals::PARAMETER_TYPE,
            Code::ParameterBounds => literals::PARAMETER_BOUNDS,
            Code::ShareSum => tiers::SHARE_SUM,
            Code::RestNotLast => tiers::REST_NOT_LAST,
            Code::MixedTiers => tiers::MIXED_TIERS,
            Code::Contradiction => tiers::CONTRADICTION,
            Code::FreshPeriod => tiers::FRESH_PERIOD,
            Code::UnknownTable => facts::UNKNOWN_TABLE,
            Code::UnknownColumn => facts::UNKNOWN_COLUMN,
            Code::QueryRejected => facts::QUERY_REJECTED,
            Code::ScriptSyntax => facts::SCRIPT_SYNTAX,
            Code::ScriptForbidden => facts::SCRIPT_FORBIDDEN,
            Code::UnreachableTier => tiers::UNREACHABLE_TIER,
            Code::StricterKeep => tiers::STRICTER_KEEP,
            Code::TiersOutOfOrder => tiers::TIERS_OUT_OF_ORDER,
            Code::WorseBenefit => tiers::WORSE_BENEFIT,
            Code::UnusedMetric => facts::UNUSED_METRIC,
            Code::UnusedParameter => facts::UNUSED_PARAMETER,
            Code::UnusedFunction => facts::UNUSED_FUNCTION,
            Code::PossibleDivisionByZero => facts::POSSIBLE_DIVISION_BY_ZERO,
            Code::UnitMismatch => facts::UNIT_MISMATCH,
            Code::CostNotYearly => tiers::COST_NOT_YEARLY,
            Code::TopNotAbove => tiers::TOP_NOT_ABOVE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_says_something_of_its_own() {
        for (index, code) in Code::ALL.iter().enumerate() {
            let page = code.page();
            assert!(page.why.len() > 40 && page.why.ends_with('.'), "{}", code.slug());
            assert_ne!(page.wrong, page.right, "{}", code.slug());
            for other in &Code::ALL[index + 1..] {
                assert_ne!(page.why, other.page().why, "{} {}", code.slug(), other.slug());
            }
        }
    }
}
