//! Who may know whom (bot/ARCHITECTURE.md): reads the code of bot/ and fails on a forbidden edge.
//!
//! A name counts where it stands in code, in a `use` line or in a path; comments and texts in
//! quotes do not count.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "helpers of tests may fail the test they help"
)]

use std::fs;
use std::path::{Path, PathBuf};

/// Folders of the root package that reach the world; they know the use cases, not each other.
const ADAPTERS: [&str; 11] = [
    "telegram", "monitor", "probe", "notify", "si", "web", "mail", "letters", "clock", "i18n",
    "charts",
];
/// Adapters that only turn values into texts and pictures: those that show things may use them.
const SHOWERS: [&str; 2] = ["i18n", "charts"];
/// Edges between adapters that are wanted: who, whom. Hooks come in over HTTP: `web` takes and
/// stores the body, `monitor` reads it; `notify` asks it which lines are worth a hook.
const WANTED: [(&str, &str); 2] = [("web", "monitor"), ("notify", "monitor")];
/// What starts the program: it may name everything, nothing names it.
const STARTS: [&str; 9] = [
    "args", "config", "console", "demo", "exit", "logging", "main", "runtime", "transfer",
];
/// Our crates, as code names them.
const OURS: [&str; 4] = ["vigie", "vigie_domain", "vigie_store", "vigie_emulator"];

#[test]
fn no_forbidden_edge() {
    let mut faults = Vec::new();
    let mut files = Vec::new();
    code_under(Path::new("bot"), &mut files);
    assert!(files.len() > 10, "the code of bot/ is here");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        faults.extend(forbidden(&file.display().to_string(), &text));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_forbidden_edge_is_seen() {
    for (file, code) in [
        ("bot/app/alerts.rs", "use teloxide::types::Update;"),
        ("bot/web/mod.rs", "fn f(bot: &teloxide::Bot) {}"),
        ("bot/runtime.rs", "use teloxide::Bot;"),
        ("bot/store/memory.rs", "use sled::Tree;"),
        ("bot/runtime.rs", "let db = sled::open(path);"),
        ("bot/domain/alert.rs", "use tokio::time::Instant;"),
        ("bot/domain/alert.rs", "use vigie_store::Key;"),
        (
            "bot/domain/alert.rs",
            "let now = std::time::Instant::now();",
        ),
        ("bot/app/mod.rs", "use crate::telegram::render;"),
        ("bot/app/mod.rs", "use crate::{event::Event, i18n::Texts};"),
        ("bot/app/alerts/mod.rs", "use super::super::web;"),
        ("bot/app/mod.rs", "use super::clock;"),
        ("bot/app/mod.rs", "use axum::Router;"),
        ("bot/monitor/mod.rs", "use crate::telegram::errors;"),
        ("bot/monitor/mod.rs", "use crate::web::Web;"),
        ("bot/probe/worker.rs", "use crate::i18n::Texts;"),
        ("bot/app/probes.rs", "use crate::probe::Asker;"),
        ("bot/i18n/mod.rs", "use crate::web;"),
        ("bot/charts/map.rs", "use crate::app::views::MapView;"),
        ("bot/charts/map.rs", "use crate::i18n::Texts;"),
        ("bot/app/history/mod.rs", "use crate::charts::Picture;"),
        ("bot/telegram/mod.rs", "use crate::runtime::Handle;"),
        ("bot/monitor/mod.rs", "use crate::i18n::Texts;"),
        ("bot/telegram/render.rs", "use fluent_bundle::FluentBundle;"),
        ("bot/emulator/world.rs", "use vigie_domain::ChatId;"),
        ("bot/emulator/world.rs", "use teloxide::Bot;"),
        ("bot/store/port.rs", "use vigie_domain::ChatId;"),
        ("bot/store/port.rs", "use vigie::app;"),
    ] {
        assert!(!forbidden(file, code).is_empty(), "{file}: {code}");
    }
}

#[test]
fn what_is_allowed_passes() {
    for (file, code) in [
        (
            "bot/telegram/inbox.rs",
            "use teloxide::Bot; use crate::app::event::Event;",
        ),
        ("bot/telegram/render.rs", "use crate::i18n::{Piece, Texts};"),
        (
            "bot/telegram/mod.rs",
            "use super::i18n::Texts; mod pick; use self::pick::next;",
        ),
        ("bot/telegram/pick.rs", "use super::outbox::Row;"),
        ("bot/telegram/pictures.rs", "use crate::charts::Picture;"),
        (
            "bot/charts/strip.rs",
            "use vigie_domain::history::Shade; use super::draw::Svg;",
        ),
        ("bot/store/sled/mod.rs", "use sled::Db;"),
        ("bot/store/sled.rs", "use sled::Db;"),
        (
            "bot/app/mod.rs",
            "// teloxide is not known here\nlet x = \"sled::open\"; use vigie_store::Key;",
        ),
        (
            "bot/runtime.rs",
            "use crate::{telegram, web}; use vigie_emulator::Emulator;",
        ),
        ("bot/main.rs", "use vigie::runtime;"),
        ("bot/i18n/mod.rs", "use fluent_bundle::FluentBundle;"),
        ("bot/app/alerts.rs", "let settled = 1; let web = 2;"),
    ] {
        assert_eq!(
            forbidden(file, code),
            Vec::<String>::new(),
            "{file}: {code}"
        );
    }
}

/// Crates that this file may not name, and folders of the root package that it may not name.
fn forbidden(file: &str, text: &str) -> Vec<String> {
    let code = without_comments_and_texts(text);
    let parts: Vec<&str> = file
        .trim_start_matches("bot/")
        .trim_end_matches(".rs")
        .split('/')
        .collect();
    let mut faults = Vec::new();
    for banned in banned_crates(&parts) {
        if names(&code, banned) {
            faults.push(format!("{file} may not name {banned}"));
        }
    }
    for (folder, _) in folders_named(&parts, &code) {
        if banned_folder(&parts, &folder) {
            faults.push(format!("{file} may not name {folder}"));
        }
    }
    faults
}

fn banned_crates(parts: &[&str]) -> Vec<&'static str> {
    let top = parts[0];
    let mut banned = Vec::new();
    if top != "telegram" {
        banned.push("teloxide");
    }
    let damages = parts.get(1).is_some_and(|part| *part == "tests");
    if !(top == "store" && (damages || parts.get(1).is_some_and(|part| part.starts_with("sled")))) {
        banned.push("sled");
    }
    let builds = parts == ["domain", "build"];
    if top != "i18n" && !builds {
        banned.extend(["fluent", "fluent_bundle", "fluent_syntax"]);
    }
    if matches!(top, "domain" | "app" | "store") {
        banned.extend(["axum", "reqwest", "hyper", "vigie_emulator", "clap"]);
    }
    if top == "domain" {
        banned.extend([
            "tokio",
            "futures",
            "rand",
            "Instant",
            "SystemTime",
            "async_trait",
        ]);
    }
    match top {
        "domain" => banned.extend(OURS.iter().filter(|name| **name != "vigie_domain")),
        "store" => banned.extend(OURS.iter().filter(|name| **name != "vigie_store")),
        "emulator" => banned.extend(OURS.iter().filter(|name| **name != "vigie_emulator")),
        _ if ADAPTERS.contains(&top) => banned.push("vigie_emulator"),
        _ => {}
    }
    banned
}

