//! `test` as a user sees it, on packs in temporary directories.

#[allow(dead_code, reason = "each test file uses a part of it")]
mod shop;
#[path = "cli_test/stored.rs"]
mod stored;
#[path = "cli_test/timelines.rs"]
mod timelines;
