//! The rules as the text of a pack.

use std::fmt::{self, Display, Formatter};

use super::model::{
    Alert, Condition, Cutoffs, From, Ladder, Landing, Length, Metric, Pack, Period, Policy, Review,
    Round, Tick, Tier, Unit, Window, Won,
};

impl Display for Pack {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (month, day) = self.year_starts;
        f.write_str("pack: generated\nversion: 1.0.0\ntitle: Generated\n")?;
        f.write_str("settings:\n  currency: EUR\n  timezone: UTC\n")?;
        writeln!(f, "  year_starts: {month:02}-{day:02}")?;
        if let Some(orders) = self.population {
            writeln!(f, "  population: order_count >= {orders}")?;
        }
        if self.roster {
            f.write_str("customers:\n  table: customers\n  id: id\n  columns: { joined: date }\n")?;
        }
        f.write_str(SOURCES)?;
        f.write_str("metrics:\n")?;
        writeln!(f, "  spend: {{ sum: orders.amount, within: {} }}", self.spend)?;
        writeln!(f, "  order_count: {{ count: orders, within: {} }}", self.order_count)?;
        writeln!(f, "  visits: {{ count: visits, within: {} }}", self.visits)?;
        f.write_str("  days_away: { days_since_last: orders }\n")?;
        f.write_str("ladders:\n")?;
        self.ladders.iter().try_for_each(|ladder| write!(f, "{ladder}"))?;
        writeln!(f, "segments:\n  regulars:\n    when: {}", self.regulars)?;
        write!(f, "alerts:\n  quiet:\n{}", self.alert)
    }
}

const SOURCES: &str = "sources:
  orders: { table: orders, customer: customer, at: day, columns: { amount: money } }
  visits: { table: visits, customer: customer, at: day }
";

impl Display for Ladder {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {}:", self.name)?;
        writeln!(f, "    ties: {}", if self.exclude_ties { "exclude" } else { "include" })?;
        writeln!(f, "    cutoffs: {}", self.cutoffs)?;
        if !self.rank_by.is_empty() {
            let by: Vec<String> = self.rank_by.iter().map(Metric::to_string).collect();
            writeln!(f, "    rank_by: [{}]", by.join(", "))?;
        }
        if let Some(warn) = self.warn {
            writeln!(f, "    warn: {warn}")?;
        }
        if self.review_now {
            writeln!(f, "    on_change: review_now")?;
        }
        if !self.renamed.is_empty() {
            let pairs = self.renamed.iter().map(|(old, new)| format!("{old}: {new}"));
            writeln!(f, "    renamed: {{ {} }}", pairs.collect::<Vec<_>>().join(", "))?;
        }
        f.write_str("    tiers:\n")?;
        self.tiers.iter().try_for_each(|tier| write!(f, "{tier}"))
    }
}

impl Display for Tier {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "      {}:", self.name)?;
        match &self.won {
            Won::Enter(condition) => writeln!(f, "        enter: {condition}")?,
            Won::Share(Some(percent)) => writeln!(f, "        share: {percent}")?,
            Won::Share(None) => writeln!(f, "        share: rest")?,
        }
        if let Some(keep) = &self.keep {
            writeln!(f, "        keep: {keep}")?;
        }
        write!(f, "{}", self.policy)
    }
}

impl Display for Policy {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "        review: {}", self.review)?;
        if self.upgrade_at_review {
            writeln!(f, "        upgrade: at review")?;
        }
        if let Some(grace) = self.grace {
            writeln!(f, "        grace: {grace}")?;
        }
        match &self.landing {
            Landing::OneDown => writeln!(f, "        landing: one_down"),
            Landing::Earned => Ok(()),
            Landing::Tier(tier) => writeln!(f, "        landing: {tier}"),
        }
    }
}

