//! What expressions read of customers: metrics, attributes, tops, standings.

use std::collections::HashMap;
use std::ops::Range;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::calls::Calls;
use super::cutoff::Taken;
use crate::expr::column::{Column, ColumnRef};
use crate::expr::{CutoffId, Fault, Input, Inputs, ScriptFunctionId, Value};
use crate::program::Program;

/// Columns that come from standings and segments (`in_tier`, `holds`, `in_segment`, …), one row
/// per customer; only those that the program reads.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StandingColumns {
    pub columns: HashMap<Input, Column>,
}

impl StandingColumns {
    /// Those of one customer.
    pub(super) fn of_one(&self, slot: usize) -> StandingColumns {
        let one = |column: &Column| column.slice(slot..slot + 1).to_column();
        let columns = self.columns.iter().map(|(input, column)| (*input, one(column)));
        StandingColumns { columns: columns.collect() }
    }
}

/// The columns of all customers, as far as they are computed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Columns<'a> {
    pub program: &'a Program,
    pub as_of: Date,
    pub attributes: &'a [Option<Column>],
    pub metrics: &'a [Option<Column>],
    pub cutoffs: &'a [Option<Taken>],
    pub standings: &'a StandingColumns,
}

/// A block of customers, for [`crate::expr::evaluate`].
pub(crate) struct Customers<'a> {
    pub columns: Columns<'a>,
    pub rows: Range<usize>,
    pub calls: &'a Calls<'a>,
    /// What the benefit gives to the customers of the block, where its cost is asked.
    pub benefit_value: Option<&'a Column>,
}

impl Inputs for Customers<'_> {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn as_of(&self) -> Date {
        self.columns.as_of
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let columns = &self.columns;
        let column = match input {
            Input::Metric(metric) => columns.metrics[metric].as_ref(),
            Input::Attribute(attribute) => columns.attributes[attribute].as_ref(),
            Input::Top(cutoff) => {
                columns.cutoffs[cutoff].as_ref().and_then(|taken| taken.members.as_ref())
            }
            Input::BenefitValue => {
                let value = self.benefit_value.expect("only costs read the benefit's value");
                return value.slice(0..value.len());
            }
            _ => columns.standings.columns.get(&input),
        };
        column.expect("`check` orders what an expression reads before it").slice(self.rows.clone())
    }

    fn cutoff(&self, cutoff: CutoffId) -> Result<Decimal, Fault> {
        let taken = self.columns.cutoffs[cutoff].as_ref();
        taken.expect("`check` orders cutoffs before what reads them").value
    }

    fn call(
        &self,
        function: ScriptFunctionId,
        arguments: &[Option<Value>],
        row: usize,
    ) -> Result<Value, Fault> {
        self.calls.call(function, arguments, self.rows.start + row)
    }
}
