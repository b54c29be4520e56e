use std::fmt::Write;

use tierkeeper::explain::Words;
use tierkeeper::source::Span;
use tierkeeper::suite::{Mismatch, Played};

use super::Report;
use crate::color::Paint;
use crate::output::plain_table;

/// Files with their counts, what failed and why, and the sum.
pub(super) fn page(report: &Report, locale: Option<&str>, paint: Paint) -> String {
    let page = Page { report, locale, paint };
    let mut text = page.files();
    for played in report.played.iter().filter(|played| !played.result.passed()) {
        page.failure(played, &mut text);
    }
    page.skipped(&mut text);
    page.sum(&mut text);
    text
}

struct Page<'a> {
    report: &'a Report,
    locale: Option<&'a str>,
    paint: Paint,
}

impl Page<'_> {
    fn files(&self) -> String {
        let report = self.report;
        let mut table = plain_table();
        for (id, file) in report.tested.texts.iter() {
            let of_file = |case: usize| report.suite.cases[case].span.file == id;
            let played = report.played.iter().filter(|played| of_file(played.case));
            let (passed, failed): (Vec<_>, Vec<_>) =
                played.partition(|played| played.result.passed());
            if passed.is_empty() && failed.is_empty() {
                continue;
            }
            let failed = match failed.len() {
                0 => String::new(),
                count => self.paint.warning(format!("{count} failed")).to_string(),
            };
            table.add_row([file.name.clone(), format!("{} passed", passed.len()), failed]);
        }
        match table.is_empty() {
            true => String::new(),
            false => format!("{}\n", table.trim_fmt()),
        }
    }

    fn place(&self, span: Span) -> String {
        let texts = &self.report.tested.texts;
        format!("{}:{}", texts.file(span.file).name, texts.position(span).line)
    }

    fn failure(&self, played: &Played, text: &mut String) {
        let case = &self.report.suite.cases[played.case];
        let failed = self.paint.warning("FAILED");
        let _ =
            writeln!(text, "\n{failed} {}  {}", self.paint.bold(&case.name), self.place(case.span));
        let mut table = plain_table();
        for mismatch in &played.result.mismatches {
            let Mismatch { on, what, expected, found, span, .. } = mismatch;
            table.add_row([
                on.to_string(),
                what.clone(),
                format!("expected {expected}"),
                format!("found {found}"),
                self.place(*span),
            ]);
        }
        if !table.is_empty() {
            let _ = writeln!(text, "{}", table.trim_fmt());
        }
        if let Some(why) = &played.result.stopped {
            let _ = writeln!(text, " it stopped: {why}");
        }
        self.criteria(played, text);
    }

    /// What was measured, once for each ladder and date.
    fn criteria(&self, played: &Played, text: &mut String) {
        let case = &self.report.suite.cases[played.case];
        let program = &self.report.tested.programs[case.parameters];
        let words = Words::new(program, self.locale);
        let mut told: Vec<(jiff::civil::Date, &str)> = Vec::new();
        for mismatch in &played.result.mismatches {
            let Some((ladder, _)) = mismatch.what.split_once('.') else { continue };
            if mismatch.criteria.is_empty() || told.contains(&(mismatch.on, ladder)) {
                continue;
            }
            told.push((mismatch.on, ladder));
            let _ = writeln!(text, " What `{ladder}` asked on {}:", mismatch.on);
            let Some(ladder) = program.ladders.iter().find(|it| it.name == ladder) else {
                continue;
            };
            let mut table = plain_table();
            for criterion in &mismatch.criteria {
                let mark = match (criterion.fault, criterion.met) {
                    (Some(_), _) => "?",
                    (None, true) => "yes",
                    (None, false) => "no",
                };
                table.add_row([
                    format!("  {} {}", ladder.tiers[criterion.tier].name, criterion.slot.name()),
                    mark.to_owned(),
                    words.criterion(criterion),
                    words.outcome(criterion, mismatch.on),
                ]);
            }
            let _ = writeln!(text, "{}", table.trim_fmt());
        }
    }

    fn skipped(&self, text: &mut String) {
        let cases = self.report.suite.cases.iter().zip(&self.report.asked);
        let mut first = true;
        for (case, _) in cases.filter(|(_, asked)| **asked) {
            if let Some(why) = &case.skip {
                if std::mem::take(&mut first) {
                    text.push('\n');
                }
                let _ = writeln!(text, "skipped: {} ({why})", case.name);
            }
        }
    }

    fn sum(&self, text: &mut String) {
        let report = self.report;
        let failed = report.failed();
        let passed = report.played.len() - failed;
        let words = format!("{passed} passed, {failed} failed, {} skipped", report.skipped());
        let words = match failed {
            0 => self.paint.good(words).to_string(),
            _ => self.paint.warning(words).to_string(),
        };
        let _ = writeln!(text, "\n{words}");
    }
}
