//! One edit, and the lines that tell of it.

mod criteria;
mod facts;
mod ladders;
mod metrics;
mod parameters;
mod treatment;

use super::{Edit, edited, full, rules, told};

#[track_caller]
fn each(cases: &[(&[Edit<'_>], &[&str])]) {
    let files = full::files();
    let from = rules(&files);
    let mut wrong = Vec::new();
    for (edits, expected) in cases {
        let lines = told(&from, &rules(&edited(&files, edits)));
        if lines != *expected {
            wrong.push(format!("{edits:?}\n  expected {expected:#?}\n  told     {lines:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
