use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tierkeeper::build::{Built, Origin, Request, Rules, build};
use tierkeeper::diagnostic::{Diagnostics, findings_text};
use tierkeeper::pack::{PackFiles, Project, ProjectFile};
use tierkeeper::program::Program;
use tierkeeper::source::Sources;

use crate::exit::Failure;
use crate::output;
use crate::shared::Shared;

/// Where a command's rules, facts and state are: from its arguments and the project file.
#[derive(Debug)]
pub struct Session<'a> {
    shared: &'a Shared,
    project_file: Option<ProjectFile>,
    project: Project,
}

impl<'a> Session<'a> {
    /// Reads the project file: that of `--config`, or the nearest one where no pack is named.
    pub fn open(shared: &'a Shared) -> Result<Self, Failure> {
        let project_file = match (&shared.config, &shared.pack) {
            (Some(path), _) => Some(ProjectFile::read(path)?),
            (None, Some(_)) => None,
            (None, None) => nearest()?,
        };
        // Its findings are told with those of the pack; here only its paths matter.
        let project = project_file.as_ref().map_or_else(Project::default, |file| {
            file.parse(&mut Sources::default(), &mut Diagnostics::default())
        });
        Ok(Self { shared, project_file, project })
    }

    pub fn pack(&self) -> Option<&Path> {
        self.shared.pack.as_deref().or(self.project.pack.as_deref())
    }

    /// The project file.
    pub fn config(&self) -> Option<PathBuf> {
        self.project_file.as_ref().map(|file| file.path.clone())
    }

    /// Where a host of this project answers.
    pub fn listen(&self) -> Option<SocketAddr> {
        self.project.host.listen
    }

    /// The store that is named, whether it is there or not.
    pub fn store_if_named(&self) -> Option<&Path> {
        self.shared.store.as_deref().or(self.project.store.as_deref())
    }

    pub fn store(&self) -> Result<&Path, Failure> {
        self.store_if_named().ok_or_else(|| {
            let help = "name it with `--store shop.db`, or in `tierkeeper.yaml`";
            Failure::with_help("which store?", help)
        })
    }

    /// The state database: as named, or `<store stem>.tiers.db` beside the store.
    pub fn state(&self) -> Result<PathBuf, Failure> {
        if let Some(state) = &self.shared.state {
            return Ok(state.clone());
        }
        if let (None, Some(state)) = (&self.shared.store, &self.project.state) {
            return Ok(state.clone());
        }
        Ok(self.store()?.with_extension("tiers.db"))
    }

    /// The pack, the project file and the parameters, as they are now.
    pub fn origin(&self) -> Result<Origin, Failure> {
        let Some(pack) = self.pack() else {
            self.project_findings()?;
            return Err(self.no_pack());
        };
        Ok(Origin {
            files: PackFiles::read(pack)?,
            project: self.project_file.clone(),
            set: self.shared.set.clone(),
        })
    }

    /// Reads the pack and builds it, held against a store where one is given.
    pub fn build(&self, store: Option<&Path>) -> Result<Built, Failure> {
        let origin = self.origin()?;
        let request = Request {
            files: &origin.files,
            project: origin.project.as_ref(),
            set: &origin.set,
            store,
        };
        Ok(build(&request)?)
    }

    /// The rules to run. Findings that keep a pack from running are shown on stderr.
    pub fn rules(&self) -> Result<Rules, Failure> {
        rules_of(self.origin()?)
    }

    /// The date that was asked for.
    pub fn as_of(&self) -> Option<Date> {
        self.shared.as_of
    }

    /// The date that was asked for, or today in the pack's zone.
    pub fn as_of_or_today(&self, program: &Program) -> Result<Date, Failure> {
        match self.as_of() {
            Some(date) => Ok(date),
            None => self.today(program),
        }
    }

    /// Today in the pack's zone.
    pub fn today(&self, program: &Program) -> Result<Date, Failure> {
        let zone = TimeZone::get(&program.settings.timezone).map_err(Failure::new)?;
        Ok(jiff::Timestamp::now().to_zoned(zone).date())
    }

    /// A project file that cannot be read names no pack: what is wrong with it comes first.
    fn project_findings(&self) -> Result<(), Failure> {
        let Some(file) = &self.project_file else { return Ok(()) };
        let (mut texts, mut findings) = (Sources::default(), Diagnostics::default());
        file.parse(&mut texts, &mut findings);
        let findings = findings.into_sorted();
        if findings.is_empty() {
            return Ok(());
        }
        output::note(findings_text(&findings, &texts, false).trim_end());
        Err(Failure::Findings)
    }

    pub fn no_pack(&self) -> Failure {
        match &self.project_file {
            Some(file) => Failure::with_help(
                format_args!("{} does not say which pack", file.path.display()),
                "add `pack: rules/my-pack`, or name it with `--pack DIR`",
            ),
            None => Failure::with_help(
                "which pack? there is no `tierkeeper.yaml` here or above",
                "name it with `--pack DIR`, or make a project with `tierkeeper init`",
            ),
        }
    }
}

/// Where the host of a project answers: of that file, or of the nearest one.
pub fn listen(config: Option<&Path>) -> Result<Option<SocketAddr>, Failure> {
    let file = match config {
        Some(path) => Some(ProjectFile::read(path)?),
        None => nearest()?,
    };
    let project =
        |file: ProjectFile| file.parse(&mut Sources::default(), &mut Diagnostics::default());
    Ok(file.map(project).and_then(|project| project.host.listen))
}

/// The nearest project file, from the current directory upwards.
fn nearest() -> Result<Option<ProjectFile>, Failure> {
    let here = std::env::current_dir().map_err(|error| {
        Failure::new(format_args!("the current directory cannot be read: {error}"))
    })?;
    Ok(ProjectFile::find_upwards(&here)?)
}

/// The rules of an origin. Findings that keep a pack from running are shown on stderr.
pub fn rules_of(origin: Origin) -> Result<Rules, Failure> {
    let built = origin.build();
    let Some(program) = built.program else {
        let text = findings_text(&built.findings, &built.sources, false);
        output::note(text.trim_end());
        return Err(Failure::Findings);
    };
    if !built.findings.is_empty() {
        let count = built.findings.len();
        let findings = if count == 1 { "finding" } else { "findings" };
        output::note(format_args!("note: {count} {findings}; `tierkeeper check` shows them"));
    }
    Ok(Rules { program, texts: built.sources, origin })
}
