//! `zgrad lsp`, driven as an editor drives it: messages over its standard input and output.

use serde_json::{Value as Json, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// Nothing may take longer than this, on a busy machine either.
const LIMIT: Duration = Duration::from_secs(60);

struct Editor {
    server: Child,
    input: ChildStdin,
    inbox: Receiver<Json>,
    /// Messages that were not waited for.
    unread: Vec<Json>,
    number: u64,
    folder: PathBuf,
}

fn read(output: &mut impl BufRead) -> Option<Json> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some(("Content-Length", value)) => length = value.parse().unwrap(),
            Some(other) => panic!("{other:?}"),
            None => break,
        }
    }
    let mut bytes = vec![0; length];
    output.read_exact(&mut bytes).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

impl Editor {
    /// Starts a server for a folder of its own.
    fn new(name: &str, options: Json) -> Editor {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lsp").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let folder = folder.canonicalize().unwrap();
        let mut server = Command::new(env!("CARGO_BIN_EXE_zgrad"))
            .arg("lsp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take().unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, inbox) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut editor = Editor { server, input, inbox, unread: Vec::new(), number: 0, folder };
        let capabilities = json!({"workspace": {"inlayHint": {"refreshSupport": true}}});
        let answer =
            editor.ask("initialize", json!({"capabilities": capabilities, "initializationOptions": options}));
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.notify("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.input.flush().unwrap();
    }

    fn notify(&mut self, method: &str, params: Json) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn begin(&mut self, method: &str, params: Json) -> u64 {
        self.number += 1;
        let id = self.number;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The next message of a kind.
    fn wait(&mut self, is: impl Fn(&Json) -> bool) -> Json {
        if let Some(found) = self.unread.iter().position(&is) {
            return self.unread.remove(found);
        }
        let end = Instant::now() + LIMIT;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self.inbox.recv_timeout(left).expect("an answer");
            if is(&message) {
                return message;
            }
            self.unread.push(message);
        }
    }

    fn response(&mut self, id: u64) -> Json {
        self.wait(|message| message["id"] == id && message.get("method").is_none())
    }

    fn ask(&mut self, method: &str, params: Json) -> Json {
        let id = self.begin(method, params);
        let answer = self.response(id);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    fn refusal(&mut self, method: &str, params: Json) -> String {
        let id = self.begin(method, params);
        let answer = self.response(id);
        answer["error"]["message"].as_str().unwrap_or_else(|| panic!("{method}: {answer}")).to_string()
    }

    fn uri(&self, name: &str) -> String {
        format!("file://{}", self.folder.join(name).display())
    }

    fn open(&mut self, name: &str, text: &str) {
        let uri = self.uri(name);
        let document = json!({"uri": uri, "languageId": "zgrad", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Gives an open text other content.
    fn set(&mut self, name: &str, version: u64, text: &str) {
        let uri = self.uri(name);
        let changes = json!([{"text": text}]);
        let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    fn diagnostics(&mut self, name: &str, version: u64) -> Vec<Json> {
        let uri = self.uri(name);
        let published = self.wait(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == *uri
                && message["params"]["version"] == version
        });
        published["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// The parameters of a question about a place.
    fn at(&self, name: &str, line: u64, character: u64) -> Json {
        let position = json!({"line": line, "character": character});
        json!({"textDocument": {"uri": self.uri(name)}, "position": position})
    }

    fn hover(&mut self, name: &str, line: u64, character: u64) -> String {
        let params = self.at(name, line, character);
        self.ask("textDocument/hover", params)["contents"]["value"].as_str().unwrap_or("").to_string()
    }

    fn hints(&mut self, name: &str) -> Vec<String> {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1000, "character": 0}});
        let params = json!({"textDocument": {"uri": self.uri(name)}, "range": range});
        let hints = self.ask("textDocument/inlayHint", params);
        hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap().to_string()).collect()
    }

    /// Ends the server as the protocol wants it; its exit code.
    fn end(mut self) -> i32 {
        assert_eq!(self.ask("shutdown", Json::Null), Json::Null);
        self.notify("exit", Json::Null);
        self.server.wait().unwrap().code().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// `line:character-character` of a range on one line.
fn short(range: &Json) -> String {
    let (start, end) = (&range["start"], &range["end"]);
    assert_eq!(start["line"], end["line"], "{range}");
    format!("{}:{}-{}", start["line"], start["character"], end["character"])
}

#[test]
fn messages_have_their_place_code_and_help() {
    let mut editor = Editor::new("messages", json!({}));
    // The sign before the name takes two units of UTF-16 and four bytes.
    editor.open("a.math", "f(θ) = θ + # 😀\n  snh(θ)\ng(x) = 2*(x\n");
    let found = editor.diagnostics("a.math", 1);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0]["code"], "E0006");
    assert_eq!(short(&found[0]["range"]), "2:9-10");
    // Names are looked up once all can be read.
    editor.set("a.math", 2, "f(θ) = θ + # 😀\n  snh(θ)\ng(x) = 2*(x)/**/\n");
    editor.set("a.math", 3, "f(θ) = θ + snh(θ)\ng(𝜋, x) = sni(x)\n");
    let found = editor.diagnostics("a.math", 3);
    let places: Vec<String> = found.iter().map(|one| short(&one["range"])).collect();
    assert_eq!(places, ["0:11-14", "1:11-14"], "{found:?}");
    assert!(found[0]["message"].as_str().unwrap().ends_with("help: did you mean `sinh`?"), "{found:?}");
    assert_eq!((&found[0]["code"], &found[0]["severity"]), (&json!("E0101"), &json!(1)));
    editor.set("a.math", 4, "f(θ) = 1/2θ\n");
    let found = editor.diagnostics("a.math", 4);
    assert_eq!(found[0]["severity"], 2, "{found:?}");
    editor.set("a.math", 5, "f(θ) = θ\n");
    assert!(editor.diagnostics("a.math", 5).is_empty());
    assert_eq!(editor.end(), 0);
}

#[test]
fn messages_of_an_imported_file_stand_at_the_import() {
    let mut editor = Editor::new("imported", json!({}));
    fs::write(editor.folder.join("lib.math"), "h(x) = x^2\n").unwrap();
    editor.open("a.math", "# first\nimport \"lib.math\"\nf(x) = h(x)\n");
    assert!(editor.diagnostics("a.math", 1).is_empty());
    // What is open counts, not what is saved; and a change of it is one of the files that import it.
    editor.open("lib.math", "h(x) = y^2\n");
    assert_eq!(editor.diagnostics("lib.math", 1).len(), 1);
    let found = editor.diagnostics("a.math", 1);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(short(&found[0]["range"]), "1:0-17");
    let related = &found[0]["relatedInformation"][0];
    assert_eq!(short(&related["location"]["range"]), "0:7-8");
    assert!(related["location"]["uri"].as_str().unwrap().ends_with("lib.math"));
    editor.set("lib.math", 2, "h(x) = x^3\n");
    assert!(editor.diagnostics("a.math", 1).is_empty());
    assert!(editor.hover("a.math", 2, 7).contains("h(x: R) -> R"));
}

#[test]
fn hover_tells_types_words_of_the_author_and_derivatives() {
    let mut editor = Editor::new("hover", json!({}));
    let text = "## The area.\narea(w, h) = w*h\n\nparam k = 40\nenergy(x: R[n]) = let s = sum(x) in k*s^2 + sin(s)\n\
                bad(x) = x +\n";
    editor.open("a.math", text);
    let area = editor.hover("a.math", 1, 2);
    assert!(area.contains("area(w: R, h: R) -> R") && area.contains("The area."), "{area}");
    assert!(!area.contains("darea_dw"), "nothing is derived while the file is broken: {area}");
    editor.set("a.math", 2, text.strip_suffix("bad(x) = x +\n").unwrap());
    let area = editor.hover("a.math", 1, 2);
    assert!(area.contains("darea_dw(w, h) = h\ndarea_dh(w, h) = w"), "{area}");
    assert_eq!(editor.hover("a.math", 1, 13), "```zgrad\nw: R\n```\n");
    assert_eq!(editor.hover("a.math", 4, 7), "```zgrad\nx: R[n]\n```\n");
    assert_eq!(editor.hover("a.math", 4, 22), "```zgrad\ns: R\n```\n");
    assert!(editor.hover("a.math", 4, 36).contains("param k: R = 40"));
    let sin = editor.hover("a.math", 4, 45);
    assert!(sin.contains("sin(x)") && sin.contains("∂/∂x = `cos(x)`"), "{sin}");
    assert!(editor.hover("a.math", 4, 28).contains("the sum of an array"));
    assert_eq!(editor.hover("a.math", 2, 0), "");
}

#[test]
fn definitions_uses_and_other_names() {
    let mut editor = Editor::new("names", json!({}));
    let library = "## Twice.\ntwice(x) = 2x\n";
    fs::write(editor.folder.join("lib.math"), library).unwrap();
    fs::write(editor.folder.join("third.math"), "import \"lib.math\" as l\nt(q) = l.twice(q)\n").unwrap();
    editor.open(
        "a.math",
        "import \"lib.math\"\nf(x) = twice(x) + (let y = x in y*x)\nh(v: R[n]) = n*twice(v[1])\n",
    );
    let place = |answer: &Json| {
        let name = answer["uri"].as_str().unwrap().rsplit('/').next().unwrap().to_string();
        format!("{name} {}", short(&answer["range"]))
    };
    let definition = |editor: &mut Editor, line, character| {
        let params = editor.at("a.math", line, character);
        let answer = editor.ask("textDocument/definition", params);
        if answer.is_null() { String::new() } else { place(&answer) }
    };
    assert_eq!(definition(&mut editor, 1, 9), "lib.math 1:0-5");
    assert_eq!(definition(&mut editor, 0, 9), "lib.math 0:0-0");
    assert_eq!(definition(&mut editor, 1, 13), "a.math 1:2-3");
    assert_eq!(definition(&mut editor, 1, 32), "a.math 1:23-24");
    assert_eq!(definition(&mut editor, 2, 13), "a.math 2:7-8");
    let mut params = editor.at("a.math", 1, 9);
    params["context"] = json!({"includeDeclaration": true});
    let uses = editor.ask("textDocument/references", params);
    let mut uses: Vec<String> = uses.as_array().unwrap().iter().map(place).collect();
    uses.sort();
    assert_eq!(uses, ["a.math 1:7-12", "a.math 2:15-20", "lib.math 1:0-5", "third.math 1:9-14"]);

    let rename = |editor: &Editor, line, character, new: &str| {
        let mut params = editor.at("a.math", line, character);
        params["newName"] = json!(new);
        params
    };
    let params = rename(&editor, 1, 9, "double");
    let changes = editor.ask("textDocument/rename", params)["changes"].clone();
    let count = |name: &str| changes[editor.uri(name)].as_array().map_or(0, Vec::len);
    assert_eq!((count("a.math"), count("lib.math"), count("third.math")), (2, 1, 1), "{changes}");
    // The size, everywhere.
    let params = rename(&editor, 2, 13, "size_of_it");
    let changes = editor.ask("textDocument/rename", params)["changes"].clone();
    assert_eq!(changes[editor.uri("a.math")].as_array().unwrap().len(), 2, "{changes}");
    // Names that would be caught, by a definition, a local name, another's use; and what is no name.
    for (line, character, new) in
        [(1, 9, "f"), (1, 32, "x"), (1, 2, "y"), (1, 9, "x"), (1, 2, "2x"), (1, 2, "let"), (2, 2, "n")]
    {
        let params = rename(&editor, line, character, new);
        let why = editor.refusal("textDocument/rename", params);
        assert!(why.contains("already stands") || why.contains("is no name"), "{new}: {why}");
    }
    let params = editor.at("a.math", 1, 9);
    assert_eq!(short(&editor.ask("textDocument/prepareRename", params)), "1:7-12");
    editor.set("a.math", 2, "f(v ∈ ℝⁿ) = sin(n)*v[1]\n");
    for (character, why) in [(13, "built in"), (16, "written as `ⁿ`"), (10, "no name here")] {
        let params = rename(&editor, 0, character, "m");
        let refusal = editor.refusal("textDocument/rename", params);
        assert!(refusal.contains(why), "{refusal}");
    }
}

#[test]
fn completion_in_what_is_not_finished() {
    let mut editor = Editor::new("completion", json!({}));
    fs::write(editor.folder.join("geo.math"), "type P = {x: R, y: R}\nlength(p: P) = hypot(p.x, p.y)\n")
        .unwrap();
    let known = "import \"geo.math\" as geo\nparam rate = 2\nspeed(time) = time*rate\n";
    editor.open("a.math", known);
    assert!(editor.diagnostics("a.math", 1).is_empty());
    let mut version = 1;
    let mut complete = |editor: &mut Editor, line: &str| -> Vec<String> {
        version += 1;
        editor.set("a.math", version, &format!("{known}{line}"));
        let params = editor.at("a.math", 3, line.encode_utf16().count() as u64);
        let items = editor.ask("textDocument/completion", params);
        items.as_array().unwrap().iter().map(|item| item["label"].as_str().unwrap().to_string()).collect()
    };
    let labels = complete(&mut editor, "f(alpha, v: R[n]) = sum(v[i]*(let β = 2 in be for i in 1..n) + al");
    for wanted in ["alpha", "v", "n", "β", "i", "speed", "rate", "geo", "sin", "softmax", "let"] {
        assert!(labels.iter().any(|label| label == wanted), "no {wanted} in {labels:?}");
    }
    assert!(!labels.iter().any(|label| label == "be" || label == "al" || label == "time"), "{labels:?}");
    assert_eq!(complete(&mut editor, "f(x) = geo."), ["P", "length"]);
    assert!(complete(&mut editor, "f(x) = 2 # si").is_empty());
    let at = editor.at("a.math", 3, 13);
    let items = editor.ask("textDocument/completion", at);
    assert!(items.as_array().unwrap().is_empty());
    complete(&mut editor, "f(x) = si");
    let at = editor.at("a.math", 3, 9);
    let items = editor.ask("textDocument/completion", at);
    let sin = items.as_array().unwrap().iter().find(|item| item["label"] == "sin").unwrap();
    assert_eq!(sin["detail"], "∂/∂x = cos(x)");
    assert_eq!(short(&sin["textEdit"]["range"]), "3:7-9");
}

#[test]
fn form_outline_repairs_and_hints() {
    let mut editor = Editor::new("form", json!({}));
    editor.open("a.math", "f( x,y )=x ^ 2*y\n\n# a note\ng(x) = sin( x ) # and this\ntest f(1, 2)=2\n");
    let document = json!({"uri": editor.uri("a.math")});
    let options = json!({"tabSize": 4, "insertSpaces": true});
    let edits = editor.ask("textDocument/formatting", json!({"textDocument": document, "options": options}));
    assert_eq!(edits.as_array().unwrap().len(), 1, "{edits}");
    assert_eq!(
        edits[0]["newText"],
        "f(x, y) = x^2*y\n\n# a note\ng(x) = sin(x)  # and this\ntest f(1, 2) = 2\n"
    );
    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": document}));
    let names: Vec<String> =
        symbols.as_array().unwrap().iter().map(|s| format!("{}{}", s["name"], s["detail"])).collect();
    assert_eq!(names, ["\"f\"\"(x: R, y: R)\"", "\"g\"\"(x: R)\"", "\"test f(1, 2)=2\"\"\""]);
    assert_eq!(editor.hints("a.math"), ["∇f = (2*y*x, x^2)", "g′ = cos(x)"]);
    editor.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": {"zgrad": {"derivativeHints": false}}}),
    );
    assert!(editor.hints("a.math").is_empty());

    editor.set("a.math", 2, "f(x, y) = x y + snh(x)\n");
    assert_eq!(editor.diagnostics("a.math", 2).len(), 1);
    let repair = |editor: &mut Editor| {
        let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
        let actions = editor.ask(
            "textDocument/codeAction",
            json!({"textDocument": document, "range": range, "context": {"diagnostics": []}}),
        );
        let edit = &actions[0]["edit"]["changes"][document["uri"].as_str().unwrap()][0];
        format!("{} {}", short(&edit["range"]), edit["newText"])
    };
    assert_eq!(repair(&mut editor), "0:12-13 \"*y\"");
    editor.set("a.math", 3, "f(x, y) = x*y + snh(x)\n");
    assert_eq!(editor.diagnostics("a.math", 3).len(), 1);
    assert_eq!(repair(&mut editor), "0:16-19 \"sinh\"");
    // What cannot be read has no form.
    editor.set("a.math", 4, "f(x = 2\n");
    let edits = editor.ask("textDocument/formatting", json!({"textDocument": document, "options": options}));
    assert!(edits.is_null());
}

#[test]
fn hints_can_be_off_from_the_beginning() {
    let mut editor = Editor::new("off", json!({"derivativeHints": false}));
    editor.open("a.math", "f(x) = x^2\n");
    assert!(editor.hints("a.math").is_empty());
    assert!(editor.hover("a.math", 0, 0).contains("df_dx(x) = 2*x"));
}

/// A file comes into being letter by letter, and at each of them all questions are asked.
#[test]
fn typing_a_file() {
    let mut editor = Editor::new("typing", json!({}));
    let text = "import \"x.math\" as y\n## Über θ 😀\nf(θ, v: R[n]) = sum(v[i]^2 for i in 1..n)*(if θ > 0 then √θ else -θ)\n\
                g(p: {x: R}) = let (a, b) = (p.x, 2) in fold(s = a for k in 1..3: s*b) where c = f'\ntest g({x: 1}) = 8 ~ 1e-6\n\
                rule f(θ, v) pullback d = (d, v)\n";
    editor.open("a.math", "");
    let (mut line, mut character) = (0, 0);
    for (version, c) in text.chars().enumerate() {
        let here = json!({"line": line, "character": character});
        let change = json!([{"range": {"start": here, "end": here}, "text": c.to_string()}]);
        let document = json!({"uri": editor.uri("a.math"), "version": version + 2});
        editor.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": change}));
        if c == '\n' {
            (line, character) = (line + 1, 0);
        } else {
            character += c.len_utf16() as u64;
        }
        let at = editor.at("a.math", line, character);
        editor.ask("textDocument/completion", at.clone());
        if version % 7 == 0 {
            for method in ["hover", "definition", "documentHighlight", "documentSymbol"] {
                editor.ask(&format!("textDocument/{method}"), at.clone());
            }
            editor.hints("a.math");
        }
    }
    let found = editor.diagnostics("a.math", text.chars().count() as u64 + 1);
    assert!(
        found.iter().any(|one| one["code"] == "E0401" || one["message"].as_str().unwrap().contains("import")),
        "{found:?}"
    );
    let whole = json!([{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}, "text": "f(x) = x"}]);
    let document = json!({"uri": editor.uri("a.math"), "version": 9999});
    editor.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": whole}));
    assert!(editor.diagnostics("a.math", 9999).is_empty());
    assert_eq!(editor.hints("a.math"), ["f′ = 1"]);
    assert_eq!(editor.end(), 0);
}

/// Changes of a long file come faster than it can be read; answers come all the same.
#[test]
fn a_long_file_does_not_keep_the_editor_waiting() {
    let mut editor = Editor::new("long", json!({}));
    let text: String = (0..40_000).map(|k| format!("f{k}(x, y) = x*y + sin({k}*x)/(1 + y^2)\n")).collect();
    editor.open("a.math", &text);
    for version in 2..12 {
        let here = json!({"line": 40_000, "character": 0});
        let change = json!([{"range": {"start": here, "end": here}, "text": "g"}]);
        let document = json!({"uri": editor.uri("a.math"), "version": version});
        editor.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": change}));
    }
    let begun = Instant::now();
    let at = editor.at("a.math", 0, 0);
    editor.begin("textDocument/hover", at);
    let id = editor.begin("textDocument/hover", json!({"textDocument": {"uri": "file:///not/open"}}));
    assert!(editor.response(id).get("error").is_some());
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(!editor.diagnostics("a.math", 11).is_empty());
    // Of the versions between, few were read.
    let read = editor.unread.iter().filter(|message| message["method"] == "textDocument/publishDiagnostics");
    assert!(read.count() <= 2, "each change was read by itself");
    assert_eq!(editor.end(), 0);
}

#[test]
fn the_protocol_is_kept() {
    let mut editor = Editor::new("protocol", json!({}));
    assert!(editor.refusal("textDocument/other", json!({})).contains("no method"));
    assert!(editor.refusal("textDocument/hover", json!({})).contains("not open"));
    editor.notify("$/unknown", json!({}));
    editor.send(&json!([1, 2]));
    editor.send(&json!({"id": 7, "result": null}));
    write!(editor.input, "Content-Length: 5\r\n\r\n{{\"a\":").unwrap();
    // A question may be withdrawn; it is answered in either case.
    editor.open("a.math", "f(x) = x\n");
    let at = editor.at("a.math", 0, 0);
    let id = editor.begin("textDocument/hover", at);
    editor.notify("$/cancelRequest", json!({"id": id}));
    editor.response(id);
    assert!(editor.refusal("initialize", json!({})).contains("no method"));
    let uri = editor.uri("a.math");
    editor.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    let closed = editor.wait(|message| {
        message["method"] == "textDocument/publishDiagnostics" && message["params"].get("version").is_none()
    });
    assert_eq!(closed["params"]["diagnostics"], json!([]));
    assert_eq!(editor.end(), 0);
    // An editor that is gone ends the server too.
    let mut editor = Editor::new("gone", json!({}));
    let (_, inbox) = channel();
    editor.inbox = inbox;
    let (server, input) = (&mut editor.server, &mut editor.input);
    drop(std::mem::replace(
        input,
        Command::new("true").stdin(Stdio::piped()).spawn().unwrap().stdin.take().unwrap(),
    ));
    assert_eq!(server.wait().unwrap().code(), Some(1));
}
