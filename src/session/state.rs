//! Where zgrad keeps what it remembers from one time to the next.

use std::env;
use std::fs;
use std::path::PathBuf;

/// The file of the lines that were entered, in a folder that is there; nothing if there is no home.
pub fn history() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = set("XDG_STATE_HOME").filter(|path| path.is_absolute());
    let state = state.or_else(|| set("LOCALAPPDATA").filter(|_| cfg!(windows)));
    let state = state.or_else(|| Some(set("HOME")?.join(".local").join("state")))?;
    let folder = state.join("zgrad");
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}
