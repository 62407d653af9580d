//! The manual pages in man/ are those of the command line and of the table of functions.
//! `ZGRAD_BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use zgrad::cli::pages;
use zgrad::eval::Limits;
use zgrad::primitive::{ROWS, Row};
use zgrad::session::{Session, checking};
use zgrad::syntax::code::{Code, Explanation};

/// The page of a command.
fn page(command: clap::Command) -> String {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Text that roff prints as it stands.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq").replace('^', "\\(ha");
    let text = text.replace('~', "\\(ti").replace('`', "\\(ga");
    if text.starts_with('.') { format!("\\&{text}") } else { text }
}

fn entry(out: &mut String, row: &Row) {
    let _ = writeln!(out, ".TP\n\\fB{}\\fR({})", escaped(row.name), row.args.join(", "));
    let mut lines = Vec::new();
    let mut also: Vec<&str> = row.aliases.to_vec();
    also.extend(row.overload);
    if !also.is_empty() {
        lines.push(format!("also {}", also.join(", ")));
    }
    for (arg, partial) in row.args.iter().zip(row.partials) {
        lines.push(format!("∂/∂{arg} = {}", partial.unwrap_or("not known")));
    }
    if !row.domain.is_empty() {
        lines.push(format!("domain: {}", row.domain));
    }
    if !row.edge.is_empty() {
        lines.push(row.edge.to_string());
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    let _ = writeln!(out, "{}", lines.join("\n.br\n"));
}

/// The table of functions.
fn functions() -> String {
    let mut out = String::from(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH zgrad\\-functions 7 \"\" \"zgrad\"\n.SH NAME\nzgrad\\-functions \\- the built\\-in \
         functions of .math files and their derivatives\n.SH DESCRIPTION\nEach function with its other names, its partial derivatives, \
         its domain and the convention at its edges. In a partial, \\fBout\\fR is the value itself. \
         \\fBzgrad rules\\fR \\fINAME\\fR shows one of them.\n.SH FUNCTIONS\n",
    );
    ROWS.iter().for_each(|row| entry(&mut out, row));
    out.push_str(".SH SEE ALSO\n\\fBzgrad\\fR(1), \\fBzgrad\\-rules\\fR(1)\n");
    out
}

/// The codes of messages.
fn errors() -> String {
    let mut out = String::from(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH zgrad\\-errors 7 \"\" \"zgrad\"\n.SH NAME\nzgrad\\-errors \\- the codes of \
         zgrad's messages\n.SH DESCRIPTION\nCodes that begin with E are errors, with W warnings, with N notes on a result. \
         \\fBzgrad help\\fR \\fICODE\\fR shows one of them.\n.SH CODES\n",
    );
    let file = |out: &mut String, what: &str, text: &str| {
        let lines: Vec<String> = text.lines().map(escaped).collect();
        let _ = writeln!(out, ".PP\n.RS\n{what}\n.PP\n.nf\n{}\n.fi\n.RE", lines.join("\n"));
    };
    for Explanation { code, title, text, wrong, right, .. } in Code::all().map(Code::explanation) {
        let lines: Vec<String> = text.lines().map(escaped).collect();
        let _ = writeln!(out, ".TP\n\\fB{code}\\fR {}\n{}", escaped(title), lines.join("\n"));
        if !wrong.is_empty() && wrong != right {
            file(&mut out, "draws it:", wrong);
            file(&mut out, "does not:", right);
        }
    }
    out.push_str(".SH SEE ALSO\n\\fBzgrad\\fR(1)\n");
    out
}

/// A page of Markdown in few forms: headings, paragraphs, pieces of text as they stand.
fn manual(name: &str, section: u8, what: &str, page: &str) -> String {
    let title = escaped(name);
    let mut out = format!(
        ".ie \\n(.g .ds Aq \\(aq\n.el .ds Aq '\n.TH {title} {section} \"\" \"zgrad\"\n.SH NAME\n{title} \\- {}\n",
        escaped(what)
    );
    let (mut inside, mut blank) = (false, false);
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(_) => {
                out.push_str(if inside { ".fi\n.RE\n" } else { ".PP\n.RS 4\n.nf\n" });
                (inside, blank) = (!inside, false);
            }
            None if inside => {
                let _ = writeln!(out, "{}", escaped(line));
            }
            None => match line.strip_prefix("# ") {
                Some(heading) => {
                    let _ = writeln!(out, ".SH {}", escaped(&heading.to_uppercase()));
                    blank = false;
                }
                None if line.is_empty() => blank = true,
                None => {
                    out.push_str(if std::mem::take(&mut blank) { ".PP\n" } else { "" });
                    let _ = writeln!(out, "{}", marked(line));
                }
            },
        }
    }
    out.push_str(".SH SEE ALSO\n\\fBzgrad\\fR(1), \\fBzgrad\\-language\\fR(5), \\fBzgrad\\-functions\\fR(7), \\fBzgrad\\-errors\\fR(7)\n");
    out
}

