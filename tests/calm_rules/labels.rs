//! Silences by a label of the alerts.

use super::*;

/// An alert with these labels.
fn labelled(desk: &Desk, name: &str, labels: &[(&str, &str)]) -> vigie_domain::alert::Alert {
    let mut alert = desk.alert(name);
    alert.tags = vigie_domain::alert::Tags::of(labels.iter().copied());
    alert
}

#[tokio::test]
async fn a_label_is_silenced_by_a_subject_of_its_own_and_only_openings_are() {
    let desk = Desk::open(0).await;
    let admin = desk.person(1);
    let upstream = [("FAI", "Amont Télécom"), ("host", "x")];
    desk.hear(vec![labelled(&desk, "joigny-tour", &upstream)])
        .await;
    let told = desk.deliver_all().await;
    assert_eq!(cards_in(&told, JOIGNY).len(), 1);
    desk.command(&admin, BACKBONE, "silence", "fai=\"amont telecom\" 2h")
        .await;
    let answer = desk.deliver_all().await;
    let end = answer[0].button().unwrap();
    assert_eq!(said_in(&answer, BACKBONE), [Key::SilenceNoted]);
    println!("What was said is edited to its end.");
    desk.up("joigny-tour").await;
    assert!(cards_in(&desk.deliver_all().await, JOIGNY)[0].finished);
    desk.wait(600).await;
    println!("What has the label is held back, wherever it is; what has not is told.");
    desk.hear(vec![
        labelled(&desk, "eglise", &upstream),
        labelled(&desk, "chateau-eau", &[("fai", "autre")]),
    ])
    .await;
    let told = desk.deliver_all().await;
    let names: Vec<String> = cards_in(&told, MIGENNES)[0]
        .causes
        .iter()
        .map(|cause| cause.id.to_string())
        .collect();
    assert_eq!(names, ["chateau-eau"]);
    println!("A second alert without the label is told.");
    let mut other = labelled(&desk, "eglise", &[]);
    other.fingerprint = "other".into();
    desk.hear(vec![other.clone()]).await;
    assert!(!desk.deliver_all().await.is_empty());
    other.phase = vigie_domain::alert::Phase::Resolved;
    desk.hear(vec![other]).await;
    desk.up("eglise").await;
    desk.deliver_all().await;
    println!("It is listed, and ended by its button: what lasts is told then.");
    desk.hear(vec![labelled(&desk, "joigny-tour", &upstream)])
        .await;
    assert!(cards_in(&desk.deliver_all().await, JOIGNY).is_empty());
    desk.command(&admin, BACKBONE, "silence", "").await;
    let list = desk.deliver_all().await;
    assert!(list[0].button().is_some());
    desk.press(&admin, &end, None).await;
    let told = desk.deliver_all().await;
    assert_eq!(cards_in(&told, JOIGNY).len(), 1);
    assert!(desk.records("si/").await.is_empty());
}

#[tokio::test]
async fn a_hundred_thousand_labels_cost_no_more_than_a_few() {
    let desk = Desk::open(0).await;
    let labels: Vec<(String, String)> = (0..100_000)
        .map(|number| (format!("label-{number}"), "v".repeat(100)))
        .collect();
    let all: Vec<(&str, &str)> = labels
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    desk.hear(vec![labelled(&desk, "eglise", &all)]).await;
    let rows = desk.rows().await;
    let bytes = |records: &[(vigie_store::Key, bytes::Bytes)]| -> usize {
        records.iter().map(|(_, value)| value.len()).sum()
    };
    let before = bytes(&desk.records("in/").await);
    assert!(before < 2_500, "{before}");
    println!("Others each time, of the same alert.");
    for some in all.chunks(1_000) {
        desk.hear(vec![labelled(&desk, "eglise", some)]).await;
    }
    assert_eq!(desk.rows().await, rows);
    assert!(bytes(&desk.records("in/").await) < 2_500);
}
