use rust_decimal::Decimal;

use crate::expr::column::Column;
use crate::expr::column::{ColumnRef, Data, DataRef, Ints};
use crate::expr::inputs::Evaluated;
use crate::expr::value::{Fault, Value};

/// An outcome to read from: one value, or rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'e> {
    pub data: ViewData<'e>,
    pub known: Option<&'e [bool]>,
    pub faults: Option<&'e [u8]>,
    /// The fault of every row.
    pub fault: Option<Fault>,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum ViewData<'e> {
    Constant(&'e Value),
    Rows(DataRef<'e>),
    Decimals(&'e [Decimal]),
}

impl<'e> View<'e> {
    /// Whether no row has a value: NULL or a fault for all.
    pub fn is_void(&self) -> bool {
        self.fault.is_some() || matches!(self.data, ViewData::Constant(Value::Null))
    }

    pub fn constant(&self) -> Option<&'e Value> {
        match self.data {
            ViewData::Constant(value) if self.fault.is_none() => Some(value),
            _ => None,
        }
    }
}

impl<'e> From<ColumnRef<'e>> for View<'e> {
    fn from(column: ColumnRef<'e>) -> Self {
        let ColumnRef { data, known, faults } = column;
        View { data: ViewData::Rows(data), known, faults, fault: None }
    }
}

impl Evaluated<'_> {
    pub(super) fn view(&self) -> View<'_> {
        match self {
            Evaluated::Constant(value) => {
                View { data: ViewData::Constant(value), known: None, faults: None, fault: None }
            }
            Evaluated::Fault(fault) => View {
                data: ViewData::Constant(&Value::Null),
                known: None,
                faults: None,
                fault: Some(*fault),
            },
            Evaluated::Borrowed(column) => (*column).into(),
            Evaluated::Owned(column) => column.as_ref().into(),
            Evaluated::Decimals(decimals) => View {
                data: ViewData::Decimals(&decimals.values),
                known: decimals.known.as_deref(),
                faults: decimals.faults.as_deref(),
                fault: None,
            },
        }
    }
}

impl Column {
    /// All rows, without copying.
    pub fn as_ref(&self) -> ColumnRef<'_> {
        self.slice(0..self.len())
    }
}

/// What several operands say about each row together.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Masks {
    pub known: Option<Vec<bool>>,
    pub faults: Option<Vec<u8>>,
}

impl Masks {
    /// A row is known where all operands are; its fault is the first operand's that has one.
    pub fn of(operands: &[View<'_>], rows: usize) -> Masks {
        let mut masks = Masks::default();
        for operand in operands {
            if operand.is_void() {
                masks.known = Some(vec![false; rows]);
            } else if let Some(known) = operand.known {
                masks.restrict(known);
            }
            if let Some(faults) = operand.faults {
                masks.add_faults(faults);
            }
            if let Some(fault) = operand.fault {
                masks.add_faults(&vec![fault as u8; rows]);
            }
        }
        masks
    }

    fn restrict(&mut self, known: &[bool]) {
        match &mut self.known {
            Some(own) => own.iter_mut().zip(known).for_each(|(own, known)| *own &= known),
            None => self.known = Some(known.to_vec()),
        }
    }

    fn add_faults(&mut self, faults: &[u8]) {
        match &mut self.faults {
            Some(own) => own.iter_mut().zip(faults).for_each(|(own, fault)| {
                if *own == 0 {
                    *own = *fault;
                }
            }),
            None => self.faults = Some(faults.to_vec()),
        }
    }

    /// Marks a row with a fault of this operation, unless it has one or is NULL.
    pub fn fail(&mut self, row: usize, rows: usize, fault: Fault) {
        if self.known.as_ref().is_some_and(|known| !known[row]) {
            return;
        }
        let faults = self.faults.get_or_insert_with(|| vec![0; rows]);
        if faults[row] == 0 {
            faults[row] = fault as u8;
        }
    }

    /// Whether the row has a value.
    pub fn has_value(&self, row: usize) -> bool {
        self.known.as_ref().is_none_or(|known| known[row])
            && self.faults.as_ref().is_none_or(|faults| faults[row] == 0)
    }

    pub fn column(self, data: Data) -> Column {
        Column { data, known: self.known, faults: self.faults }
    }

    /// Flags that are false, not NULL, where an operand is NULL.
    pub fn decided(self, mut flags: Vec<bool>) -> Column {
        if let Some(known) = &self.known {
            flags.iter_mut().zip(known).for_each(|(flag, known)| *flag &= known);
        }
        if let Some(faults) = &self.faults {
            flags.iter_mut().zip(faults).for_each(|(flag, fault)| *flag &= *fault == 0);
        }
        Column { data: Data::Flag(flags), known: None, faults: self.faults }
    }

    /// Numbers without any value.
    pub fn no_numbers<'a>(self, rows: usize) -> Evaluated<'a> {
        let values = Ints::Narrow(vec![0; rows]);
        Evaluated::Owned(self.column(Data::Number { scale: 0, values }))
    }
}