/// A line in which what stands in backquotes is printed bold.
fn marked(line: &str) -> String {
    let parts = line.split('`').enumerate();
    let parts: String = parts
        .map(|(at, part)| if at % 2 == 1 { format!("\\fB{}\\fR", escaped(part)) } else { escaped(part) })
        .collect();
    if parts.starts_with('.') { format!("\\&{parts}") } else { parts }
}

/// The blocks of a page whose first line begins so, each with the rest of that line.
fn blocks<'p>(page: &'p str, kind: &str) -> Vec<(&'p str, String)> {
    let mut found = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(head) = line.strip_prefix("```") else { continue };
        let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(rest) = head.strip_prefix(kind) {
            found.push((rest.trim(), block.join("\n")));
        }
    }
    found
}

#[test]
fn examples_of_the_notation_are_right() {
    let page = pages::language();
    let examples = blocks(&page, "math");
    assert!(examples.len() > 10, "the examples were not found");
    for (_, example) in &examples {
        let mut session =
            Session::from_text(Path::new("page.math"), example).unwrap_or_else(|e| panic!("{e}\n{example}"));
        let outcome = checking::check(&mut session, Limits::default());
        assert!(outcome.passed(), "{}\n{example}", outcome.text());
    }
    for (code, example) in blocks(&page, "wrong") {
        let Err(error) = Session::from_text(Path::new("page.math"), &example) else {
            panic!("no error: {example}")
        };
        assert!(error.to_string().contains(code), "{error}\n{example}");
    }
    let defined: String = examples.iter().map(|(_, example)| example.as_str()).collect();
    for word in zgrad::check::builtins_about().map(|(name, ..)| name) {
        assert!(page.contains(word), "{word} is not described");
    }
    for form in
        ["where", "otherwise", "iterate", "scan", "pullback", "param", "type", "stop", "hess", "ᵀ", "∑"]
    {
        assert!(defined.contains(form), "there is no example of {form}");
    }
}

/// All pages by file name.
fn pages() -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut command = zgrad::cli::command();
    command.build();
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let name = format!("zgrad-{}", sub.get_name());
        let title: &'static str = name.clone().leak();
        let call: &'static str = name.replacen('-', " ", 1).leak();
        let sub = sub.clone().display_name(title).bin_name(call).name(title);
        pages.insert(format!("{name}.1"), page(sub));
    }
    pages.insert("zgrad.1".into(), page(command));
    pages.insert("zgrad-functions.7".into(), functions());
    pages.insert("zgrad-errors.7".into(), errors());
    let about = "the notation of .math files";
    pages.insert("zgrad-language.5".into(), manual("zgrad-language", 5, about, &pages::language()));
    let about = "zgrad for those who know SymPy, CasADi, Zygote or JAX";
    pages.insert("zgrad-guides.7".into(), manual("zgrad-guides", 7, about, pages::GUIDES));
    pages
}

#[test]
fn pages_are_up_to_date() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let pages = pages();
    if std::env::var_os("ZGRAD_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            fs::write(folder.join(name), text).unwrap();
        }
        return;
    }
    for (name, text) in &pages {
        let known = fs::read_to_string(folder.join(name)).unwrap_or_default();
        let differs = known.lines().zip(text.lines()).find(|(a, b)| a != b);
        assert!(known == *text, "man/{name} is stale ({differs:?}): run ZGRAD_BLESS=1 cargo test --test man");
    }
    let present =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let more: Vec<String> = present.filter(|name| !pages.contains_key(name)).collect();
    assert!(more.is_empty(), "pages of commands that there are no more: {more:?}");
}
