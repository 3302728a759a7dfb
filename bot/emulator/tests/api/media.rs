//! Files and albums.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::lab::{ANA, GROUP, Lab, Reply, TOKEN};

/// The smallest picture: a PNG header is all that is looked at.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = vec![
        0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H', b'D', b'R',
    ];
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes
}

async fn upload(lab: &Lab, method: &str, form: Form) -> Reply {
    let url = lab.url(&format!("/bot{TOKEN}/{method}"));
    let response = lab
        .http
        .post(url)
        .multipart(form.text("chat_id", GROUP.to_string()))
        .send()
        .await
        .unwrap();
    Reply {
        status: response.status().as_u16(),
        body: response.json().await.unwrap(),
    }
}

fn file(name: &str, bytes: &[u8]) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned())
}

#[tokio::test]
async fn photos_come_back_as_they_were() {
    let lab = Lab::start().await;
    let picture = png(40, 30);
    let form = Form::new()
        .part("photo", file("a.png", &picture))
        .text("caption", "<b>é</b>")
        .text("parse_mode", "HTML");
    let sent = upload(&lab, "sendPhoto", form).await.ok();
    let photo = &sent["photo"][0];
    assert_eq!(
        (&photo["width"], &photo["height"], &photo["file_size"]),
        (&json!(40), &json!(30), &json!(24))
    );
    assert_eq!(
        (&sent["caption"], &sent["caption_entities"][0]["type"]),
        (&json!("é"), &json!("bold"))
    );
    let got = lab
        .call("getFile", json!({ "file_id": photo["file_id"] }))
        .await
        .ok();
    let path = got["file_path"].as_str().unwrap();
    let bytes = lab
        .http
        .get(lab.url(&format!("/file/bot{TOKEN}/{path}")))
        .send()
        .await
        .unwrap();
    assert_eq!(bytes.bytes().await.unwrap(), picture);
    let stranger = lab
        .http
        .get(lab.url(&format!("/file/bot123456:other/{path}")))
        .send()
        .await
        .unwrap();
    assert_eq!(stranger.status(), 401);
    let again = lab
        .call(
            "sendPhoto",
            json!({ "chat_id": GROUP, "photo": photo["file_id"] }),
        )
        .await
        .ok();
    assert_eq!(again["photo"][0]["file_id"], photo["file_id"]);
    let seen = lab.messages(GROUP).await;
    let url = seen[0]["photo"][0]["url"].as_str().unwrap();
    assert_eq!(
        lab.http
            .get(lab.url(url))
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap(),
        picture
    );
    let edit = json!({ "chat_id": GROUP, "message_id": sent["message_id"], "caption": "deux" });
    assert_eq!(
        lab.call("editMessageCaption", edit).await.ok()["caption"],
        "deux"
    );
    let text = json!({ "chat_id": GROUP, "message_id": sent["message_id"], "text": "deux" });
    assert_eq!(
        lab.call("editMessageText", text).await.refused().1,
        "Bad Request: there is no text in the message to edit"
    );
}

#[tokio::test]
async fn every_kind_of_file() {
    let lab = Lab::start().await;
    for (method, field) in [
        ("sendDocument", "document"),
        ("sendVoice", "voice"),
        ("sendAudio", "audio"),
        ("sendVideo", "video"),
        ("sendAnimation", "animation"),
        ("sendSticker", "sticker"),
        ("sendVideoNote", "video_note"),
    ] {
        let sent = upload(&lab, method, Form::new().part(field, file("a.bin", b"abc")))
            .await
            .ok();
        assert_eq!(sent[field]["file_size"], 3, "{method}");
        assert!(sent[field]["file_unique_id"].is_string());
    }
    let attached = Form::new()
        .text("document", "attach://f")
        .part("f", file("journal.txt", b"x"));
    assert_eq!(
        upload(&lab, "sendDocument", attached).await.ok()["document"]["file_name"],
        "journal.txt"
    );
}

