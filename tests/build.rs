//! zgrad in a project: dependency files for make, `--check` for CI, `zgrad build`, and build scripts.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

/// An empty folder of this name.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("build").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn get(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

fn ran(command: &mut Command) -> Ran {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

fn zgrad(folder: &Path, call: &str) -> Ran {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    ran(command.current_dir(folder).args(call.split(' ')).env_remove("CLICOLOR_FORCE"))
}

/// The files of a project with an import.
fn project(name: &str) -> PathBuf {
    let folder = folder(name);
    put(&folder, "lib/base.math", "sq(x) = x^2\n");
    put(&folder, "model.math", "import \"lib/base.math\"\nf(x, y) = sq(x)*y\n");
    folder
}

#[test]
fn depfiles_name_what_a_file_is_made_of() {
    let folder = project("depfiles");
    let rule = "out.rs: \\\n  model.math \\\n  lib/base.math\n\nmodel.math:\n\nlib/base.math:\n";
    for (call, file) in [
        ("emit model.math -o out.rs -MD", "out.d"),
        ("emit model.math -o out.rs -MF x.dep", "x.dep"),
        ("emit model.math -o out.rs -MD -MF y.dep", "y.dep"),
        ("emit model.math -o out.rs --depfile", "out.d"),
        ("emit model.math -o out.rs --depfile=z.dep", "z.dep"),
        ("diff model.math -o out.rs -MF d.dep", "d.dep"),
        ("pullback model.math -o out.rs -MF p.dep", "p.dep"),
    ] {
        let _ = fs::remove_file(folder.join(file));
        let ran = zgrad(&folder, call);
        assert_eq!((ran.code, &ran.err[..]), (Some(0), ""), "{call}");
        assert_eq!(get(&folder, file), rule, "{call}");
    }
    let alone = zgrad(&folder, "emit model.math -MD");
    assert!(alone.code == Some(2) && alone.err.contains("--output"), "{}", alone.err);
    // What make would take for something else is escaped.
    put(&folder, "odd $ #.math", "f(x) = x\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    command.current_dir(&folder).args(["emit", "odd $ #.math", "-o", "a b.rs", "-MD"]);
    assert_eq!(ran(&mut command).code, Some(0));
    assert_eq!(get(&folder, "a b.d"), "a\\ b.rs: \\\n  odd\\ $$\\ \\#.math\n\nodd\\ $$\\ \\#.math:\n");
}

fn ran_make(folder: &Path, args: &[&str]) -> Option<Ran> {
    let mut path = Path::new(env!("CARGO_BIN_EXE_zgrad")).parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let mut command = Command::new("make");
    command.current_dir(folder).args(args).env("PATH", path).env_remove("MAKEFLAGS").stdin(Stdio::null());
    let output = command.output().ok()?;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Some(Ran { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) })
}

/// The Makefile of the help of `zgrad emit`.
#[cfg(unix)]
#[test]
fn make_rebuilds_what_an_import_changes() {
    let folder = project("make");
    put(&folder, "Makefile", "all: model.rs\n%.rs: %.math\n\tzgrad emit $< -o $@ -MD\n-include *.d\n");
    let Some(first) = ran_make(&folder, &[]) else {
        println!("LEFT OUT: there is no make here, so the Makefile was not run");
        return;
    };
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert!(ran_make(&folder, &[]).unwrap().out.contains("Nothing to be done"));
    let later = std::time::SystemTime::now() + Duration::from_secs(5);
    put(&folder, "lib/base.math", "sq(x) = x^2 + 1\n");
    fs::File::options().write(true).open(folder.join("lib/base.math")).unwrap().set_modified(later).unwrap();
    let second = ran_make(&folder, &[]).unwrap();
    assert!(second.code == Some(0) && second.out.contains("zgrad emit model.math"), "{}", second.out);
    assert!(get(&folder, "model.rs").contains("1.0"));
    // A renamed import does not stop make.
    fs::rename(folder.join("lib/base.math"), folder.join("base.math")).unwrap();
    put(&folder, "model.math", "import \"base.math\"\nf(x, y) = sq(x)*y\n");
    let third = ran_make(&folder, &[]).unwrap();
    assert_eq!(third.code, Some(0), "{}{}", third.out, third.err);
}

#[test]
fn what_is_out_of_date_is_told_apart() {
    let folder = project("check");
    let call = "emit model.math -o out.rs --check";
    let missing = zgrad(&folder, call);
    assert_eq!(missing.code, Some(1));
    assert_eq!(missing.err, "error[E0717]: `out.rs` is out of date: there is no such file\n");
    assert!(!folder.join("out.rs").exists());
    assert_eq!(zgrad(&folder, "emit model.math -o out.rs").code, Some(0));
    let current = zgrad(&folder, call);
    assert_eq!((current.code, &current.out[..], &current.err[..]), (Some(0), "", ""));
    let edited = get(&folder, "out.rs").replacen("* y", "* z", 1);
    let line = 1 + edited.lines().position(|line| line.contains("* z")).unwrap();
    put(&folder, "out.rs", &edited);
    let stale = zgrad(&folder, call);
    assert_eq!(stale.code, Some(1));
    assert_eq!(stale.err, format!("error[E0717]: `out.rs` is out of date from line {line} on\n"));
    assert!(stale.out.starts_with("--- out.rs\n+++ out.rs\n@@ -"), "{}", stale.out);
    let signed = |sign: &str| stale.out.lines().filter(|line| line.starts_with(sign)).count();
    assert_eq!((signed("-"), signed("+")), (2, 2), "{}", stale.out);
    assert_eq!(get(&folder, "out.rs"), edited, "nothing is written");
    assert_eq!(zgrad(&folder, "emit model.math --check").code, Some(2));
}

#[test]
fn fmt_check_prints_what_would_change() {
    let folder = folder("fmt");
    put(&folder, "f.math", "# one\na = 1\n\nf(x)=x ^ 2\n");
    let ran = zgrad(&folder, "fmt --check f.math");
    assert_eq!(ran.code, Some(1));
    assert_eq!(
        ran.out,
        "--- f.math\n+++ f.math\n@@ -1,4 +1,4 @@\n # one\n a = 1\n \n-f(x)=x ^ 2\n+f(x) = x^2\n"
    );
    assert_eq!(
        ran.err,
        "error[E0717]: `f.math` is not in the canonical form from line 4 on; `zgrad fmt` prints it\n"
    );
    assert_eq!(zgrad(&folder, "fmt f.math -o f.math").code, Some(0));
    let done = zgrad(&folder, "fmt --check f.math");
    assert_eq!((done.code, &done.out[..], &done.err[..]), (Some(0), "", ""));
}

#[test]
fn completions_know_commands_and_options() {
    let folder = folder("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = zgrad(&folder, &format!("completions {shell}"));
        assert_eq!(ran.code, Some(0), "{shell}: {}", ran.err);
        for word in ["pullback", "message-format", "depfile", "completions"] {
            assert!(ran.out.contains(word), "{shell}: {word}");
        }
        if shell == "bash" {
            put(&folder, "zgrad.bash", &ran.out);
            let script = ". ./zgrad.bash; COMP_WORDS=(zgrad pull) COMP_CWORD=1; _zgrad zgrad pull zgrad; \
                          echo \"${COMPREPLY[*]}\"";
            match Command::new("bash").current_dir(&folder).args(["-c", script]).output() {
                Ok(output) => assert_eq!(String::from_utf8_lossy(&output.stdout), "pullback\n"),
                Err(_) => println!("LEFT OUT: there is no bash here, so its completions were not tried"),
            }
        }
    }
}

const LIST: &str = "\
targets:
  - file: model.math
    out: gen/model.rs
  - file: lib/base.math
    out: gen/base.rs
    lang: rust
    fn: [sq]
    what: [grad]
    wrt: x
    as_written: true
";

#[test]
fn a_list_of_targets_is_built() {
    let folder = project("targets");
    put(&folder, "zgrad.yaml", LIST);
    let check = zgrad(&folder, "build --check");
    assert_eq!(check.code, Some(1));
    assert_eq!(check.err.matches("there is no such file").count(), 2, "{}", check.err);
    fs::create_dir(folder.join("gen")).unwrap();
    let first = zgrad(&folder, "build");
    assert_eq!((first.code, &first.err[..]), (Some(0), "wrote gen/model.rs\nwrote gen/base.rs\n"));
    assert_eq!(get(&folder, "gen/model.rs"), zgrad(&folder, "emit model.math").out);
    let base = get(&folder, "gen/base.rs");
    assert!(base.contains("pub fn sq_grad") && !base.contains("pub fn sq("), "{base}");
    let second = zgrad(&folder, "build");
    assert_eq!((second.code, &second.err[..]), (Some(0), ""), "what is current is left alone");
    assert_eq!(zgrad(&folder, "build --check").code, Some(0));
    put(&folder, "lib/base.math", "sq(x) = x^2 + 1\n");
    let stale = zgrad(&folder, "build --check");
    assert!(stale.code == Some(1) && stale.out.contains("@@"), "{}", stale.out);
    assert_eq!(zgrad(&folder, "build --quiet").err, "");
    // From elsewhere, by the list's path: its paths are relative to it.
    put(&folder, "lib/base.math", "sq(x) = x^2 + 2\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    let list = folder.join("zgrad.yaml");
    assert_eq!(ran(command.args(["build"]).arg(&list)).code, Some(0));
    assert_eq!(zgrad(&folder, "build --check").code, Some(0));
}

#[test]
fn errors_of_the_list_have_their_places() {
    let folder = project("wrong-targets");
    for (list, expected) in [
        ("targets:\n  - file: model.math\n", "zgrad.yaml:2:5: error[E0801]: this target has no `out`"),
        (
            "targets:\n  - fil: model.math\n    out: a.rs\n",
            "zgrad.yaml:2:5: error[E0801]: a target has no `fil`; did you mean `file`?",
        ),
        (
            "targets:\n  - file: model.math\n    out: a.rs\n    what: [value, garde]\n",
            "zgrad.yaml:4:11: error[E0801]: there is no `garde` for `what`",
        ),
        (
            "target: []\n",
            "zgrad.yaml:1:1: error[E0801]: `target` is no part of this file; did you mean `targets`?",
        ),
        ("targets: 3\n", "zgrad.yaml:1:10: error[E0801]: `targets` is to be a list"),
        ("targets:\n  - file: [\n", "error[E0801]: this is not YAML"),
        (
            "targets:\n  - file: model.math\n    out: a.rs\n    fn: g\n",
            "zgrad.yaml:4:9: error[E0704]: there is no function `g`",
        ),
        (
            "targets:\n  - file: model.math\n    out: a.rs\n    wrt: [x, z]\n",
            "zgrad.yaml:4:10: error[E0705]: `f` has no variable `z`",
        ),
        (
            "targets:\n  - file: none.math\n    out: a.rs\n",
            "zgrad.yaml:2:11: error[E0701]: cannot read `none.math`",
        ),
        ("targets:\n  - file: model.math\n    out: no/a.rs\n", "zgrad.yaml:3:10: error[E0702]: cannot write"),
        ("targets:\n  - file: model.math\n    out: a.rs\n    out: b.rs\n", "duplicate"),
    ] {
        put(&folder, "zgrad.yaml", list);
        let ran = zgrad(&folder, "build --message-format short");
        assert_eq!(ran.code, Some(2), "{list}");
        assert!(ran.err.contains(expected), "{list}\n{}not\n{expected}", ran.err);
    }
    let none = folder.join("nothing");
    fs::create_dir(&none).unwrap();
    let ran = zgrad(&none, "build");
    assert!(ran.code == Some(2) && ran.err.contains("cannot read `zgrad.yaml`"), "{}", ran.err);
    // An error in one target does not keep the others from being made, and all are told.
    put(&folder, "bad.math", "f(x) = snh(x)\n");
    let list = "targets:\n- {file: bad.math, out: a.rs}\n- {file: model.math, out: b.rs}\n- {file: no.math, out: c.rs}\n";
    put(&folder, "zgrad.yaml", list);
    let ran = zgrad(&folder, "build");
    assert!(ran.err.contains("bad.math:1:8") && ran.err.contains("zgrad.yaml:4:10"), "{}", ran.err);
    assert!(ran.code == Some(2) && folder.join("b.rs").exists());
}

/// A process that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Waits until something holds; whether it came to hold.
fn comes(mut holds: impl FnMut() -> bool) -> bool {
    let end = Instant::now() + Duration::from_secs(60);
    while Instant::now() < end {
        if holds() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}

#[test]
fn watching_builds_after_each_change() {
    let folder = project("watch");
    put(&folder, "zgrad.yaml", "targets:\n  - file: model.math\n    out: model.rs\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_zgrad"));
    command.current_dir(&folder).args(["build", "--watch"]).stdout(Stdio::null()).stderr(Stdio::null());
    let _watching = Running(command.spawn().unwrap());
    let now = || fs::read_to_string(folder.join("model.rs")).unwrap_or_default();
    assert!(comes(|| now().contains("pub fn f_grad")));
    put(&folder, "lib/base.math", "sq(x) = cosh(x)\n");
    assert!(comes(|| now().contains("cosh")), "an imported file is watched");
    put(&folder, "lib/base.math", "sq(x) = cosh(x\n");
    std::thread::sleep(Duration::from_millis(500));
    put(&folder, "lib/base.math", "sq(x) = sinh(x)\n");
    assert!(comes(|| now().contains("sinh")), "an error does not end it");
    put(&folder, "zgrad.yaml", "targets:\n  - file: model.math\n    out: other.rs\n");
    assert!(comes(|| folder.join("other.rs").exists()), "the list is watched");
}

/// What a build script is: a process of its own, with `OUT_DIR` in its environment.
#[test]
fn as_a_build_script() {
    let Some(file) = std::env::var_os("ZGRAD_TEST_BUILD_SCRIPT") else { return };
    zgrad::build::compile(&file);
    zgrad::build::Module::new(&file).parts([zgrad::build::Part::Hess]).output("hess.rs").compile();
}

const USER: &str = "\
mod spring {
    include!(concat!(env!(\"OUT_DIR\"), \"/spring.rs\"));
}
mod hess {
    include!(concat!(env!(\"OUT_DIR\"), \"/hess.rs\"));
}
fn main() {
    println!(\"{:?} {:?}\", spring::energy_grad(2.0), hess::energy_hess(2.0));
}
";

#[test]
fn a_build_script_makes_modules_and_tells_cargo() {
    let folder = folder("script");
    put(&folder, "math/base.math", "half(x) = x/2\n");
    put(&folder, "math/spring.math", "import \"base.math\"\nenergy(x) = 3*x*half(x)\n");
    put(&folder, "main.rs", USER);
    let out = folder.join("out");
    fs::create_dir(&out).unwrap();
    let script = || {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "as_a_build_script", "--nocapture"]).current_dir(&folder);
        let said = ran(command.env("OUT_DIR", &out).env("ZGRAD_TEST_BUILD_SCRIPT", "math/spring.math")).out;
        said.lines().filter(|line| line.starts_with("cargo::")).map(str::to_string).collect::<Vec<_>>()
    };
    let inputs = ["cargo::rerun-if-changed=math/spring.math", "cargo::rerun-if-changed=math/base.math"];
    assert_eq!(script(), [inputs, inputs].concat());
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or("rustc".into()));
    let built = ran(rustc.current_dir(&folder).args(["main.rs", "--edition", "2024"]).env("OUT_DIR", &out));
    assert_eq!(built.code, Some(0), "{}", built.err);
    let program = folder.join(format!("main{}", std::env::consts::EXE_SUFFIX));
    assert_eq!(ran(&mut Command::new(program)).out, "(6.0, 6.0) 3.0\n");
    // What is current keeps its time, so that nothing is compiled again.
    let time = |name: &str| fs::metadata(out.join(name)).unwrap().modified().unwrap();
    let before = time("spring.rs");
    script();
    assert_eq!(time("spring.rs"), before);
    put(&folder, "math/base.math", "half(x) = 1/2x + y\n");
    let said = script();
    let error = "cargo::error=math/base.math:1:18: error[E0101]: `y` is not defined";
    assert!(said.iter().any(|line| line.starts_with(error)), "{said:?}");
    let warning = "math/base.math:1:11: warning[W0001]";
    assert!(said.iter().any(|line| line.contains(warning)), "{said:?}");
}

/// The same by Cargo, in a crate of its own and without a network.
#[test]
#[ignore = "builds zgrad a second time, as a build dependency: a minute or more"]
fn a_crate_with_a_build_script_is_built() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder("crate");
    let manifest = format!(
        "[package]\nname = \"zgrad-user\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [build-dependencies]\nzgrad = {{ path = {root:?} }}\n\n[profile.dev]\ndebug = false\n"
    );
    put(&folder, "Cargo.toml", &manifest);
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    put(&folder, "math/base.math", "half(x) = x/2\n");
    put(&folder, "math/spring.math", "import \"base.math\"\nenergy(x) = 3*x*half(x)\n");
    put(
        &folder,
        "build.rs",
        "use zgrad::build::{Module, Part, compile};\n\nfn main() {\n    compile(\"math/spring.math\");\n    \
         Module::new(\"math/spring.math\").parts([Part::Hess]).output(\"hess.rs\").compile();\n}\n",
    );
    put(&folder, "src/main.rs", USER);
    // Beside zgrad itself: what its macros and build script are made of is there already.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let cargo = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO"));
        ran(command.current_dir(&folder).args(args).env("CARGO_TARGET_DIR", target).env_remove("RUSTFLAGS"))
    };
    let first = cargo(&["run", "--offline", "--quiet"]);
    assert_eq!((first.code, &first.out[..]), (Some(0), "(6.0, 6.0) 3.0\n"), "{}", first.err);
    // A change of an imported file is one of the crate.
    put(&folder, "math/base.math", "half(x) = x/4\n");
    let second = cargo(&["run", "--offline", "--quiet"]);
    assert_eq!((second.code, &second.out[..]), (Some(0), "(3.0, 3.0) 1.5\n"), "{}", second.err);
    put(&folder, "math/base.math", "half(x) = y/4\n");
    let third = cargo(&["build", "--offline", "--quiet"]);
    assert_ne!(third.code, Some(0));
    assert!(third.err.contains("math/base.math:1:11: error[E0101]: `y` is not defined"), "{}", third.err);
}
