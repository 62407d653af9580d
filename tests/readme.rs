//! Every command of README.md, and of the guides for those who know other tools, is run, and must print what is written there. Blocks whose first
//! line is `# NAME` are files that the commands use. `ZGRAD_BLESS=1` writes the outputs anew.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a shell prints for a command, errors included, with the built `zgrad` first in the path.
fn run(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_zgrad"));
    let mut path = binary.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("exec 2>&1\n{command}"))
        .current_dir(folder)
        .env("PATH", path)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("MAKEFLAGS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A folder with the examples.
fn scratch(root: &Path, name: &str) -> std::path::PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("examples")).unwrap();
    for entry in fs::read_dir(root.join("examples")).unwrap() {
        let from = entry.unwrap().path();
        if from.is_file() {
            fs::copy(&from, folder.join("examples").join(from.file_name().unwrap())).unwrap();
        }
    }
    folder
}

#[cfg(unix)]
#[test]
fn commands_of_the_readme_print_what_it_says() {
    commands_print_what_is_written("README.md", "readme", 20);
}

#[cfg(unix)]
#[test]
fn commands_of_the_guides_print_what_they_say() {
    commands_print_what_is_written("src/cli/pages/guides.md", "guides", 10);
}

/// Runs all commands of a file in a folder of their own.
fn commands_print_what_is_written(name: &str, folder: &str, least: usize) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = scratch(root, folder);
    let text = fs::read_to_string(root.join(name)).unwrap();
    let mut anew = String::new();
    let mut lines = text.lines().peekable();
    let mut commands = 0;
    while let Some(line) = lines.next() {
        anew.push_str(line);
        anew.push('\n');
        let Some(language) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if language == "console" {
            for part in format!("\n{}", block.join("\n")).split("\n$ ").skip(1) {
                let (command, written) = part.split_once('\n').unwrap_or((part, ""));
                commands += 1;
                let output =
                    if command.starts_with("make ") && run("make --version", &folder).contains("not found") {
                        println!("left out, there is no make here: {command}");
                        let end = if written.is_empty() || written.ends_with('\n') { "" } else { "\n" };
                        format!("{written}{end}")
                    } else {
                        run(command, &folder)
                    };
                anew.push_str(&format!("$ {command}\n{output}"));
            }
        } else {
            let name = block.first().and_then(|first| first.strip_prefix("# "));
            let content = format!("{}\n", block.join("\n"));
            if let Some(name) = name {
                fs::write(folder.join(name), &content).unwrap();
            }
            anew.push_str(&content);
        }
        anew.push_str("```\n");
    }
    assert!(commands > least, "the commands of {name} were not found");
    if std::env::var_os("ZGRAD_BLESS").is_some() {
        return fs::write(root.join(name), anew).unwrap();
    }
    for (number, (want, got)) in (1..).zip(text.lines().zip(anew.lines())) {
        assert_eq!(want, got, "{name}:{number} (left) and what the command prints (right)");
    }
    assert_eq!(text.len(), anew.len());
}
