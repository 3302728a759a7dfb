//! Who is left alone: where nobody takes turns, in a storm, at night, and while nothing can be done.

use vigie_domain::alert::Severity;

use super::*;

#[tokio::test]
async fn where_nobody_takes_turns_nobody_is_called_unless_that_is_asked_for() {
    let desk = desk().await;
    desk.down("silo").await;
    desk.down("collecte").await;
    desk.deliver_all().await;
    assert_eq!(said_within(&desk, 7_200).await, []);
    assert!(desk.records("ex/").await.is_empty());
    let desk = desk_with("", |settings| settings.escalation_without_rota = true).await;
    desk.down("silo").await;
    desk.deliver_all().await;
    let group = (MIGENNES, Key::EscalationGroup);
    assert_eq!(said_within(&desk, 1_200).await, [group]);
    assert_eq!(
        said_within(&desk, 1_200).await,
        [(ACTIVE, Key::EscalationEverybody)]
    );
}

#[tokio::test]
async fn a_storm_calls_once_for_each_card_and_names_what_nobody_took() {
    let relay = |n: usize| {
        format!(
            "[[equipment]]\nid = \"r{n}\"\nname = \"Relais {n}\"\nclass = \"secondary-relay\"\nparent = \"collecte\"\nsector = \"migennes\"\n"
        )
    };
    let more: String = (0..40).map(relay).collect();
    let desk = desk_with(&more, |_| ()).await;
    joins(&desk, BRUNO).await;
    for n in 0..40 {
        desk.down(&format!("r{n}")).await;
    }
    let cards = cards_in(&desk.deliver_all().await, MIGENNES).len();
    assert_eq!(cards, 2, "two new messages a minute");
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou; 2]);
    let more = |sent: &[Sent], chat| match word(sent, chat, "more") {
        Some(Arg::Number(more)) => more,
        other => panic!("{other:?}"),
    };
    let named = sent
        .iter()
        .map(|one| more(std::slice::from_ref(one), one.chat));
    assert_eq!(
        named.sum::<i64>(),
        40 - 1 - 5,
        "one alone, and five named of 39"
    );
    assert_eq!(
        said_within(&desk, 600).await.len(),
        2,
        "the group, once a card"
    );
    assert_eq!(said_within(&desk, 1_200).await.len(), 2, "everybody");
    assert_eq!(said_within(&desk, 7_200).await, []);
}

#[tokio::test]
async fn at_night_only_what_wakes_somebody_anyway_calls() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    joins_all(&desk, 2).await;
    // 22:00 in Paris: the group of the sector sleeps, the technical one never does.
    desk.until("2026-11-24T21:00:00Z").await;
    desk.down("eglise").await;
    desk.down("collecte").await;
    desk.up("collecte").await;
    desk.wait(3_600).await;
    desk.deliver_all().await;
    desk.down("collecte").await;
    desk.deliver_all().await;
    assert_eq!(
        said_within(&desk, 600).await,
        [(ChatId(2), Key::EscalationYou)]
    );
    let sent = {
        desk.wait(1_800).await;
        desk.deliver_all().await
    };
    assert_eq!(said_in(&sent, BACKBONE)[0], Key::EscalationGroupOnCall);
    let everybody = sent.iter().find(|sent| sent.chat == ACTIVE).unwrap();
    let message = everybody.message.as_ref().unwrap();
    assert_eq!(message.say[0].key, Key::EscalationEverybody);
    assert!(message.silent, "they sleep");
    desk.up("collecte").await;
    desk.until("2026-11-25T06:59:59Z").await;
    assert_eq!(said_in(&desk.deliver_all().await, ChatId(BRUNO)), []);
    // At eight, and then one step after the other.
    let called = (ChatId(BRUNO), Key::EscalationYou);
    assert_eq!(said_within(&desk, 1).await, [called]);
    assert_eq!(said_within(&desk, 599).await, []);
    let group = (MIGENNES, Key::EscalationGroupOnCall);
    assert_eq!(said_within(&desk, 1).await, [group]);
}

#[tokio::test]
async fn what_is_planned_unstable_or_has_another_way_calls_nobody() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    let bruno = desk.person(BRUNO);
    desk.down("silo").await;
    desk.deliver_all().await;
    desk.command(&bruno, MIGENNES, "equipement", "silo secours via Seignelay")
        .await;
    assert!(
        said_within(&desk, 3_600)
            .await
            .iter()
            .all(|(chat, _)| *chat != ChatId(BRUNO) && *chat != ACTIVE)
    );
    desk.command(&bruno, MIGENNES, "equipement", "silo secours fini")
        .await;
    desk.wait(600).await;
    let sent = desk.deliver_all().await;
    assert_eq!(said_in(&sent, ChatId(BRUNO)), [Key::EscalationYou]);
    desk.up("silo").await;
    desk.wait(3_600).await;
    desk.deliver_all().await;
    // It blinks, and ends down: nobody is called while it is unstable.
    for _ in 0..4 {
        desk.down("eglise").await;
        desk.wait(30).await;
        desk.up("eglise").await;
        desk.wait(30).await;
    }
    desk.down("eglise").await;
    desk.deliver_all().await;
    let called = |said: &[(ChatId, Key)]| said.iter().any(|(chat, _)| *chat == ChatId(BRUNO));
    assert!(!called(&said_within(&desk, 14 * 60).await));
    assert!(
        called(&said_within(&desk, 20 * 60).await),
        "it is down for good"
    );
}

#[tokio::test]
async fn what_is_only_degraded_calls_nobody_until_it_is_down() {
    let desk = desk().await;
    joins(&desk, BRUNO).await;
    let mut alert = desk.alert("silo");
    alert.severity = Severity::Warning;
    desk.hear(vec![alert.clone()]).await;
    assert_eq!(desk.deliver_all().await.len(), 1, "it has a card");
    assert_eq!(said_within(&desk, 3_600).await, []);
    alert.severity = Severity::Critical;
    desk.hear(vec![alert]).await;
    let called = (ChatId(BRUNO), Key::EscalationYou);
    assert_eq!(said_within(&desk, 600).await, [called]);
}
