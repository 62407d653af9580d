//! Messages of JSON with a head that says how long each is, as editors send them.

use serde_json::Value as Json;
use std::io::{self, BufRead, Read, Write};

/// A message longer than this is refused.
const LONGEST: u64 = 1 << 30;

/// The next message; nothing at the end of the input.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Json>> {
    let mut length = None;
    let mut line = String::new();
    loop {
        line.clear();
        if input.by_ref().take(4096).read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let head = line.trim_end();
        if head.is_empty() {
            match length {
                Some(_) => break,
                // Empty lines between messages.
                None => continue,
            }
        }
        if let Some((name, value)) = head.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse::<u64>().ok();
        }
    }
    let length = length.filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no length"))?;
    let mut bytes = Vec::new();
    if input.by_ref().take(length).read_to_end(&mut bytes)? as u64 != length {
        return Ok(None);
    }
    // What is no JSON is passed on as null, which is no request.
    Ok(Some(serde_json::from_slice(&bytes).unwrap_or(Json::Null)))
}

/// Sends a message.
pub fn write(output: &mut impl Write, message: &Json) -> io::Result<()> {
    let text = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::{read, write};
    use serde_json::{Value as Json, json};

    #[test]
    fn messages_come_out_as_they_went_in() {
        let mut bytes = Vec::new();
        for message in [json!({"text": "α→β 😀\n"}), json!(null), json!([1, 2])] {
            write(&mut bytes, &message).unwrap();
        }
        bytes.extend(b"Content-Type: x\r\ncontent-length: 3\r\n\r\n{x}Content-Length: 9\r\n\r\n[1,");
        let mut input = &bytes[..];
        assert_eq!(read(&mut input).unwrap(), Some(json!({"text": "α→β 😀\n"})));
        assert_eq!(read(&mut input).unwrap(), Some(Json::Null));
        assert_eq!(read(&mut input).unwrap(), Some(json!([1, 2])));
        assert_eq!(read(&mut input).unwrap(), Some(Json::Null), "not JSON");
        assert_eq!(read(&mut input).unwrap(), None, "cut short");
    }

    #[test]
    fn a_head_without_a_length_is_an_error() {
        assert!(read(&mut &b"Content-Length: many\r\n\r\n{}"[..]).is_ok_and(|read| read.is_none()));
        assert!(read(&mut &b"Content-Length: 99999999999999\r\n\r\n{}"[..]).is_err());
    }
}
