//! Turns the French message files into the `Key` enum, so that a missing text does not compile.

#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a build script stops the build by a panic, and cargo speaks to it through variables"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use fluent_syntax::{ast, parser};

fn main() {
    let locales = Path::new("../../locales/fr");
    println!("cargo:rerun-if-changed={}", locales.display());
    let mut variants = BTreeMap::new();
    let mut files: Vec<_> = fs::read_dir(locales)
        .expect("locales/fr is there")
        .map(|entry| entry.expect("locales/fr is readable").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ftl"))
        .collect();
    files.sort();
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let text = fs::read_to_string(&file).expect("a message file is text");
        let resource = parser::parse(text.as_str()).unwrap_or_else(|(_, errors)| {
            panic!("{}: {errors:?}", file.display());
        });
        for entry in resource.body {
            if let ast::Entry::Message(message) = entry {
                let id = message.id.name.to_owned();
                let twin = variants.insert(camel(&id), id.clone());
                assert!(twin.is_none(), "{}: {id} is defined twice", file.display());
            }
        }
    }
    let out = Path::new(&env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("keys.rs");
    fs::write(out, source(&variants)).expect("OUT_DIR is writable");
}

fn camel(id: &str) -> String {
    id.split('-')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect::<String>()
            })
        })
        .collect()
}

fn source(variants: &BTreeMap<String, String>) -> String {
    let mut code = String::from(
        "/// A message of `locales/`, one variant per key of the French files.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]\npub enum Key {\n",
    );
    for (variant, id) in variants {
        let _ = writeln!(code, "    /// `{id}`\n    {variant},");
    }
    code.push_str("}\n\nimpl Key {\n    /// Every key.\n    pub const ALL: &'static [Self] = &[\n");
    for variant in variants.keys() {
        let _ = writeln!(code, "        Self::{variant},");
    }
    code.push_str("    ];\n\n    /// The name of the message in `locales/`.\n    #[must_use]\n    #[expect(clippy::too_many_lines, reason = \"one line a message\")]\n    pub const fn id(self) -> &'static str {\n        match self {\n");
    for (variant, id) in variants {
        let _ = writeln!(code, "            Self::{variant} => \"{id}\",");
    }
    code.push_str("        }\n    }\n}\n");
    code
}
