//! Checks the message files against each other and against [`Key`], before anybody reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement,
};
use fluent_syntax::parser;
use vigie_domain::Lang;
use vigie_domain::text::Key;

use super::{FIRST_MARK, LANGS, LAST_MARK, folder};

/// Something wrong in a message file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The language.
    pub lang: Lang,
    /// The file, or the folder where no file can be blamed.
    pub file: String,
    /// What is wrong.
    pub fault: Fault,
}

impl Problem {
    pub(super) fn new(lang: Lang, file: &str, fault: Fault) -> Self {
        Self {
            lang,
            file: file.to_owned(),
            fault,
        }
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be read.
    Unreadable {
        /// Line, from 1.
        line: usize,
        /// Why, in the parser's words.
        why: String,
    },
    /// The program says it, this language does not.
    Missing {
        /// Its name.
        key: String,
    },
    /// This language says it, the program does not.
    Unknown {
        /// Its name.
        key: String,
    },
    /// It is defined twice.
    Twice {
        /// Its name.
        key: String,
    },
    /// It has no text.
    Empty {
        /// Its name.
        key: String,
    },
    /// It names a message or term that is not there.
    Dangling {
        /// Its name.
        key: String,
        /// What it names.
        names: String,
    },
    /// Its values are not those of the French text.
    Values {
        /// Its name.
        key: String,
        /// Values of the French text.
        wanted: String,
        /// Values found.
        found: String,
    },
    /// Its attributes are not those of the French text.
    Attributes {
        /// Its name.
        key: String,
    },
    /// It holds a character kept for our own use.
    PrivateCharacter {
        /// Line, from 1.
        line: usize,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        match &self.fault {
            Fault::Unreadable { line, why } => write!(f, ":{line}: {why}"),
            Fault::Missing { key } => write!(f, ": {key} is missing"),
            Fault::Unknown { key } => write!(f, ": {key} is not in the French files"),
            Fault::Twice { key } => write!(f, ": {key} is defined twice"),
            Fault::Empty { key } => write!(f, ": {key} has no text"),
            Fault::Dangling { key, names } => {
                write!(f, ": {key} names {names}, which is not there")
            }
            Fault::Values { key, wanted, found } => {
                write!(
                    f,
                    ": {key} has the values [{found}], the French text [{wanted}]"
                )
            }
            Fault::Attributes { key } => write!(f, ": {key} has other attributes than in French"),
            Fault::PrivateCharacter { line } => write!(f, ":{line}: a private-use character"),
        }
    }
}

/// What a message holds, beside words.
#[derive(Default, PartialEq, Eq)]
struct Shape {
    file: String,
    has_text: bool,
    values: BTreeSet<String>,
    attributes: BTreeSet<String>,
    names: BTreeSet<String>,
}

#[derive(Default)]
struct Catalogue {
    messages: BTreeMap<String, Shape>,
    terms: BTreeSet<String>,
}

pub(super) fn check(sources: &[(Lang, String, String)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let [french, english] = LANGS.map(|lang| {
        let mut catalogue = Catalogue::default();
        for (_, file, text) in sources.iter().filter(|(of, ..)| *of == lang) {
            read(lang, file, text, &mut catalogue, &mut problems);
        }
        catalogue
    });
    for (lang, catalogue) in LANGS.into_iter().zip([&french, &english]) {
        whole(lang, catalogue, &mut problems);
    }
    for (key, shape) in &english.messages {
        let Some(reference) = french.messages.get(key) else {
            continue;
        };
        let joined = |values: &BTreeSet<String>| {
            values
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        if shape.values != reference.values {
            let (wanted, found) = (joined(&reference.values), joined(&shape.values));
            let fault = Fault::Values {
                key: key.clone(),
                wanted,
                found,
            };
            problems.push(Problem::new(Lang::En, &shape.file, fault));
        }
        if shape.attributes != reference.attributes {
            let fault = Fault::Attributes { key: key.clone() };
            problems.push(Problem::new(Lang::En, &shape.file, fault));
        }
    }
    problems
}

/// Every key is there with a text, nothing else is, and what is named exists.
fn whole(lang: Lang, catalogue: &Catalogue, problems: &mut Vec<Problem>) {
    for key in Key::ALL {
        if !catalogue.messages.contains_key(key.id()) {
            let fault = Fault::Missing {
                key: key.id().to_owned(),
            };
            problems.push(Problem::new(lang, folder(lang), fault));
        }
    }
    for (key, shape) in &catalogue.messages {
        let mut tell = |fault| problems.push(Problem::new(lang, &shape.file, fault));
        if Key::from_id(key).is_none() {
            tell(Fault::Unknown { key: key.clone() });
        }
        if !shape.has_text {
            tell(Fault::Empty { key: key.clone() });
        }
        for names in &shape.names {
            if !catalogue.messages.contains_key(names) && !catalogue.terms.contains(names) {
                tell(Fault::Dangling {
                    key: key.clone(),
                    names: names.clone(),
                });
            }
        }
    }
}

fn read(lang: Lang, file: &str, text: &str, into: &mut Catalogue, problems: &mut Vec<Problem>) {
    let resource = parser::parse(text).unwrap_or_else(|(resource, errors)| {
        for error in errors {
            let line = line_of(text, error.pos.start);
            let why = error.kind.to_string();
            problems.push(Problem::new(lang, file, Fault::Unreadable { line, why }));
        }
        resource
    });
    let ours = |letter| (FIRST_MARK..=LAST_MARK).contains(&u32::from(letter));
    if let Some(at) = text.find(ours) {
        let fault = Fault::PrivateCharacter {
            line: line_of(text, at),
        };
        problems.push(Problem::new(lang, file, fault));
    }
    for entry in resource.body {
        match entry {
            Entry::Message(message) => {
                let mut shape = Shape {
                    file: file.to_owned(),
                    ..Shape::default()
                };
                shape.has_text = message.value.is_some();
                message
                    .value
                    .iter()
                    .for_each(|value| walk(value, &mut shape));
                for attribute in &message.attributes {
                    shape.attributes.insert(attribute.id.name.to_owned());
                    walk(&attribute.value, &mut shape);
                }
                into.messages.insert(message.id.name.to_owned(), shape);
            }
            Entry::Term(term) => {
                into.terms.insert(format!("-{}", term.id.name));
            }
            _ => {}
        }
    }
}

fn line_of(text: &str, position: usize) -> usize {
    text.bytes()
        .take(position)
        .filter(|byte| *byte == b'\n')
        .count()
        + 1
}

fn walk(pattern: &Pattern<&str>, shape: &mut Shape) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression } => expression_in(expression, shape),
        }
    }
}

fn expression_in(expression: &Expression<&str>, shape: &mut Shape) {
    match expression {
        Expression::Inline(inline) => inline_in(inline, shape),
        Expression::Select { selector, variants } => {
            inline_in(selector, shape);
            variants
                .iter()
                .for_each(|variant| walk(&variant.value, shape));
        }
    }
}

fn inline_in(inline: &InlineExpression<&str>, shape: &mut Shape) {
    match inline {
        InlineExpression::VariableReference { id } => {
            shape.values.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            shape.names.insert(id.name.to_owned());
        }
        InlineExpression::TermReference { id, arguments, .. } => {
            shape.names.insert(format!("-{}", id.name));
            arguments
                .iter()
                .for_each(|arguments| arguments_in(arguments, shape));
        }
        InlineExpression::FunctionReference { arguments, .. } => arguments_in(arguments, shape),
        InlineExpression::Placeable { expression } => expression_in(expression, shape),
        InlineExpression::StringLiteral { .. } | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn arguments_in(arguments: &CallArguments<&str>, shape: &mut Shape) {
    arguments
        .positional
        .iter()
        .for_each(|inline| inline_in(inline, shape));
    arguments
        .named
        .iter()
        .for_each(|named| inline_in(&named.value, shape));
}
