//! The notation on files: what is well formed prints as expected and reads back the same; what is
//! not draws the expected message. With `ZGRAD_BLESS=1` the expectations are written anew.

use std::fs;
use std::path::{Path, PathBuf};
use zgrad::syntax::message::{Look, Messages};
use zgrad::syntax::tree::{ItemKind, Tree};

use zgrad::syntax::{parse, print};

/// Compares with the text beside a case, or writes it.
fn expect(path: &Path, actual: &str) {
    if std::env::var_os("ZGRAD_BLESS").is_some() {
        fs::write(path, actual).expect("the expectation can be written");
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(actual, expected, "{} differs; ZGRAD_BLESS=1 accepts the new text", path.display());
}

fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/syntax").join(folder);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("the folder of cases is there")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "math"))
        .collect();
    cases.sort();
    assert!(!cases.is_empty(), "there are cases in {}", folder.display());
    cases
}

/// The messages about a text, and its tree.
fn read(name: &str, text: &str) -> (Tree, String) {
    let mut tree = Tree::default();
    let diagnostics = parse::parse(&mut tree, name, text);
    let mut messages = Messages::new(&tree.files);
    let rendered: Vec<String> =
        diagnostics.iter().map(|diagnostic| messages.message(diagnostic).render(Look::Plain)).collect();
    let rendered = rendered.join("\n");
    (tree, rendered)
}

#[test]
fn well_formed_files_print_as_expected() {
    for path in cases("ok") {
        let text = fs::read_to_string(&path).expect("the case can be read");
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let (tree, messages) = read(&name, &text);
        let printed = print::file(&tree, &tree.items);
        expect(&path.with_extension("warnings"), &messages);
        assert!(!messages.contains("error["), "{name}: {messages}");
        expect(&path.with_extension("out"), &printed);
        let (again, messages) = read(&name, &printed);
        assert_eq!(messages, "", "what {name} prints as draws no message");
        assert_eq!(print::file(&again, &again.items), printed, "{name} prints the same again");
        assert_eq!(tree.items.len(), again.items.len());
    }
}

#[test]
fn errors_are_explained() {
    for path in cases("errors") {
        let text = fs::read_to_string(&path).expect("the case can be read");
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let (_, messages) = read(&name, &text);
        assert!(messages.contains("error["), "{name} draws an error");
        expect(&path.with_extension("txt"), &messages);
    }
}

/// Runs on a small stack, so that what needs a deep one shows.
fn on_small_stack(run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(512 * 1024).spawn(run).expect("a thread");
    thread.join().expect("no panic");
}

/// `open` and `close` repeated round a middle.
fn nest(open: &str, middle: &str, close: &str, times: usize) -> String {
    format!("f(x) = {}{middle}{}", open.repeat(times), close.repeat(times))
}

#[test]
fn deep_and_long_texts_are_read_and_printed() {
    on_small_stack(|| {
        let deep = 20_000;
        for text in [
            nest("(", "x", ")", deep),
            nest("sin(", "x", ")", deep),
            nest("[", "x", "]", deep),
            nest("x[", "1", "]", deep),
            nest("{x: ", "1", "}", deep),
            nest("if x then ", "1", " else 2", deep),
            nest("if x then 1 else ", "2", "", deep),
            nest("let a = ", "1", " in a", deep),
            nest("let a = 1 in ", "a", "", deep),
            nest("", "x", " where a = 1", deep),
            nest("x -> ", "x", "", deep),
            nest("(x, ", "x", ")", deep),
            nest("sum(", "x", " for i in 1..2)", deep),
            nest("2(", "x", ")", deep),
            nest("x + ", "x", "", deep),
            nest("x^", "x", "", deep),
            nest("-", "x", "", deep),
            nest("not ", "x", "", deep),
            nest("x < ", "x", "", deep),
            nest("√", "x", "", deep),
            nest("", "x", "'", deep),
            nest("", "x", "!", deep),
            nest("", "x", ".a", deep),
            nest("", "x", "[1]", deep),
            nest("{x if x; ", "x otherwise", "}", 1),
        ] {
            let (tree, messages) = read("deep", &text);
            assert_eq!(messages, "", "{}", &text[..40.min(text.len())]);
            let printed = print::file(&tree, &tree.items);
            let (again, messages) = read("deep", &printed);
            assert_eq!(messages, "", "{}", &text[..40]);
            assert_eq!(print::file(&again, &again.items), printed);
        }
    });
}

