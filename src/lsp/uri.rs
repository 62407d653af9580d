//! The names that editors have for files.

use std::path::{Path, PathBuf};

/// The path of a `file:` URI; for another, such as that of a text without a file, nothing.
pub fn path(uri: &str) -> Option<PathBuf> {
    let rest = uri.strip_prefix("file://")?;
    // What comes before the path is a host, if anything.
    let path = &rest[rest.find('/')?..];
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let hex = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        match (byte, after.get(..2).and_then(hex)) {
            (b'%', Some(value)) => {
                bytes.push(value);
                rest = &after[2..];
            }
            (byte, _) => bytes.push(byte),
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    // `/C:/…` on Windows.
    let drive = cfg!(windows) && text.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if drive { &text[1..] } else { &text }))
}

/// The URI of a path.
pub fn of(path: &Path) -> String {
    let text = path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
    let mut uri = String::from(if text.starts_with('/') { "file://" } else { "file:///" });
    for byte in text.bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn there_and_back() {
        for text in ["/a/b.math", "/a b/θ.math", "/100%/x.math", "/a%2/b#?.math"] {
            assert_eq!(super::path(&super::of(Path::new(text))).as_deref(), Some(Path::new(text)));
        }
        assert_eq!(super::path("file:///c%3A/x"), Some("/c:/x".into()));
        assert_eq!(super::path("file://host/x%zz"), Some("/x%zz".into()));
        assert_eq!(super::path("untitled:Untitled-1"), None);
        assert_eq!(super::path("file://"), None);
    }
}
