//! A pack as it was at a revision, read with the program `git`: nothing is checked out, and no
//! hook, filter or shell runs.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use super::decode::LARGEST_FILE;
use super::files::{PackFile, PackFiles, Refusal, is_pack_yaml, is_script};

/// Links that are followed one after the other before they are taken for a circle.
const MOST_LINKS: usize = 20;

/// What `git` sets for its hooks; with another directory it would name the wrong repository.
const OF_HOOKS: [&str; 5] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"];

/// Why a pack cannot be read from a revision. The environment's fault.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    #[error("the program `git` cannot be run: {0}")]
    NoGit(io::Error),
    #[error("`{}` is in no git repository: {reason}", directory.display())]
    NoRepository { directory: PathBuf, reason: String },
    #[error("there is no revision `{0}`")]
    UnknownRevision(String),
    #[error("there is no pack at `{path}` in the revision `{revision}`")]
    NoPack { revision: String, path: String },
    #[error("`{0}` is no path in a repository: it goes from the root downwards, without `..`")]
    BadPath(String),
    #[error("git cannot read the revision `{revision}`: {reason}")]
    Failed { revision: String, reason: String },
}

impl RevisionError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            RevisionError::NoGit(_) => Some("install git, or name a directory instead"),
            RevisionError::NoRepository { reason, .. } if reason.contains("dubious ownership") => {
                Some(
                    "git trusts no directory of another user: \
                     `git config --global --add safe.directory DIR` tells it to, DIR being the repository's root",
                )
            }
            RevisionError::NoRepository { .. } => {
                Some("the revision is looked for in the repository in which the pack is")
            }
            RevisionError::UnknownRevision(_) => Some(
                "name a branch, a tag or a commit that `git log` knows; a shallow clone may have to fetch it first",
            ),
            RevisionError::NoPack { .. } => Some(
                "if it was elsewhere then, write `git:REV:path/to/pack`, from the repository's root",
            ),
            RevisionError::BadPath(_) => Some("write it like `git:main:rules/club`"),
            RevisionError::Failed { .. } => None,
        }
    }
}

