//! The packs of `rules/`, as text inside the binary.

/// A pack that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EmbeddedPack {
    /// The pack's name and its folder under `rules/`.
    pub name: &'static str,
    /// Every file: its path relative to the pack's root, with `/`, and its text.
    pub files: &'static [(&'static str, &'static str)],
}

/// A pack by its folder and files, read when the program is compiled.
macro_rules! pack {
    ($name:literal: $($file:literal),+) => {
        EmbeddedPack {
            name: $name,
            files: &[$((
                $file,
                include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/", $name, "/", $file)),
            )),+],
        }
    };
}

/// Every pack of `rules/`, whole and in order. A test compares this list with the folder.
pub static PACKS: &[EmbeddedPack] = &[
    pack!(
        "corner-shop":
        "README.md",
        "alerts.yaml",
        "benefits.yaml",
        "facts.yaml",
        "metrics.yaml",
        "pack.yaml",
        "segments.yaml",
        "tests/alerts.yaml",
        "tests/benefits.yaml",
        "tests/life.yaml",
        "tests/points.yaml",
        "tests/population.yaml",
        "tests/segments.yaml",
        "tests/shares.yaml",
        "tests/snapshots/population__five_hundred_made_up_customers.snap",
        "tests/windows.yaml",
        "tests/worth.yaml",
        "tiers.yaml"
    ),
    pack!(
        "fashion-retail":
        "README.md",
        "alerts.yaml",
        "benefits.yaml",
        "facts.yaml",
        "metrics.yaml",
        "pack.yaml",
        "scripts/periods.rhai",
        "scripts/stylist.rhai",
        "scripts/vouchers.rhai",
        "segments.yaml",
        "tests/alerts.yaml",
        "tests/benefits.yaml",
        "tests/metrics.yaml",
        "tests/periods.yaml",
        "tests/population.yaml",
        "tests/scores.yaml",
        "tests/segments.yaml",
        "tests/snapshots/population__five_hundred_made_up_customers.snap",
        "tests/tiers.yaml",
        "tiers.yaml"
    ),
];

/// The embedded pack of that name.
#[must_use]
pub fn embedded_pack(name: &str) -> Option<&'static EmbeddedPack> {
    PACKS.iter().find(|pack| pack.name == name)
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        path::{Path, PathBuf},
    };

    use super::{PACKS, embedded_pack};

    /// Every file below a folder, relative to `root`, in order.
    fn files_below(folder: &Path, root: &Path, found: &mut Vec<(String, String)>) {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder)
            .expect("the folder can be read")
            .map(|entry| entry.expect("the entry can be read").path())
            .collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                files_below(&path, root, found);
            } else {
                let relative = path.strip_prefix(root).expect("a file below its root");
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                found.push((parts.join("/"), fs::read_to_string(&path).expect("text")));
            }
        }
    }

    #[test]
    fn every_file_of_rules_is_embedded_and_nothing_else() {
        let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
        let mut on_disk = Vec::new();
        files_below(&rules, &rules, &mut on_disk);
        let mut embedded: Vec<(String, String)> = PACKS
            .iter()
            .flat_map(|pack| {
                pack.files
                    .iter()
                    .map(|(path, text)| (format!("{}/{path}", pack.name), (*text).to_owned()))
            })
            .collect();
        on_disk.sort();
        embedded.sort();
        let names = |files: &[(String, String)]| {
            files.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(&on_disk), names(&embedded));
        assert!(on_disk == embedded, "the texts are those of the folder");
    }

    #[test]
    fn a_pack_is_found_by_its_name() {
        let pack = embedded_pack("fashion-retail").expect("the pack of the demo");
        assert!(pack.files.iter().any(|(path, _)| *path == "pack.yaml"));
        assert!(embedded_pack("no-such-pack").is_none());
    }
}
