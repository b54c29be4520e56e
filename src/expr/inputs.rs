use jiff::civil::Date;
use rust_decimal::Decimal;

use super::column::{Column, ColumnRef};
use super::{CutoffId, Fault, Input, ScriptFunctionId, Value};

/// What an expression can read: a block of rows or of customers. Everything that decides sees
/// only this, never a connection.
pub trait Inputs {
    /// Rows in the block.
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn as_of(&self) -> Date;

    /// The column of an input, as long as the block. Inputs that do not exist where the
    /// expression stands were refused by `check`; asking for one is a bug.
    fn input(&self, input: Input) -> ColumnRef<'_>;

    /// A value over the population.
    fn cutoff(&self, cutoff: CutoffId) -> Result<Decimal, Fault>;

    /// Calls a script function for one row of the block. An argument that is `None` is the
    /// view of the row's customer.
    fn call(
        &self,
        function: ScriptFunctionId,
        arguments: &[Option<Value>],
        row: usize,
    ) -> Result<Value, Fault>;
}

/// The outcome of an expression over a block: one value for all rows, a borrowed column, or a
/// new one.
#[derive(Debug, Clone)]
pub enum Evaluated<'a> {
    Constant(Value),
    /// The same fault for every row (a cutoff that overflowed).
    Fault(Fault),
    Borrowed(ColumnRef<'a>),
    Owned(Column),
    /// Numbers whose scales lie too far apart for one fixed-point column.
    Decimals(Decimals),
}

/// One decimal per row; `known` and `faults` as in [`Column`].
#[derive(Debug, Clone, PartialEq)]
pub struct Decimals {
    pub values: Vec<Decimal>,
    pub known: Option<Vec<bool>>,
    pub faults: Option<Vec<u8>>,
}

/// The outcome of a condition over a block. `faults` hold a [`Fault`] as byte, 0 for none;
/// where there is one, `holds` is `false`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Truth {
    pub holds: Vec<bool>,
    pub faults: Option<Vec<u8>>,
}
