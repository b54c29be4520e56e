//! Reports in the format of lcov, which editors and services for coverage read.

use std::fmt::Write;

use super::point::{Aspect, Border, Part, Slot};
use super::report::{Report, Seen};

impl Report {
    /// A section for each file with points, its name after `prefix` (the way from where the tool
    /// looks to the pack's root: `rules/shop/`). A line has the count of its point that was seen
    /// most often. Whatever a part can show in more than one way (true and false, below, at and
    /// above) is a branch each; lines of scripts have none.
    pub fn lcov(&self, prefix: &str) -> String {
        let mut text = String::from("TN:\n");
        for (name, seen) in &self.files {
            // Writing into memory cannot fail.
            let _ = file(&mut text, &format!("{prefix}{name}"), seen);
        }
        text
    }
}

fn file(text: &mut String, name: &str, seen: &[Seen]) -> std::fmt::Result {
    let lines: Vec<&[Seen]> = seen.chunk_by(|a, b| a.line == b.line).collect();
    let most = |line: &[Seen]| line.iter().map(|it| it.count).max().unwrap_or(0);
    writeln!(text, "SF:{name}")?;
    let (mut found, mut hit) = (0, 0);
    for line in &lines {
        let most = most(line);
        let blocks = line.chunk_by(|a, b| block(a) == block(b)).enumerate();
        for (number, branches) in blocks.filter(|(_, branches)| block(&branches[0]).is_some()) {
            for (branch, it) in branches.iter().enumerate() {
                let taken = if most == 0 { "-".to_owned() } else { it.count.to_string() };
                writeln!(text, "BRDA:{},{number},{branch},{taken}", it.line)?;
                found += 1;
                hit += u64::from(it.count > 0);
            }
        }
    }
    writeln!(text, "BRF:{found}\nBRH:{hit}")?;
    for line in &lines {
        writeln!(text, "DA:{},{}", line[0].line, most(line))?;
    }
    let run = lines.iter().filter(|line| most(line) > 0).count();
    writeln!(text, "LF:{}\nLH:{run}\nend_of_record", lines.len())
}

/// What the branches of a line are of, in the order of points. `None`: a line of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    Criterion(Slot, usize),
    Threshold(Slot, usize, Border),
    Part,
}

fn block(seen: &Seen) -> Option<(Part, Block)> {
    let block = match seen.point.aspect {
        Aspect::Criterion(comparison, _) => Block::Criterion(comparison.slot, comparison.index),
        Aspect::Threshold(comparison, border, _) => {
            Block::Threshold(comparison.slot, comparison.index, border)
        }
        Aspect::Stay(_) | Aspect::Near(_) | Aspect::Given(_) | Aspect::Withheld(_) => Block::Part,
        Aspect::Line(_) => return None,
    };
    Some((seen.point.part, block))
}
