use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::scripts::RowScripts;
use crate::expr::column::{Column, ColumnRef, Data, DataRef, Dictionary, Ints};
use crate::expr::{
    CutoffId, Decimals, Evaluated, Expr, Fault, Input, Inputs, ScriptFunctionId, Type, Value,
    days_from_date, evaluate,
};
use crate::metrics::exact::{is_decimal, rescale};
use crate::program::ColumnKind;

/// Rows with their columns, as expressions see them.
#[derive(Debug)]
pub(super) struct Block<'a> {
    pub(super) rows: usize,
    pub(super) as_of: Date,
    /// The civil days of the facts. Empty for customers.
    pub(super) days: &'a [i32],
    /// By `ColumnId`; for customers by `AttributeId`.
    pub(super) columns: Vec<Option<Cow<'a, Column>>>,
    pub(super) scripts: Arc<RowScripts>,
}

impl Block<'_> {
    /// Fills a computed column from the others. `texts` are those that it had in the blocks
    /// before: a text has the same code in all blocks.
    pub(super) fn compute(
        &mut self,
        column: usize,
        expr: &Expr,
        kind: ColumnKind,
        scale: u8,
        texts: &mut Arc<Dictionary>,
    ) {
        let mut computed = fit(evaluate(expr, self, None), self.rows, kind, scale);
        if let Data::Text { codes, dictionary } = &mut computed.data {
            recode(codes, dictionary, texts);
        }
        self.columns[column] = Some(Cow::Owned(computed));
    }
}

impl Inputs for Block<'_> {
    fn len(&self) -> usize {
        self.rows
    }

    fn as_of(&self) -> Date {
        self.as_of
    }

    fn input(&self, input: Input) -> ColumnRef<'_> {
        let column = match input {
            Input::At => {
                return ColumnRef { data: DataRef::Date(self.days), known: None, faults: None };
            }
            Input::Column(id) | Input::Attribute(id) => self.columns[id].as_ref(),
            _ => None,
        };
        match column {
            Some(column) => column.slice(0..self.rows),
            None => panic!("{input:?} was asked of rows that do not have it"),
        }
    }

    fn cutoff(&self, _: CutoffId) -> Result<Decimal, Fault> {
        panic!("a row has no values over the population")
    }

    fn call(
        &self,
        function: ScriptFunctionId,
        arguments: &[Option<Value>],
        _: usize,
    ) -> Result<Value, Fault> {
        self.scripts.call(function, arguments)
    }
}

/// What an expression gave, in the form of a column of the kind that was declared.
fn fit(outcome: Evaluated<'_>, rows: usize, kind: ColumnKind, scale: u8) -> Column {
    let column = match outcome {
        Evaluated::Owned(column) => column,
        Evaluated::Borrowed(column) => column.to_column(),
        Evaluated::Constant(value) => constant(&value, kind.ty(), rows),
        Evaluated::Decimals(decimals) => return rescaled(decimals, scale),
        Evaluated::Fault(fault) => Column {
            faults: Some(vec![fault as u8; rows]),
            ..constant(&Value::Null, kind.ty(), rows)
        },
    };
    match column {
        Column {
            data: Data::Number { scale: from, values: Ints::Narrow(values) },
            known,
            faults,
        } => {
            let values = values.into_iter().map(|value| rescale(value.into(), from, scale));
            numbers(values, known, faults, scale)
        }
        Column {
            data: Data::Number { scale: from, values: Ints::Wide(values) },
            known,
            faults,
        } => {
            let values = values.into_iter().map(|value| rescale(value, from, scale));
            numbers(values, known, faults, scale)
        }
        column => column,
    }
}

fn rescaled(decimals: Decimals, scale: u8) -> Column {
    let Decimals { values, known, faults } = decimals;
    let values =
        values.into_iter().map(|value| rescale(value.mantissa(), value.scale() as u8, scale));
    numbers(values, known, faults, scale)
}

/// Writes codes of one dictionary as those of another, which grows.
fn recode(codes: &mut [u32], from: &mut Arc<Dictionary>, to: &mut Arc<Dictionary>) {
    let texts = Arc::make_mut(to);
    let mut known = vec![None; from.len()];
    for code in codes {
        let old = *code as usize;
        *code = *known[old].get_or_insert_with(|| texts.intern(from.text(old as u32)));
    }
    *from = to.clone();
}

/// Whole numbers of a scale as a column; what no decimal holds is a fault.
fn numbers(
    values: impl ExactSizeIterator<Item = Option<i128>>,
    known: Option<Vec<bool>>,
    mut faults: Option<Vec<u8>>,
    scale: u8,
) -> Column {
    let rows = values.len();
    let mut scaled = Vec::with_capacity(rows);
    for (row, value) in values.enumerate() {
        let value = value.filter(|&value| is_decimal(value, scale));
        if value.is_none() {
            let fault = &mut faults.get_or_insert_with(|| vec![0; rows])[row];
            if *fault == 0 {
                *fault = Fault::Overflow as u8;
            }
        }
        scaled.push(value.unwrap_or(0));
    }
    // The ends of 64 bits mean "none yet" to accumulators.
    let narrow: Option<Vec<i64>> = scaled
        .iter()
        .map(|&value| i64::try_from(value).ok().filter(|&v| v != i64::MAX && v != i64::MIN))
        .collect();
    let values = narrow.map_or(Ints::Wide(scaled), Ints::Narrow);
    Column { data: Data::Number { scale, values }, known, faults }
}

fn constant(value: &Value, ty: Type, rows: usize) -> Column {
    let data = match (value, ty) {
        (Value::Number(number), _) => Data::Number {
            scale: number.scale() as u8,
            values: Ints::Wide(vec![number.mantissa(); rows]),
        },
        (Value::Flag(flag), _) => Data::Flag(vec![*flag; rows]),
        (Value::Date(date), _) => Data::Date(vec![days_from_date(*date); rows]),
        (Value::Text(text), _) => text_data(text, rows),
        (_, Type::Flag) => Data::Flag(vec![false; rows]),
        (_, Type::Date) => Data::Date(vec![0; rows]),
        (_, Type::Text) => text_data("", rows),
        _ => Data::Number { scale: 0, values: Ints::Narrow(vec![0; rows]) },
    };
    let known = matches!(value, Value::Null | Value::List(_)).then(|| vec![false; rows]);
    Column { data, known, faults: None }
}

fn text_data(text: &str, rows: usize) -> Data {
    let mut dictionary = Dictionary::default();
    let code = dictionary.intern(text);
    Data::Text { codes: vec![code; rows], dictionary: Arc::new(dictionary) }
}
