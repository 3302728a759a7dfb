//! The HTML mode.

use serde_json::json;

use super::scan::Scan;
use super::{Entity, Formatted};

struct Open {
    tag: String,
    argument: String,
    begin: usize,
}

/// Parses HTML with the tags Telegram knows.
pub(super) fn parse(raw: &str) -> Result<Formatted, String> {
    let mut scan = Scan::new(raw);
    let mut open: Vec<Open> = Vec::new();
    while let Some(c) = scan.peek() {
        match c {
            '&' => {
                let decoded = entity(&mut scan);
                scan.put(decoded);
            }
            '<' => {
                let begin = scan.pos;
                scan.pos += 1;
                if scan.take("/") {
                    end_tag(&mut scan, &mut open, begin)?;
                } else {
                    start_tag(&mut scan, &mut open, begin)?;
                }
            }
            other => {
                scan.pos += other.len_utf8();
                scan.put(other);
            }
        }
    }
    match open.last() {
        Some(last) => Err(format!(
            "Can't find end tag corresponding to start tag \"{}\"",
            last.tag
        )),
        None => Ok(scan.finish()),
    }
}

/// Decodes a character reference; a lone `&` stands for itself.
fn entity(scan: &mut Scan<'_>) -> char {
    let rest = scan.rest();
    let named = [
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&amp;", '&'),
        ("&quot;", '"'),
    ];
    for (token, c) in named {
        if rest.starts_with(token) {
            scan.pos += token.len();
            return c;
        }
    }
    if let Some(number) = rest.strip_prefix("&#") {
        let (digits, radix) = match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, 16),
            None => (number, 10),
        };
        let len = digits
            .find(|c: char| !c.is_digit(radix))
            .unwrap_or(digits.len());
        let code = digits
            .get(..len)
            .and_then(|d| u32::from_str_radix(d, radix).ok())
            .and_then(char::from_u32)
            .filter(|c| *c != '\0');
        if let Some(c) = code {
            scan.pos = scan.text.len() - digits.len() + len;
            scan.take(";");
            return c;
        }
    }
    scan.pos += 1;
    '&'
}

const TAGS: [&str; 18] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "tg-time",
    "span",
    "pre",
    "code",
    "blockquote",
    "br",
];

fn start_tag(scan: &mut Scan<'_>, open: &mut Vec<Open>, begin: usize) -> Result<(), String> {
    let name = scan
        .take_while(|c| !c.is_ascii_whitespace() && c != '>')
        .to_ascii_lowercase();
    if scan.peek().is_none() {
        return Err(format!("Unclosed start tag at byte offset {begin}"));
    }
    if !TAGS.contains(&name.as_str()) || name == "br" {
        return Err(format!(
            "Unsupported start tag \"{name}\" at byte offset {begin}"
        ));
    }
    let mut argument = String::new();
    loop {
        scan.take_while(|c| c.is_ascii_whitespace());
        if scan.take(">") {
            break;
        }
        let (attribute, value) = attribute(scan, &name, begin)?;
        let wanted = match name.as_str() {
            "a" => attribute == "href",
            "code" => attribute == "class" && value.starts_with("language-"),
            "span" => attribute == "class" && value.starts_with("tg-"),
            "tg-emoji" => attribute == "emoji-id",
            "tg-time" => attribute == "unix",
            "blockquote" => attribute == "expandable",
            _ => false,
        };
        if wanted {
            argument = match name.as_str() {
                "code" => value.trim_start_matches("language-").to_owned(),
                "blockquote" => "1".to_owned(),
                _ => value,
            };
        }
    }
    if name == "span" && argument != "tg-spoiler" {
        return Err(format!(
            "Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"
        ));
    }
    open.push(Open {
        tag: name,
        argument,
        begin: scan.at,
    });
    Ok(())
}

fn attribute(scan: &mut Scan<'_>, tag: &str, begin: usize) -> Result<(String, String), String> {
    let start = scan.pos;
    let name = scan
        .take_while(|c| !c.is_ascii_whitespace() && c != '=' && c != '>')
        .to_ascii_lowercase();
    if name.is_empty() {
        return Err(format!(
            "Empty attribute name in the tag \"{tag}\" at byte offset {begin}"
        ));
    }
    scan.take_while(|c| c.is_ascii_whitespace());
    if tag == "blockquote" && name == "expandable" && scan.peek() != Some('=') {
        return Ok((name, String::new()));
    }
    if !scan.take("=") {
        return Err(format!(
            "Expected equal sign in declaration of an attribute of the tag \"{tag}\" at byte offset {start}"
        ));
    }
    scan.take_while(|c| c.is_ascii_whitespace());
    let mut value = String::new();
    match scan.peek() {
        None => Err(format!(
            "Unclosed start tag \"{tag}\" at byte offset {begin}"
        )),
        Some(quote @ ('"' | '\'')) => {
            scan.pos += 1;
            loop {
                match scan.peek() {
                    None => return Err(format!("Unclosed start tag at byte offset {begin}")),
                    Some(c) if c == quote => break,
                    Some('&') => value.push(entity(scan)),
                    Some(c) => {
                        value.push(c);
                        scan.pos += c.len_utf8();
                    }
                }
            }
            scan.pos += 1;
            Ok((name, value))
        }
        Some(_) => {
            let at = scan.pos;
            let word = scan.take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
            let next = scan.peek();
            if word.is_empty() || !next.is_some_and(|c| c.is_ascii_whitespace() || c == '>') {
                return Err(format!("Unexpected end of name token at byte offset {at}"));
            }
            Ok((name, word.to_ascii_lowercase()))
        }
    }
}

