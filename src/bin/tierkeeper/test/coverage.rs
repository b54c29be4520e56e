//! What the tests of a pack cover, for people.

use std::fmt::Write;

use tierkeeper::coverage::{Report, Tally};

use crate::color::Paint;
use crate::output::{align_right, grouped, plain_table};

/// Tables by kind and by part, then every point that was not seen, with its place and what to try.
/// `root`: the way to the pack's root, which is put before the names of files.
pub fn page(report: &Report, root: &str, paint: Paint) -> String {
    let mut text = String::new();
    let kinds = report.kinds.iter().map(|(kind, tally)| (kind.name().to_owned(), *tally));
    let total = [("all".to_owned(), report.total)];
    section(&mut text, "Coverage", kinds.chain(total), paint);
    text.push('\n');
    let parts = report.parts.iter();
    let parts = parts.map(|part| (format!("{} {}", part.part.sort(), part.name), part.tally));
    section(&mut text, "Parts of the rules", parts, paint);
    if report.uncovered.is_empty() {
        return text;
    }
    let missing = grouped(report.uncovered.len() as u64);
    // Writing into memory cannot fail.
    let _ = writeln!(text, "\n{}", paint.bold(format!("Not covered ({missing})")));
    for it in &report.uncovered {
        let place = format!("{root}{}:{}:{}", it.file, it.place.line, it.place.column);
        let _ = writeln!(text, "  {place}  {}: {}", it.message, it.help);
    }
    text
}

fn section(
    text: &mut String,
    title: &str,
    rows: impl Iterator<Item = (String, Tally)>,
    paint: Paint,
) {
    let mut table = plain_table();
    table.set_header(["", "covered", "points", "percent"]);
    for (name, tally) in rows {
        let percent = format!("{} %", tally.percent());
        table.add_row([name, grouped(tally.covered), grouped(tally.points), percent]);
    }
    align_right(&mut table, &[1, 2, 3]);
    let _ = writeln!(text, "{}\n{}", paint.bold(title), table.trim_fmt());
}

#[cfg(test)]
mod tests {
    use tierkeeper::build::Origin;
    use tierkeeper::coverage::Coverage;
    use tierkeeper::pack::PackFiles;

    use super::*;

    #[test]
    fn numbers_places_and_what_to_try() {
        let pack = "\
pack: shop
version: 1.0.0
title: Shop
requires: '>=0.1'
settings: { currency: EUR, timezone: UTC }
sources:
  orders: { table: orders, customer: who, at: at, columns: { amount: money } }
metrics:
  spend: { sum: orders.amount }
ladders:
  club:
    tiers:
      vip: { enter: spend >= 9 }
";
        let files = PackFiles::embedded([("pack.yaml", pack)]);
        let built = Origin { files, project: None, set: Vec::new() }.build();
        let program = built.program.expect("a program");
        let report = Coverage::default().report(&program, &built.sources);
        let page = page(&report, "rules/shop/", Paint { on: false });
        let line = "  rules/shop/pack.yaml:13:21  `spend >= 9` in club.vip enter was never just \
                    below 9: try `spend: 8.99`\n";
        assert!(page.contains(line), "{page}");
        let rows: Vec<Vec<&str>> =
            page.lines().map(|line| line.split_whitespace().collect()).collect();
        for row in [
            vec!["criteria", "0", "2", "0.0", "%"],
            vec!["all", "0", "8", "0.0", "%"],
            vec!["tier", "club.vip", "0", "8", "0.0", "%"],
            vec!["Not", "covered", "(8)"],
        ] {
            assert!(rows.contains(&row), "{row:?} is not in\n{page}");
        }
    }
}
