//! Small steps away from what is computed of a row or of a customer.

use super::expression::{self, Use};
use super::known::Known;
use super::mutant::{Found, Part};
use crate::pack::{ParsedColumn, ParsedPack};

/// Of attributes and of the columns of sources.
pub(super) fn all(pack: &ParsedPack, known: &Known<'_>, found: &mut Found) {
    let attributes = pack.customers.iter().flat_map(|customers| &customers.columns);
    for (id, column) in attributes.enumerate() {
        let place = format!("`expr` of attribute `{}`", column.name.value);
        of(&place, column, known, found, |new| Part::Attribute(id, new));
    }
    for (source_id, source) in pack.sources.iter().enumerate() {
        for (id, column) in source.columns.iter().enumerate() {
            let place = format!("`expr` of column `{}.{}`", source.name.value, column.name.value);
            of(&place, column, known, found, |new| Part::Column(source_id, id, new));
        }
    }
}

fn of(
    place: &str,
    column: &ParsedColumn,
    known: &Known<'_>,
    found: &mut Found,
    part: impl Fn(Box<ParsedColumn>) -> Part,
) {
    let Some(expr) = &column.expr else { return };
    found.add(place, expression::of(expr, known, Use::Formula), |expr| {
        part(Box::new(ParsedColumn { expr: Some(expr), ..column.clone() }))
    });
}
