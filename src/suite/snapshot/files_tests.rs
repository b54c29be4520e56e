use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::{Compared, Snapshot, SnapshotError, SnapshotFiles, WhenDifferent};
use WhenDifferent::{WriteNothing, WritePending};

const FILE: &str = "vip__made_up.snap";

const OLD: &str = "customers: 1\n\neach customer:\n1  club  vip\n";

fn snapshot(body: &str) -> Snapshot<'_> {
    Snapshot { source: "tests/vip.yaml", name: "made up", body }
}

fn files() -> (TempDir, SnapshotFiles) {
    let tests = tempfile::tempdir().expect("a directory");
    let files = SnapshotFiles::of(tests.path());
    (tests, files)
}

/// With [`OLD`] stored.
fn stored() -> (TempDir, SnapshotFiles) {
    let (tests, files) = files();
    files.compare(&snapshot(OLD), WritePending).expect("compared");
    accept(&files);
    (tests, files)
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn accept(files: &SnapshotFiles) {
    let changes = files.pending(&names(&[FILE])).expect("readable");
    assert_eq!(changes.len(), 1);
    changes[0].accept().expect("taken");
}

fn listed(tests: &TempDir) -> Vec<String> {
    let Ok(entries) = fs::read_dir(tests.path().join("snapshots")) else { return Vec::new() };
    let names = entries.map(|entry| entry.expect("listed").file_name().into_string());
    let mut names: Vec<String> = names.map(|name| name.expect("text")).collect();
    names.sort();
    names
}

/// What is wrong with a stored file of these bytes, without the path, and what to do.
#[track_caller]
fn refused(bytes: &[u8]) -> (String, SnapshotError) {
    let (_tests, files) = stored();
    let path = files.path(FILE);
    fs::write(&path, bytes).expect("written");
    let error = files.compare(&snapshot(OLD), WritePending).expect_err("refused");
    assert_eq!(fs::read(&path).expect("there"), bytes, "it is left as it was");
    let message = error.to_string();
    let path = path.display().to_string();
    (message.replace(&path, "FILE"), error)
}

#[test]
fn a_new_one_waits_until_it_is_taken() {
    let (tests, files) = files();
    assert_eq!(files.compare(&snapshot(OLD), WritePending).unwrap(), Compared::New);
    assert_eq!(listed(&tests), [format!("{FILE}.new")]);
    let changes = files.pending(&names(&[FILE])).unwrap();
    assert_eq!(changes[0].name.as_deref(), Some("made up"));
    assert_eq!((changes[0].old.as_deref(), changes[0].new.as_str()), (None, OLD.trim_end()));
    changes[0].accept().unwrap();
    assert_eq!(listed(&tests), [FILE]);
    assert_eq!(files.compare(&snapshot(OLD), WritePending).unwrap(), Compared::Same);
    assert!(files.pending(&names(&[FILE])).unwrap().is_empty());
}

#[test]
fn a_changed_one_stands_beside_the_old_one() {
    let (tests, files) = stored();
    let new = OLD.replace("vip", "gold");
    let Compared::Changed(diff) = files.compare(&snapshot(&new), WritePending).unwrap() else {
        panic!("it has changed");
    };
    assert_eq!(diff.summary, ["1 customer in another tier"]);
    assert_eq!(listed(&tests), [FILE.to_owned(), format!("{FILE}.new")]);
    let change = &files.pending(&names(&[FILE])).unwrap()[0];
    assert_eq!(change.old.as_deref(), Some(OLD.trim_end()));
    assert_eq!(change.diff(), diff);
    change.reject().unwrap();
    assert_eq!(listed(&tests), [FILE]);
    // The old one is the stored one still.
    assert_eq!(files.compare(&snapshot(OLD), WritePending).unwrap(), Compared::Same);
}

#[test]
fn one_that_is_as_before_again_waits_no_longer() {
    let (tests, files) = stored();
    files.compare(&snapshot(&OLD.replace("vip", "gold")), WritePending).unwrap();
    assert_eq!(files.compare(&snapshot(OLD), WriteNothing).unwrap(), Compared::Same);
    assert_eq!(listed(&tests).len(), 2);
    assert_eq!(files.compare(&snapshot(OLD), WritePending).unwrap(), Compared::Same);
    assert_eq!(listed(&tests), [FILE]);
}

#[test]
fn nothing_is_written_where_nothing_may_be() {
    let (tests, files) = files();
    assert_eq!(files.compare(&snapshot(OLD), WriteNothing).unwrap(), Compared::New);
    assert!(!tests.path().join("snapshots").exists());
    let (tests, files) = stored();
    let new = OLD.replace("vip", "gold");
    let compared = files.compare(&snapshot(&new), WriteNothing).unwrap();
    assert!(matches!(compared, Compared::Changed(_)));
    assert_eq!(listed(&tests), [FILE]);
}

#[test]
fn line_ends_and_keys_of_others_are_no_change() {
    let (_tests, files) = stored();
    let path = files.path(FILE);
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace("info:", "snapshot_kind: text\ninfo:").replace('\n', "\r\n");
    fs::write(&path, text).unwrap();
    assert_eq!(files.compare(&snapshot(OLD), WritePending).unwrap(), Compared::Same);
    files.compare(&snapshot(&OLD.replace("vip", "gold")), WritePending).unwrap();
    accept(&files);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains("\nsnapshot_kind: text\n"), "{text}");
}