fn banned_folder(parts: &[&str], folder: &str) -> bool {
    let top = parts[0];
    let starts = STARTS.contains(&folder);
    if top == "app" {
        return ADAPTERS.contains(&folder) || starts;
    }
    if top == "charts" {
        // It draws facts and words; it knows neither where they come from nor whom they reach.
        return folder != "charts";
    }
    if ADAPTERS.contains(&top) {
        let shows = matches!(top, "telegram" | "web" | "si" | "mail" | "letters")
            && SHOWERS.contains(&folder);
        let may = folder == top || shows || WANTED.contains(&(top, folder));
        return starts || (ADAPTERS.contains(&folder) && !may);
    }
    false
}

/// Folders of the root package that code of this file names by `crate::` or `super::`, and where.
fn folders_named(parts: &[&str], code: &str) -> Vec<(String, usize)> {
    if matches!(parts[0], "domain" | "store" | "emulator") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        if starts_word(code, at) {
            found.extend(
                first_names(&code[at + 7..])
                    .into_iter()
                    .map(|name| (name, at)),
            );
        }
    }
    // `mod.rs` stands for its folder: one `super` less leads out of it.
    let depth = parts.len() - usize::from(parts.last() == Some(&"mod"));
    let ladder = "super::".repeat(depth);
    for (at, _) in code.match_indices(ladder.as_str()) {
        let longer =
            code[..at].ends_with("super::") || code[at + ladder.len()..].starts_with("super::");
        if starts_word(code, at) && !longer {
            found.extend(
                first_names(&code[at + ladder.len()..])
                    .into_iter()
                    .map(|name| (name, at)),
            );
        }
    }
    found
}

/// The first names of a path, or of each path of a group in braces.
fn first_names(path: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = path.strip_prefix('{') else {
        return vec![word(path)];
    };
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => {
                found.push(word(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.push(word(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

/// Whether code names this crate or type as a whole word that leads a path or is used by itself.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let rest = &code[at + word.len()..];
        let whole =
            starts_word(code, at) && !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        let before = code[..at].trim_end();
        let member =
            before.ends_with('.') || before.ends_with("mod") || code[..at].ends_with("crate::");
        let path = rest.starts_with("::") || before.ends_with("use") || before.ends_with("crate");
        whole && !member && path
    })
}

fn starts_word(code: &str, at: usize) -> bool {
    !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

/// Code without `//` comments and without what stands in double quotes.
fn without_comments_and_texts(text: &str) -> String {
    let mut code = String::new();
    for line in text.lines() {
        let mut quoted = false;
        let mut before = ' ';
        for (at, sign) in line.char_indices() {
            if !quoted && line[at..].starts_with("//") {
                break;
            }
            if sign == '"' && before != '\\' && before != '\'' {
                quoted = !quoted;
            } else if !quoted {
                code.push(sign);
            }
            before = sign;
        }
        code.push('\n');
    }
    code
}

fn code_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            code_under(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}
