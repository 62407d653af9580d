//! stub
pub fn item(_tree: &crate::syntax::tree::Tree, _item: &crate::syntax::tree::Item) -> String {
    String::new()
}
