use jiff::civil::{Date, date};

use super::Facts;
use super::plan::plans;
use super::roster::read_attributes;
use super::shared::{metrics_in_common, same_sources, share_a_reading};
use crate::expr::AttributeId;
use crate::expr::column::Column;
use crate::program::{AtUnit, Attribute, ColumnKind, ColumnSource, MetricKind, Program, Relation};

/// The columns that are read of a source do not depend on the date.
const ANY_DATE: Date = date(2000, 1, 1);

/// The facts that [`read_facts`](super::read_facts) would give a program, out of those that it has
/// given another: of the same store at the same moment, as of the same date, with the same options.
/// Values that a [`Population`](crate::metrics::population::Population) has added to them are left
/// out. `None`: they do not hold all that it would read.
///
/// The state is never asked, so that windows `tier LADDER` are never in common.
pub fn facts_in_common(from: &Program, facts: &Facts, to: &Program) -> Option<Facts> {
    // Values that were given may stand in the columns of rows.
    if !share_a_reading(&[from, to]) || !facts.given.is_empty() || !leaves_the_same(from, facts, to)
    {
        return None;
    }
    let common = metrics_in_common(from, to, &same_sources(from, to));
    let metrics = to.metrics.iter().zip(common).map(|(metric, of_from)| match metric.kind {
        MetricKind::Rows(_) => Some(Some(facts.metrics[of_from?].clone()?)),
        _ => Some(None),
    });
    let metrics: Vec<Option<Column>> = metrics.collect::<Option<_>>()?;
    let mut attributes = vec![None; to.attributes.len()];
    let known: Vec<(AttributeId, String)> = read_attributes(from)
        .into_iter()
        .map(|attribute| (attribute, from.attribute_definition(attribute)))
        .collect();
    for attribute in read_attributes(to) {
        let definition = to.attribute_definition(attribute);
        let (of_from, _) = known.iter().find(|(_, known)| *known == definition)?;
        attributes[attribute] = Some(facts.attributes[*of_from].clone()?);
    }
    Some(Facts {
        customers: facts.customers.clone(),
        attributes,
        metrics,
        given: Vec::new(),
        skipped_rows: facts.skipped_rows.clone(),
        bad_rows: facts.bad_rows,
        bad_row_reasons: facts.bad_row_reasons.clone(),
        bad_row_examples: facts.bad_row_examples.clone(),
    })
}

/// Whether the same rows are left out for both, given that one reads no more than the other. Rows
/// without a place to count are those of the same sources; rows that cannot be read depend on the
/// columns too, and are told by the names of the sources.
fn leaves_the_same(from: &Program, facts: &Facts, to: &Program) -> bool {
    let (of_from, of_to) = (asked(from), asked(to));
    let relations = |sources: &[Asked<'_>]| {
        let mut relations: Vec<_> = sources.iter().map(|it| format!("{:?}", it.rows)).collect();
        relations.sort();
        relations
    };
    (facts.bad_rows == 0 || of_from == of_to && listed(from) == listed(to))
        && (facts.skipped_rows.is_empty() || relations(&of_from) == relations(&of_to))
}

/// What is read of a source.
#[derive(PartialEq)]
struct Asked<'p> {
    name: &'p str,
    rows: (&'p Relation, &'p str, &'p str, AtUnit),
    columns: Vec<Stored<'p>>,
}

/// The name in the store, whether in minor units, and the kind.
type Stored<'p> = (&'p str, bool, ColumnKind);

fn asked(program: &Program) -> Vec<Asked<'_>> {
    let plans = plans(program, ANY_DATE);
    plans
        .iter()
        .map(|plan| {
            let source = plan.source;
            let columns = plan.stored.iter().map(|&id| &source.columns[id]);
            let columns = columns.filter_map(|column| stored(&column.column, column.kind));
            Asked {
                name: &source.name,
                rows: (&source.from, &source.customer, &source.at, source.at_unit),
                columns: columns.collect(),
            }
        })
        .collect()
}

/// What is read of the customers table.
fn listed(program: &Program) -> Vec<Stored<'_>> {
    let attributes = read_attributes(program).into_iter().map(|id| &program.attributes[id]);
    attributes.filter_map(|Attribute { column, kind, .. }| stored(column, *kind)).collect()
}

fn stored(column: &ColumnSource, kind: ColumnKind) -> Option<Stored<'_>> {
    match column {
        ColumnSource::Stored { name, minor } => Some((name, *minor, kind)),
        ColumnSource::Computed(_) => None,
    }
}
