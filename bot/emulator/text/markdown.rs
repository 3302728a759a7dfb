//! The MarkdownV2 mode and the older Markdown mode.

use serde_json::json;

use super::html::link;
use super::scan::Scan;
use super::{Entity, Formatted, utf16_len};

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bold,
    Italic,
    Underline,
    Strike,
    Spoiler,
    Code,
    Pre,
    PreCode,
    Link,
    Emoji,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Bold => "Bold",
            Self::Italic => "Italic",
            Self::Underline => "Underline",
            Self::Strike => "Strikethrough",
            Self::Spoiler => "Spoiler",
            Self::Code => "Code",
            Self::Pre => "Pre",
            Self::PreCode => "PreCode",
            Self::Link => "TextUrl",
            Self::Emoji => "CustomEmoji",
        }
    }

    fn entity(self) -> &'static str {
        match self {
            Self::Bold => "bold",
            Self::Italic => "italic",
            Self::Underline => "underline",
            Self::Strike => "strikethrough",
            Self::Spoiler => "spoiler",
            Self::Code => "code",
            Self::Pre | Self::PreCode => "pre",
            Self::Link => "text_link",
            Self::Emoji => "custom_emoji",
        }
    }

    fn closing(self) -> &'static str {
        match self {
            Self::Bold => "*",
            Self::Italic => "_",
            Self::Underline => "__",
            Self::Strike => "~",
            Self::Spoiler => "||",
            Self::Code => "`",
            Self::Pre | Self::PreCode => "```",
            Self::Link | Self::Emoji => "]",
        }
    }

    fn verbatim(self) -> bool {
        matches!(self, Self::Code | Self::Pre | Self::PreCode)
    }
}

struct Open {
    kind: Kind,
    argument: String,
    at_byte: usize,
    begin: usize,
}

const RESERVED: &str = "_*[]()~`>#+-=|{}.!";

/// Parses MarkdownV2.
pub(super) fn parse_v2(raw: &str) -> Result<Formatted, String> {
    let mut scan = Scan::new(raw);
    let mut open: Vec<Open> = Vec::new();
    let mut quote: Option<usize> = None;
    let mut line_start = true;
    while let Some(c) = scan.peek() {
        if line_start && !open.last().is_some_and(|o| o.kind.verbatim()) {
            line_start = false;
            if scan.take(">") {
                quote.get_or_insert(scan.at);
                continue;
            }
            if scan.take("**>") {
                quote = Some(scan.at);
                continue;
            }
            end_quote(&mut scan, &mut quote, false);
        }
        if c == '\\'
            && scan
                .rest()
                .chars()
                .nth(1)
                .is_some_and(|n| n.is_ascii() && n != '\0')
        {
            scan.pos += 1;
            if let Some(escaped) = scan.next() {
                scan.put(escaped);
            }
            continue;
        }
        let verbatim = open.last().is_some_and(|o| o.kind.verbatim());
        if !RESERVED.contains(c) || (verbatim && c != '`') {
            scan.pos += c.len_utf8();
            scan.put(c);
            line_start = c == '\n';
            continue;
        }
        if quote.is_some()
            && !verbatim
            && scan.rest().starts_with("||")
            && ends_line(&scan)
            && !open.iter().any(|o| o.kind == Kind::Spoiler)
        {
            scan.pos += 2;
            end_quote(&mut scan, &mut quote, true);
            continue;
        }
        if closes(&scan, open.last()) {
            if let Some(last) = open.pop() {
                close(&mut scan, last)?;
            }
            continue;
        }
        open_v2(&mut scan, &mut open)?;
    }
    if let Some(last) = open.last() {
        return Err(format!(
            "Can't find end of {} entity at byte offset {}",
            last.kind.name(),
            last.at_byte
        ));
    }
    end_quote(&mut scan, &mut quote, false);
    Ok(scan.finish())
}

fn ends_line(scan: &Scan<'_>) -> bool {
    matches!(scan.rest().chars().nth(2), None | Some('\n'))
}

fn end_quote(scan: &mut Scan<'_>, quote: &mut Option<usize>, expandable: bool) {
    let Some(begin) = quote.take() else { return };
    let trailing = usize::from(scan.out.ends_with('\n'));
    let length = (scan.at - begin).saturating_sub(trailing);
    let kind = if expandable {
        "expandable_blockquote"
    } else {
        "blockquote"
    };
    if length > 0 {
        scan.entities.push(Entity::new(kind, begin, length));
    }
}

fn closes(scan: &Scan<'_>, last: Option<&Open>) -> bool {
    let Some(last) = last else { return false };
    let rest = scan.rest();
    match last.kind {
        // `__` inside italic opens underline rather than closing italic.
        Kind::Italic => rest.starts_with('_') && !rest.starts_with("__"),
        kind => rest.starts_with(kind.closing()),
    }
}

fn open_v2(scan: &mut Scan<'_>, open: &mut Vec<Open>) -> Result<(), String> {
    let at_byte = scan.pos;
    let rest = scan.rest();
    let starts = [
        ("__", Kind::Underline),
        ("_", Kind::Italic),
        ("*", Kind::Bold),
        ("~", Kind::Strike),
        ("||", Kind::Spoiler),
        ("```", Kind::Pre),
        ("`", Kind::Code),
        ("![", Kind::Emoji),
        ("[", Kind::Link),
    ];
    let verbatim = open.last().is_some_and(|o| o.kind.verbatim());
    let found = starts.iter().find(|(token, _)| rest.starts_with(token));
    let Some((token, kind)) = found.filter(|_| !verbatim) else {
        let c = scan.next().unwrap_or(' ');
        if verbatim {
            scan.put(c);
            return Ok(());
        }
        return Err(format!(
            "Character '{c}' is reserved and must be escaped with the preceding '\\'"
        ));
    };
    scan.pos += token.len();
    let mut kind = *kind;
    let mut argument = String::new();
    if kind == Kind::Pre {
        (kind, argument) = pre_language(scan);
    }
    open.push(Open {
        kind,
        argument,
        at_byte,
        begin: scan.at,
    });
    Ok(())
}

