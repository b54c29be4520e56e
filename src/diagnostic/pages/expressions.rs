//! Pages of the findings about expressions.

use super::Page;

pub(super) const EXPRESSION_SYNTAX: Page = Page {
    why: "The expression cannot be read from this place on: something is missing, or stands where \
          nothing fits.",
    wrong: "enter: spend >=",
    right: "enter: spend >= 400",
};

pub(super) const UNBALANCED_PARENTHESES: Page = Page {
    why: "A parenthesis opens without closing, or the other way round. Inside `[ ]` and `{ }` YAML ends \
          an item at each comma, which tears calls apart: quote such an expression, or write a list \
          with dashes.",
    wrong: "enter: { any: [top_percent(5, spend), spend >= 400] }",
    right: "enter:\n  any:\n    - top_percent(5, spend)\n    - spend >= 400",
};

pub(super) const THOUSANDS_COMMA: Page = Page {
    why: "A comma separates arguments, so it cannot separate thousands. Write the digits alone, or \
          with underscores.",
    wrong: "enter: spend >= 1,000",
    right: "enter: spend >= 1000",
};

pub(super) const PERCENT_SIGN: Page = Page {
    why: "Percents are plain numbers from 0 to 100; `%` is the remainder of a division.",
    wrong: "enter: returned_percent < 20%",
    right: "enter: returned_percent < 20",
};

pub(super) const SINGLE_EQUALS: Page = Page {
    why: "One `=` assigns, and nothing can be assigned in a condition. Two compare.",
    wrong: "enter: channel = \"partner\"",
    right: "enter: channel == \"partner\"",
};

pub(super) const WORD_OPERATOR: Page = Page {
    why: "`and`, `or` and `not` are written `&&`, `||` and `!`; a list of conditions reads even better.",
    wrong: "enter: spend >= 400 and order_count >= 6",
    right: "enter:\n  - spend >= 400\n  - order_count >= 6",
};

pub(super) const UNICODE_OPERATOR: Page = Page {
    why: "Word processors turn `>=` into `≥`, and `*` into `×`. Only the plain signs are operators.",
    wrong: "enter: spend ≥ 400",
    right: "enter: spend >= 400",
};

pub(super) const TYPOGRAPHIC_QUOTES: Page = Page {
    why: "Text stands between straight double quotes. Word processors and chats turn them into curly \
          ones.",
    wrong: "enter: channel == “partner”",
    right: "enter: channel == \"partner\"",
};

pub(super) const SINGLE_QUOTES: Page = Page {
    why: "Text inside an expression stands between double quotes.",
    wrong: "enter: channel == 'partner'",
    right: "enter: channel == \"partner\"",
};

pub(super) const FOREIGN_DIGITS: Page = Page {
    why: "Numbers in rules are written with the digits 0 to 9, whatever language the pack's titles are \
          in.",
    wrong: "enter: spend >= ۱۰۰۰",
    right: "enter: spend >= 1000",
};

pub(super) const UNKNOWN_NAME: Page = Page {
    why: "No metric, customer attribute, parameter, column, ladder or tier has this name here. A \
          suggestion is given where a name is near. Columns of a source can be read in its metrics' \
          `where` only.",
    wrong: "enter: spent >= 400",
    right: "enter: spend >= 400",
};

pub(super) const UNKNOWN_FUNCTION: Page = Page {
    why: "There is no function of this name: it is misspelt, or its script module is missing. \
          Functions of `scripts/review.rhai` are called `review::name(…)`.",
    wrong: "enter: top_percentage(5, spend)",
    right: "enter: top_percent(5, spend)",
};

pub(super) const AMBIGUOUS_NAME: Page = Page {
    why: "Metrics, customer attributes and parameters share one namespace, and two of them have this \
          name. Rename one; a column keeps its own name in `column:`.",
    wrong: "customers: { columns: { spend: money } }\nmetrics: { spend: { sum: orders.amount } }",
    right: "customers: { columns: { stated_spend: { type: money, column: spend } } }\nmetrics: { spend: { sum: orders.amount } }",
};

pub(super) const WRONG_TYPE: Page = Page {
    why: "A number, a text, a date, a list or true/false stands where another kind of value is needed. \
          Comparing text with a number is a mistake, not `false`.",
    wrong: "enter: channel >= 3",
    right: "enter: channel == \"partner\"",
};

pub(super) const WRONG_ARGUMENT_COUNT: Page = Page {
    why: "The function takes more or fewer values than are given.",
    wrong: "enter: top_percent(spend)",
    right: "enter: top_percent(5, spend)",
};

pub(super) const NOT_CONSTANT: Page = Page {
    why: "This argument has to be the same for every customer: a number, or a parameter.",
    wrong: "enter: top_percent(order_count, spend)",
    right: "enter: top_percent(vip_share, spend)",
};

pub(super) const NOT_ALLOWED_HERE: Page = Page {
    why: "What is written exists, but not in this place: functions over the population need customers \
          and not single rows, and what a pass decides cannot be read by what it decides from.",
    wrong: "metrics:\n  big: { count: orders, where: top_percent(5, amount) }",
    right: "metrics:\n  big: { count: orders, where: amount >= 500 }",
};

pub(super) const METRIC_CIRCLE: Page = Page {
    why: "Metrics may refer to each other in any order, but not in a circle: none of them could be \
          computed first. The finding shows the circle.",
    wrong: "metrics:\n  a: { expr: b + 1 }\n  b: { expr: a * 2 }",
    right: "metrics:\n  a: { count: orders }\n  b: { expr: a * 2 }",
};
