//! Facts of some customers that go over those of everybody.

use super::Facts;
use crate::expr::column::Column;
use crate::expr::{Merge, Table};
use crate::metrics::GivenMetric;

impl Facts {
    /// These, and those of other customers or newer ones of the same, which win; of the same
    /// program. The rows that counted for nobody stay those of `self`.
    pub fn merged(&self, over: &Facts) -> Facts {
        let merge = Merge::of(&self.customers, &over.customers);
        // Without customers a table says nothing about columns.
        let (no_below, no_over) = (self.customers.is_empty(), over.customers.is_empty());
        let column = |below: Option<&Column>, over: Option<&Column>| match (below, over) {
            (Some(below), Some(over)) => Some(below.merged(over, &merge)),
            (Some(below), None) if no_over => Some(below.clone()),
            (None, Some(over)) if no_below => Some(over.clone()),
            _ => None,
        };
        let columns = |below: &[Option<Column>], over: &[Option<Column>]| {
            let ids = 0..below.len().max(over.len());
            ids.map(|id| {
                let (below, over) = (below.get(id), over.get(id));
                column(below.and_then(Option::as_ref), over.and_then(Option::as_ref))
            })
            .collect()
        };
        let given =
            [(self, Table::Below), (over, Table::Over)].into_iter().flat_map(|(of, from)| {
                let places = if of.given.is_empty() { Vec::new() } else { merge.places(from) };
                of.given.iter().filter_map(move |given| {
                    Some(GivenMetric { slot: places[given.slot]?, ..given.clone() })
                })
            });
        Facts {
            customers: merge.values(&self.customers, &over.customers),
            attributes: columns(&self.attributes, &over.attributes),
            metrics: columns(&self.metrics, &over.metrics),
            given: given.collect(),
            skipped_rows: self.skipped_rows.clone(),
            bad_rows: self.bad_rows,
            bad_row_reasons: self.bad_row_reasons.clone(),
            bad_row_examples: self.bad_row_examples.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::expr::Value;
    use crate::expr::column::{Data, Dictionary};
    use crate::pass::fixture::{facts, metric, program};
    use crate::store::CustomerId;

    fn texts(words: &[&str]) -> Column {
        let mut dictionary = Dictionary::default();
        let codes = words.iter().map(|word| dictionary.intern(word)).collect();
        Column::new(Data::Text { codes, dictionary: Arc::new(dictionary) })
    }

    #[test]
    fn newer_rows_win() {
        let program = program(
            "",
            "  twice: { expr: spend * 2 }
",
            "",
        );
        let (spend, twice) = (metric(&program, "spend"), metric(&program, "twice"));
        let mut everybody = facts(&program, &[(1, 1, 1), (2, 2, 2), (3, 3, 3)]);
        everybody.attributes = vec![Some(texts(&["a", "b", "c"]))];
        everybody.metrics[twice] = Some(Column::narrow(2, vec![200, 400, 600]));
        everybody.bad_rows = 5;
        let seven = || Value::Number(7.into());
        everybody.give(&program, 1, spend, seven()).expect("it fits");
        everybody.give(&program, 2, spend, seven()).expect("it fits");
        let mut newer = facts(&program, &[(20, 1, 1), (90, 1, 1)]);
        newer.customers = [2, 9].map(CustomerId::Int).to_vec();
        newer.attributes = vec![Some(texts(&["z", "a"]))];
        newer.bad_rows = 1;
        newer.give(&program, 1, spend, seven()).expect("it fits");
        let both = everybody.merged(&newer);
        assert_eq!(both.customers, [1, 2, 3, 9].map(CustomerId::Int));
        assert_eq!(both.metrics[spend], Some(Column::narrow(2, vec![100, 2000, 300, 9000])));
        // What is computed is not there where one of them has not computed it.
        assert_eq!(both.metrics[twice], None);
        let named = both.attributes[0].as_ref().expect("a column");
        let named: Vec<_> = (0..4).map(|slot| named.value(slot)).collect();
        assert_eq!(named, ["a", "z", "c", "a"].map(|name| Ok(Value::text(name))));
        assert_eq!(both.bad_rows, 5);
        let given: Vec<usize> = both.given.iter().map(|given| given.slot).collect();
        assert_eq!(given, [2, 3]);
        let nobody = Facts::default();
        assert_eq!(nobody.merged(&newer).metrics, newer.metrics);
        assert_eq!(everybody.merged(&nobody).metrics, everybody.metrics);
    }
}
