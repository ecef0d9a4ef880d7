//! The files of a command, each with the mapping that it is read through: a `--map` holds for the tables behind it, up to the next one.

use super::Status;
use super::progress::Bar;
use super::report::Reporter;
use super::{input, report};
use crate::db::{Database, FileKind, LoadError, Loaded, detect, ending};
use crate::formats::table::Mapping;
use crate::render::SourceText;
use clap::ArgMatches;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A mapping with the file that it is in.
#[derive(Debug)]
pub(super) struct Map {
    path: PathBuf,
    mapping: Mapping,
}

/// A file to load.
#[derive(Debug)]
pub(super) struct Input {
    pub path: PathBuf,
    map: Option<Rc<Map>>,
}

/// The files in their order, each with its mapping. Everything wrong with the mappings is told.
pub(super) fn inputs(
    files: &[PathBuf],
    maps: &[PathBuf],
    matches: &ArgMatches,
    reporter: Reporter,
) -> Result<Vec<Input>, Status> {
    let at = |id: &str| matches.indices_of(id).into_iter().flatten();
    let mut read: Vec<(usize, Rc<Map>)> = Vec::with_capacity(maps.len());
    let mut status = Status::Fine;
    for (at, path) in at("maps").zip(maps) {
        match map(path, reporter) {
            Ok(map) => read.push((at, Rc::new(map))),
            Err(worse) => status = status.or_worse(worse),
        }
    }
    if status != Status::Fine {
        return Err(status);
    }
    let with_map = |(at, path): (usize, &PathBuf)| {
        let map = read.iter().rev().find(|(before, _)| *before < at).map(|(_, map)| map.clone());
        let map = map.filter(|_| is_table(path));
        Input { path: path.clone(), map }
    };
    Ok(at("files").zip(files).map(with_map).collect())
}

/// Whether a mapping holds for a file: not for sentences and snapshots, which say themselves what they hold.
fn is_table(path: &Path) -> bool {
    ending(path) != "dixit" && !matches!(detect(path), Ok(FileKind::Snapshot))
}

fn map(path: &Path, reporter: Reporter) -> Result<Map, Status> {
    let text = input::text(path, reporter).ok_or(Status::Usage)?;
    let mapping = Mapping::parse(&text).map_err(|problems| {
        let source = SourceText::new(input::name(path), &text);
        problems.iter().for_each(|found| reporter.diagnostic(&source, found));
        Status::Wrong
    })?;
    Ok(Map { path: path.into(), mapping })
}

impl Input {
    /// A file that is read through no mapping.
    pub(super) fn plain(path: &Path) -> Input {
        Input { path: path.into(), map: None }
    }

    /// A table with its mapping, whose mistakes are told.
    pub(super) fn mapped(path: &Path, mapping: &Path, reporter: Reporter) -> Result<Input, Status> {
        let map = map(mapping, reporter)?;
        Ok(Input { path: path.into(), map: Some(Rc::new(map)) })
    }

    /// Loads the file; `keep` keeps the rows that are refused.
    pub(super) fn load(&self, db: &mut Database, max_errors: u64, keep: bool) -> Result<Loaded, LoadError> {
        let _told = Bar::reading(&self.path, db.progress());
        let Some(map) = &self.map else { return db.load(&self.path, max_errors) };
        if !map.mapping.fits(&ending(&self.path)) {
            return Err(LoadError::OtherMapping);
        }
        db.load_table(&self.path, &map.mapping, max_errors, keep)
    }

    /// Whether it is read through a mapping.
    pub(super) fn is_mapped(&self) -> bool {
        self.map.is_some()
    }

    /// Tells what is wrong with the mapping.
    pub(super) fn mapping_diagnostic(&self, reporter: Reporter, found: &crate::diag::Diagnostic) {
        if let Some(map) = &self.map {
            reporter.diagnostic(&SourceText::new(input::name(&map.path), map.mapping.source()), found);
        }
    }

    /// Tells why the file cannot be loaded at all.
    pub(super) fn unreadable(&self, reporter: Reporter, error: &LoadError) -> Status {
        if let LoadError::Unfit(problems) = error {
            problems.iter().for_each(|found| self.mapping_diagnostic(reporter, found));
            report::line(&format!("{}: nothing of it was read", self.path.display()));
            return Status::Wrong;
        }
        reporter.unreadable(&self.path, error);
        if matches!(error, LoadError::Stopped) { Status::Interrupted } else { Status::Usage }
    }
}
