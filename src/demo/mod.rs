//! Made-up shops to try tierkeeper on, and the packs that come with it.
//!
//! In goes a path that does not exist yet; out comes a store with believable
//! customers: most buy little, a few buy a lot, some have stopped coming, some complain.
//! The same rows come out on every machine: dates are fixed, the random numbers are our own
//! and whole, and no clock, no locale and no floating point is involved.
//!
//! Nothing here knows the rules. The packs under `rules/` are embedded as plain text, so
//! that `demo` and `init` work from the binary alone.

mod corner_habits;
mod corner_shop;
mod database;
mod fashion_habits;
mod fashion_shop;
mod fashion_tables;
mod names;
mod packs;
mod timeline;

#[cfg(test)]
mod tests;

pub use corner_shop::make_corner_shop;
pub use database::ShopSummary;
pub use fashion_shop::make_fashion_shop;
pub use packs::{EmbeddedPack, PACKS, embedded_pack};

/// A made-up shop that a pack is for.
#[derive(Debug, Clone, Copy)]
pub struct Shop {
    /// The pack's name.
    pub pack: &'static str,
    /// Makes the store in a file that is not there yet.
    pub make: fn(&std::path::Path) -> Result<ShopSummary, rusqlite::Error>,
    /// A parameter worth trying with another value.
    pub try_setting: &'static str,
}

pub static SHOPS: &[Shop] = &[
    Shop { pack: "fashion-retail", make: make_fashion_shop, try_setting: "vip_spend=20000" },
    Shop { pack: "corner-shop", make: make_corner_shop, try_setting: "absent_after=7" },
];

/// The date to evaluate the demo stores for: the day after their last fact.
pub const DEMO_AS_OF: &str = "2026-11-22";
