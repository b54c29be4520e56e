//! `test --review` and `--accept`: what to do with snapshots that have changed.

use std::io::{self, BufRead, IsTerminal, Write};

use tierkeeper::suite::snapshot::{DiffLine, LineKind, PendingChange, SnapshotError};

use crate::color::Paint;
use crate::exit::Failure;

/// How many changes came to what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reviewed {
    pub accepted: usize,
    pub rejected: usize,
    /// Skipped, or not looked at.
    pub left: usize,
}

/// What somebody wants with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
    Help,
}

const QUESTION: &str = "a accept, r reject, s skip, q quit, ? help: ";

const HELP: &str = "  \
    a  accept: from now on this is what the snapshot has to be\n  \
    r  reject: the stored snapshot stays, and the change is thrown away\n  \
    s  skip: decide another time\n  \
    q  quit: leave this one and the rest as they are\n";

impl Answer {
    fn of(line: &str) -> Option<Answer> {
        Some(match line.trim().to_lowercase().as_str() {
            "a" | "accept" => Answer::Accept,
            "r" | "reject" => Answer::Reject,
            "s" | "skip" => Answer::Skip,
            "q" | "quit" => Answer::Quit,
            "?" | "h" | "help" => Answer::Help,
            _ => return None,
        })
    }
}

/// Walks through the changes on the terminal.
pub fn review(changes: &[PendingChange], paint: Paint) -> Result<Reviewed, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::with_help(
            "`--review` asks what to do with each change, and stdin is not a terminal",
            "take all changes with `--accept`, or run `tierkeeper test --review` in a terminal",
        ));
    }
    dialogue(changes, io::stdin().lock(), io::stdout().lock(), paint)
}

/// Takes all changes, and lists them.
pub fn accept(changes: &[PendingChange], mut output: impl Write) -> Result<Reviewed, Failure> {
    for change in changes {
        change.accept().map_err(failure)?;
        writeln!(output, "accepted {}", change.file.display())?;
    }
    output.flush()?;
    Ok(Reviewed { accepted: changes.len(), ..Reviewed::default() })
}

/// Shows each change and asks what to do with it; who closes the input has had enough.
fn dialogue(
    changes: &[PendingChange],
    mut input: impl BufRead,
    mut output: impl Write,
    paint: Paint,
) -> Result<Reviewed, Failure> {
    let mut reviewed = Reviewed { left: changes.len(), ..Reviewed::default() };
    for (number, change) in changes.iter().enumerate() {
        show(change, (number + 1, changes.len()), &mut output, paint)?;
        match ask(&mut input, &mut output)? {
            Answer::Accept => {
                change.accept().map_err(failure)?;
                reviewed.accepted += 1;
                reviewed.left -= 1;
            }
            Answer::Reject => {
                change.reject().map_err(failure)?;
                reviewed.rejected += 1;
                reviewed.left -= 1;
            }
            Answer::Skip | Answer::Help => {}
            Answer::Quit => break,
        }
    }
    let Reviewed { accepted, rejected, left } = reviewed;
    writeln!(output, "{accepted} accepted, {rejected} rejected, {left} left as they are")?;
    output.flush()?;
    Ok(reviewed)
}

/// Asks until there is an answer that decides.
fn ask(input: &mut impl BufRead, output: &mut impl Write) -> Result<Answer, Failure> {
    loop {
        write!(output, "{QUESTION}")?;
        output.flush()?;
        let mut line = String::new();
        let read = input.read_line(&mut line);
        let read =
            read.map_err(|error| Failure::new(format_args!("cannot read the answer: {error}")))?;
        if read == 0 {
            writeln!(output)?;
            return Ok(Answer::Quit);
        }
        match Answer::of(&line) {
            Some(Answer::Help) => write!(output, "{HELP}")?,
            Some(answer) => return Ok(answer),
            None => writeln!(output, "`{}` is no answer", line.trim())?,
        }
    }
}

fn show(
    change: &PendingChange,
    (number, of): (usize, usize),
    output: &mut impl Write,
    paint: Paint,
) -> io::Result<()> {
    let name = change.name.as_deref().unwrap_or("a snapshot");
    writeln!(output, "{}", paint.bold(format_args!("[{number}/{of}] {name}")))?;
    writeln!(output, "{}", change.file.display())?;
    let diff = change.diff();
    match change.old {
        Some(_) => diff.summary.iter().try_for_each(|line| writeln!(output, "{line}"))?,
        None => writeln!(output, "new: nothing is stored yet")?,
    }
    diff.lines.iter().try_for_each(|line| writeln!(output, "{}", painted(line, paint)))?;
    if diff.more > 0 {
        writeln!(output, "… {} more lines differ", diff.more)?;
    }
    Ok(())
}

/// A line of a difference, in its colour.
pub fn painted(line: &DiffLine, paint: Paint) -> String {
    match line.kind {
        LineKind::Came => paint.good(line).to_string(),
        LineKind::Gone => paint.warning(line).to_string(),
        LineKind::Place => paint.bold(line).to_string(),
        LineKind::Same => line.to_string(),
    }
}

