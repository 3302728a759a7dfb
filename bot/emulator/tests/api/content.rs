//! Markup, detected entities, lengths.

use serde_json::{Value, json};

use crate::lab::{ANA, GROUP, Lab};

/// Entities in short: kind, offset, length.
fn short(message: &Value) -> Vec<(String, u64, u64)> {
    let list = message["entities"].as_array().cloned().unwrap_or_default();
    let one = |e: &Value| {
        (
            e["type"].as_str().unwrap().to_owned(),
            e["offset"].as_u64().unwrap(),
            e["length"].as_u64().unwrap(),
        )
    };
    list.iter().map(one).collect()
}

#[tokio::test]
async fn markup_becomes_entities() {
    let lab = Lab::start().await;
    let table: [(&str, &str, &str, &[(&str, u64, u64)]); 20] = [
        (
            "HTML",
            "<b>a</b> &lt;i&gt; &amp; &quot;",
            "a <i> & \"",
            &[("bold", 0, 1)],
        ),
        (
            "html",
            "<b>é<i>😀</i></b>x",
            "é😀x",
            &[("bold", 0, 3), ("italic", 1, 2)],
        ),
        (
            "HTML",
            "<a href=\"https://a.fr/x?a=1&amp;b=2\">ici</a>",
            "ici",
            &[("text_link", 0, 3)],
        ),
        (
            "HTML",
            "<pre><code class=\"language-rust\">fn</code></pre>",
            "fn",
            &[("pre", 0, 2)],
        ),
        (
            "HTML",
            "<blockquote expandable>q</blockquote>",
            "q",
            &[("expandable_blockquote", 0, 1)],
        ),
        (
            "HTML",
            "<span class=\"tg-spoiler\">s</span><u>u</u><s>d</s>",
            "sud",
            &[
                ("spoiler", 0, 1),
                ("underline", 1, 1),
                ("strikethrough", 2, 1),
            ],
        ),
        ("HTML", "a & b &unknown; &#233;", "a & b &unknown; é", &[]),
        ("HTML", "<b></b>vide", "vide", &[]),
        (
            "MarkdownV2",
            "*a* _b_ __c__ ~d~ ||e|| `f`",
            "a b c d e f",
            &[
                ("bold", 0, 1),
                ("italic", 2, 1),
                ("underline", 4, 1),
                ("strikethrough", 6, 1),
                ("spoiler", 8, 1),
                ("code", 10, 1),
            ],
        ),
        ("MarkdownV2", "1\\.5 \\- \\_x\\_", "1.5 - _x_", &[]),
        (
            "MarkdownV2",
            "*a _b_*",
            "a b",
            &[("bold", 0, 3), ("italic", 2, 1)],
        ),
        (
            "MarkdownV2",
            "[ici](https://a.fr/\\))",
            "ici",
            &[("text_link", 0, 3)],
        ),
        ("MarkdownV2", "```rust\nfn```", "fn", &[("pre", 0, 2)]),
        (
            "MarkdownV2",
            ">q1\n>q2\nfin",
            "q1\nq2\nfin",
            &[("blockquote", 0, 5)],
        ),
        (
            "Markdown",
            "*a* _b_ `c` [d](https://a.fr/)",
            "a b c d",
            &[
                ("bold", 0, 1),
                ("italic", 2, 1),
                ("code", 4, 1),
                ("text_link", 6, 1),
            ],
        ),
        ("Markdown", "a\\_b", "a_b", &[]),
        ("", "<b>a</b>", "<b>a</b>", &[]),
        ("", "  x\n ", "x", &[]),
        ("HTML", " <b> x </b> ", "x", &[("bold", 0, 1)]),
        (
            "HTML",
            "a\r\nb\u{202e}\u{0}<b>c</b>\td",
            "a\nb c d",
            &[("bold", 4, 1)],
        ),
    ];
    for (mode, raw, text, entities) in table {
        let params = json!({ "chat_id": GROUP, "text": raw, "parse_mode": mode });
        let sent = lab.call("sendMessage", params).await.ok();
        assert_eq!(sent["text"], text, "{mode} {raw}");
        let wanted: Vec<_> = entities
            .iter()
            .map(|(k, o, l)| ((*k).to_owned(), *o, *l))
            .collect();
        assert_eq!(short(&sent), wanted, "{mode} {raw}");
    }
}

#[tokio::test]
async fn wrong_markup_is_refused_with_the_real_words() {
    let lab = Lab::start().await;
    let table = [
        (
            "HTML",
            "<b>a",
            "Can't find end tag corresponding to start tag \"b\"",
        ),
        ("HTML", "a</b>", "Unexpected end tag at byte offset 1"),
        (
            "HTML",
            "é<b>a</i>",
            "Unmatched end tag at byte offset 6, expected \"</b>\", found \"</i>\"",
        ),
        (
            "HTML",
            "x < y",
            "Unsupported start tag \"\" at byte offset 2",
        ),
        (
            "HTML",
            "<relay-1>",
            "Unsupported start tag \"relay-1\" at byte offset 0",
        ),
        ("HTML", "a <b", "Unclosed start tag at byte offset 2"),
        ("HTML", "<b>a</b", "Unclosed end tag at byte offset 4"),
        (
            "MarkdownV2",
            "1.5",
            "Character '.' is reserved and must be escaped with the preceding '\\'",
        ),
        (
            "MarkdownV2",
            "a-b",
            "Character '-' is reserved and must be escaped with the preceding '\\'",
        ),
        (
            "MarkdownV2",
            "é *a",
            "Can't find end of Bold entity at byte offset 3",
        ),
        (
            "MarkdownV2",
            "x_y",
            "Can't find end of Italic entity at byte offset 1",
        ),
        (
            "MarkdownV2",
            "[a](b",
            "Can't find end of a URL at byte offset 4",
        ),
        (
            "Markdown",
            "013-PRV_x",
            "Can't find end of the entity starting at byte offset 7",
        ),
        (
            "Markdown",
            "a *b",
            "Can't find end of the entity starting at byte offset 2",
        ),
    ];
    for (mode, raw, text) in table {
        let params = json!({ "chat_id": GROUP, "text": raw, "parse_mode": mode });
        let (code, words) = lab.call("sendMessage", params).await.refused();
        assert_eq!(
            (code, words.as_str()),
            (
                400,
                format!("Bad Request: can't parse entities: {text}").as_str()
            ),
            "{raw}"
        );
    }
    let unknown = json!({ "chat_id": GROUP, "text": "x", "parse_mode": "markdown3" });
    let refused = lab.call("sendMessage", unknown).await.refused();
    assert_eq!(refused.1, "Bad Request: unsupported parse_mode");
}

