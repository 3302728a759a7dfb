//! Entities the server finds by itself: commands, mentions, tags, addresses, numbers.

use super::Entity;

/// Finds entities in a text, without overlaps.
pub(crate) fn detect(text: &str) -> Vec<Entity> {
    // Most texts of a busy bot hold none of the characters that start an entity.
    if !text.contains(['/', '@', '#', '$', '.', '+', ':']) {
        return Vec::new();
    }
    let chars: Vec<char> = text.chars().collect();
    let mut offsets = Vec::with_capacity(chars.len() + 1);
    let mut at = 0;
    for c in &chars {
        offsets.push(at);
        at += c.len_utf16();
    }
    offsets.push(at);
    let mut found = Vec::new();
    let mut pos = 0;
    while pos < chars.len() {
        match entity_at(&chars, pos) {
            Some((kind, end)) if end > pos => {
                let begin = offsets.get(pos).copied().unwrap_or(0);
                let stop = offsets.get(end).copied().unwrap_or(begin);
                found.push(Entity::new(kind, begin, stop - begin));
                pos = end;
            }
            _ => pos += 1,
        }
    }
    found
}

fn entity_at(chars: &[char], pos: usize) -> Option<(&'static str, usize)> {
    let before = pos.checked_sub(1).and_then(|p| chars.get(p)).copied();
    let c = chars.get(pos).copied()?;
    match c {
        '/' => command(chars, pos, before).map(|end| ("bot_command", end)),
        '@' => mention(chars, pos, before).map(|end| ("mention", end)),
        '#' => tag(chars, pos, before).map(|end| ("hashtag", end)),
        '$' => cashtag(chars, pos, before).map(|end| ("cashtag", end)),
        '+' => phone(chars, pos, before).map(|end| ("phone_number", end)),
        _ if c.is_alphanumeric() && !before.is_some_and(word) => {
            address(chars, pos).or_else(|| email(chars, pos))
        }
        _ => None,
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn run(chars: &[char], from: usize, keep: impl Fn(char) -> bool) -> usize {
    from + chars.iter().skip(from).take_while(|c| keep(**c)).count()
}

fn command(chars: &[char], pos: usize, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|b| word(b) || matches!(b, '/' | '<' | '>')) {
        return None;
    }
    let ascii = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut end = run(chars, pos + 1, ascii);
    let length = end - pos - 1;
    if !(1..=64).contains(&length) {
        return None;
    }
    if chars.get(end) == Some(&'@') {
        let name_end = run(chars, end + 1, ascii);
        if (3..=32).contains(&(name_end - end - 1)) {
            end = name_end;
        }
    }
    let after = chars.get(end).copied();
    (!after.is_some_and(|a| word(a) || matches!(a, '/' | '<' | '>'))).then_some(end)
}

fn mention(chars: &[char], pos: usize, before: Option<char>) -> Option<usize> {
    if before.is_some_and(word) {
        return None;
    }
    let end = run(chars, pos + 1, |c| c.is_ascii_alphanumeric() || c == '_');
    let length = end - pos - 1;
    ((3..=32).contains(&length) && !chars.get(end).copied().is_some_and(word)).then_some(end)
}

fn tag(chars: &[char], pos: usize, before: Option<char>) -> Option<usize> {
    if before.is_some_and(word) {
        return None;
    }
    let end = run(chars, pos + 1, word);
    let name = chars.get(pos + 1..end)?;
    (name.len() <= 256 && name.iter().any(|c| c.is_alphabetic())).then_some(end)
}

fn cashtag(chars: &[char], pos: usize, before: Option<char>) -> Option<usize> {
    if before.is_some_and(|b| word(b) || b == '$') {
        return None;
    }
    let end = run(chars, pos + 1, |c| c.is_ascii_uppercase());
    let length = end - pos - 1;
    ((1..=8).contains(&length) && !chars.get(end).copied().is_some_and(word)).then_some(end)
}

fn phone(chars: &[char], pos: usize, before: Option<char>) -> Option<usize> {
    if before.is_some_and(word) {
        return None;
    }
    let mut end = pos + 1;
    let mut digits = 0;
    for (at, c) in chars.iter().enumerate().skip(pos + 1) {
        match c {
            '0'..='9' => {
                digits += 1;
                end = at + 1;
            }
            ' ' | '-' | '(' | ')' => {}
            _ => break,
        }
        if digits == 15 {
            break;
        }
    }
    ((8..=15).contains(&digits) && !chars.get(end).copied().is_some_and(word)).then_some(end)
}

/// Top-level domains recognised without a scheme; the real list is longer.
const TOP_LEVEL: [&str; 40] = [
    "com", "org", "net", "fr", "eu", "io", "dev", "info", "coop", "me", "de", "be", "ch", "uk",
    "es", "it", "nl", "pt", "lu", "at", "pl", "cz", "se", "no", "fi", "dk", "ie", "us", "ca", "ru",
    "app", "xyz", "biz", "tv", "cc", "co", "page", "cloud", "online", "tech",
];

fn address(chars: &[char], pos: usize) -> Option<(&'static str, usize)> {
    let scheme_end = run(chars, pos, |c| c.is_ascii_alphabetic());
    let scheme: String = chars
        .get(pos..scheme_end)?
        .iter()
        .collect::<String>()
        .to_ascii_lowercase();
    let has_scheme = matches!(scheme.as_str(), "http" | "https" | "ftp" | "tonsite" | "tg")
        && chars
            .get(scheme_end..scheme_end + 3)
            .is_some_and(|s| s == [':', '/', '/']);
    let host_from = if has_scheme { scheme_end + 3 } else { pos };
    let host_end = run(chars, host_from, |c| {
        c.is_alphanumeric() || matches!(c, '.' | '-' | '_')
    });
    let host: String = chars.get(host_from..host_end)?.iter().collect();
    let host = host.trim_end_matches('.');
    let host_end = host_from + host.chars().count();
    if host.is_empty() || chars.get(host_end) == Some(&'@') {
        return None;
    }
    let last = host.rsplit('.').next().unwrap_or("").to_lowercase();
    let dotted = host.contains('.') && !host.contains("..") && !host.starts_with('.');
    let numeric = host.split('.').count() == 4 && host.split('.').all(|p| p.parse::<u8>().is_ok());
    let known = TOP_LEVEL.contains(&last.as_str());
    let local = has_scheme && (host == "localhost" || last.chars().all(char::is_alphabetic));
    if !(numeric || (dotted && (known || local)) || (has_scheme && scheme == "tg")) {
        return None;
    }
    if chars.get(host_end).copied().is_some_and(word) {
        return None;
    }
    let mut end = host_end;
    if chars.get(end) == Some(&':') {
        let port_end = run(chars, end + 1, |c| c.is_ascii_digit());
        if port_end > end + 1 {
            end = port_end;
        }
    }
    if matches!(chars.get(end), Some('/' | '?' | '#')) {
        let path_end = run(chars, end, |c| {
            !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | '«' | '»')
        });
        end = trim_end(chars, end, path_end);
    }
    Some(("url", end))
}

/// Punctuation that ends a sentence does not belong to an address.
fn trim_end(chars: &[char], from: usize, mut end: usize) -> usize {
    while end > from {
        let Some(last) = chars.get(end - 1) else {
            break;
        };
        let opened = chars.get(from..end).is_some_and(|s| s.contains(&'('));
        let punctuation = matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '`');
        if !(punctuation || (*last == ')' && !opened)) {
            break;
        }
        end -= 1;
    }
    end
}

fn email(chars: &[char], pos: usize) -> Option<(&'static str, usize)> {
    let at = run(chars, pos, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%')
    });
    if chars.get(at) != Some(&'@') {
        return None;
    }
    let end = run(chars, at + 1, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
    });
    let domain: String = chars.get(at + 1..end)?.iter().collect();
    let domain = domain.trim_end_matches(['.', '-']);
    let last = domain.rsplit('.').next()?;
    let good =
        domain.contains('.') && last.len() >= 2 && last.chars().all(|c| c.is_ascii_alphabetic());
    good.then(|| ("email", at + 1 + domain.len()))
}
