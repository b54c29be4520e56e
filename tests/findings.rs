//! Every kind of finding, provoked by a small pack, at the place that says it.
//!
//! A fixture is a directory `fixtures/findings/CODE` or `CODE-N` with a pack and
//! `expected.json`, all its findings. `set.txt` gives parameters as `--set` does, one
//! `name=value` a line; `store.sql` makes a store to check against.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tierkeeper::build::{Built, Request, build};
use tierkeeper::diagnostic::Code;
use tierkeeper::pack::PackFiles;

/// Made here, because no file of a repository can: a file that cannot be read, one that is too
/// large to keep, a link out of the pack.
const MADE_HERE: [Code; 3] = [Code::UnreadableFile, Code::FileTooLarge, Code::OutsideRoot];

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(deny_unknown_fields)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    code: String,
}

fn places(built: &Built) -> Vec<Place> {
    let mut places: Vec<Place> = built
        .findings
        .iter()
        .map(|finding| {
            let at = built.sources.position(finding.span);
            Place {
                file: built.sources.file(finding.span.file).name.clone(),
                line: at.line,
                column: at.column,
                end_line: at.end_line,
                end_column: at.end_column,
                code: finding.code.slug().to_owned(),
            }
        })
        .collect();
    places.sort();
    places
}

fn fixtures() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/findings");
    let entries = fs::read_dir(root).expect("the fixtures").map(|entry| entry.expect("one").path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.is_dir()).collect();
    found.sort();
    found
}

fn name(fixture: &Path) -> String {
    fixture.file_name().expect("a name").to_string_lossy().into_owned()
}

/// The code that a fixture is named after.
fn code(fixture: &Path) -> Code {
    let name = name(fixture);
    let (stem, number) = name.rsplit_once('-').unwrap_or((&name, ""));
    let slug = if number.parse::<u32>().is_ok() { stem } else { &name };
    Code::from_slug(slug).unwrap_or_else(|| panic!("`{name}` is named after no code"))
}

fn request_of(files: &PackFiles) -> Request<'_> {
    Request { files, project: None, set: &[], store: None }
}

/// What `set.txt` gives, as `--set` would.
fn parameters(fixture: &Path) -> Vec<(String, String)> {
    fs::read_to_string(fixture.join("set.txt"))
        .unwrap_or_default()
        .lines()
        .map(|line| {
            let (name, value) = line.split_once('=').expect("name=value");
            (name.to_owned(), value.to_owned())
        })
        .collect()
}

fn load(fixture: &Path) -> Built {
    let files = PackFiles::read(fixture).expect("a pack");
    let set = parameters(fixture);
    let directory = tempfile::tempdir().expect("a directory");
    let store = fs::read_to_string(fixture.join("store.sql")).ok().map(|sql| {
        let path = directory.path().join("shop.db");
        let connection = rusqlite::Connection::open(&path).expect("a store");
        connection.execute_batch(&sql).expect("its tables");
        path
    });
    build(&Request { files: &files, project: None, set: &set, store: store.as_deref() })
        .expect("a store that can be looked at")
}

