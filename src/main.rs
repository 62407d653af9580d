use std::io::Read;
use zgrad::syntax::{message::Messages, parse, tree::Tree};
fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).unwrap();
    let mut tree = Tree::default();
    let t = std::time::Instant::now();
    let diagnostics = parse::parse(&mut tree, "-", &text);
    eprintln!("{:?} {} nodes", t.elapsed(), tree.len());
    let mut messages = Messages::new(&tree.files, false);
    for d in diagnostics.iter().take(20) {
        eprint!("{}", messages.render(d));
    }
    if tree.len() < 200000000 {
        print!("{}", zgrad::syntax::print::file(&tree, &tree.items));
        for item in tree.items.iter().take(0) {
            println!("{item:?}");
        }
        for i in 0..0 {
            println!("{i}: {:?}", tree.expr(zgrad::syntax::tree::Ast(i as u32)));
        }
    }
}