impl PackFiles {
    /// The pack in `dir` as it was at a revision of the repository in which that is; `path`: the one
    /// at another place, from the repository's root. Files are taken as from a directory: links
    /// inside of the pack are followed, others are refused.
    pub fn at_revision(
        dir: &Path,
        revision: &str,
        path: Option<&str>,
    ) -> Result<PackFiles, RevisionError> {
        let git = Git { dir, revision };
        let own = git.own_place()?;
        let commit = git.commit()?;
        let root = match path {
            Some(path) => from_root(path)?,
            None => own,
        };
        let tree = git.tree(&commit, &root)?;
        if tree.entries.is_empty() {
            let path = if root.is_empty() { ".".to_owned() } else { root };
            return Err(RevisionError::NoPack { revision: revision.to_owned(), path });
        }
        let mut blobs = git.blobs()?;
        let mut pack = PackFiles::default();
        let mut taken = Vec::new();
        for name in tree.names_in("") {
            if is_pack_yaml(&name) {
                taken.push((name.clone(), name));
            }
        }
        match tree.resolve("scripts", &mut blobs, &git) {
            Ok(Some(Place::Directory(scripts))) => {
                for name in tree.names_in(&scripts) {
                    if is_script(&name) {
                        taken.push((format!("scripts/{name}"), joined(&scripts, &name)));
                    }
                }
            }
            Err(Stop::Refused(refusal @ Refusal::OutsideRoot)) => {
                pack.refused.push(("scripts".to_owned(), refusal));
            }
            Err(Stop::Failed(error)) => return Err(error),
            _ => {}
        }
        for (name, place) in taken {
            match tree.resolve(&place, &mut blobs, &git) {
                Ok(Some(Place::File(object))) => {
                    let bytes = blobs.read(&object).map_err(|error| git.failed(error))?;
                    pack.files.push(PackFile { name, bytes });
                }
                Ok(_) => {}
                Err(Stop::Refused(refusal)) => pack.refused.push((name, refusal)),
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        pack.files.sort_by(|a, b| a.name.cmp(&b.name));
        pack.refused.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(pack)
    }
}

/// A path from the root of a repository, without a slash at its end.
fn from_root(path: &str) -> Result<String, RevisionError> {
    let bad = || RevisionError::BadPath(path.to_owned());
    if path.starts_with('/') || path.contains('\0') {
        return Err(bad());
    }
    let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
    let parts: Vec<&str> = parts.collect();
    if parts.contains(&"..") { Err(bad()) } else { Ok(parts.join("/")) }
}

fn joined(directory: &str, name: &str) -> String {
    if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") }
}

/// The repository in which a directory is, and a revision of it.
struct Git<'a> {
    dir: &'a Path,
    revision: &'a str,
}

impl Git<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new("git");
        command.arg("-C").arg(self.dir).arg("--literal-pathspecs");
        OF_HOOKS.iter().for_each(|name| {
            command.env_remove(name);
        });
        // In its own words, without taking locks, and without the network of a partial clone.
        command.env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_NO_LAZY_FETCH", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Result<Output, RevisionError> {
        self.command().args(arguments).output().map_err(RevisionError::NoGit)
    }

    fn failed(&self, reason: impl ToString) -> RevisionError {
        RevisionError::Failed { revision: self.revision.to_owned(), reason: reason.to_string() }
    }

    /// Where the directory is, from the repository's root.
    fn own_place(&self) -> Result<String, RevisionError> {
        let output = self.run(&["rev-parse", "--show-prefix"])?;
        if !output.status.success() {
            let directory = self.dir.to_owned();
            return Err(RevisionError::NoRepository { directory, reason: reason(&output) });
        }
        let place = String::from_utf8(output.stdout).map_err(|error| self.failed(error))?;
        Ok(place.trim_end_matches('\n').trim_end_matches('/').to_owned())
    }

    /// The commit that the revision names.
    fn commit(&self) -> Result<String, RevisionError> {
        let unknown = || RevisionError::UnknownRevision(self.revision.to_owned());
        if self.revision.is_empty() || self.revision.starts_with(['-', '^']) {
            return Err(unknown());
        }
        let named = format!("{}^{{commit}}", self.revision);
        let output = self.run(&["rev-parse", "--verify", "--quiet", &named])?;
        let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !output.status.success() || commit.is_empty() { Err(unknown()) } else { Ok(commit) }
    }

    /// Everything below a directory of the commit.
    fn tree(&self, commit: &str, root: &str) -> Result<Tree, RevisionError> {
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        let below = format!("{root}/");
        if !root.is_empty() {
            arguments.extend(["--", &below]);
        }
        let output = self.run(&arguments)?;
        if !output.status.success() {
            return Err(self.failed(reason(&output)));
        }
        let mut tree = Tree::default();
        for line in output.stdout.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
            // MODE TYPE OBJECT TAB PATH. A name that is no UTF-8 is no file of a pack.
            let Ok(line) = std::str::from_utf8(line) else { continue };
            let Some((head, path)) = line.split_once('\t') else { continue };
            let mut head = head.split(' ');
            let (Some(mode), Some("blob"), Some(object)) = (head.next(), head.next(), head.next())
            else {
                continue;
            };
            let path = if root.is_empty() { Some(path) } else { path.strip_prefix(&below) };
            let Some(path) = path else { continue };
            let entry = Entry { is_link: mode == "120000", object: object.to_owned() };
            tree.entries.insert(path.to_owned(), entry);
        }
        Ok(tree)
    }

    /// A running `git` that gives the bytes of objects.
    fn blobs(&self) -> Result<Blobs, RevisionError> {
        let mut command = self.command();
        command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(RevisionError::NoGit)?;
        let asked = child.stdin.take().expect("its input was asked for");
        let given = child.stdout.take().expect("its output was asked for");
        Ok(Blobs { child, asked: Some(asked), given: BufReader::new(given) })
    }
}

/// What git says went wrong.
fn reason(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it does not say why");
    line.trim_start_matches("fatal: ").to_owned()
}

/// The files of a directory at a revision, by their paths in it.
#[derive(Debug, Default)]
struct Tree {
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    is_link: bool,
    object: String,
}

/// What a path leads to.
#[derive(Debug)]
enum Place {
    /// An object.
    File(String),
    /// A path without links in it.
    Directory(String),
}