#[test]
fn unused_ones_are_found_and_others_programs_left_alone() {
    let (tests, files) = stored();
    let path = |name: &str| files.path(name);
    let text = fs::read_to_string(path(FILE)).unwrap();
    fs::write(path("vip__gone.snap"), &text).unwrap();
    fs::write(path("vip__never.snap.new"), &text).unwrap();
    fs::write(path("vip__broken.snap"), "<<<<<<< HEAD").unwrap();
    fs::write(path("contract__x.snap"), "---\nsource: tests/contract.rs\n---\nx\n").unwrap();
    fs::write(path("README.md"), "notes").unwrap();
    fs::write(path(&format!("{FILE}.new")), &text).unwrap();
    let unused = files.unused(&names(&[FILE])).unwrap();
    let gone = ["vip__broken.snap", "vip__gone.snap", "vip__never.snap.new"];
    assert_eq!(unused, gone.map(path));
    let elsewhere = SnapshotFiles::of(&tests.path().join("nowhere"));
    assert!(elsewhere.unused(&names(&[])).unwrap().is_empty());
}

#[test]
fn broken_files_say_where_and_what_to_do() {
    let header = "---\nsource: tests/vip.yaml\ninfo:\n  tierkeeper: 1\n---\n";
    let (message, error) = refused(header.replace(": 1", ": 7").as_bytes());
    assert_eq!(
        message,
        "FILE, line 4: made by a newer tierkeeper: its version is 7, this tierkeeper reads 1"
    );
    assert_eq!(
        error.help(),
        Some("update tierkeeper, or delete the file and take the new one with `--accept`")
    );
    let (message, error) = refused(b"customers: 1\n");
    assert_eq!(message, "FILE, line 1: a snapshot begins with a line of `---`");
    assert!(error.help().is_some_and(|help| help.contains("version control")));
    let bytes = [header.as_bytes(), b"a\n\xff\n"].concat();
    let (message, error) = refused(&bytes);
    assert_eq!(message, "FILE, line 7: byte 0xFF is not UTF-8 text");
    assert!(error.help().is_some());
    let (message, _) = refused(b"---\nsource: tests/contract.rs\n---\nx\n");
    assert_eq!(
        message,
        "FILE is not a snapshot of tierkeeper: its header has no `info` with `tierkeeper`"
    );
}

#[test]
fn a_directory_in_its_place_is_refused() {
    let (tests, files) = files();
    fs::create_dir_all(files.path(FILE)).unwrap();
    let error = files.compare(&snapshot(OLD), WritePending).unwrap_err();
    let expected = format!("{} is a directory, not a snapshot", files.path(FILE).display());
    assert_eq!(error.to_string(), expected);
    fs::remove_dir(files.path(FILE)).unwrap();
    fs::create_dir_all(files.path(&format!("{FILE}.new"))).unwrap();
    let error = files.compare(&snapshot(OLD), WritePending).unwrap_err();
    assert!(matches!(error, SnapshotError::Write { .. }), "{error}");
    assert_eq!(listed(&tests), [format!("{FILE}.new")], "no part of it is left");
}

#[test]
fn a_file_where_the_directory_should_be_is_told() {
    let (tests, files) = files();
    fs::write(tests.path().join("snapshots"), "").unwrap();
    assert!(files.unused(&names(&[])).is_err());
    let told = files.compare(&snapshot(OLD), WritePending).unwrap_err().to_string();
    assert!(told.contains(&*Path::new("snapshots").join(FILE).to_string_lossy()), "{told}");
}
