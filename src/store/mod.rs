//! SQLite: the store of facts.
//!
//! In: paths and plain values. Out: rows as plain values, and errors that name the file.
//! Never: deciding anything.

pub mod import;
