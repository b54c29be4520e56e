//! Pages of the findings about the store, scripts, and what is unused or risky.

use super::Page;

pub(super) const UNKNOWN_TABLE: Page = Page {
    why: "The store has no table of this name. Where a client's tables are called differently, bind \
          them in `tierkeeper.yaml`, without touching the pack.",
    wrong: "sources:\n  orders: { table: orders, customer: customer_id, at: placed_at }",
    right: "# tierkeeper.yaml\nsources:\n  orders: { table: sales }",
};

pub(super) const UNKNOWN_COLUMN: Page = Page {
    why: "The table is there, but has no such column. A column with another name takes `column:`, in \
          the pack or in `tierkeeper.yaml`.",
    wrong: "columns: { amount: money }",
    right: "columns: { amount: { type: money, column: total_amount } }",
};

pub(super) const QUERY_REJECTED: Page = Page {
    why: "A source's `query` is one statement that only reads. Anything that writes, attaches, loads \
          or holds a second statement is refused, and so is what SQLite cannot prepare.",
    wrong: "query: \"DELETE FROM orders; SELECT * FROM orders\"",
    right: "query: SELECT customer_id, placed_at, amount FROM orders WHERE status = 'paid'",
};

pub(super) const SCRIPT_SYNTAX: Page = Page {
    why: "The script cannot be read from this place on. Script files hold functions in Rhai, and a \
          statement ends with `;`.",
    wrong: "fn months(customer) {\n    if customer.years >= 2 { 12 else { 10 }\n}",
    right: "fn months(customer) {\n    if customer.years >= 2 { 12 } else { 10 }\n}",
};

pub(super) const SCRIPT_FORBIDDEN: Page = Page {
    why: "Scripts compute a value from what they are given, and nothing else: no clock, no randomness, \
          no files, no network, no `eval`, no `import`, no code outside of functions. The same \
          customer has the same answer every time.",
    wrong: "fn bonus(customer) { eval(\"customer.spend * 2\") }",
    right: "fn bonus(customer) { customer.spend * 2 }",
};

pub(super) const UNUSED_METRIC: Page = Page {
    why: "No criterion, segment, alert, benefit or other metric reads this metric. It costs time, and \
          may be the sign of a rule that was forgotten.",
    wrong: "metrics:\n  visits: { count: visits }      # and no rule that asks for visits",
    right: "segments:\n  regulars: { when: visits >= 10 }",
};

pub(super) const UNUSED_PARAMETER: Page = Page {
    why: "Nothing reads this parameter: a client who changes it changes nothing.",
    wrong: "parameters:\n  vip_spend: { type: money, default: 1000 }\n# the tier\nenter: spend >= 1000",
    right: "enter: spend >= vip_spend",
};

pub(super) const UNUSED_FUNCTION: Page = Page {
    why: "No expression and no other function calls this script function.",
    wrong: "// scripts/review.rhai, which nothing calls\nfn months(customer) { 10 }",
    right: "review: { fixed: { expr: \"review::months(customer) * 30\" } }",
};

pub(super) const POSSIBLE_DIVISION_BY_ZERO: Page = Page {
    why: "The divisor can be zero for some customers, whose decision is then a fault: they keep their \
          tier and are counted. Ask for the divisor first, or put the division into a metric with \
          `else:`.",
    wrong: "enter: margin / spend > 0.3",
    right: "enter:\n  - spend > 0\n  - margin / spend > 0.3",
};

pub(super) const UNIT_MISMATCH: Page = Page {
    why: "Two amounts of different kinds are compared or added, such as money and days. Often another \
          metric was meant; where it is right, give the metric a `unit:`.",
    wrong: "enter: spend >= days_away",
    right: "enter: spend >= 400",
};
