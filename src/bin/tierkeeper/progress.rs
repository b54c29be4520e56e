//! How far something is, on stderr, and on a terminal only.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that looks like `template`.
pub fn bar(template: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
