//! The programs that decided, with the exact bytes of their packs.

use rusqlite::{Connection, OptionalExtension, params};

use crate::build::{Origin, Rules};
use crate::pack::{PackFiles, ProjectFile};

/// The name under which a project file is kept; no file of a pack has it.
const PROJECT: &str = "tierkeeper.yaml";

/// The number of a program; a new one is stored with its pack.
pub(super) fn ensure(connection: &Connection, rules: &Rules) -> rusqlite::Result<i64> {
    let generation = rules.program.generation();
    let find = "SELECT id FROM tk_program WHERE hash = ?1 AND parameters IS NOT NULL";
    let known = connection.query_row(find, [&generation], |row| row.get(0)).optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    let Rules { program, origin, .. } = rules;
    let set = serde_json::to_string(&origin.set).expect("names and values are JSON");
    let id: i64 = connection.query_row(
        "INSERT INTO tk_program (hash, name, version, parameters) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (hash) DO UPDATE SET parameters = excluded.parameters RETURNING id",
        params![generation, program.name, program.version.to_string(), set],
        |row| row.get(0),
    )?;
    let mut insert = connection
        .prepare("INSERT INTO tk_program_file (program, name, bytes) VALUES (?1, ?2, ?3)")?;
    for file in &origin.files.files {
        insert.execute(params![id, file.name, file.bytes])?;
    }
    if let Some(project) = &origin.project {
        insert.execute(params![id, PROJECT, project.bytes()])?;
    }
    Ok(id)
}

/// What a program was built from; `None` where it is not known.
pub(super) fn origin(
    connection: &Connection,
    generation: &str,
) -> rusqlite::Result<Option<Origin>> {
    let find = "SELECT id, parameters FROM tk_program
                WHERE hash = ?1 AND parameters IS NOT NULL";
    let found: Option<(i64, String)> = connection
        .query_row(find, [generation], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((id, set)) = found else { return Ok(None) };
    let mut statement =
        connection.prepare("SELECT name, bytes FROM tk_program_file WHERE program = ?1")?;
    let files = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut files = files.collect::<rusqlite::Result<Vec<(String, Vec<u8>)>>>()?;
    let project = files.iter().position(|(name, _)| name == PROJECT);
    let project = project.map(|at| ProjectFile::kept(PROJECT, files.remove(at).1));
    Ok(Some(Origin {
        files: PackFiles::embedded(files),
        project,
        set: serde_json::from_str(&set).unwrap_or_default(),
    }))
}