#[tokio::test]
async fn files_are_refused_with_the_real_words() {
    let lab = Lab::start().await;
    lab.refuses(&[
        (
            "sendPhoto",
            json!({ "chat_id": GROUP }),
            400,
            "Bad Request: there is no photo in the request",
        ),
        (
            "sendDocument",
            json!({ "chat_id": GROUP, "document": "attach://none" }),
            400,
            "Bad Request: there is no document in the request",
        ),
        (
            "sendPhoto",
            json!({ "chat_id": GROUP, "photo": "nonsense" }),
            400,
            "Bad Request: wrong remote file identifier specified: Wrong string length",
        ),
        (
            "getFile",
            json!({ "file_id": "nonsense" }),
            400,
            "Bad Request: wrong file_id or the file is temporarily unavailable",
        ),
        (
            "sendMediaGroup",
            json!({ "chat_id": GROUP, "media": "{" }),
            400,
            "Bad Request: can't parse media JSON object",
        ),
    ])
    .await;
    let long = Form::new()
        .part("photo", file("a.png", &png(1, 1)))
        .text("caption", "x".repeat(1025));
    assert_eq!(
        upload(&lab, "sendPhoto", long).await.refused().1,
        "Bad Request: message caption is too long"
    );
    let no_picture = upload(
        &lab,
        "sendPhoto",
        Form::new().part("photo", file("a.png", b"text")),
    )
    .await;
    assert_eq!(no_picture.refused().1, "Bad Request: IMAGE_PROCESS_FAILED");
    let empty = upload(
        &lab,
        "sendDocument",
        Form::new().part("document", file("a", b"")),
    )
    .await;
    assert_eq!(empty.refused().1, "Bad Request: file must be non-empty");
    let sent = upload(
        &lab,
        "sendPhoto",
        Form::new().part("photo", file("a.png", &png(1, 1))),
    )
    .await
    .ok();
    let edit =
        json!({ "chat_id": GROUP, "message_id": sent["message_id"], "caption": "x".repeat(1025) });
    assert_eq!(
        lab.call("editMessageCaption", edit).await.refused().1,
        "Bad Request: MEDIA_CAPTION_TOO_LONG"
    );
}

#[tokio::test]
async fn big_files_go_up_but_not_down() {
    let lab = Lab::start().await;
    let form = Form::new().part("document", file("big.bin", &vec![1; 21 * 1024 * 1024]));
    let sent = upload(&lab, "sendDocument", form).await.ok();
    let got = lab
        .call("getFile", json!({ "file_id": sent["document"]["file_id"] }))
        .await
        .refused();
    assert_eq!(got, (400, "Bad Request: file is too big".into()));
}

#[tokio::test]
async fn albums_hold_together() {
    let lab = Lab::start().await;
    let media = json!([
        { "type": "photo", "media": "attach://a", "caption": "*un*", "parse_mode": "MarkdownV2" },
        { "type": "photo", "media": "attach://b" },
    ]);
    let form = Form::new()
        .text("media", media.to_string())
        .part("a", file("a.png", &png(1, 1)))
        .part("b", file("b.png", &png(2, 2)));
    let sent = upload(&lab, "sendMediaGroup", form).await.ok();
    let list = sent.as_array().unwrap();
    assert_eq!(list.len(), 2);
    assert_eq!(list[0]["media_group_id"], list[1]["media_group_id"]);
    assert_eq!(list[0]["caption_entities"][0]["type"], "bold");
    let mixed: Value =
        json!([{ "type": "photo", "media": "x" }, { "type": "document", "media": "y" }]);
    let refused = lab
        .call(
            "sendMediaGroup",
            json!({ "chat_id": GROUP, "media": mixed }),
        )
        .await
        .refused();
    assert_eq!(
        refused.1,
        "Bad Request: document and audio can't be mixed with other media types in an album"
    );
    let replace =
        json!({ "type": "photo", "media": list[1]["photo"][0]["file_id"], "caption": "nouveau" });
    let edit = json!({ "chat_id": GROUP, "message_id": list[0]["message_id"], "media": replace });
    let edited = lab.call("editMessageMedia", edit).await.ok();
    assert_eq!(
        (&edited["caption"], &edited["photo"][0]["width"]),
        (&json!("nouveau"), &json!(2))
    );
}

#[tokio::test]
async fn people_send_pictures_too() {
    let lab = Lab::start().await;
    let send = json!({ "from": ANA, "chat": ANA, "photo": true, "text": "le local" });
    lab.sim("send", send).await;
    let message = lab.updates().await[0]["message"].clone();
    assert_eq!(message["caption"], "le local");
    let got = lab
        .call(
            "getFile",
            json!({ "file_id": message["photo"][0]["file_id"] }),
        )
        .await
        .ok();
    assert!(got["file_path"].as_str().unwrap().starts_with("photos/"));
    let document = json!({ "from": ANA, "chat": ANA, "document": { "base64": "YWJj", "name": "a.txt", "mime_type": "text/plain" } });
    let sent = lab.sim("send", document).await;
    assert_eq!(
        (
            &sent["document"]["file_name"],
            &sent["document"]["file_size"]
        ),
        (&json!("a.txt"), &json!(3))
    );
    let (status, _) = lab
        .try_sim("send", json!({ "from": ANA, "chat": ANA, "photo": "€" }))
        .await;
    assert_eq!(status, 400);
}
