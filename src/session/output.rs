//! Writing results: to standard output, or to a file that is afterwards the whole new one or
//! still the old one.

use super::refusal::refusal;
use crate::syntax::diagnostic::Code;
use anyhow::Result;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Writes text or bytes to the file, or to standard output when there is none or it is `-`.
pub fn write(path: Option<&Path>, data: impl AsRef<[u8]>) -> Result<()> {
    let mut sink = Sink::open(path)?;
    sink.write(data)?;
    sink.finish()
}

/// Where a result goes, piece by piece.
pub struct Sink {
    /// As it was asked for.
    path: PathBuf,
    to: To,
}

enum To {
    Stdout,
    /// A device or a pipe.
    Special(File),
    /// Beside the file that it will be.
    Beside {
        file: File,
        beside: PathBuf,
        target: PathBuf,
    },
    Done,
}

/// The files that are not yet what they will be.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes what is half written: the process is about to end.
pub fn abandon() {
    if let Ok(unfinished) = UNFINISHED.lock() {
        unfinished.iter().for_each(|path| drop(fs::remove_file(path)));
    }
}

impl Sink {
    /// The file, or standard output when there is none or it is `-`.
    pub fn open(path: Option<&Path>) -> Result<Sink> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Sink { path: PathBuf::from("-"), to: To::Stdout });
        };
        let to = open_file(path).map_err(|error| refused(path, &error))?;
        Ok(Sink { path: path.to_path_buf(), to })
    }

    pub fn write(&mut self, data: impl AsRef<[u8]>) -> Result<()> {
        let data = data.as_ref();
        let written = match &mut self.to {
            To::Stdout => {
                let mut stdout = io::stdout().lock();
                return match stdout.write_all(data).and_then(|()| stdout.flush()) {
                    // The reader went away, which is for the caller to judge.
                    Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Err(e.into()),
                    Err(e) => Err(refusal(
                        Code::CannotWrite,
                        format!("cannot write standard output: {}", super::load::reason(&e)),
                    )),
                    Ok(()) => Ok(()),
                };
            }
            To::Special(file) | To::Beside { file, .. } => file.write_all(data),
            To::Done => Ok(()),
        };
        written.map_err(|error| refused(&self.path, &error))
    }

    /// Puts the whole file in its place.
    pub fn finish(mut self) -> Result<()> {
        if let To::Beside { file, beside, target } = &self.to {
            put(file, beside, target).map_err(|error| refused(&self.path, &error))?;
            forget(beside);
            self.to = To::Done;
        }
        Ok(())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let To::Beside { beside, .. } = &self.to {
            let _ = fs::remove_file(beside);
            forget(beside);
        }
    }
}

fn refused(path: &Path, error: &io::Error) -> anyhow::Error {
    refusal(Code::CannotWrite, format!("cannot write `{}`: {}", path.display(), super::load::reason(error)))
}

fn forget(beside: &Path) {
    if let Ok(mut unfinished) = UNFINISHED.lock() {
        unfinished.retain(|path| path != beside);
    }
}

/// A file beside the one that is wanted; devices and pipes are written directly.
fn open_file(path: &Path) -> io::Result<To> {
    let special = fs::metadata(path).is_ok_and(|meta| !meta.is_file());
    if special {
        return Ok(To::Special(File::options().write(true).open(path)?));
    }
    // Through a link to the file that it names.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let beside = temporary_name(&target);
    // What a killed process of the same number may have left is overwritten.
    let file = File::options().write(true).create(true).truncate(true).open(&beside)?;
    if let Ok(mut unfinished) = UNFINISHED.lock() {
        unfinished.push(beside.clone());
    }
    Ok(To::Beside { file, beside, target })
}

/// Syncs and renames.
fn put(file: &File, beside: &Path, target: &Path) -> io::Result<()> {
    if let Ok(meta) = fs::metadata(target) {
        file.set_permissions(meta.permissions())?;
    }
    file.sync_all()?;
    fs::rename(beside, target)
}

fn temporary_name(target: &Path) -> PathBuf {
    let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    target.with_file_name(format!(".{name}.{}.tmp", std::process::id()))
}
