use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::decode::LARGEST_FILE;

/// The bytes of a pack's files, as they were at one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackFiles {
    /// The resolved directory; `None`: embedded in the program or a test.
    pub root: Option<PathBuf>,
    /// Ordered by name.
    pub files: Vec<PackFile>,
    /// Files that are there but were not taken; each is a finding.
    pub refused: Vec<(String, Refusal)>,
}

/// Why a file of the pack was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// A link that leads out of the root.
    OutsideRoot,
    /// What the system said.
    Unreadable(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackFile {
    /// Relative to the pack's root, with `/`.
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The pack's directory cannot be read: the environment's fault, not the author's.
#[derive(Debug, thiserror::Error)]
pub enum PackReadError {
    #[error("there is no pack at `{}`", .0.display())]
    Missing(PathBuf),
    #[error("`{}` is not a directory; a pack is a directory with a `pack.yaml`", .0.display())]
    NotADirectory(PathBuf),
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
}

impl PackFile {
    /// The module's name where the file is a script.
    pub fn module_name(&self) -> Option<&str> {
        self.name.strip_prefix("scripts/")?.strip_suffix(".rhai")
    }
}

impl PackFiles {
    /// Takes in the root's `*.yaml` and `scripts/*.rhai`. Errors only where the directory itself
    /// cannot be read; whatever is wrong with a file is a finding of [`parse`](super::parse).
    pub fn read(dir: &Path) -> Result<PackFiles, PackReadError> {
        let root = dir.canonicalize().map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => PackReadError::Missing(dir.to_owned()),
            _ => PackReadError::Unreadable { path: dir.to_owned(), source },
        })?;
        if !root.is_dir() {
            return Err(PackReadError::NotADirectory(dir.to_owned()));
        }
        let mut pack = PackFiles { root: Some(root.clone()), ..PackFiles::default() };
        pack.take(&root, &root, "", is_pack_yaml)?;
        let scripts = root.join("scripts");
        match scripts.canonicalize() {
            Ok(resolved) if !resolved.starts_with(&root) => {
                pack.refused.push(("scripts".into(), Refusal::OutsideRoot));
            }
            Ok(resolved) if resolved.is_dir() => {
                pack.take(&root, &resolved, "scripts/", is_script)?;
            }
            _ => {}
        }
        pack.files.sort_by(|a, b| a.name.cmp(&b.name));
        pack.refused.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(pack)
    }

    /// Files that are part of the program or of a test: names relative to the root, and texts.
    pub fn embedded<N: Into<String>, T: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (N, T)>,
    ) -> PackFiles {
        let mut files: Vec<PackFile> = files
            .into_iter()
            .map(|(name, bytes)| PackFile { name: name.into(), bytes: bytes.into() })
            .filter(|file| match file.name.strip_prefix("scripts/") {
                Some(name) => is_script(name),
                None => is_pack_yaml(&file.name),
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        PackFiles { root: None, files, refused: Vec::new() }
    }

    /// Whether there is a `pack.yaml`, readable or not.
    pub fn has_manifest(&self) -> bool {
        let names = self.files.iter().map(|file| &file.name);
        names.chain(self.refused.iter().map(|(name, _)| name)).any(|name| name == "pack.yaml")
    }

    fn take(
        &mut self,
        root: &Path,
        dir: &Path,
        prefix: &str,
        wanted: fn(&str) -> bool,
    ) -> Result<(), PackReadError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| PackReadError::Unreadable { path, source }
        };
        for entry in fs::read_dir(dir).map_err(unreadable(dir))? {
            let entry = entry.map_err(unreadable(dir))?;
            let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
            if !wanted(&name) {
                continue;
            }
            let path = entry.path();
            let name = format!("{prefix}{name}");
            match read_inside(root, &path) {
                Ok(Some(bytes)) => self.files.push(PackFile { name, bytes }),
                Ok(None) => {}
                Err(refusal) => self.refused.push((name, refusal)),
            }
        }
        Ok(())
    }
}

/// The bytes of a file; `None`: a directory.
fn read_inside(root: &Path, path: &Path) -> Result<Option<Vec<u8>>, Refusal> {
    let unreadable = |error: io::Error| Refusal::Unreadable(error.to_string());
    let resolved = path.canonicalize().map_err(unreadable)?;
    if !resolved.starts_with(root) {
        return Err(Refusal::OutsideRoot);
    }
    if !resolved.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    // One byte more than a file may have is enough to know that it is too large.
    let file = fs::File::open(&resolved).map_err(unreadable)?;
    file.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(Some(bytes))
}

pub(super) fn is_pack_yaml(name: &str) -> bool {
    name.ends_with(".yaml")
        && name != "tierkeeper.yaml"
        && !name.starts_with(['.', '#'])
        && !name.contains('/')
}

pub(super) fn is_script(name: &str) -> bool {
    name.ends_with(".rhai") && !name.starts_with(['.', '#']) && !name.contains('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_roots_yaml_and_scripts_in_order_of_name() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("scripts/deep")).unwrap();
        fs::create_dir(dir.path().join("tests")).unwrap();
        for name in [
            "tiers.yaml",
            "pack.yaml",
            "tierkeeper.yaml",
            ".hidden.yaml",
            "#saved.yaml",
            "README.md",
            "tests/case.yaml",
            "scripts/b.rhai",
            "scripts/a.rhai",
            "scripts/deep/c.rhai",
            "scripts/note.txt",
        ] {
            fs::write(dir.path().join(name), name).unwrap();
        }
        let pack = PackFiles::read(dir.path()).unwrap();
        let names: Vec<_> = pack.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["pack.yaml", "scripts/a.rhai", "scripts/b.rhai", "tiers.yaml"]);
        assert_eq!(pack.files[1].module_name(), Some("a"));
        assert_eq!(pack.files[0].module_name(), None);
        assert_eq!(pack.files[3].bytes, b"tiers.yaml");
    }

    #[cfg(unix)]
    #[test]
    fn follows_links_inside_the_root_only() {
        use std::os::unix::fs::symlink;
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("pack");
        fs::create_dir_all(root.join("shared")).unwrap();
        fs::write(root.join("shared/x.yaml"), "in").unwrap();
        fs::write(dir.path().join("out.yaml"), "out").unwrap();
        symlink("shared/x.yaml", root.join("pack.yaml")).unwrap();
        symlink("../out.yaml", root.join("tiers.yaml")).unwrap();
        symlink(&root, dir.path().join("link")).unwrap();
        let pack = PackFiles::read(&dir.path().join("link")).unwrap();
        assert_eq!(pack.files, [PackFile { name: "pack.yaml".into(), bytes: b"in".to_vec() }]);
        assert_eq!(pack.refused, [("tiers.yaml".to_owned(), Refusal::OutsideRoot)]);
    }

    #[test]
    fn a_missing_directory_is_not_a_finding() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(PackFiles::read(&file), Err(PackReadError::NotADirectory(_))));
        let missing = PackFiles::read(&dir.path().join("nothing"));
        assert!(matches!(missing, Err(PackReadError::Missing(_))));
    }
}
