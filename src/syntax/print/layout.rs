//! Where lines break. Takes text with marked places where it may break and groups that had better
//! stay together, gives lines. One pass forward for sizes and one for the text (after Oppen), so a
//! long text takes time in proportion and no stack.

/// How wide a line may be.
const WIDTH: usize = 100;

/// How far lines are indented at most, however deep the groups.
const DEEPEST: usize = 40;

#[derive(Debug, Clone, Copy)]
enum Part {
    /// Bytes of the buffer.
    Text(u32, u32),
    /// A place to break; a space if the line goes on there, when `space`.
    Break {
        space: bool,
    },
    Open {
        style: Style,
        indent: u8,
    },
    Close,
}

/// How a group that does not fit breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// At the places where a line would be too long.
    Fill,
    /// At all its places.
    Every,
}

/// Text with places where it may break.
#[derive(Debug, Default)]
pub struct Doc {
    buffer: String,
    parts: Vec<Part>,
}

impl Doc {
    pub fn text(&mut self, text: &str) {
        let start = self.buffer.len() as u32;
        self.buffer.push_str(text);
        let end = self.buffer.len() as u32;
        match self.parts.last_mut() {
            Some(Part::Text(_, last)) if *last == start => *last = end,
            Some(_) | None => self.parts.push(Part::Text(start, end)),
        }
    }

    pub fn space(&mut self) {
        self.parts.push(Part::Break { space: true });
    }

    /// A place to break where there is no space otherwise.
    pub fn cut(&mut self) {
        self.parts.push(Part::Break { space: false });
    }

    pub fn open(&mut self, style: Style, indent: u8) {
        self.parts.push(Part::Open { style, indent });
    }

    pub fn close(&mut self) {
        self.parts.push(Part::Close);
    }

    /// The text on lines that are no wider than they need to be.
    pub fn layout(&self) -> String {
        let sizes = self.sizes();
        let mut out = String::with_capacity(self.buffer.len() + self.parts.len());
        // The groups round this place: how they break (`None`: not at all), and their indent.
        let mut groups: Vec<(Option<Style>, usize)> = Vec::new();
        let mut column = 0;
        for (part, size) in self.parts.iter().zip(sizes) {
            let (style, indent) = groups.last().copied().unwrap_or((None, 0));
            match *part {
                Part::Text(start, end) => {
                    let text = &self.buffer[start as usize..end as usize];
                    out.push_str(text);
                    column += width(text);
                }
                Part::Open { style, indent: more } => {
                    let fits = column + size <= WIDTH;
                    let indent = (indent + usize::from(more)).min(DEEPEST);
                    groups.push((if fits { None } else { Some(style) }, indent));
                }
                Part::Close => {
                    groups.pop();
                }
                Part::Break { space } => {
                    let breaks = match style {
                        None => false,
                        Some(Style::Every) => true,
                        // A break gains nothing where the line has only its indent.
                        Some(Style::Fill) => column + size > WIDTH && column > indent,
                    };
                    if breaks {
                        out.truncate(out.trim_end_matches(' ').len());
                        out.push('\n');
                        out.extend(std::iter::repeat_n(' ', indent));
                        column = indent;
                    } else if space {
                        out.push(' ');
                        column += 1;
                    }
                }
            }
        }
        out
    }

    /// For each group the width of all of it, for each break the width up to the next in its group;
    /// both with the text that directly follows.
    fn sizes(&self) -> Vec<usize> {
        let mut before = Vec::with_capacity(self.parts.len() + 1);
        let mut total = 0;
        for part in &self.parts {
            before.push(total);
            total += match *part {
                Part::Text(start, end) => width(&self.buffer[start as usize..end as usize]),
                Part::Break { space } => usize::from(space),
                Part::Open { .. } | Part::Close => 0,
            };
        }
        before.push(total);
        // The width of all that comes before the next break.
        let mut to_break = vec![total; self.parts.len() + 1];
        for (at, part) in self.parts.iter().enumerate().rev() {
            let is_break = matches!(part, Part::Break { .. });
            to_break[at] = if is_break { before[at] } else { to_break[at + 1] };
        }
        let mut sizes = vec![0; self.parts.len()];
        // Open groups, each with its last break.
        let mut groups: Vec<(Option<usize>, Option<usize>)> = vec![(None, None)];
        for (at, part) in self.parts.iter().enumerate() {
            match part {
                Part::Text(..) => {}
                Part::Open { .. } => groups.push((Some(at), None)),
                Part::Break { .. } => {
                    let Some((_, last)) = groups.last_mut() else { continue };
                    if let Some(last) = last.replace(at) {
                        sizes[last] = before[at] - before[last];
                    }
                }
                Part::Close => {
                    let (open, last) = groups.pop().unwrap_or((None, None));
                    for start in open.into_iter().chain(last) {
                        sizes[start] = to_break[at] - before[start];
                    }
                }
            }
        }
        for (open, last) in groups {
            for start in open.into_iter().chain(last) {
                sizes[start] = total - before[start];
            }
        }
        sizes
    }
}

fn width(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
