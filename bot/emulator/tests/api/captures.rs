//! Requests that Alertmanager's own Telegram receiver really sent, where a checkout has them.

use std::path::Path;

use serde_json::{Value, json};

use crate::lab::{GROUP, Lab};

#[tokio::test]
async fn what_alertmanager_sent_is_taken_or_refused_as_telegram_would() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/captures");
    let Ok(files) = std::fs::read_dir(&folder) else {
        println!("skipped: no captures in {}", folder.display());
        return;
    };
    let lab = Lab::start().await;
    let mut seen = 0;
    for file in files {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !(name.starts_with("am025_telegram_") && name.ends_with(".body.json")) {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        let mut request: Value = serde_json::from_str(&text).unwrap();
        // Alertmanager writes numbers and truths as text; they stay so.
        request["chat_id"] = json!(GROUP.to_string());
        let reply = lab.call("sendMessage", request).await;
        match name.as_str() {
            // A tag that the cut at 4,096 left open.
            "am025_telegram_cut_open_tag.body.json" => {
                let (code, why) = reply.refused();
                assert_eq!(code, 400, "{name}");
                assert!(why.contains("can't parse entities"), "{name}: {why}");
            }
            // 3,008 characters, 6,008 units: the two readings of the limit differ.
            name if name.contains("emoji3000") => {
                assert!(matches!(reply.status, 200 | 400), "{}", reply.body);
            }
            // Raw marks: some of them happen to pair up.
            name if name.contains("unescaped") => {
                if reply.status != 200 {
                    let (_, why) = reply.refused();
                    assert!(why.contains("can't parse entities"), "{name}: {why}");
                }
            }
            _ => {
                let sent = reply.ok();
                assert!(sent["message_id"].is_i64(), "{name}");
            }
        }
    }
    assert!(seen >= 8, "{seen} captured requests");
}