impl Display for Review {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Review::Fixed { period, from, round } => {
                write!(f, "{{ fixed: {period}, from: {from}")?;
                if let Some(round) = round {
                    write!(f, ", round: end of {round}")?;
                }
                f.write_str(" }")
            }
            Review::Tick(tick) => write!(f, "{{ dynamic: {tick} }}"),
            Review::Every(period) => write!(f, "{{ dynamic: {period} }}"),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Always => f.write_str("always"),
            Condition::Never => f.write_str("never"),
            Condition::All(of) => write!(f, "{{ all: {} }}", List(of)),
            Condition::Any(1, of) => write!(f, "{{ any: {} }}", List(of)),
            Condition::Any(at_least, of) => {
                write!(f, "{{ any: {}, at_least: {at_least} }}", List(of))
            }
            Condition::None(of) => write!(f, "{{ none: {} }}", List(of)),
            Condition::AtLeast(metric, least) => write!(f, "\"{metric} >= {least}\""),
            Condition::AtMost(metric, most) => write!(f, "\"{metric} <= {most}\""),
            Condition::PerVisit(least) => write!(f, "\"100 / visits >= {least}\""),
            Condition::TopPercent(percent, metric) => {
                write!(f, "\"top_percent({percent}, {metric})\"")
            }
            Condition::TopCount(count, metric) => write!(f, "\"top_count({count}, {metric})\""),
            Condition::AboveAverage(metric) => write!(f, "\"{metric} >= average({metric})\""),
            Condition::InTier(ladder, tier) => write!(f, "\"in_tier({ladder}.{tier})\""),
            Condition::Holds(ladder, tier) => write!(f, "\"holds({ladder}.{tier})\""),
            Condition::DaysHeld(ladder, tier, least) => {
                write!(f, "\"days_held({ladder}.{tier}) >= {least}\"")
            }
            Condition::DaysSinceHeld(ladder, tier, most) => {
                write!(f, "\"days_since_held({ladder}.{tier}) <= {most}\"")
            }
            Condition::InGrace(ladder) => write!(f, "\"in_grace({ladder})\""),
        }
    }
}

struct List<'a>(&'a [Condition]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(Condition::to_string).collect();
        write!(f, "[{}]", parts.join(", "))
    }
}

impl Display for Alert {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if let Some((ladder, tier)) = &self.holders {
            writeln!(f, "    for: {ladder}.{tier}")?;
        }
        writeln!(f, "    when: {}", self.when)?;
        if let Some(every) = self.every {
            writeln!(f, "    every: {every}")?;
        }
        Ok(())
    }
}

impl Display for Period {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Period::Of(length) => length.fmt(f),
            Period::DaysPerVisit(days) => write!(f, "{{ expr: visits * {days} }}"),
        }
    }
}

impl Display for From {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            From::Evaluation => f.write_str("evaluation"),
            From::Entry => f.write_str("entry"),
            From::Joined => f.write_str("joined"),
            From::MonthDay(month, day) => write!(f, "{month:02}-{day:02}"),
        }
    }
}

impl Display for Cutoffs {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Cutoffs::Daily => f.write_str("daily"),
            Cutoffs::Tick(tick) => tick.fmt(f),
            Cutoffs::Every(length) => length.fmt(f),
        }
    }
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Window::Lifetime => f.write_str("lifetime"),
            Window::Trailing(length) => length.fmt(f),
            Window::Calendar(round) => write!(f, "calendar {round}"),
            Window::Previous(round) => write!(f, "previous calendar {round}"),
            Window::Tier(ladder) => write!(f, "tier {ladder}"),
        }
    }
}

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Length(count, unit) = self;
        let unit = match unit {
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
            Unit::Years => "years",
        };
        write!(f, "{count} {unit}")
    }
}

impl Display for Metric {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Metric::Spend => "spend",
            Metric::OrderCount => "order_count",
            Metric::Visits => "visits",
            Metric::DaysAway => "days_away",
        })
    }
}

impl Display for Round {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Round::Month => "month",
            Round::Quarter => "quarter",
            Round::HalfYear => "half-year",
            Round::Year => "year",
        })
    }
}

impl Display for Tick {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tick::Daily => "daily",
            Tick::Weekly => "weekly",
            Tick::Monthly => "monthly",
        })
    }
}
