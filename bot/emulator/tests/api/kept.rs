//! The world on disk.

use std::path::Path;

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use vigie_emulator::{Emulator, StartError};

use crate::lab::{ANA, GROUP, Lab, SMALL, TOKEN};

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn open(folder: &Path) -> Lab {
    let builder = Emulator::builder().data_dir(Some(folder.to_owned()));
    Lab {
        emulator: builder.start().await.unwrap(),
        http: reqwest::Client::new(),
    }
}

/// Everything a person or a bot can see.
async fn view(lab: &Lab) -> Value {
    let mut world = lab.get("/sim/world").await;
    world.as_object_mut().unwrap().remove("seq");
    let mut all = vec![world];
    for chat in [GROUP, SMALL, ANA] {
        all.push(json!(lab.messages(chat).await));
    }
    all.push(
        lab.get(&format!("/sim/commands?chat={ANA}&user={ANA}"))
            .await,
    );
    all.push(lab.call("getWebhookInfo", json!({})).await.ok());
    json!(all)
}

async fn live(lab: &Lab) -> String {
    lab.settle().await;
    let id = lab.say(GROUP, "un").await;
    lab.call(
        "editMessageText",
        json!({ "chat_id": GROUP, "message_id": id, "text": "deux" }),
    )
    .await
    .ok();
    let gone = lab.say(GROUP, "parti").await;
    lab.call(
        "deleteMessage",
        json!({ "chat_id": GROUP, "message_id": gone }),
    )
    .await
    .ok();
    lab.call(
        "setMyCommands",
        json!({ "commands": [{ "command": "aide", "description": "d" }] }),
    )
    .await
    .ok();
    lab.sim("migrate", json!({ "chat": SMALL })).await;
    lab.updates().await;
    lab.sim(
        "send",
        json!({ "from": ANA, "chat": ANA, "text": "en attente" }),
    )
    .await;
    let form = Form::new()
        .text("chat_id", GROUP.to_string())
        .part("document", Part::bytes(vec![9; 2000]).file_name("a.txt"));
    let url = lab.url(&format!("/bot{TOKEN}/sendDocument"));
    let sent: Value = lab
        .http
        .post(url)
        .multipart(form)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    sent["result"]["document"]["file_id"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn everything_survives_an_end_without_warning() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("a"), folder.path().join("b"));
    let lab = Lab::empty(Emulator::builder().data_dir(Some(first.clone()))).await;
    let file = live(&lab).await;
    let before = view(&lab).await;
    // What lies on disk while the emulator runs is what a killed one leaves.
    copy(&first, &second);
    // A torn last line is left out.
    let path = second.join("world.jsonl");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(b"[[\"user\",1,{\"id\"");
    std::fs::write(&path, bytes).unwrap();
    let again = open(&second).await;
    assert_eq!(view(&again).await, before);
    let content = again
        .http
        .get(again.url(&format!("/sim/files/{file}")))
        .send()
        .await
        .unwrap();
    assert_eq!(content.bytes().await.unwrap(), vec![9; 2000]);
    let waiting = again.updates().await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0]["message"]["text"], "en attente");
    // Numbers go on: nothing is given twice.
    let number = waiting[0]["update_id"].as_i64().unwrap();
    let last = again.messages(GROUP).await.last().unwrap()["message_id"]
        .as_i64()
        .unwrap();
    again
        .sim(
            "send",
            json!({ "from": ANA, "chat": ANA, "text": "ensuite" }),
        )
        .await;
    assert_eq!(again.say(GROUP, "suite").await, last + 1);
    assert_eq!(again.updates().await[0]["update_id"], number + 1);
    let wrong = again.call_as("123456:other", "getMe", json!({})).await;
    assert_eq!(wrong.status, 401, "secrets are kept");
    let before = view(&again).await;
    again.emulator.shutdown().await;
    let third = open(&second).await;
    assert_eq!(view(&third).await, before);
    third
        .sim("send", json!({ "from": ANA, "chat": ANA, "text": "fin" }))
        .await;
    assert_eq!(third.updates().await[0]["update_id"], number + 2);
}

#[tokio::test]
async fn folders_that_cannot_be_used_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lab = open(folder.path()).await;
    let twice = Emulator::builder()
        .data_dir(Some(folder.path().to_owned()))
        .start()
        .await;
    assert!(matches!(twice, Err(StartError::Data { .. })));
    lab.emulator.shutdown().await;
    std::fs::write(folder.path().join("world.jsonl"), "[]\nnonsense\n[]\n").unwrap();
    let damaged = Emulator::builder()
        .data_dir(Some(folder.path().to_owned()))
        .start()
        .await;
    assert!(
        damaged
            .unwrap_err()
            .to_string()
            .contains("line 2 is damaged")
    );
    let nowhere = Emulator::builder()
        .data_dir(Some("/proc/nowhere".into()))
        .start()
        .await;
    assert!(matches!(nowhere, Err(StartError::Data { .. })));
}

#[tokio::test]
async fn a_taken_address_is_refused() {
    let lab = Lab::start().await;
    let taken = Emulator::builder()
        .listen(lab.emulator.addr())
        .start()
        .await;
    assert!(matches!(taken, Err(StartError::Listen { .. })));
    let addr = lab.emulator.addr();
    lab.emulator.shutdown().await;
    Emulator::builder().listen(addr).start().await.unwrap();
}

#[tokio::test]
async fn old_messages_are_forgotten_past_the_limit() {
    let lab = Lab::empty(Emulator::builder().keep_messages(10)).await;
    lab.settle().await;
    for n in 0..15 {
        lab.say(GROUP, &n.to_string()).await;
    }
    let list = lab.messages(GROUP).await;
    assert_eq!(list.len(), 10);
    assert_eq!(list[0]["text"], "5");
    let some = lab
        .get(&format!("/sim/chats/{GROUP}/messages?after=12&limit=2"))
        .await;
    let texts: Vec<&Value> = some["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| &m["text"])
        .collect();
    assert_eq!(texts, ["13", "14"]);
}