#[test]
fn each_finding_is_at_the_place_that_says_it() {
    let mut wrong = String::new();
    for fixture in fixtures() {
        let text = fs::read_to_string(fixture.join("expected.json")).expect("expected.json");
        let mut expected: Vec<Place> = serde_json::from_str(&text).expect("a list of places");
        expected.sort();
        let own = code(&fixture).slug();
        assert!(
            expected.iter().any(|place| place.code == own),
            "{} shows no {own}",
            name(&fixture)
        );
        let built = load(&fixture);
        let found = places(&built);
        if found != expected {
            wrong +=
                &format!("\n{}\n  expected {expected:?}\n  found    {found:?}", name(&fixture));
            for finding in &built.findings {
                wrong += &format!("\n    {}: {}", finding.code.slug(), finding.message);
            }
        }
        let has_errors = built.findings.iter().any(|finding| finding.is_error());
        assert_eq!(built.program.is_none(), has_errors, "{}", name(&fixture));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Windows line ends and a byte order mark move nothing, and every place is in its file.
#[test]
fn places_are_the_same_in_files_from_windows() {
    for fixture in fixtures().iter().filter(|fixture| !fixture.join("store.sql").exists()) {
        let files = PackFiles::read(fixture).expect("a pack");
        let converted = files.files.iter().map(|file| {
            let text = String::from_utf8(file.bytes.clone()).ok()?;
            Some((
                file.name.clone(),
                format!("\u{feff}{}", text.replace("\r\n", "\n").replace('\n', "\r\n")),
            ))
        });
        let Some(converted) = converted.collect::<Option<Vec<(String, String)>>>() else {
            continue;
        };
        if !files.has_manifest() {
            continue;
        }
        let windows = PackFiles::embedded(converted);
        let set = parameters(fixture);
        let unix = build(&Request { set: &set, ..request_of(&files) }).expect("no store");
        let built = build(&Request { set: &set, ..request_of(&windows) }).expect("no store");
        assert_eq!(places(&built), places(&unix), "{}", name(fixture));
        for place in places(&built) {
            let file = built.sources.iter().find(|(_, file)| file.name == place.file);
            let text = &file.expect("a file with a finding").1.text;
            let lines: Vec<&str> = text.split('\n').collect();
            let width = |line: usize| lines[line - 1].trim_end_matches('\r').chars().count() + 1;
            assert!(place.column <= width(place.line), "{place:?}");
            assert!(place.end_column <= width(place.end_line), "{place:?}");
        }
    }
}

/// `fixtures/sound` is full of what looks odd and is right.
#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    let built = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sound"));
    let told: Vec<_> = built.findings.iter().map(|finding| &finding.message).collect();
    assert!(told.is_empty(), "{told:#?}");
}

#[test]
fn every_code_has_a_fixture() {
    let shown: BTreeSet<Code> =
        fixtures().iter().map(|fixture| code(fixture)).chain(MADE_HERE).collect();
    let missing: Vec<&str> =
        Code::ALL.iter().filter(|code| !shown.contains(code)).map(|code| code.slug()).collect();
    assert!(missing.is_empty(), "no fixture provokes {missing:?}");
}

#[test]
fn a_file_over_1_mib_is_too_large() {
    let manifest = "pack: shop\nversion: 1.0.0\n";
    let large = format!("# {}", "x".repeat(1 << 20));
    let files = PackFiles::embedded([("pack.yaml", manifest), ("tiers.yaml", &large)]);
    assert_eq!(found(&files), ["tiers.yaml:1:1 file-too-large"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_pack_is_refused() {
    let directory = tempfile::tempdir().expect("a directory");
    let pack = directory.path().join("pack");
    fs::create_dir(&pack).expect("a pack");
    fs::write(pack.join("pack.yaml"), "pack: shop\nversion: 1.0.0\n").expect("a manifest");
    fs::write(directory.path().join("secret.yaml"), "metrics: {}\n").expect("a file outside");
    std::os::unix::fs::symlink("../secret.yaml", pack.join("tiers.yaml")).expect("a link");
    let files = PackFiles::read(&pack).expect("a pack");
    assert_eq!(found(&files), ["tiers.yaml:1:1 outside-root"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_nothing_cannot_be_read() {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("pack.yaml"), "pack: shop\nversion: 1.0.0\n").expect("a file");
    std::os::unix::fs::symlink("nowhere.yaml", directory.path().join("tiers.yaml"))
        .expect("a link");
    let files = PackFiles::read(directory.path()).expect("a pack");
    assert_eq!(found(&files), ["tiers.yaml:1:1 unreadable-file"]);
}

fn found(files: &PackFiles) -> Vec<String> {
    let built = build(&Request { files, project: None, set: &[], store: None }).expect("no store");
    let places = places(&built);
    places.iter().map(|p| format!("{}:{}:{} {}", p.file, p.line, p.column, p.code)).collect()
}
