//! `test` as a user sees it, on packs in temporary directories.

#[path = "cli_test/bad_files.rs"]
mod bad_files;
#[path = "cli_test/formats.rs"]
mod formats;
#[path = "cli_test/pack.rs"]
mod pack;
#[path = "cli_test/quality.rs"]
mod quality;
#[path = "cli_test/run.rs"]
mod run;
#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;
#[path = "cli_test/snapshots.rs"]
mod snapshots;
#[path = "cli_test/stored.rs"]
mod stored;
#[path = "cli_test/timelines.rs"]
mod timelines;
#[path = "cli_test/xml.rs"]
mod xml;
