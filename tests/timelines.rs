//! What becomes of a tier over time, worked out by hand: each folder of `fixtures/timelines`.
//!
//! `README.md` there says what a timeline is made of.

#[path = "cases/case.rs"]
mod case;
#[path = "cases/compare.rs"]
mod compare;
#[path = "timelines/events.rs"]
mod events;
#[path = "cases/lines.rs"]
mod lines;
#[path = "timelines/timeline.rs"]
mod timeline;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

#[test]
fn every_timeline_comes_out_as_worked_out() {
    let folders = folders();
    assert!(!folders.is_empty());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let faults: Vec<String> = thread::scope(|scope| {
        let parts = folders.chunks(folders.len().div_ceil(threads));
        let parts: Vec<_> = parts
            .map(|part| {
                scope.spawn(|| part.iter().flat_map(|folder| faults_of(folder)).collect::<Vec<_>>())
            })
            .collect();
        parts.into_iter().flat_map(|part| part.join().expect("no panic")).collect()
    });
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn faults_of(folder: &Path) -> Vec<String> {
    let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
    timeline::run(folder).into_iter().map(|fault| format!("{name}: {fault}")).collect()
}

/// Those of `fixtures/timelines`, or the one named in `TIMELINE`.
fn folders() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/timelines");
    let wanted = std::env::var("TIMELINE").ok();
    let entries = fs::read_dir(root).expect("the folder of timelines");
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .filter(|path| wanted.as_ref().is_none_or(|wanted| path.ends_with(wanted)))
        .collect();
    folders.sort();
    folders
}
