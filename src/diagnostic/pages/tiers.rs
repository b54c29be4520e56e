//! Pages of the findings about tiers, their order, and benefits.

use super::Page;

pub(super) const SHARE_SUM: Page = Page {
    why: "The shares of a ladder are parts of one population and cannot make more than 100 %.",
    wrong: "tiers:\n  vip:    { share: 40 }\n  gold:   { share: 70 }",
    right: "tiers:\n  vip:    { share: 5 }\n  gold:   { share: 15 }\n  member: { share: rest }",
};

pub(super) const REST_NOT_LAST: Page = Page {
    why: "`rest` is everybody who is left, so nobody would be left for the tiers below it.",
    wrong: "tiers:\n  vip:    { share: 5 }\n  silver: { share: rest }\n  bronze: { share: 50 }",
    right: "tiers:\n  vip:    { share: 5 }\n  silver: { share: 50 }\n  bronze: { share: rest }",
};

pub(super) const MIXED_TIERS: Page = Page {
    why: "A ladder gives its tiers either by shares of the population (`rank_by` and `share`) or by \
          conditions (`enter`). For both, make two ladders, or use `top_percent` in a condition.",
    wrong: "tiers:\n  vip:  { share: 5 }\n  gold: { enter: spend >= 400 }",
    right: "tiers:\n  vip:  { enter: \"top_percent(5, spend)\" }\n  gold: { enter: spend >= 400 }",
};

pub(super) const CONTRADICTION: Page = Page {
    why: "No value can meet the condition, so nobody ever will.",
    wrong: "enter: spend >= 1000 && spend < 500",
    right: "enter: spend >= 500 && spend < 1000",
};

pub(super) const FRESH_PERIOD: Page = Page {
    why: "The tier is reviewed right after the calendar period, or membership year, of this metric begins, when the metric is \
          still near zero: everybody would be demoted on that day. Ask for the period before.",
    wrong: "metrics:\n  year_spend: { sum: orders.amount, within: calendar year }\n# the tier\nkeep: year_spend >= 1000\nreview: { fixed: 12 months, round: end of year }",
    right: "keep: previous(year_spend) >= 1000\nreview: { fixed: 12 months, round: end of year }",
};

pub(super) const UNREACHABLE_TIER: Page = Page {
    why: "Whoever meets this tier's condition also meets that of a higher one, and the highest counts. \
          The condition is the same, or asks for more than the higher tier does.",
    wrong: "tiers:\n  vip:  { enter: spend >= 400 }\n  gold: { enter: spend >= 1000 }",
    right: "tiers:\n  vip:  { enter: spend >= 1000 }\n  gold: { enter: spend >= 400 }",
};

pub(super) const STRICTER_KEEP: Page = Page {
    why: "Keeping the tier asks for more than entering it. Who just entered would lose it at the first \
          review.",
    wrong: "enter: spend >= 1000\nkeep: spend >= 1200",
    right: "enter: spend >= 1000\nkeep: spend >= 800",
};

pub(super) const TIERS_OUT_OF_ORDER: Page = Page {
    why: "Tiers are written highest first, and a lower tier asks for more of a metric than a higher one. \
          They may be in the wrong order, or a digit may be missing.",
    wrong: "vip:  { enter: spend >= 1000 }\ngold: { enter: spend >= 4000 }",
    right: "vip:  { enter: spend >= 1000 }\ngold: { enter: spend >= 400 }",
};

pub(super) const WORSE_BENEFIT: Page = Page {
    why: "A higher tier gets less of this benefit than a lower one: its customers would do better to \
          fall.",
    wrong: "discount: { kind: percent_off, tiers: { vip: 10, gold: 20 } }",
    right: "discount: { kind: percent_off, tiers: { vip: 20, gold: 10 } }",
};

pub(super) const COST_NOT_YEARLY: Page = Page {
    why: "`cost` is what the benefit costs in a year, and the metric in it covers another time. \
          Forecasts would be off by that factor.",
    wrong: "metrics:\n  month_spend: { sum: orders.amount, within: 1 month }\n# the benefit\ncost: month_spend * value / 100",
    right: "metrics:\n  year_spend: { sum: orders.amount, within: 12 months }\n# the benefit\ncost: year_spend * value / 100",
};

pub(super) const TOP_NOT_ABOVE: Page = Page {
    why: "The top of this tier is not larger than that of the next higher tier over the same measure, \
          so nobody is left for it.",
    wrong: "vip:  { enter: \"top_percent(10, spend)\" }\ngold: { enter: \"top_percent(5, spend)\" }",
    right: "vip:  { enter: \"top_percent(5, spend)\" }\ngold: { enter: \"top_percent(20, spend)\" }",
};
