//! What is tested: a pack, its programs by the parameters of cases, its test files.

use std::env;
use std::path::{Path, PathBuf};

use tierkeeper::build::{Bound, Origin};
use tierkeeper::diagnostic::Diagnostic;
use tierkeeper::pack::PackFiles;
use tierkeeper::program::Program;
use tierkeeper::source::Sources;
use tierkeeper::suite::{Suite, TestFiles, read};

use crate::exit::Failure;
use crate::session::Session;
use crate::shared::Shared;

/// A pack under test.
#[derive(Debug)]
pub struct Tested {
    /// The pack's directory.
    pub pack: PathBuf,
    /// One of its test files, where only that is asked for.
    only: Option<PathBuf>,
    pub origin: Origin,
    pub bound: Bound,
    /// The texts of the pack and of its tests.
    pub texts: Sources,
    /// By set of parameters; the first is the pack as it is.
    pub programs: Vec<Program>,
}

impl Tested {
    pub fn open(shared: &Shared, path: Option<&Path>) -> Result<Self, Failure> {
        let (pack, only) = match path {
            Some(path) => place(path)?,
            None => {
                let session = Session::open(shared)?;
                let pack = session.pack().ok_or_else(|| session.no_pack())?;
                (short(pack), None)
            }
        };
        let files = PackFiles::read(&pack)?;
        let origin = Origin { files, project: None, set: shared.set.clone() };
        let bound = Bound::read(&origin.files, None, &origin.set);
        let texts = bound.parsed.sources.clone();
        Ok(Self { pack, only, origin, bound, texts, programs: Vec::new() })
    }

    /// Whether all test files are read, so that what none of them names is unused.
    pub fn is_whole(&self) -> bool {
        self.only.is_none()
    }

    /// Builds the programs and reads the tests. What is wrong with either is a finding.
    pub fn suite(&mut self) -> Result<(Suite, Vec<Diagnostic>), Failure> {
        let (program, findings) = self.bound.check(&self.texts);
        let Some(program) = program else { return Ok((Suite::default(), findings)) };
        let files = TestFiles::read(&self.pack, self.only.as_deref())?;
        let (suite, mut findings) = read(&files, &program, &mut self.texts);
        self.programs.push(program);
        for parameters in suite.parameters.iter().skip(1) {
            let (program, of_set) = self.bound.with(parameters).check(&self.texts);
            match program {
                Some(program) => self.programs.push(program),
                None => {
                    // What is wrong with the pack then, is so because of the test.
                    let place = parameters.first().map(|(name, _)| name.span);
                    let errors = of_set.into_iter().filter(Diagnostic::is_error);
                    findings.extend(errors.map(|finding| match place {
                        Some(place) if finding.span.file != place.file => {
                            finding.related(place, "with the parameters of a test")
                        }
                        _ => finding,
                    }));
                }
            }
        }
        Ok((suite, findings))
    }
}

/// A path from where the program is run, if it lies in there: as people and CI systems name it.
fn short(path: &Path) -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    match path.strip_prefix(here) {
        Ok(inside) if inside.as_os_str().is_empty() => PathBuf::from("."),
        Ok(inside) => inside.to_owned(),
        Err(_) => path.to_owned(),
    }
}

/// The pack and the test file that a path means: a pack, its `tests/`, or a file in there.
fn place(path: &Path) -> Result<(PathBuf, Option<PathBuf>), Failure> {
    if !path.exists() {
        return Err(Failure::new(format_args!("there is nothing at {}", path.display())));
    }
    let is_pack = |dir: &Path| dir.join("pack.yaml").exists();
    if path.is_dir() && is_pack(path) {
        return Ok((path.to_owned(), None));
    }
    let real = path
        .canonicalize()
        .map_err(|error| Failure::new(format_args!("cannot read {}: {error}", path.display())))?;
    let (tests, only) = match path.is_dir() {
        true => (Some(real.as_path()), None),
        false => (real.parent(), Some(path.to_owned())),
    };
    let pack = tests.and_then(Path::parent).filter(|pack| is_pack(pack));
    let Some(pack) = pack.filter(|_| tests.is_some_and(|dir| dir.ends_with("tests"))) else {
        return Err(Failure::with_help(
            format_args!("{} is neither a pack nor a test file of one", path.display()),
            "a pack has a `pack.yaml`; its test files are `tests/*.yaml`",
        ));
    };
    // As short as it was written, for messages.
    let written = match path.is_dir() {
        true => path.parent(),
        false => path.parent().and_then(Path::parent),
    };
    let pack = match written.filter(|written| !written.as_os_str().is_empty() && is_pack(written)) {
        Some(written) => written.to_owned(),
        None => pack.to_owned(),
    };
    Ok((pack, only))
}
