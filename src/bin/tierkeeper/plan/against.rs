use std::fmt;
use std::path::PathBuf;

use tierkeeper::pack::PackFiles;

use crate::exit::Failure;
use crate::session::Session;

/// Where the other pack is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Against {
    Directory(PathBuf),
    /// In the repository in which this pack is: at its own place, or at a path from the root.
    Revision {
        revision: String,
        path: Option<String>,
    },
}

/// `--against`.
pub fn parse(text: &str) -> Result<Against, String> {
    let Some(place) = text.strip_prefix("git:") else {
        return match text.is_empty() {
            true => Err("name a directory, or a revision like `git:main`".to_owned()),
            false => Ok(Against::Directory(text.into())),
        };
    };
    let (revision, path) = match place.split_once(':') {
        Some((revision, path)) => (revision, Some(path.to_owned())),
        None => (place, None),
    };
    if revision.is_empty() {
        return Err("name a revision, like `git:main`, `git:v1.2.0` or `git:HEAD~1`".to_owned());
    }
    if revision.starts_with('-') {
        return Err("a revision does not begin with `-`".to_owned());
    }
    Ok(Against::Revision { revision: revision.to_owned(), path })
}

impl Against {
    pub fn is_revision(&self) -> bool {
        matches!(self, Against::Revision { .. })
    }

    /// The files of the other pack.
    pub fn read(&self, session: &Session<'_>) -> Result<PackFiles, Failure> {
        match self {
            Against::Directory(directory) => PackFiles::read(directory).map_err(|error| {
                let help = "name the directory of a pack, or a revision like `git:main`";
                Failure::with_help(&error, help)
            }),
            Against::Revision { revision, path } => {
                let pack = session.pack().ok_or_else(|| session.no_pack())?;
                PackFiles::at_revision(pack, revision, path.as_deref()).map_err(|error| match error
                    .help()
                {
                    Some(help) => Failure::with_help(&error, help),
                    None => Failure::new(&error),
                })
            }
        }
    }
}

impl fmt::Display for Against {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Against::Directory(directory) => directory.display().fmt(f),
            Against::Revision { revision, path: None } => write!(f, "git:{revision}"),
            Against::Revision { revision, path: Some(path) } => write!(f, "git:{revision}:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_and_revisions() {
        let revision = |revision: &str, path: Option<&str>| {
            let path = path.map(str::to_owned);
            Ok(Against::Revision { revision: revision.into(), path })
        };
        assert_eq!(parse("rules/other"), Ok(Against::Directory("rules/other".into())));
        assert_eq!(parse("git:main"), revision("main", None));
        assert_eq!(parse("git:HEAD~2:rules/club"), revision("HEAD~2", Some("rules/club")));
        for wrong in ["", "git:", "git::rules", "git:--upload-pack=x", "git:-1:a"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
