use super::{Built, Request, build};
use crate::pack::{PackFiles, ProjectFile};
use crate::program::Program;
use crate::source::Sources;

/// What a program was built from, byte for byte.
#[derive(Debug, Clone)]
pub struct Origin {
    pub files: PackFiles,
    pub project: Option<ProjectFile>,
    /// Parameters of the command line: names and values.
    pub set: Vec<(String, String)>,
}

/// A program, the texts that its spans point into, and what it was built from.
#[derive(Debug, Clone)]
pub struct Rules {
    pub program: Program,
    pub texts: Sources,
    pub origin: Origin,
}

impl Origin {
    /// Builds the program once more; no store is looked at.
    pub fn build(&self) -> Built {
        let request = Request {
            files: &self.files,
            project: self.project.as_ref(),
            set: &self.set,
            store: None,
        };
        build(&request).expect("without a store nothing of the environment can fail")
    }
}
