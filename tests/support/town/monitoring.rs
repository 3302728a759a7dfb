//! What the monitoring tells the town.

use chrono::SecondsFormat;
use serde_json::{Value, json};
use vigie::app::ports::Clock as _;
use vigie::demo;

use super::Town;

impl Town {
    /// Posts to a hook; returned are the status and the body of the answer.
    pub async fn posts(&self, source: &str, body: String) -> (u16, String) {
        let url = format!("{}/{source}", self.running().hooks);
        let post = self.http.post(url).bearer_auth(demo::HOOK_TOKEN).body(body);
        let post = post.header("content-type", "application/json");
        let answer = post.send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// What Prometheus reads of us.
    pub async fn metrics(&self) -> String {
        let hooks = &self.running().hooks;
        let url = format!("{}/metrics", hooks.trim_end_matches("/hooks"));
        let answer = self.http.get(url).send().await.unwrap();
        answer.text().await.unwrap()
    }

    /// Alertmanager posts these alerts and is told 200.
    pub async fn alerts(&self, alerts: Vec<Value>) {
        let firing = alerts.iter().any(|alert| alert["status"] == "firing");
        let status = if firing { "firing" } else { "resolved" };
        let body = json!({"version": "4", "receiver": "vigie", "status": status, "alerts": alerts});
        let (status, answer) = self.posts("alertmanager", body.to_string()).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// An alert about this, that began now or, if it fires, then.
    pub fn alert(&self, name: &str, status: &str) -> Value {
        let now = self
            .clock
            .now()
            .to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut began = self.began.lock().unwrap();
        let start = match status {
            "firing" => began
                .entry(name.to_owned())
                .or_insert_with(|| now.clone())
                .clone(),
            _ => began.remove(name).unwrap_or_else(|| now.clone()),
        };
        let ends = if status == "firing" {
            "0001-01-01T00:00:00Z"
        } else {
            &now
        };
        json!({
            "status": status,
            "labels": {"alertname": "RelayDown", "equipment": name, "severity": "critical"},
            "annotations": {"summary": format!("{name} ne répond plus")},
            "startsAt": start,
            "endsAt": ends,
            "fingerprint": name,
        })
    }

    /// Equipment stops to answer.
    pub async fn fires(&self, name: &str) {
        self.alerts(vec![self.alert(name, "firing")]).await;
    }

    /// Equipment answers again.
    pub async fn resolves(&self, name: &str) {
        self.alerts(vec![self.alert(name, "resolved")]).await;
    }
}
