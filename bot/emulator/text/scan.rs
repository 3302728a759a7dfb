//! A cursor over bytes for the markup parsers.

use super::{Entity, Formatted};

/// Reads a text byte by byte, keeping track of what was put out so far.
pub(super) struct Scan<'a> {
    pub text: &'a str,
    pub pos: usize,
    pub out: String,
    /// UTF-16 length of `out`.
    pub at: usize,
    pub entities: Vec<Entity>,
}

impl<'a> Scan<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            pos: 0,
            out: String::with_capacity(text.len()),
            at: 0,
            entities: Vec::new(),
        }
    }

    /// The rest of the text.
    pub fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or("")
    }

    /// The next character.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes the next character.
    pub fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        Some(c)
    }

    /// Takes `token` if it comes next.
    pub fn take(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.pos += token.len();
        }
        found
    }

    /// Takes characters while `keep` holds.
    pub fn take_while(&mut self, keep: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let len = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        self.pos += len;
        rest.get(..len).unwrap_or("")
    }

    /// Puts a character out.
    pub fn put(&mut self, c: char) {
        self.at += c.len_utf16();
        self.out.push(c);
    }

    /// The formatted text read.
    pub fn finish(self) -> Formatted {
        Formatted {
            text: self.out,
            entities: self.entities,
        }
    }
}