/// Why a path is not followed to its end.
enum Stop {
    Refused(Refusal),
    Failed(RevisionError),
}

impl Tree {
    /// The names of what lies in a directory.
    fn names_in(&self, directory: &str) -> Vec<String> {
        let below = if directory.is_empty() { String::new() } else { format!("{directory}/") };
        let paths = self.entries.keys().filter_map(|path| path.strip_prefix(&below));
        paths.filter(|path| !path.contains('/')).map(str::to_owned).collect()
    }

    fn is_directory(&self, path: &str) -> bool {
        let below = format!("{path}/");
        path.is_empty()
            || self
                .entries
                .range(below.clone()..)
                .next()
                .is_some_and(|(it, _)| it.starts_with(&below))
    }

    /// Follows links, part by part as a file system does. `None`: there is nothing.
    fn resolve(&self, path: &str, blobs: &mut Blobs, git: &Git<'_>) -> Result<Option<Place>, Stop> {
        let mut open: Vec<String> = path.split('/').rev().map(str::to_owned).collect();
        let mut at: Vec<String> = Vec::new();
        let mut links = 0;
        while let Some(part) = open.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    if at.pop().is_none() {
                        return Err(Stop::Refused(Refusal::OutsideRoot));
                    }
                    continue;
                }
                _ => at.push(part),
            }
            let here = at.join("/");
            match self.entries.get(&here) {
                Some(entry) if entry.is_link => {
                    links += 1;
                    if links > MOST_LINKS {
                        let why = "its links lead in a circle".to_owned();
                        return Err(Stop::Refused(Refusal::Unreadable(why)));
                    }
                    let bytes = blobs.read(&entry.object);
                    let bytes = bytes.map_err(|error| Stop::Failed(git.failed(error)))?;
                    let target = String::from_utf8_lossy(&bytes).into_owned();
                    if target.starts_with('/') {
                        return Err(Stop::Refused(Refusal::OutsideRoot));
                    }
                    at.pop();
                    open.extend(target.split('/').rev().map(str::to_owned));
                }
                Some(entry) if open.iter().all(|part| part.is_empty()) => {
                    return Ok(Some(Place::File(entry.object.clone())));
                }
                Some(_) => return Ok(None),
                None if self.is_directory(&here) => {}
                None if links > 0 => {
                    let why = "it leads to nothing".to_owned();
                    return Err(Stop::Refused(Refusal::Unreadable(why)));
                }
                None => return Ok(None),
            }
        }
        Ok(Some(Place::Directory(at.join("/"))))
    }
}

/// A running `git cat-file --batch`.
struct Blobs {
    child: Child,
    asked: Option<ChildStdin>,
    given: BufReader<ChildStdout>,
}

impl Blobs {
    /// The bytes of an object; of one that is too large for a file of a pack, one byte more than
    /// such a file may have.
    fn read(&mut self, object: &str) -> io::Result<Vec<u8>> {
        let ended = || io::Error::new(io::ErrorKind::UnexpectedEof, "it ended too early");
        let asked = self.asked.as_mut().ok_or_else(ended)?;
        writeln!(asked, "{object}")?;
        asked.flush()?;
        let mut head = String::new();
        self.given.read_line(&mut head)?;
        // OBJECT TYPE SIZE
        let size = head.trim_end().rsplit_once(' ').and_then(|(_, size)| size.parse().ok());
        let size: u64 = size.ok_or_else(|| {
            let why = if head.is_empty() { "it ended too early" } else { "the object is missing" };
            io::Error::other(why)
        })?;
        let taken = size.min(LARGEST_FILE as u64 + 1);
        let mut bytes = Vec::new();
        (&mut self.given).take(taken).read_to_end(&mut bytes)?;
        // The rest, and the line break behind it.
        let left = size - bytes.len() as u64 + 1;
        let skipped = io::copy(&mut (&mut self.given).take(left), &mut io::sink())?;
        if skipped == left { Ok(bytes) } else { Err(ended()) }
    }
}

impl Drop for Blobs {
    fn drop(&mut self) {
        // Without more to ask for it ends by itself.
        drop(self.asked.take());
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests;