/// The language after three backticks, when a line break follows it.
fn pre_language(scan: &mut Scan<'_>) -> (Kind, String) {
    let rest = scan.rest();
    let len = rest
        .find(|c: char| c.is_ascii_whitespace() || c == '`')
        .unwrap_or(rest.len());
    let language = rest.get(..len).unwrap_or("");
    let after = rest.get(len..).unwrap_or("");
    if !language.is_empty() && !after.is_empty() && !after.starts_with('`') {
        scan.pos += len;
        scan.take("\r");
        scan.take("\n");
        return (Kind::PreCode, language.to_owned());
    }
    scan.take("\r");
    scan.take("\n");
    (Kind::Pre, String::new())
}

fn close(scan: &mut Scan<'_>, last: Open) -> Result<(), String> {
    scan.pos += last.kind.closing().len();
    let length = scan.at - last.begin;
    let mut entity = Entity::new(last.kind.entity(), last.begin, length);
    match last.kind {
        Kind::PreCode => {
            entity.extra.insert("language".into(), json!(last.argument));
        }
        Kind::Link | Kind::Emoji => {
            let target = if scan.take("(") {
                Some(url_v2(scan)?)
            } else if last.kind == Kind::Emoji {
                return Err("Custom emoji entity must contain a tg://emoji URL".to_owned());
            } else {
                None
            };
            let shown = tail(&scan.out, length);
            let target = target.unwrap_or_else(|| shown.clone());
            if last.kind == Kind::Emoji {
                let id = target
                    .strip_prefix("tg://emoji?id=")
                    .ok_or("Custom emoji URL must have an emoji identifier")?;
                entity.extra.insert("custom_emoji_id".into(), json!(id));
            } else {
                match link(&target, Some(&shown)) {
                    Some((key, value)) => {
                        if key == "user" {
                            entity.kind = "text_mention".into();
                        }
                        entity.extra.insert(key.into(), value);
                    }
                    None => return Ok(()),
                }
            }
        }
        _ => {}
    }
    if length > 0 {
        scan.entities.push(entity);
    }
    Ok(())
}

fn tail(text: &str, units: usize) -> String {
    let skip = utf16_len(text).saturating_sub(units);
    let mut seen = 0;
    text.chars()
        .skip_while(|c| {
            let before = seen < skip;
            seen += c.len_utf16();
            before
        })
        .collect()
}

fn url_v2(scan: &mut Scan<'_>) -> Result<String, String> {
    let begin = scan.pos;
    let mut url = String::new();
    loop {
        match scan.next() {
            None => return Err(format!("Can't find end of a URL at byte offset {begin}")),
            Some(')') => return Ok(url),
            Some('\\') if scan.peek().is_some_and(|c| c.is_ascii()) => {
                url.extend(scan.next());
            }
            Some(c) => url.push(c),
        }
    }
}

/// Parses the older Markdown mode, which has no nesting.
pub(super) fn parse_v1(raw: &str) -> Result<Formatted, String> {
    let mut scan = Scan::new(raw);
    while let Some(c) = scan.peek() {
        let next = scan.rest().chars().nth(1);
        if c == '\\' && next.is_some_and(|n| "_*`[".contains(n)) {
            scan.pos += 1;
            if let Some(escaped) = scan.next() {
                scan.put(escaped);
            }
            continue;
        }
        if !"_*`[".contains(c) {
            scan.pos += c.len_utf8();
            scan.put(c);
            continue;
        }
        span_v1(&mut scan, c)?;
    }
    Ok(scan.finish())
}

fn span_v1(scan: &mut Scan<'_>, c: char) -> Result<(), String> {
    let at_byte = scan.pos;
    let unclosed = || format!("Can't find end of the entity starting at byte offset {at_byte}");
    let (kind, opening, closing) = match c {
        '*' => ("bold", "*", "*"),
        '_' => ("italic", "_", "_"),
        '[' => ("text_link", "[", "]"),
        _ if scan.rest().starts_with("```") => ("pre", "```", "```"),
        _ => ("code", "`", "`"),
    };
    scan.pos += opening.len();
    let mut language = String::new();
    if kind == "pre" {
        language = pre_language(scan).1;
    }
    let rest = scan.rest();
    let len = rest.find(closing).ok_or_else(unclosed)?;
    let inner = rest.get(..len).unwrap_or("");
    let begin = scan.at;
    inner.chars().for_each(|c| scan.put(c));
    scan.pos += len + closing.len();
    let length = scan.at - begin;
    let mut entity = Entity::new(kind, begin, length);
    if kind == "text_link" {
        let mut target = inner.to_owned();
        if scan.take("(") {
            target = scan.take_while(|c| c != ')').to_owned();
            // The old mode takes an unclosed address to the end of the text.
            scan.take(")");
        }
        match link(&target, Some(inner)) {
            Some((key, value)) => {
                if key == "user" {
                    entity.kind = "text_mention".into();
                }
                entity.extra.insert(key.into(), value);
            }
            None => return Ok(()),
        }
    }
    if !language.is_empty() {
        entity.extra.insert("language".into(), json!(language));
    }
    if length > 0 {
        scan.entities.push(entity);
    }
    Ok(())
}
