//! Files to a tree: reads the file that was named and all that it imports.

use crate::check::{Imports, prelude};
use crate::refuse;
use crate::session::refusal::refusal;
use crate::syntax::diagnostic::{Code, Diagnostic};
use crate::syntax::parse::parse;
use crate::syntax::tree::{ItemKind, Tree};
use anyhow::Result;
use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file larger than this is refused.
const LARGEST: u64 = 1 << 30;

/// The name of standard input in messages.
pub const STDIN: &str = "<stdin>";

/// What was read.
pub struct Loaded {
    pub tree: Tree,
    pub imports: Imports,
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a file (`-` is standard input) and everything that it imports.
pub fn load(path: &Path) -> Result<Loaded> {
    let text = read(path)?;
    let stands_for = INSTEAD.with_borrow(|instead| instead.as_ref().map(|(name, _)| name.clone()));
    let name = stands_for.filter(|_| path == Path::new("-"));
    Ok(load_text(name.as_deref().unwrap_or(path), &text))
}

/// Texts that stand for files, by the paths that the system gives them: what an editor has not saved.
pub type Unsaved = HashMap<PathBuf, Arc<str>>;

/// Reads everything that a text imports; it stands for the file of this name.
pub fn load_text(path: &Path, text: &str) -> Loaded {
    load_unsaved(path, text, &Unsaved::new())
}

/// The same, where some of the imported files have texts that are not saved.
pub fn load_unsaved(path: &Path, text: &str, unsaved: &Unsaved) -> Loaded {
    let mut loaded = Loaded { tree: Tree::default(), imports: Imports::default(), diagnostics: Vec::new() };
    loaded.add(path, text);
    let mut known: HashMap<PathBuf, u32> = HashMap::new();
    if let Ok(real) = path.canonicalize() {
        known.insert(real, 0);
    }
    let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
    let mut waiting: VecDeque<(u32, PathBuf)> = VecDeque::from([(0, folder)]);
    while let Some((file, folder)) = waiting.pop_front() {
        for (written, span) in imports_of(&loaded.tree, file) {
            let target = folder.join(&written);
            let real = target.canonicalize().unwrap_or_else(|_| target.clone());
            let index = match known.get(&real) {
                Some(&index) => index,
                None => match unsaved
                    .get(&real)
                    .map_or_else(|| read_imported(&target), |text| Ok(text.to_string()))
                {
                    Ok(text) => {
                        let index = loaded.add(&target, &text);
                        known.insert(real, index);
                        let folder = target.parent().unwrap_or(Path::new("")).to_path_buf();
                        waiting.push_back((index, folder));
                        index
                    }
                    Err(error) => {
                        let message = format!("cannot import `{written}`");
                        let help = format!("{error:#}; the path is relative to this file");
                        loaded
                            .diagnostics
                            .push(Diagnostic::new(Code::CannotImport, span, message).help(help));
                        continue;
                    }
                },
            };
            loaded.imports.resolved.insert((file, written), index);
        }
    }
    loaded.imports.prelude = prelude::include(&mut loaded.tree);
    loaded
}

impl Loaded {
    fn add(&mut self, path: &Path, text: &str) -> u32 {
        let index = self.tree.files.len() as u32;
        let name = if path == Path::new("-") { STDIN.into() } else { path.display().to_string() };
        let diagnostics = parse(&mut self.tree, &name, text);
        self.diagnostics.extend(diagnostics);
        index
    }
}

fn imports_of(tree: &Tree, file: u32) -> Vec<(String, crate::syntax::tree::Span)> {
    let items = tree.items.iter().filter(|item| item.span.file == file);
    items
        .filter_map(|item| match &item.kind {
            ItemKind::Import { path, .. } => Some((path.clone(), item.span)),
            ItemKind::Function { .. }
            | ItemKind::Constant { .. }
            | ItemKind::Type { .. }
            | ItemKind::Rule { .. }
            | ItemKind::Test { .. } => None,
        })
        .collect()
}

/// At most so many files beside another are looked at, none that is longer than this.
const MOST_BESIDE: usize = 500;
const LONGEST_BESIDE: u64 = 1 << 20;

/// The `.math` files in the folder of a file.
pub fn beside(path: &Path) -> Vec<PathBuf> {
    let Some(entries) = path.parent().and_then(|folder| std::fs::read_dir(folder).ok()) else {
        return Vec::new();
    };
    let files = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let files = files.filter(|file| file.extension().is_some_and(|ending| ending == "math"));
    files.filter_map(|file| file.canonicalize().ok()).take(MOST_BESIDE).collect()
}

/// The text of a file, if it has the name of another in it and so may import it.
pub fn mentions(path: &Path, other: &Path, unsaved: &Unsaved) -> Option<String> {
    let text = match unsaved.get(path) {
        Some(text) => text.to_string(),
        None if std::fs::metadata(path).ok()?.len() <= LONGEST_BESIDE => read(path).ok()?,
        None => return None,
    };
    let name = other.file_name()?.to_str()?;
    text.contains(name).then_some(text)
}

/// A file that the system does not let us read.
pub fn unreadable(path: &Path, error: &std::io::Error) -> anyhow::Error {
    refusal(Code::CannotRead, format!("cannot read `{}`: {}", path.display(), reason(error)))
}

/// Why the system refused, in words without its number.
pub fn reason(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "there is no such file or folder".to_string(),
        ErrorKind::PermissionDenied => "permission denied".to_string(),
        _ => {
            let text = error.to_string();
            text.split_once(" (os error").map_or(text.clone(), |(words, _)| words.to_string())
        }
    }
}

