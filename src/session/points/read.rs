//! Pieces of a stream to records: fields of a table, or members of an object.

use super::Format;
use super::chunks::{Chunk, State};
use super::failure::{Cause, Failure};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;
use std::ops::Range;

/// A record as it was read, with the text that it was read from.
pub enum Record<'t> {
    Fields(Fields<'t>),
    Members(Vec<Member<'t>>, &'t str),
}

/// The fields of a row of a table.
pub struct Fields<'t> {
    raw: &'t str,
    delimiter: u8,
    fields: csv::StringRecord,
}

/// A name, and the value as it stands in the text.
pub type Member<'t> = (String, &'t RawValue);

/// The members of an object, repeated ones too.
struct Members<'t>(Vec<Member<'t>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'de>, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object such as {\"x\": 1}")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

impl Format {
    /// What stands between the fields of a table.
    pub fn delimiter(self) -> Option<u8> {
        match self {
            Format::Csv => Some(b','),
            Format::Tsv => Some(b'\t'),
            Format::Jsonl => None,
        }
    }
}

/// Reads the records of a piece, one after the other.
pub struct Reader<'t> {
    text: &'t str,
    /// The number of the first line.
    line: u64,
    table: Option<(u8, csv::Reader<&'t [u8]>)>,
    /// Where the rest of a text of objects begins, and on which line.
    rest: usize,
    next: u64,
    /// Records that are no longer needed, for their memory.
    spare: Vec<csv::StringRecord>,
}

/// What was read: the number of its line, and the record or what is wrong with it.
pub type Row<'t> = (u64, Result<Record<'t>, Box<Failure>>);

impl<'t> Reader<'t> {
    pub fn new(chunk: &'t Chunk, format: Format) -> Reader<'t> {
        let text = chunk.text.as_str();
        let table = format.delimiter().map(|delimiter| {
            let mut builder = csv::ReaderBuilder::new();
            builder.has_headers(false).flexible(true).delimiter(delimiter);
            (delimiter, builder.from_reader(text.as_bytes()))
        });
        Reader { text, line: chunk.line, table, rest: 0, next: chunk.line, spare: Vec::new() }
    }

    /// How much of the text was read, and the number of the line there.
    pub fn position(&self) -> (usize, u64) {
        match &self.table {
            Some((_, table)) => {
                let at = table.position().byte() as usize;
                let lines = self.text[..at].bytes().filter(|&b| b == b'\n').count() as u64;
                (at, self.line + lines)
            }
            None => (self.rest, self.next),
        }
    }

    /// Takes a record back, for its memory.
    pub fn recycle(&mut self, record: Record) {
        if let Record::Fields(Fields { fields, .. }) = record {
            self.spare.push(fields);
        }
    }

    /// The next record.
    pub fn next(&mut self) -> Option<Row<'t>> {
        match &mut self.table {
            Some(_) => self.fields(),
            None => self.object(),
        }
    }

    fn fields(&mut self) -> Option<Row<'t>> {
        let (delimiter, table) = self.table.as_mut()?;
        let mut fields = self.spare.pop().unwrap_or_default();
        // The text is UTF-8 and rows may be of any length: nothing can go wrong.
        if !table.read_record(&mut fields).unwrap_or(false) {
            return None;
        }
        let position = fields.position()?;
        let (start, end) = (position.byte() as usize, table.position().byte() as usize);
        let whole = &self.text[start..end.min(self.text.len())];
        let raw = whole.trim_start_matches(['\r', '\n']);
        let skipped = &whole[..whole.len() - raw.len()];
        let line = self.line + position.line() - 1 + skipped.bytes().filter(|&b| b == b'\n').count() as u64;
        // Quotes that are not closed reach to the end of the stream.
        if end >= self.text.len()
            && let Some(failure) = unclosed(line, raw, *delimiter)
        {
            return Some((line, Err(failure)));
        }
        let raw = raw.strip_suffix('\n').unwrap_or(raw);
        let raw = raw.strip_suffix('\r').unwrap_or(raw);
        Some((line, Ok(Record::Fields(Fields { raw, delimiter: *delimiter, fields }))))
    }

    fn object(&mut self) -> Option<Row<'t>> {
        while self.rest < self.text.len() {
            let rest = &self.text[self.rest..];
            let (whole, _) = rest.split_once('\n').unwrap_or((rest, ""));
            let line = self.next;
            self.rest = (self.rest + whole.len() + 1).min(self.text.len());
            self.next += 1;
            let raw = whole.trim();
            if !raw.is_empty() {
                return Some((line, object(line, whole.trim_end(), raw)));
            }
        }
        None
    }
}

/// What is wrong with a record in which quotes are not closed.
fn unclosed(line: u64, raw: &str, delimiter: u8) -> Option<Box<Failure>> {
    let (mut state, mut opened) = (State::Start, 0);
    for (at, byte) in raw.bytes().enumerate() {
        let next = state.after(byte, delimiter);
        if next == State::Quoted && state == State::Start {
            opened = at;
        }
        state = next;
    }
    let cause = || Cause::input("the quotes that begin here are not closed");
    (state == State::Quoted).then(|| Box::new(Failure::at(line, raw, opened..opened + 1, cause())))
}

