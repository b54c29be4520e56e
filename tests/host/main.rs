//! The host as its users see it: a process with files that change under it, and answers over HTTP.

mod editors;
mod harness;
mod killed;
mod orders;
mod reloads;
mod storm;
mod troubles;
