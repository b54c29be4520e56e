use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::pack::PackFile;

/// The test files of a pack, as they were at one moment.
#[derive(Debug, Clone, Default)]
pub struct TestFiles {
    /// The directory of the pack's tests.
    pub dir: PathBuf,
    /// Ordered by name; names as `tests/vip.yaml`.
    pub files: Vec<PackFile>,
}

/// The tests cannot be read: the environment's fault, not the author's.
#[derive(Debug, thiserror::Error)]
pub enum TestFilesError {
    #[error("`{}` has no tests: there is no `tests/` with YAML files in it", .0.display())]
    NoTests(PathBuf),
    #[error("there is no test file `{}`", .0.display())]
    Missing(PathBuf),
    #[error("`{}` is no test file of the pack: those are `tests/*.yaml`", .0.display())]
    NotOfPack(PathBuf),
    #[error("`{}` is not read, because its name does not end in `.yaml`: rename it", .0.display())]
    Misnamed(PathBuf),
    #[error("cannot read `{}`: {source}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
}

impl TestFiles {
    /// Reads `tests/*.yaml` of a pack, or only one of them. Links that lead out of the pack are
    /// not followed.
    pub fn read(pack: &Path, only: Option<&Path>) -> Result<TestFiles, TestFilesError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| TestFilesError::Unreadable { path, source }
        };
        let root = pack.canonicalize().map_err(unreadable(pack))?;
        let dir = pack.join("tests");
        let mut paths: Vec<PathBuf> = match only {
            Some(file) if !file.is_file() => return Err(TestFilesError::Missing(file.to_owned())),
            Some(file) => vec![file.to_owned()],
            None => match fs::read_dir(&dir) {
                Ok(entries) => entries
                    .map(|entry| entry.map(|entry| entry.path()))
                    .collect::<Result<_, _>>()
                    .map_err(unreadable(&dir))?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
                Err(error) => return Err(unreadable(&dir)(error)),
            },
        };
        paths.sort();
        // Tests that nobody runs would go unnoticed.
        let is_yml =
            |path: &&PathBuf| path.extension().is_some_and(|it| it.eq_ignore_ascii_case("yml"));
        if let Some(path) = paths.iter().find(is_yml) {
            return Err(TestFilesError::Misnamed(path.clone()));
        }
        paths.retain(|path| is_test_file(path) && path.is_file());
        let mut files = Vec::new();
        for path in &paths {
            let resolved = path.canonicalize().map_err(unreadable(path))?;
            let inside = resolved.strip_prefix(&root).ok();
            let name = path.file_name().map(|name| format!("tests/{}", name.to_string_lossy()));
            let (Some(_), Some(name)) = (inside, name) else {
                return Err(TestFilesError::NotOfPack(path.clone()));
            };
            let bytes = fs::read(&resolved).map_err(unreadable(path))?;
            files.push(PackFile { name, bytes });
        }
        match (files.is_empty(), only) {
            (true, Some(file)) => Err(TestFilesError::NotOfPack(file.to_owned())),
            (true, None) => Err(TestFilesError::NoTests(pack.to_owned())),
            _ => Ok(TestFiles { dir, files }),
        }
    }

    /// Files that are part of a test: names and texts.
    #[cfg(test)]
    pub(crate) fn embedded(files: &[(&str, &str)]) -> TestFiles {
        let file = |(name, text): &(&str, &str)| PackFile {
            name: (*name).to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        TestFiles { dir: PathBuf::from("tests"), files: files.iter().map(file).collect() }
    }
}

fn is_test_file(path: &Path) -> bool {
    let name = path.file_name().map_or_else(Default::default, |name| name.to_string_lossy());
    name.ends_with(".yaml") && !name.starts_with(['.', '#'])
}