fn end_tag(scan: &mut Scan<'_>, open: &mut Vec<Open>, begin: usize) -> Result<(), String> {
    let Some(last) = open.pop() else {
        return Err(format!("Unexpected end tag at byte offset {begin}"));
    };
    let name = scan
        .take_while(|c| !c.is_ascii_whitespace() && c != '>')
        .to_ascii_lowercase();
    scan.take_while(|c| c.is_ascii_whitespace());
    if !scan.take(">") {
        return Err(format!("Unclosed end tag at byte offset {begin}"));
    }
    if !name.is_empty() && name != last.tag {
        return Err(format!(
            "Unmatched end tag at byte offset {begin}, expected \"</{}>\", found \"</{name}>\"",
            last.tag
        ));
    }
    let length = scan.at - last.begin;
    if length == 0 {
        return Ok(());
    }
    close(scan, last, length);
    Ok(())
}

fn close(scan: &mut Scan<'_>, last: Open, length: usize) {
    let kind = match last.tag.as_str() {
        "b" | "strong" => "bold",
        "i" | "em" => "italic",
        "s" | "strike" | "del" => "strikethrough",
        "u" | "ins" => "underline",
        "tg-spoiler" | "span" => "spoiler",
        "tg-emoji" => "custom_emoji",
        "tg-time" => "date_time",
        "pre" => "pre",
        "code" => "code",
        "blockquote" if last.argument.is_empty() => "blockquote",
        "blockquote" => "expandable_blockquote",
        _ => "text_link",
    };
    let mut entity = Entity::new(kind, last.begin, length);
    match kind {
        "code" if !last.argument.is_empty() => {
            entity.extra.insert("language".into(), json!(last.argument));
        }
        "pre" => {
            // <pre><code class="language-x">…</code></pre> is one block with a language.
            if let Some(inner) = scan
                .entities
                .last()
                .filter(|e| e.kind == "code" && e.offset == last.begin && e.length == length)
            {
                entity.extra = inner.extra.clone();
                scan.entities.pop();
            }
        }
        "custom_emoji" => {
            entity
                .extra
                .insert("custom_emoji_id".into(), json!(last.argument));
        }
        "date_time" => {
            let unix = last.argument.parse::<i64>().unwrap_or(0);
            entity.extra.insert("unix_time".into(), json!(unix));
        }
        "text_link" => match link(
            &last.argument,
            scan.out.get(tail_start(&scan.out, length)..),
        ) {
            Some((key, value)) => {
                if key == "user" {
                    entity.kind = "text_mention".into();
                }
                entity.extra.insert(key.into(), value);
            }
            None => return,
        },
        _ => {}
    }
    scan.entities.push(entity);
}

/// Byte position where the last `units` UTF-16 units begin.
fn tail_start(text: &str, units: usize) -> usize {
    let mut left = units;
    for (at, c) in text.char_indices().rev() {
        left = left.saturating_sub(c.len_utf16());
        if left == 0 {
            return at;
        }
    }
    0
}

/// The target of a link: a web address or a mention of a person by id.
pub(super) fn link(target: &str, shown: Option<&str>) -> Option<(&'static str, serde_json::Value)> {
    let target = if target.is_empty() {
        shown.unwrap_or("")
    } else {
        target
    };
    if let Some(id) = target.strip_prefix("tg://user?id=") {
        return id
            .parse::<i64>()
            .ok()
            .map(|id| ("user", json!({ "id": id })));
    }
    let has_scheme =
        target.contains("://") || target.starts_with("mailto:") || target.starts_with("tel:");
    if has_scheme {
        let bare = target.split("://").nth(1).is_some_and(|r| !r.contains('/'));
        let url = if bare {
            format!("{target}/")
        } else {
            target.to_owned()
        };
        return Some(("url", json!(url)));
    }
    let host = target.split('/').next().unwrap_or("");
    if host.contains('.') && !host.contains(char::is_whitespace) {
        let slash = if target.contains('/') { "" } else { "/" };
        return Some(("url", json!(format!("http://{target}{slash}"))));
    }
    None
}