/// A snapshot that cannot be read or written is a fault of the environment.
pub fn failure(error: SnapshotError) -> Failure {
    match error.help() {
        Some(help) => Failure::with_help(error, help),
        None => Failure::new(error),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use tempfile::TempDir;
    use tierkeeper::suite::snapshot::{Compared, Snapshot, SnapshotFiles, WhenDifferent};

    use super::*;

    const NAMES: [&str; 3] = ["one", "two", "three"];

    const OLD: &str = "customers: 1\n\neach customer:\n1  club  vip\n";
    const NEW: &str = "customers: 1\n\neach customer:\n1  club  gold\n";

    fn snapshot<'a>(name: &'a str, body: &'a str) -> Snapshot<'a> {
        Snapshot { source: "tests/vip.yaml", name, body }
    }

    struct Shop {
        _tests: TempDir,
        files: SnapshotFiles,
    }

    impl Shop {
        /// Snapshots `one` and `two` have changed, `three` is new.
        fn new() -> Shop {
            let tests = tempfile::tempdir().expect("a directory");
            let shop = Shop { files: SnapshotFiles::of(tests.path()), _tests: tests };
            NAMES[..2].iter().for_each(|name| drop(shop.compare(name, OLD)));
            accept(&shop.pending(), io::sink()).expect("accepted");
            NAMES.iter().for_each(|name| drop(shop.compare(name, NEW)));
            shop
        }

        fn compare(&self, name: &str, body: &str) -> Compared {
            let snapshot = snapshot(name, body);
            self.files.compare(&snapshot, WhenDifferent::WritePending).expect("compared")
        }

        /// In the order of file names: `one`, `three`, `two`.
        fn pending(&self) -> Vec<PendingChange> {
            let names: BTreeSet<String> =
                NAMES.iter().map(|name| snapshot(name, OLD).file_name()).collect();
            self.files.pending(&names).expect("readable")
        }

        fn answer(&self, answers: &str, paint: bool) -> (Reviewed, String) {
            let mut output = Vec::new();
            let paint = Paint { on: paint };
            let reviewed = dialogue(&self.pending(), answers.as_bytes(), &mut output, paint);
            (reviewed.expect("reviewed"), String::from_utf8(output).expect("text"))
        }

        fn left(&self) -> Vec<String> {
            self.pending().into_iter().filter_map(|change| change.name).collect()
        }
    }

    #[test]
    fn each_change_gets_its_answer() {
        let shop = Shop::new();
        let (reviewed, said) = shop.answer("a\nSkip\nr\n", false);
        assert_eq!(reviewed, Reviewed { accepted: 1, rejected: 1, left: 1 });
        assert_eq!(shop.left(), ["three"]);
        assert!(said.starts_with("[1/3] one\n"), "{said}");
        let change = "1 customer in another tier\n customers: 1\n \n each customer:\n\
                      -1  club  vip\n+1  club  gold\na accept, r reject";
        assert!(said.contains(change), "{said}");
        assert!(said.contains("new: nothing is stored yet\n+customers: 1\n"), "{said}");
        assert!(said.ends_with("1 accepted, 1 rejected, 1 left as they are\n"), "{said}");
        // What was accepted is the stored one, what was rejected is as it was.
        assert_eq!(shop.compare("one", NEW), Compared::Same);
        assert_eq!(shop.compare("two", OLD), Compared::Same);
    }

    #[test]
    fn whoever_quits_leaves_the_rest() {
        for answers in ["a\nq\n", "a\n", "a\nquit\nr\n"] {
            let shop = Shop::new();
            let (reviewed, _) = shop.answer(answers, false);
            assert_eq!(reviewed, Reviewed { accepted: 1, rejected: 0, left: 2 }, "{answers}");
            assert_eq!(shop.left(), ["three", "two"]);
        }
    }

    #[test]
    fn asks_again_until_it_understands() {
        let shop = Shop::new();
        let (reviewed, said) = shop.answer("?\nyes\n\na\nq\n", false);
        assert_eq!(reviewed.accepted, 1);
        assert!(said.contains("  r  reject: the stored snapshot stays"), "{said}");
        assert!(said.contains("`yes` is no answer\n"), "{said}");
        // Four times for the first, once for the second.
        assert_eq!(said.matches(QUESTION).count(), 5);
    }

    #[test]
    fn colours_only_where_they_are_wanted() {
        let (_, plain) = Shop::new().answer("q\n", false);
        assert!(!plain.contains('\u{1b}'));
        let (_, coloured) = Shop::new().answer("q\n", true);
        assert!(coloured.contains("\u{1b}[32m+1  club  gold\u{1b}[0m"), "{coloured}");
    }

    #[test]
    fn accepting_all_lists_them() {
        let shop = Shop::new();
        let mut output = Vec::new();
        let reviewed = accept(&shop.pending(), &mut output).expect("accepted");
        assert_eq!(reviewed, Reviewed { accepted: 3, rejected: 0, left: 0 });
        let said = String::from_utf8(output).expect("text");
        let listed: Vec<&str> =
            said.lines().map(|line| line.rsplit(['/', '\\']).next().expect("a name")).collect();
        assert_eq!(listed, ["vip__one.snap", "vip__three.snap", "vip__two.snap"]);
        assert!(shop.left().is_empty());
    }
}
