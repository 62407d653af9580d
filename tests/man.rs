//! The manual pages in man/ are those of the command line and of the table of functions.
//! `ZGRAD_BLESS=1` writes them anew.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use zgrad::primitive::{ROWS, Row};
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
