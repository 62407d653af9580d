//! Writing results: to standard output, or to a file that is afterwards the whole new one or
//! still the old one.

use anyhow::{Result, anyhow};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes the text to the file, or to standard output when there is none or it is `-`.
pub fn write(path: Option<&Path>, text: &str) -> Result<()> {
    match path {
        Some(path) if path != Path::new("-") => write_file(path, text)
            .map_err(|e| anyhow!("cannot write `{}`: {}", path.display(), super::load::reason(&e))),
        _ => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(text.as_bytes())?;
            Ok(stdout.flush()?)
        }
    }
}

/// Writes beside the file, syncs, and renames; devices and pipes are written directly.
fn write_file(path: &Path, text: &str) -> io::Result<()> {
    let special = fs::metadata(path).is_ok_and(|meta| !meta.is_file());
    if special {
        return File::options().write(true).open(path)?.write_all(text.as_bytes());
    }
    // Through a link to the file that it names.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let beside = temporary_name(&target);
    let written = write_beside(&beside, &target, text);
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_beside(beside: &Path, target: &Path, text: &str) -> io::Result<()> {
    // What a killed process of the same number may have left is overwritten.
    let mut file = File::options().write(true).create(true).truncate(true).open(beside)?;
    file.write_all(text.as_bytes())?;
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
