use std::fmt::Write;

use tierkeeper::explain::Words;
use tierkeeper::source::Span;
use tierkeeper::suite::snapshot::Compared;
use tierkeeper::suite::{Mismatch, Played};

use super::entries::{Entry, Status, entries, stopped, under_limits};
use super::quality::Killed;
use super::review::painted;
use super::snapshots::Outcome;
use super::{Report, coverage};
use crate::color::Paint;
use crate::output::plain_table;

/// Files with their counts, what failed and why, how good the tests are, and the sum.
pub(super) fn page(report: &Report, locale: Option<&str>, paint: Paint) -> String {
    let page = Page { report, locale, paint };
    let entries = entries(report);
    let mut text = page.files(&entries);
    for entry in &entries {
        page.failure(entry, &mut text);
    }
    page.skipped(&entries, &mut text);
    page.unused(&mut text);
    page.coverage(&mut text);
    page.mutants(&mut text);
    page.sum(&mut text);
    text
}

struct Page<'a> {
    report: &'a Report,
    locale: Option<&'a str>,
    paint: Paint,
}

impl Page<'_> {
    fn files(&self, entries: &[Entry<'_>]) -> String {
        let mut table = plain_table();
        for (id, file) in self.report.tested.texts.iter() {
            let count = |wanted: fn(&Status<'_>) -> bool| {
                let of_file = entries.iter().filter(|entry| entry.span.file == id);
                of_file.filter(|entry| wanted(&entry.status)).count()
            };
            let passed = count(|status| matches!(status, Status::Passed));
            let failed = count(|status| matches!(status, Status::Failed { .. }));
            if passed + failed == 0 {
                continue;
            }
            let failed = match failed {
                0 => String::new(),
                count => self.paint.warning(format!("{count} failed")).to_string(),
            };
            table.add_row([file.name.clone(), format!("{passed} passed"), failed]);
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

    fn failure(&self, entry: &Entry<'_>, text: &mut String) {
        let Status::Failed { words, .. } = &entry.status else { return };
        let failed = self.paint.warning("FAILED");
        let name = self.paint.bold(entry.name);
        let _ = writeln!(text, "\n{failed} {name}  {}", self.place(entry.span));
        let Some(played) = entry.played else {
            return self.difference(entry, words, text);
        };
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
            let _ = writeln!(text, " it stopped: {}", stopped(why));
        }
        self.criteria(played, text);
    }

    /// How a snapshot differs, in colours.
    fn difference(&self, entry: &Entry<'_>, words: &str, text: &mut String) {
        let snapshots = &self.report.suite.snapshots;
        let taken = self.report.snapshots.taken.iter();
        let mut own = taken.filter(|taken| snapshots[taken.snapshot].span == entry.span);
        match own.next().map(|taken| &taken.outcome) {
            Some(Outcome::Compared(Compared::Changed(diff))) => {
                diff.summary.iter().for_each(|line| {
                    let _ = writeln!(text, " {line}");
                });
                diff.lines.iter().for_each(|line| {
                    let _ = writeln!(text, " {}", painted(line, self.paint));
                });
                if diff.more > 0 {
                    let _ = writeln!(text, " … {} more lines differ", diff.more);
                }
                text.push_str(
                    " `tierkeeper test --review` walks through what changed, `--accept` takes it\n",
                );
            }
            _ => {
                words.lines().for_each(|line| {
                    let _ = writeln!(text, " {line}");
                });
            }
        }
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

    fn skipped(&self, entries: &[Entry<'_>], text: &mut String) {
        let mut first = true;
        for entry in entries {
            let Status::Skipped(why) = entry.status else { continue };
            if std::mem::take(&mut first) {
                text.push('\n');
            }
            let _ = writeln!(text, "skipped: {} ({why})", entry.name);
        }
    }

    fn unused(&self, text: &mut String) {
        for (index, path) in self.report.snapshots.unused.iter().enumerate() {
            if index == 0 {
                text.push('\n');
            }
            let _ = writeln!(text, "no test names this snapshot; delete it: {}", path.display());
        }
    }

    fn coverage(&self, text: &mut String) {
        if let Some(covered) = &self.report.coverage {
            let root = format!("{}/", self.report.tested.pack.display());
            let _ = write!(text, "\n{}", coverage::page(&covered.report, &root, self.paint));
        }
    }

    fn mutants(&self, text: &mut String) {
        let Some(killed) = &self.report.mutants else { return };
        if let Killed::Played { mutants, .. } = killed {
            let _ = writeln!(text, "\n{}", self.paint.bold("Mutants"));
            for mutant in mutants.survivors() {
                let place = self.place(mutant.span);
                let _ = writeln!(text, " no case notices: {place}: {}", mutant.description());
            }
            let _ = writeln!(
                text,
                " {} further ones are errors of the pack, and {} are the same as others",
                mutants.not_viable, mutants.same
            );
        }
        // Where it is too little, the sum says so.
        if killed.passed() {
            let _ = writeln!(text, " {}", killed.words());
        }
    }

    fn sum(&self, text: &mut String) {
        let report = self.report;
        let (passed, failed) = report.counts();
        text.push('\n');
        for words in under_limits(report) {
            let _ = writeln!(text, "{}", self.paint.warning(words));
        }
        let words = format!("{passed} passed, {failed} failed, {} skipped", report.skipped());
        let words = match report.passed() {
            true => self.paint.good(words).to_string(),
            false => self.paint.warning(words).to_string(),
        };
        let _ = writeln!(text, "{words}");
    }
}
