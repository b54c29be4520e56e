//! Packs as people write them: a directory of YAML and scripts, read once.
//!
//! In: a directory (or embedded files). Out: the texts, a [`ParsedPack`] with a place for every
//! part, and findings. Never: resolving names, or stopping at the first fault.

mod shapes;

pub use shapes::*;