fn object<'t>(line: u64, whole: &str, raw: &'t str) -> Result<Record<'t>, Box<Failure>> {
    let Members(members) = serde_json::from_str(raw).map_err(|error| {
        let indent = whole.len() - whole.trim_start().len();
        let mut at = (indent + error.column().saturating_sub(1)).min(whole.len());
        while !whole.is_char_boundary(at) {
            at -= 1;
        }
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let cause = Cause::input(format!("this is not a JSON object: {message}"));
        let end = whole[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        Failure::at(line, whole, at..end, cause)
    })?;
    Ok(Record::Members(members, raw))
}

impl<'t> Record<'t> {
    /// The text that it was read from.
    pub fn raw(&self) -> &'t str {
        match self {
            Record::Fields(fields) => fields.raw,
            Record::Members(_, raw) => raw,
        }
    }

    /// How many fields or members there are.
    pub fn len(&self) -> usize {
        match self {
            Record::Fields(fields) => fields.fields.len(),
            Record::Members(members, _) => members.len(),
        }
    }

    /// The text of a field; empty where there is none.
    pub fn field(&self, column: usize) -> &str {
        match self {
            Record::Fields(fields) => fields.fields.get(column).unwrap_or_default(),
            Record::Members(..) => "",
        }
    }

    pub fn members(&self) -> &[Member<'t>] {
        match self {
            Record::Fields(_) => &[],
            Record::Members(members, _) => members,
        }
    }

    /// Where a field stands in the text.
    pub fn range(&self, column: usize) -> Range<usize> {
        let Record::Fields(Fields { raw, delimiter, .. }) = self else { return 0..0 };
        let (mut state, mut number, mut start) = (State::Start, 0, 0);
        for (at, byte) in raw.bytes().enumerate() {
            let quoted = state == State::Quoted;
            state = state.after(byte, *delimiter);
            if byte == *delimiter && !quoted {
                if number == column {
                    return start..at;
                }
                (number, start) = (number + 1, at + 1);
            }
        }
        start..raw.len()
    }

    /// Where the value of the last member of this name stands in the text, or the whole of it.
    pub fn member_range(&self, name: &str) -> Range<usize> {
        let raw = self.raw();
        let value = self.members().iter().rfind(|(known, _)| known == name).map(|(_, value)| value.get());
        // The value is a part of the text.
        let start = value.map(|value| (value.as_ptr() as usize).wrapping_sub(raw.as_ptr() as usize));
        let whole = 0..raw.len();
        start.zip(value).map_or(whole, |(start, value)| start..start + value.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::chunks::Chunks;
    use super::{Format, Reader};
    use std::io::Read;

    /// A stream that gives a few bytes at a time.
    struct Slow(Vec<u8>, usize);

    impl Read for Slow {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let rest = &self.0[self.1..];
            let count = rest.len().min(1 + self.1 % 3).min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.1 += count;
            Ok(count)
        }
    }

    fn fields(text: &str) -> Vec<Vec<String>> {
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).from_reader(text.as_bytes());
        reader.records().map(|record| record.unwrap().iter().map(str::to_string).collect()).collect()
    }

    /// Pieces of a text have the records of the whole, each with its line and the places of its fields.
    #[test]
    fn pieces_are_the_whole() {
        let mut bits = 1_u64;
        for _ in 0..5_000 {
            let mut text = String::new();
            let mut next = || {
                bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (bits >> 33) as usize
            };
            for _ in 0..next() % 40 {
                text.push_str(["\"", "\"", ",", "\n", "\r\n", "a", "é", " "][next() % 8]);
            }
            let mut chunks = Chunks::new(Box::new(Slow(text.clone().into_bytes(), 0)), "text", Some(b','));
            let (mut found, mut unclosed) = (Vec::new(), false);
            while let Some(chunk) = chunks.next().unwrap() {
                let mut reader = Reader::new(&chunk, Format::Csv);
                while let Some((line, record)) = reader.next() {
                    let Ok(record) = record else {
                        unclosed = true;
                        break;
                    };
                    let own: Vec<String> = (0..record.len()).map(|at| record.field(at).to_string()).collect();
                    let start =
                        text.split_inclusive('\n').take(line as usize - 1).map(str::len).sum::<usize>();
                    assert!(text[start..].starts_with(record.raw()), "{text:?}: {line}: {:?}", record.raw());
                    assert_eq!(
                        fields(&format!("{}\n", record.raw()))[..],
                        std::slice::from_ref(&own)[..],
                        "{text:?}"
                    );
                    for (at, field) in own.iter().enumerate() {
                        let raw = &record.raw()[record.range(at)];
                        assert_eq!(
                            fields(&format!("{raw},\n")),
                            [[field.as_str(), ""]],
                            "{text:?}: field {at}"
                        );
                    }
                    found.push(own);
                }
            }
            let mut all = fields(&text);
            // Between quotes more text, line ends too, would belong to the last field.
            let more = fields(&format!("{text}x\n"));
            assert_eq!(unclosed, more.last().unwrap().last().unwrap().ends_with("x\n"), "{text:?}");
            all.truncate(all.len() - usize::from(unclosed));
            assert_eq!(found, all, "{text:?}");
        }
    }
}
