//! Completion of a command line by the shells themselves, with the scripts that zgrad prints.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FILE: &str = "\
param rate = 2
param scale: R[2] = [1, 2]
energy(x, velocity: R[n], k: Int) = rate*x*sum(velocity)^k
entropy(t) = log(t)
broken(x) = x +
";

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("completions").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("f.math"), FILE).unwrap();
    folder
}

fn zgrad() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_zgrad"))
}

/// The words that are offered for the last of a command line.
fn offered(folder: &Path, words: &[&str]) -> Vec<String> {
    let (current, before) = words.split_last().unwrap();
    let mut asked = Command::new(zgrad());
    let output = asked.arg("__complete").arg(current).args(before).current_dir(folder).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect()
}

#[test]
fn names_of_the_file() {
    let folder = folder("names");
    let offered = |line: &str| offered(&folder, &line.split(' ').collect::<Vec<_>>());
    assert_eq!(offered("zgrad eval f.math --fn "), ["energy", "entropy"]);
    assert_eq!(offered("zgrad eval f.math --fn ene"), ["energy"]);
    assert_eq!(offered("zgrad eval f.math --fn=ent"), ["entropy"]);
    assert_eq!(offered("zgrad eval f.math --at "), ["t="]);
    assert_eq!(offered("zgrad eval f.math --fn energy --at "), ["x=", "velocity=", "k="]);
    assert_eq!(offered("zgrad eval f.math --fn energy --at x=2,"), ["x=2,velocity=", "x=2,k="]);
    assert_eq!(offered("zgrad eval --fn=energy f.math --at k=1 --at=v"), ["velocity="]);
    assert_eq!(offered("zgrad eval f.math --set "), ["rate=", "scale="]);
    assert_eq!(
        offered("zgrad diff f.math --fn energy --wrt x,"),
        ["x,velocity", "x,k", "x,rate", "x,scale", "x,params", "x,all"]
    );
    assert_eq!(offered("zgrad emit f.math --fn energy,"), ["energy,entropy"]);
    // Where no names of the file are wanted, or none can be had.
    for line in
        ["zgrad eval f.math --what ", "zgrad eval none.math --fn ", "zgrad eval --fn ", "zgrad ", "", "--fn"]
    {
        assert!(offered(line).is_empty(), "{line}");
    }
}

/// What a shell makes of lines that are typed at it; nothing if it is not there.
fn typed(shell: &str, args: &[&str], folder: &Path, lines: &str) -> Option<String> {
    let path =
        format!("{}:{}", zgrad().parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new(shell);
    let shell =
        shell.args(args).current_dir(folder).env("PATH", path).env("TERM", "dumb").env("HOME", folder);
    let shell = shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut shell = shell.ok()?;
    shell.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    Some(String::from_utf8_lossy(&shell.wait_with_output().unwrap().stdout).into_owned())
}

#[test]
fn bash_completes_names() {
    let folder = folder("bash");
    let script = Command::new(zgrad()).args(["completions", "bash"]).output().unwrap().stdout;
    fs::write(folder.join("script"), script).unwrap();
    // The tab completes; then the line is run, and `zgrad` is a function that shows its words.
    let lines = "source ./script\n\
        zgrad eval f.math --fn ene\t\n\
        zgrad eval f.math --fn entropy --at \t3\n\
        zgrad eval f.math --fn energy --at x=2,vel\t[1]\n\
        zgrad eval f.math --fn=ene\t\n\
        zgrad diff f.math --fn energy --wrt x,ra\t\n\
        zgrad eval f.math --wh\t\n\
        zgrad eval f.ma\t\n\
        exit\n";
    // The command asks the program itself, not the function.
    let lines = format!(
        "zgrad() {{ if [ \"$1\" = __complete ]; then command zgrad \"$@\"; else printf '<%s>' \"$@\"; echo; fi; }}\n{lines}"
    );
    let Some(answer) = typed("bash", &["--norc", "-i"], &folder, &lines) else {
        eprintln!("SKIPPED: there is no bash on this machine");
        return;
    };
    let run: Vec<&str> = answer.lines().filter(|line| line.starts_with('<')).collect();
    let expected = [
        "<eval><f.math><--fn><energy>",
        "<eval><f.math><--fn><entropy><--at><t=3>",
        "<eval><f.math><--fn><energy><--at><x=2,velocity=[1]>",
        "<eval><f.math><--fn=energy>",
        "<diff><f.math><--fn><energy><--wrt><x,rate>",
        "<eval><f.math><--what>",
        "<eval><f.math>",
    ];
    assert_eq!(run, expected, "{answer}");
}

#[test]
fn zsh_completes_names() {
    let folder = folder("zsh");
    let script = Command::new(zgrad()).args(["completions", "zsh"]).output().unwrap().stdout;
    let script = String::from_utf8(script).unwrap();
    assert_eq!(script.matches(":_zgrad_names' \\").count(), named_options(), "each option asks for names");
    fs::write(folder.join("_zgrad"), script).unwrap();
    let Some(answer) = typed("zsh", &["-n", "_zgrad"], &folder, "") else {
        eprintln!("SKIPPED: there is no zsh on this machine");
        return;
    };
    assert_eq!(answer, "", "the script is read without errors");
}

#[test]
fn fish_completes_names() {
    let folder = folder("fish");
    let script = Command::new(zgrad()).args(["completions", "fish"]).output().unwrap().stdout;
    let script = String::from_utf8(script).unwrap();
    assert_eq!(
        script.matches("\"(__fish_zgrad_names)\"").count(),
        named_options(),
        "each option asks for names"
    );
    fs::write(folder.join("script"), script).unwrap();
    let ask = "source ./script; complete -C 'zgrad eval f.math --fn en'; complete -C 'zgrad eval f.math --fn energy --at x=2,'";
    let Some(answer) = typed("fish", &["--no-config", "-c", ask], &folder, "") else {
        eprintln!("SKIPPED: there is no fish on this machine");
        return;
    };
    let words: Vec<&str> = answer.lines().collect();
    assert_eq!(words, ["energy", "entropy", "x=2,k=", "x=2,velocity="], "{answer}");
}

/// How many options of all commands take names of a file.
fn named_options() -> usize {
    let command = zgrad::cli::command();
    let named = |sub: &clap::Command| {
        let longs = sub.get_arguments().filter_map(clap::Arg::get_long);
        longs.filter(|long| ["fn", "at", "set", "wrt", "dir"].contains(long)).count()
    };
    command.get_subcommands().map(named).sum()
}