/// All bytes, nothing if there are more than [`LARGEST`].
fn read_some(from: impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(LARGEST + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= LARGEST).then_some(bytes))
}

fn too_long(what: &str) -> anyhow::Error {
    refusal(Code::CannotRead, format!("{what} has more than {LARGEST} bytes"))
}

/// The files that a file is made of: itself, and what it imports and can be read.
pub fn inputs(path: &Path) -> Vec<PathBuf> {
    let own = || vec![path.to_path_buf()];
    let Ok(text) = read(path) else { return own() };
    let loaded = load_text(path, &text);
    let files =
        loaded.tree.files.iter().zip(0..).filter(|(_, number)| Some(*number) != loaded.imports.prelude);
    files.map(|(file, _)| PathBuf::from(&file.name)).collect()
}

thread_local! {
    /// What is read in place of standard input, and the file that it stands for.
    static INSTEAD: RefCell<Option<(PathBuf, String)>> = const { RefCell::new(None) };
}

/// Runs something that reads standard input with a text in its place, which stands for a file.
pub fn instead_of_stdin<T>(name: &Path, text: &str, run: impl FnOnce() -> T) -> T {
    INSTEAD.replace(Some((name.to_path_buf(), text.to_string())));
    let result = run();
    INSTEAD.take();
    result
}

/// The text of a file, or of standard input for `-`.
pub fn read(path: &Path) -> Result<String> {
    let instead = INSTEAD.with_borrow(|instead| instead.as_ref().map(|(_, text)| text.clone()));
    if let Some(text) = instead.filter(|_| path == Path::new("-")) {
        return Ok(text);
    }
    let bytes = if path == Path::new("-") {
        if std::io::stdin().is_terminal() {
            refuse!(
                Code::CannotRead,
                "no file given, and standard input is a terminal; name a .math file, or see `zgrad --help`"
            );
        }
        let bytes =
            read_some(std::io::stdin().lock()).map_err(|e| unreadable(Path::new("standard input"), &e))?;
        bytes.ok_or_else(|| too_long("standard input"))?
    } else {
        let shown = path.display();
        let meta = std::fs::metadata(path).map_err(|e| unreadable(path, &e))?;
        if meta.is_dir() {
            refuse!(Code::CannotRead, "`{shown}` is a directory, not a .math file");
        }
        if is_device(&meta) {
            refuse!(Code::CannotRead, "`{shown}` is a device, not a .math file");
        }
        if meta.len() > LARGEST {
            return Err(too_long(&format!("`{shown}`")));
        }
        // A pipe does not say how long it is.
        let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
        let bytes = read_some(file).map_err(|e| unreadable(path, &e))?;
        bytes.ok_or_else(|| too_long(&format!("`{shown}`")))?
    };
    let name = if path == Path::new("-") { STDIN.to_string() } else { path.display().to_string() };
    String::from_utf8(bytes).map_err(|error| not_text(&name, 1, &error))
}

/// The text of a file that another imports. A pipe may wait for ever for somebody to write.
fn read_imported(path: &Path) -> Result<String> {
    if let Ok(meta) = std::fs::metadata(path)
        && !meta.is_file()
        && !meta.is_dir()
    {
        let what = if is_device(&meta) { "a device" } else { "a pipe" };
        refuse!(Code::CannotRead, "`{}` is {what}, not a .math file", path.display());
    }
    read(path)
}

/// Whether reading would be from a device, of which some never end.
#[cfg(unix)]
fn is_device(meta: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    meta.file_type().is_char_device() || meta.file_type().is_block_device()
}

#[cfg(not(unix))]
fn is_device(_meta: &std::fs::Metadata) -> bool {
    false
}

/// Where a text that begins on a line with this number is none.
pub fn not_text(name: &str, line: u64, error: &std::string::FromUtf8Error) -> anyhow::Error {
    let at = error.utf8_error().valid_up_to();
    let before = &error.as_bytes()[..at];
    let line = line + before.iter().filter(|&&b| b == b'\n').count() as u64;
    let start = before.iter().rposition(|&b| b == b'\n').map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
    refusal(
        Code::NotText,
        format!("{name}:{line}:{column}: not UTF-8 text (byte 0x{:02x})", error.as_bytes()[at]),
    )
}
