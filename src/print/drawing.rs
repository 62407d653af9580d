//! stub
pub fn item(_tree: &crate::syntax::tree::Tree, _item: &crate::syntax::tree::Item, _ascii: bool) -> String {
    String::new()
}