#[tokio::test]
async fn entities_are_detected_in_what_people_write() {
    let lab = Lab::start().await;
    let table: [(&str, &[(&str, u64, u64)]); 14] = [
        ("/etat@vigie_bot x", &[("bot_command", 0, 15)]),
        ("😀 /etat", &[("bot_command", 3, 5)]),
        ("a/b /x/y", &[]),
        ("@ana_b, bonjour", &[("mention", 0, 6)]),
        ("ana@example.org", &[("email", 0, 15)]),
        ("voir https://exemple.fr/a?b=1.", &[("url", 5, 24)]),
        ("voir exemple.fr et x.y", &[("url", 5, 10)]),
        ("http://127.0.0.1:8080/x", &[("url", 0, 23)]),
        ("#panne1 #12", &[("hashtag", 0, 7)]),
        ("+33 6 12 34 56 78", &[("phone_number", 0, 17)]),
        ("$EUR", &[("cashtag", 0, 4)]),
        ("fin.debut", &[]),
        ("/a\n/b", &[("bot_command", 0, 2), ("bot_command", 3, 2)]),
        ("migennes-silo 10.0.0.1", &[("url", 14, 8)]),
    ];
    for (text, entities) in table {
        let sent = lab
            .sim("send", json!({ "from": ANA, "chat": GROUP, "text": text }))
            .await;
        let wanted: Vec<_> = entities
            .iter()
            .map(|(k, o, l)| ((*k).to_owned(), *o, *l))
            .collect();
        assert_eq!(short(&sent), wanted, "{text}");
    }
}

#[tokio::test]
async fn given_entities_are_kept_and_checked() {
    let lab = Lab::start().await;
    let entities = json!([
        { "type": "bold", "offset": 0, "length": 3 },
        { "type": "text_link", "offset": 4, "length": 2, "url": "https://a.fr/" },
        { "type": "bold", "offset": 90, "length": 3 },
    ]);
    let params = json!({ "chat_id": GROUP, "text": "abc de", "entities": entities });
    let sent = lab.call("sendMessage", params).await.ok();
    assert_eq!(
        short(&sent),
        [("bold".into(), 0, 3), ("text_link".into(), 4, 2)]
    );
    let params = json!({ "chat_id": GROUP, "text": "abc", "entities": entities.to_string() });
    assert_eq!(
        short(&lab.call("sendMessage", params).await.ok()),
        [("bold".into(), 0, 3)]
    );
    // A parse mode makes the given entities void.
    let params =
        json!({ "chat_id": GROUP, "text": "abc", "entities": entities, "parse_mode": "HTML" });
    assert_eq!(short(&lab.call("sendMessage", params).await.ok()), []);
    let many: Vec<Value> = (0..150)
        .map(|n| json!({ "type": "bold", "offset": n * 2, "length": 1 }))
        .collect();
    let params = json!({ "chat_id": GROUP, "text": "a ".repeat(150), "entities": many });
    assert_eq!(
        short(&lab.call("sendMessage", params).await.ok()).len(),
        100
    );
    for wrong in [
        json!([{ "type": "bold" }]),
        json!("{"),
        json!([{ "type": "magic", "offset": 0, "length": 1 }]),
    ] {
        let params = json!({ "chat_id": GROUP, "text": "abc", "entities": wrong });
        let (code, words) = lab.call("sendMessage", params).await.refused();
        assert_eq!(code, 400);
        assert!(
            words.starts_with("Bad Request: can't parse entities"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn lengths_are_measured_after_parsing() {
    let lab = Lab::start().await;
    let bold = |n: usize| format!("<b>{}</b>", "x".repeat(n));
    let table: [(String, Option<&str>); 8] = [
        ("x".repeat(4096), None),
        ("x".repeat(4097), Some("Bad Request: message is too long")),
        (bold(4096), None),
        (bold(4097), Some("Bad Request: message is too long")),
        ("😀".repeat(2048), None),
        ("x".repeat(40_000), Some("Bad Request: message is too long")),
        (String::new(), Some("Bad Request: message text is empty")),
        (" \n ".into(), Some("Bad Request: text must be non-empty")),
    ];
    for (text, refused) in table {
        let params = json!({ "chat_id": GROUP, "text": text, "parse_mode": "HTML" });
        let reply = lab.call("sendMessage", params).await;
        match refused {
            None => drop(reply.ok()),
            Some(words) => assert_eq!(reply.refused(), (400, words.to_owned())),
        }
    }
}
