//! Facts of some customers, and facts as they were read.

use std::collections::BTreeMap;

use super::Facts;
use crate::expr::column::Column;
use crate::metrics::GivenMetric;
use crate::program::{MetricKind, Program};

impl Facts {
    /// Those of some customers, without the rows that counted for nobody; `slots` ascend.
    pub fn rows(&self, slots: &[usize]) -> Facts {
        let rows: Vec<u32> = slots.iter().map(|&slot| slot as u32).collect();
        let of = |column: &Option<Column>| column.as_ref().map(|column| column.rows(&rows));
        let given = self.given.iter().filter_map(|given| {
            let slot = slots.binary_search(&given.slot).ok()?;
            Some(GivenMetric { slot, ..given.clone() })
        });
        Facts {
            customers: slots.iter().map(|&slot| self.customers[slot].clone()).collect(),
            attributes: self.attributes.iter().map(of).collect(),
            metrics: self.metrics.iter().map(of).collect(),
            given: given.collect(),
            ..Facts::default()
        }
    }

    /// As they were before a population was built with them: without the metrics that are computed
    /// from others, so that one can be built again.
    pub fn as_read(&self, program: &Program) -> Facts {
        let read = program.metrics.iter().zip(&self.metrics).map(|(metric, column)| {
            column.clone().filter(|_| matches!(metric.kind, MetricKind::Rows(_)))
        });
        Facts {
            customers: self.customers.clone(),
            attributes: self.attributes.clone(),
            metrics: read.collect(),
            given: self.given.clone(),
            skipped_rows: BTreeMap::clone(&self.skipped_rows),
            bad_rows: self.bad_rows,
            bad_row_reasons: self.bad_row_reasons.clone(),
            bad_row_examples: self.bad_row_examples.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use crate::expr::Value;
    use crate::expr::column::Column;
    use crate::pass::fixture::{facts, metric, population, program};
    use crate::store::CustomerId;

    #[test]
    fn of_some_customers() {
        let program = program("", "  twice: { expr: spend * 2 }\n", "");
        let mut shop = facts(&program, &[(1, 1, 1), (2, 2, 2), (3, 3, 3)]);
        let (spend, twice) = (metric(&program, "spend"), metric(&program, "twice"));
        shop.give(&program, 1, spend, Value::Number(7.into())).expect("it fits");
        shop.give(&program, 2, twice, Value::Number(1.into())).expect("it fits");
        shop.bad_rows = 5;
        let some = shop.rows(&[0, 2]);
        assert_eq!(some.customers, [1, 3].map(CustomerId::Int));
        assert_eq!(some.bad_rows, 0);
        assert_eq!(some.metrics[spend], Some(Column::narrow(2, vec![100, 300])));
        let given: Vec<_> = some.given.iter().map(|given| (given.slot, given.metric)).collect();
        assert_eq!(given, [(1, twice)]);
    }

    #[test]
    fn as_read_can_be_built_again() {
        let program = program("", "  twice: { expr: spend * 2 }\n", "");
        let (spend, twice) = (metric(&program, "spend"), metric(&program, "twice"));
        let mut shop = facts(&program, &[(1, 1, 1), (2, 2, 2)]);
        shop.bad_rows = 5;
        shop.give(&program, 1, spend, Value::Number(7.into())).expect("it fits");
        let first = population(&program, shop, date(2026, 3, 5));
        assert_eq!(first.metric(twice, 1), Ok(Value::Number(14.into())));
        let read = first.facts.as_read(&program);
        assert!(read.metrics[twice].is_none() && read.metrics[spend].is_some());
        assert_eq!(read.bad_rows, 5);
        let again = population(&program, read, date(2026, 3, 5));
        assert_eq!(again.facts.metrics, first.facts.metrics);
    }
}
