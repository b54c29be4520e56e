use super::Planned;
use crate::exit::Failure;
use crate::output;

/// The columns of `plan --format csv`: a row for everybody who moves. No tier is an empty cell.
const COLUMNS: [&str; 6] = ["customer", "ladder", "from", "to", "direction", "because"];

pub fn write(planned: &Planned<'_>) -> Result<(), Failure> {
    let mut rows = csv::Writer::from_writer(output::stdout());
    rows.write_record(COLUMNS).map_err(output::written)?;
    for (mover, because) in planned.moves() {
        let (from, to) = planned.plan.tiers(mover);
        rows.write_record([
            planned.plan.customer(mover).to_string().as_str(),
            &planned.plan.ladders[mover.ladder].name,
            from.unwrap_or_default(),
            to.unwrap_or_default(),
            mover.way.name(),
            &planned.because(mover, &because),
        ])
        .map_err(output::written)?;
    }
    rows.flush()?;
    for verdict in planned.verdicts.iter().filter(|verdict| verdict.over) {
        output::note(planned.verdict(verdict));
    }
    Ok(())
}
