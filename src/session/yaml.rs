//! YAML files: their data, and where in the file each of them stands.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::fmt;

/// Larger files are refused: reading them may take time quadratic in their size.
pub const LARGEST: usize = 1 << 20;

/// A text that is no YAML: where, if that is known, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// Line and column from 1.
    pub place: Option<(usize, usize)>,
    pub message: String,
}

/// The data of a text.
pub fn read(text: &str) -> Result<Json, Wrong> {
    let plain = |message: String| Wrong { place: None, message };
    if text.len() > LARGEST {
        return Err(plain(format!("more than {LARGEST} bytes of YAML; write it as JSON (`.json`)")));
    }
    if flow_depth(text) > 64 {
        return Err(plain("brackets nest more than 64 deep".to_string()));
    }
    // By way of a type that refuses a key that is there twice.
    let twice = serde_yaml::from_str::<serde_yaml::Value>(text);
    let data = twice.and_then(|_| serde_yaml::from_str::<Json>(text));
    data.map_err(|e| Wrong {
        place: e.location().map(|at| (at.line(), at.column())),
        message: format!("this is not YAML: {e}"),
    })
}

/// How deep brackets nest in a text.
fn flow_depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in text.bytes() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A step from a value to a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(String),
    /// The key itself.
    Name(String),
    /// An element, from 0.
    At(usize),
}

/// Where a part of the data stands: line and column from 1.
pub fn place(text: &str, path: &[Step]) -> Option<(usize, usize)> {
    let error = Probe(path).deserialize(serde_yaml::Deserializer::from_str(text)).err()?;
    error.location().map(|at| (at.line(), at.column()))
}

/// Reads up to the part and fails there, for failures have their place.
struct Probe<'p>(&'p [Step]);

/// What a probe says where it has arrived.
const HERE: &str = "here";

impl<'de> DeserializeSeed<'de> for Probe<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Probe<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HERE)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((step, rest)) = self.0.split_first() else { return Err(A::Error::custom(HERE)) };
        while let Some(key) = map.next_key::<Json>()? {
            match (step, key.as_str()) {
                (Step::Key(wanted), Some(key)) if wanted == key => return map.next_value_seed(Probe(rest)),
                (Step::Name(wanted), Some(key)) if wanted == key => return Err(A::Error::custom(HERE)),
                (Step::Key(_) | Step::Name(_) | Step::At(_), _) => map.next_value::<IgnoredAny>()?,
            };
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((Step::At(wanted), rest)) = self.0.split_first() else { return Err(A::Error::custom(HERE)) };
        for _ in 0..*wanted {
            list.next_element::<IgnoredAny>()?;
        }
        list.next_element_seed(Probe(rest)).map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, place};

    #[test]
    fn parts_have_their_places() {
        let text = "targets:\n  - file: a.math\n    fn: [f, g]\n  -   out: b\n      what: {x: 1}\n";
        let at = |path: &[Step]| place(text, path);
        let key = |name: &str| Step::Key(name.to_string());
        assert_eq!(at(&[key("targets"), Step::At(0), key("file")]), Some((2, 11)));
        assert_eq!(at(&[key("targets"), Step::At(0), key("fn"), Step::At(1)]), Some((3, 13)));
        assert_eq!(at(&[key("targets"), Step::At(0)]), Some((2, 5)));
        assert_eq!(at(&[key("targets"), Step::At(1), Step::Name("out".into())]), Some((4, 7)));
        assert_eq!(at(&[key("targets"), Step::At(1), key("what")]), Some((5, 13)));
        assert_eq!(at(&[key("nothing")]), None);
    }
}
