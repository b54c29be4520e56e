//! Pages of the findings about names and literal values.

use super::Page;

pub(super) const INVALID_NAME: Page = Page {
    why: "Names are small letters, digits and underscores, and begin with a letter; the words of the \
          language (`always`, `never`, `value`, `customer`, `as_of`, `at`, `if`, `in`, …) are taken. \
          Words for people go into `title:`, a column's own name into `column:`.",
    wrong: "columns:\n  Unit Price: money",
    right: "columns:\n  unit_price: { type: money, column: Unit Price }",
};

pub(super) const INVALID_VALUE: Page = Page {
    why: "The text cannot be read as what this place needs, such as a number, a date, a version or \
          one of a few words.",
    wrong: "landing: one_lower",
    right: "landing: one_down",
};

pub(super) const INVALID_DURATION: Page = Page {
    why: "A duration is a whole number and `days`, `weeks`, `months` or `years`, or a parameter that \
          is one.",
    wrong: "review: { fixed: 10m }",
    right: "review: { fixed: 10 months }",
};

pub(super) const PERIOD_TOO_SHORT: Page = Page {
    why: "Everything is decided for whole days, so a review, a grace and a window last at least one.",
    wrong: "grace: 0 days",
    right: "grace: 1 day          # or no grace at all: leave the line out",
};

pub(super) const INVALID_PERCENT: Page = Page {
    why: "Percents are 0 to 100 everywhere: five percent is `5`, not `0.05`, and nobody can be in the \
          top 120 %.",
    wrong: "enter: top_percent(120, spend)",
    right: "enter: top_percent(20, spend)",
};

pub(super) const UNKNOWN_CURRENCY: Page = Page {
    why: "The currency is written as its ISO 4217 code, which also says how many decimals its amounts \
          have.",
    wrong: "settings:\n  currency: Lira",
    right: "settings:\n  currency: TRY",
};

pub(super) const UNKNOWN_TIMEZONE: Page = Page {
    why: "All dates are dates of the pack's time zone, written with its IANA name. Names like `GMT+3` \
          do not know about summer time.",
    wrong: "settings:\n  timezone: Istanbul",
    right: "settings:\n  timezone: Europe/Istanbul",
};

pub(super) const VERSION_TOO_OLD: Page = Page {
    why: "The pack's `requires` does not admit this version of tierkeeper. Update tierkeeper, or use a \
          version of the pack that it can run.",
    wrong: "requires: \">=9.0\"",
    right: "requires: \">=0.1\"",
};

pub(super) const MONEY_DECIMALS: Page = Page {
    why: "The number is compared with money and has more decimals than the money has. Often a point \
          was meant to separate thousands: `1.000` is one.",
    wrong: "enter: spend >= 1.000",
    right: "enter: spend >= 1000",
};

pub(super) const UNKNOWN_PARAMETER: Page = Page {
    why: "`tierkeeper.yaml` or `--set` gives a value to a parameter that the pack does not have. The \
          setting would have no effect.",
    wrong: "parameters: { vip_spent: 1500 }",
    right: "parameters: { vip_spend: 1500 }",
};

pub(super) const PARAMETER_TYPE: Page = Page {
    why: "The value cannot be read as the type that the pack declares for the parameter: `number`, \
          `money`, `percent`, `count`, `duration`, `date`, `text`, `flag` or `list`.",
    wrong: "vip_spend: { type: money, default: a lot }",
    right: "vip_spend: { type: money, default: 1000 }",
};

pub(super) const PARAMETER_BOUNDS: Page = Page {
    why: "The value is below the `min` or above the `max` that the pack's author declared for the \
          parameter.",
    wrong: "vip_share: { type: percent, default: 20, min: 1, max: 10 }",
    right: "vip_share: { type: percent, default: 5, min: 1, max: 10 }",
};
