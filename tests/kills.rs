//! What is written to a file is the whole new text or the file is as it was: when the process is killed,
//! and when there is no room.

#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const OLD: &str = "as it was\n";

/// A folder of its own with a source whose program is some thousand bytes long, gone when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let source: String = (0..40).map(|k| format!("f{k}(x, y) = sin(x*y + {k})/(x^2 + {k})\n")).collect();
        fs::write(folder.join("f.math"), source).unwrap();
        fs::write(folder.join("f.rs"), OLD).unwrap();
        Folder(folder)
    }

    fn emitting(&self, program: &str, before: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(before).args(["emit", "f.math", "-o", "f.rs"]).current_dir(&self.0);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn text(&self) -> String {
        fs::read_to_string(self.0.join("f.rs")).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const ZGRAD: &str = env!("CARGO_BIN_EXE_zgrad");

#[test]
fn a_killed_process_leaves_the_old_file_or_the_new() {
    let folder = Folder::new("killed");
    assert!(folder.emitting(ZGRAD, &[]).status().unwrap().success());
    let new = folder.text();
    assert!(new.len() > 4096, "the program has {} bytes", new.len());
    let (mut old_ones, mut new_ones) = (0, 0);
    for step in 0..60 {
        fs::write(folder.0.join("f.rs"), OLD).unwrap();
        let mut child = folder.emitting(ZGRAD, &[]).spawn().unwrap();
        sleep(Duration::from_micros(1500 * step));
        child.kill().unwrap();
        child.wait().unwrap();
        let text = folder.text();
        assert!(text == OLD || text == new, "after {step} steps the file holds {} bytes", text.len());
        if text == OLD { old_ones += 1 } else { new_ones += 1 }
    }
    assert!(old_ones > 0, "no process was killed before it was done ({new_ones} were done)");
}

#[test]
fn without_room_the_old_file_stays() {
    let folder = Folder::new("full");
    // A file may have 1024 bytes; first with the signal that ends the process, then with an error instead.
    for (ignored, ends) in [("", false), ("trap '' XFSZ; ", true)] {
        let script = format!("{ignored}ulimit -f 1; exec \"$0\" \"$@\"");
        let output = folder.emitting("bash", &["-c", &script, ZGRAD]).output();
        let Ok(output) = output else { return eprintln!("SKIPPED: bash is missing; nothing was tested") };
        assert!(!output.status.success());
        assert_eq!(folder.text(), OLD);
        if ends {
            let said = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{said}");
            assert!(said.contains("cannot write `f.rs`"), "{said}");
            let left: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().file_name()).collect();
            assert!(left.iter().all(|name| !name.to_string_lossy().contains(".tmp")), "{left:?}");
        } else {
            let parts = fs::read_dir(&folder.0).unwrap().map(|e| e.unwrap().path());
            parts
                .filter(|p| p.extension().is_some_and(|e| e == "tmp"))
                .for_each(|p| fs::remove_file(p).unwrap());
        }
    }
}

/// The files of a folder whose names begin with a dot.
fn hidden(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    all.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with('.')).collect()
}

#[test]
fn an_interrupted_process_leaves_nothing_behind() {
    for signal in ["-INT", "-TERM"] {
        let folder = Folder::new("interrupted");
        let mut command = Command::new(ZGRAD);
        command.args(["eval", "f.math", "--points", "-", "-o", "out.csv"]).current_dir(&folder.0);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The rows stay away, so the file stays half written.
        child.stdin.as_mut().unwrap().write_all(b"x,y\n1,2\n").unwrap();
        let found = (0..3000).any(|_| {
            sleep(Duration::from_millis(10));
            !hidden(&folder.0).is_empty()
        });
        assert!(found, "the file was not begun");
        Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        let stdin = child.stdin.take();
        let status = child.wait().unwrap();
        drop(stdin);
        assert_eq!(status.code(), Some(130), "{signal}");
        assert_eq!(hidden(&folder.0), Vec::<PathBuf>::new(), "{signal}");
        assert!(!folder.0.join("out.csv").exists());
    }
}