#[test]
fn hostile_texts_end_in_a_message() {
    on_small_stack(|| {
        let many = 20_000;
        let mut texts: Vec<String> = ["(", "[", "{", "sin(", "if ", "let ", "let a = ", "(x, ", "x ", "{x: "]
            .iter()
            .map(|open| nest(open, "", "", many))
            .collect();
        let openings = [":", ".", "..", "=", "x=", ";", ",", "\"", "\"a\n", "for ", "where ", "test ", "'"];
        texts.extend(openings.iter().map(|text| text.repeat(many)));
        texts.extend(openings.iter().map(|text| format!("f(x) = x{}", text.repeat(many))));
        texts.push(format!("f(x: {}R{}) = 1", "(".repeat(many), ")".repeat(many)));
        texts.push(format!("f(x: {}R) = 1", "R -> ".repeat(many)));
        texts.push(format!("f(x: R[{}1{}]) = 1", "(".repeat(many), ")".repeat(many)));
        texts.push(format!("f(x: {} = 1", "(".repeat(59)));
        texts.push(format!("f(x: R where {} = 1", "(".repeat(59)));
        texts.push("f(\n".repeat(many));
        texts.push("f(x) = ((\n".repeat(many));
        texts.push((0..many).map(|code| char::from((code % 256) as u8)).collect());
        for text in texts {
            let (_, messages) = read("hostile", &text);
            if !text.ends_with('\'') {
                assert!(messages.contains("error["), "{}", text.chars().take(40).collect::<String>());
            }
        }
    });
}

#[test]
fn one_bad_definition_does_not_spoil_the_next() {
    let text = "f(x) = sin((x\ng(x) = 2\nh(x) = x +\nk(x) = x y\nlast = 3\n";
    let (tree, messages) = read("bad", text);
    assert_eq!(messages.matches("error[").count(), 3, "{messages}");
    assert_eq!(tree.items.len(), 2);
}

#[test]
fn definitions_of_a_long_file_keep_their_order() {
    // More than are read at once.
    let bad = |k: usize| k % 700 == 350;
    let line =
        |k: usize| if bad(k) { format!("f{k}(x) = x + # bad\n") } else { format!("f{k}(x) = x + {k}\n") };
    let text: String = (0..3000).map(line).collect();
    let (tree, messages) = read("long.math", &text);
    let good: Vec<String> = (0..3000).filter(|&k| !bad(k)).map(|k| format!("f{k}")).collect();
    let names: Vec<&str> = tree
        .items
        .iter()
        .map(|item| match &item.kind {
            ItemKind::Function { name, .. } => tree.text(*name),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(names, good);
    let lines: Vec<String> = (0..3000).filter(|&k| bad(k)).map(|k| format!("long.math:{}:", k + 1)).collect();
    let places: Vec<usize> = lines.iter().map(|line| messages.find(line).expect(line)).collect();
    assert!(places.is_sorted() && places.len() == 4, "{messages}");
}

#[test]
fn spellings_of_a_name_are_one() {
    let (tree, messages) = read("names", "a(x) = π + pi\nb(x) = µ + μ\nc(x) = ∑(x[i] for i)");
    assert_eq!(messages, "");
    assert_eq!(print::file(&tree, &tree.items), "a(x) = pi + pi\nb(x) = μ + μ\nc(x) = sum(x[i] for i)\n");
}

#[test]
fn an_expression_alone() {
    let mut tree = Tree::default();
    let ast = parse::parse_expression(&mut tree, "--at", " [1, 2, pi/2] ").expect("an expression");
    assert_eq!(print::expression(&tree, ast), "[1, 2, pi/2]");
    assert!(parse::parse_expression(&mut tree, "--at", "").is_err());
    assert!(parse::parse_expression(&mut tree, "--at", "x = 2").is_err());
}
