//! How many files the process may have open: a connection is one of them.

use std::fs;

/// More than any system lets one process have.
const MOST: usize = 1 << 24;

/// At most half of the files, so that rules and state can always be read; as many as wanted where
/// the system does not say.
pub(super) fn connections(wanted: usize) -> u32 {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let most = limit(&limits).map_or(wanted, |files| wanted.min(files / 2));
    most.clamp(1, MOST) as u32
}

/// The soft limit, in the words of Linux; `None` where there is none.
fn limit(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_soft_limit_is_read_off() {
        let limits = |soft: &str| {
            format!(
                "Limit                     Soft Limit           Hard Limit           Units     \n\
                 Max processes             100                  200                  processes \n\
                 Max open files            {soft:<20} 524288               files     \n"
            )
        };
        assert_eq!(limit(&limits("1024")), Some(1024));
        assert_eq!(limit(&limits("unlimited")), None);
        assert_eq!(limit(""), None);
    }

    #[test]
    fn there_is_always_a_place() {
        assert_eq!(connections(0), 1);
        assert_eq!(connections(2), 2);
    }
}
