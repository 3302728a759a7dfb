//! Routes, ways of giving arguments, tokens.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};
use vigie_emulator::Emulator;

use crate::lab::{GROUP, Lab, TOKEN};

#[tokio::test]
async fn arguments_come_in_every_way() {
    let lab = Lab::start().await;
    let markup = r#"{"inline_keyboard":[[{"text":"ok","callback_data":"k"}]]}"#;
    let group = GROUP.to_string();
    let fields = [
        ("chat_id", group.as_str()),
        ("text", "héllo"),
        ("reply_markup", markup),
        ("disable_notification", "true"),
    ];
    let url = |method: &str| lab.url(&format!("/bot{TOKEN}/{method}"));
    let form: String = form_urlencoded(&fields);
    let mut parts = Form::new();
    for (name, value) in fields {
        parts = parts.text(name, value.to_owned());
    }
    let json_strings: Value = fields
        .iter()
        .map(|(k, v)| ((*k).to_owned(), json!(v)))
        .collect();
    let json_native = json!({ "chat_id": GROUP, "text": "héllo", "reply_markup": serde_json::from_str::<Value>(markup).unwrap() });
    let requests = [
        lab.http.get(format!("{}?{form}", url("sendMessage"))),
        lab.http.post(format!("{}?{form}", url("SENDMESSAGE"))),
        lab.http
            .post(url("sendmessage"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form),
        lab.http.post(url("SendMessage")).multipart(parts),
        lab.http.post(url("sendMessage")).json(&json_strings),
        lab.http.post(url("sendMessage")).json(&json_native),
    ];
    for (n, request) in requests.into_iter().enumerate() {
        let reply: Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(reply["ok"], true, "request {n}: {reply}");
        assert_eq!(reply["result"]["text"], "héllo");
        assert_eq!(
            reply["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"],
            "k"
        );
    }
}

fn form_urlencoded(fields: &[(&str, &str)]) -> String {
    let mut url = reqwest::Url::parse("http://x/").unwrap();
    url.query_pairs_mut().extend_pairs(fields);
    url.query().unwrap().to_owned()
}

#[tokio::test]
async fn tokens_and_methods_are_checked() {
    let lab = Lab::start().await;
    let table = [
        (TOKEN, "getMe", 200, ""),
        ("123456%3Asecret", "getMe", 200, ""),
        ("123456:other", "getMe", 401, "Unauthorized"),
        ("nonsense", "getMe", 404, "Not Found"),
        ("12:", "getMe", 404, "Not Found"),
        (TOKEN, "sendNonsense", 404, "Not Found: method not found"),
        (TOKEN, "", 404, "Not Found: method not found"),
    ];
    for (token, method, code, text) in table {
        let reply = lab.call_as(token, method, json!({})).await;
        assert_eq!(reply.status, code, "{token} {method}: {}", reply.body);
        assert_eq!(reply.body["description"].as_str().unwrap_or(""), text);
    }
    let me = lab.call_as("777:new", "getMe", json!({})).await.ok();
    assert_eq!(me["username"], "bot777_bot");
    for field in [
        "can_join_groups",
        "can_read_all_group_messages",
        "supports_inline_queries",
        "has_main_web_app",
    ] {
        assert!(me[field].is_boolean(), "{field}");
    }
}

#[tokio::test]
async fn strict_servers_know_only_declared_bots() {
    let lab = Lab::empty(Emulator::builder().strict(true)).await;
    assert_eq!(lab.call("getMe", json!({})).await.status, 200);
    let unknown = lab.call_as("777:new", "getMe", json!({})).await;
    assert_eq!(unknown.refused(), (401, "Unauthorized".into()));
}

#[tokio::test]
async fn broken_bodies_are_refused_not_fatal() {
    let lab = Lab::start().await;
    let url = lab.url(&format!("/bot{TOKEN}/sendMessage"));
    let deep = format!("{}1{}", "[".repeat(10_000), "]".repeat(10_000));
    for (kind, body) in [
        ("application/json", "{".to_owned()),
        ("application/json", "[1]".to_owned()),
        ("application/json", deep),
        ("application/json", "\0\0".to_owned()),
        ("multipart/form-data", "x".to_owned()),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nbroken".to_owned(),
        ),
        ("text/plain", "%%%".to_owned()),
    ] {
        let request = lab.http.post(&url).header("content-type", kind).body(body);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 400, "{kind}");
        let body: Value = response.json().await.unwrap();
        assert_eq!(body["ok"], false);
    }
    lab.say(GROUP, "still there").await;
}

#[tokio::test]
async fn the_transcript_tells_every_call() {
    let lab = Lab::start().await;
    lab.http.delete(lab.url("/sim/calls")).send().await.unwrap();
    lab.say(GROUP, "one").await;
    lab.call("sendMessage", json!({ "chat_id": -9, "text": "two" }))
        .await;
    let file = Form::new()
        .text("chat_id", GROUP.to_string())
        .part("document", Part::bytes(vec![7; 10]).file_name("a.txt"));
    let url = lab.url(&format!("/bot{TOKEN}/sendDocument"));
    lab.http.post(url).multipart(file).send().await.unwrap();
    let all = lab.get("/sim/calls").await;
    let calls = all["calls"].as_array().unwrap();
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[0]["params"]["text"], "one");
    assert_eq!(calls[0]["response"]["result"]["text"], "one");
    assert_eq!(calls[1]["status"], 400);
    assert_eq!(calls[2]["params"]["document"]["file_size"], 10);
    assert_eq!(all["counts"]["sendMessage"], 2);
    assert_eq!(all["errors"]["400"], 1);
    let after = calls[0]["n"].as_u64().unwrap();
    let some = lab
        .get(&format!("/sim/calls?method=sendmessage&after={after}"))
        .await;
    assert_eq!(some["calls"].as_array().unwrap().len(), 1);
    let chat = lab.get(&format!("/sim/calls?chat={GROUP}")).await;
    assert_eq!(chat["calls"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn the_page_is_served() {
    let lab = Lab::start().await;
    let page = lab.http.get(lab.url("/")).send().await.unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("<html"));
}

#[tokio::test]
async fn own_routes_come_first() {
    let routes = axum::Router::new().route("/healthz", axum::routing::get(|| async { "fine" }));
    let lab = Lab::empty(Emulator::builder().with_routes(routes)).await;
    let health = lab.http.get(lab.url("/healthz")).send().await.unwrap();
    assert_eq!(health.text().await.unwrap(), "fine");
    assert_eq!(lab.call("getMe", json!({})).await.status, 200);
}
