//! A page of an information system, as Vigie hears it: over TCP, signed.

use reqwest::StatusCode;
use serde_json::Value;
use vigie::web::sealed::{NONCE, SIGNATURE, SiteSecrets, TIME};

use super::Town;

/// The secrets of the town's information system.
pub fn secrets() -> SiteSecrets {
    SiteSecrets::read("an invented secret, shared with nobody").unwrap()
}

/// A request of the page, and how it is changed on the way.
#[derive(Clone)]
pub struct Asked {
    pub path: String,
    pub body: String,
    pub nonce: String,
    pub time: i64,
    pub signature: String,
}

impl Town {
    /// A request as the page signs it now.
    pub fn asked(&self, what: &str, body: &Value) -> Asked {
        let path = format!("/si/links{what}");
        let body = body.to_string();
        let nonce = format!("{:032x}", rand::random::<u128>());
        let time = self.app().now().timestamp();
        let signature = secrets().sign(&path, time, &nonce, body.as_bytes());
        Asked {
            path,
            body,
            nonce,
            time,
            signature,
        }
    }

    /// Sends it, and checks that the answer is ours.
    pub async fn site_sends(&self, asked: &Asked) -> (StatusCode, Value) {
        let base = self.running().hooks.trim_end_matches("/hooks").to_owned();
        let sent = self
            .http
            .post(format!("{base}{}", asked.path))
            .header(TIME, asked.time)
            .header(NONCE, &asked.nonce)
            .header(SIGNATURE, &asked.signature)
            .body(asked.body.clone());
        let answer = sent.send().await.unwrap();
        let status = answer.status();
        let signature = answer.headers().get(SIGNATURE).cloned();
        let body = answer.bytes().await.unwrap();
        if status != StatusCode::UNAUTHORIZED && status != StatusCode::PAYLOAD_TOO_LARGE {
            let ours = secrets().sign_answer(&asked.nonce, status, &body);
            assert_eq!(signature.unwrap(), ours.as_str(), "{status}");
        }
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// The page asks something.
    pub async fn site(&self, what: &str, body: Value) -> (StatusCode, Value) {
        loop {
            let (status, told) = self.site_sends(&self.asked(what, &body)).await;
            // Until the local Telegram has told our name.
            if told["error"] != "not ready" {
                return (status, told);
            }
            tokio::time::sleep(super::LOOK).await;
        }
    }

    /// The page asks for a code for a member.
    pub async fn site_code(&self, member: &str) -> String {
        let (status, told) = self.site("", serde_json::json!({ "member": member })).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
        told["code"].as_str().unwrap().to_owned()
    }

    /// How far a code is.
    pub async fn site_state(&self, code: &str) -> Value {
        let (status, told) = self
            .site("/state", serde_json::json!({ "code": code }))
            .await;
        assert_eq!(status, StatusCode::OK, "{told}");
        told
    }
}
