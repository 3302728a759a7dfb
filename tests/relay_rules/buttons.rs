//! Presses on cards, and what a card knows of its own message.

use super::*;

#[tokio::test]
async fn whoever_took_it_is_told_of_the_end() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, MIGENNES)[0];
    desk.tap(&desk.person(1), card, 0).await;
    let sent = desk.deliver_all().await;
    assert_eq!(
        cards_in(&sent, MIGENNES)[0].causes[0]
            .taken
            .as_ref()
            .unwrap()
            .name,
        "P1"
    );
    desk.pass(60).await;
    desk.up("eglise").await;
    let sent = desk.deliver_all().await;
    assert_eq!(sent.iter().filter(|sent| sent.card.is_none()).count(), 1);
}

#[tokio::test]
async fn nobody_without_the_role_takes_or_silences() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, MIGENNES)[0];
    for button in 0..2 {
        desk.tap(&desk.person(77), card, button).await;
    }
    let sent = desk.deliver_all().await;
    assert!(
        cards_in(&sent, MIGENNES).is_empty(),
        "the card did not change"
    );
    assert_eq!(sent.len(), 2, "both presses were answered");
}

/// What the press was answered, and how many cards changed.
fn answered(sent: &[desk::Sent]) -> (Option<Text>, usize) {
    let said = sent.iter().find_map(|sent| match &sent.row.row.what {
        Outgoing::AnswerTap { say, .. } => Some(say.as_ref().map(|say| say.key)),
        _ => None,
    });
    let cards = sent.iter().filter(|sent| sent.card.is_some()).count();
    (said.unwrap(), cards)
}

#[tokio::test]
async fn the_buttons_of_a_card_are_one_record() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    assert_eq!(desk.records("bt/").await.len(), 1);
    let sent = desk.deliver_all().await;
    let card = cards_in(&sent, MIGENNES)[0];
    let (place, bytes) = desk.records("ca/").await.remove(0);
    let record: Card = decode(&place, &bytes).unwrap();
    let on = record.message.map(|(_, message)| (MIGENNES, message));
    let row = &card.buttons[0];
    assert!(
        row.iter()
            .all(|button| button.key.len() <= 24 && button.key.is_ascii())
    );
    let admin = desk.person(1);
    let expected = [
        (0, Some(Text::CardTakenNow), 1),
        (1, Some(Text::CardSilencedNow), 1),
        (2, None, 0),
    ];
    for (column, say, cards) in expected {
        desk.press(&admin, &row[column].key, on).await;
        assert_eq!(answered(&desk.deliver_all().await), (say, cards));
    }
    // What somebody made up: no letter, another letter, a letter too many; and a copy elsewhere.
    let key = &row[0].key;
    let stem = key.strip_suffix('t').unwrap().to_owned();
    for made_up in [
        stem.clone(),
        format!("{stem}x"),
        format!("{key}t"),
        format!("{stem}é"),
    ] {
        desk.press(&admin, &made_up, on).await;
        assert_eq!(
            answered(&desk.deliver_all().await),
            (Some(Text::TapUnknown), 0),
            "{made_up}"
        );
    }
    let elsewhere = Some((JOIGNY, on.unwrap().1));
    desk.press(&admin, key, elsewhere).await;
    assert_eq!(
        answered(&desk.deliver_all().await),
        (Some(Text::TapUnknown), 0)
    );
}

#[tokio::test]
async fn a_press_on_a_message_that_nobody_could_note_makes_it_the_card() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    let rows = desk.app.claim(desk.waiting().await).await.unwrap();
    let row = &rows[0];
    let unknown = desk
        .app
        .settle(&row.key, MIGENNES.0, &Verdict::Unknown, desk.now());
    unknown.await.unwrap();
    let record = async || {
        let (place, bytes) = desk.records("ca/").await.remove(0);
        decode::<Card>(&place, &bytes).unwrap()
    };
    let card = record().await;
    assert_eq!((card.message, card.orphans), (None, 1));
    let CardKeys::One(key) = card.keys else {
        panic!("{card:?}")
    };
    let on = Some((MIGENNES, MessageId(5)));
    desk.press(&desk.person(1), &format!("{key}t"), on).await;
    let card = record().await;
    assert_eq!(card.message, Some((MIGENNES.0, MessageId(5))));
    assert_eq!(card.orphans, 0);
    let sent = desk.deliver_all().await;
    assert_eq!(answered(&sent), (Some(Text::CardTakenNow), 1));
    let card = cards_in(&sent, MIGENNES)[0];
    assert_eq!(card.message, Some(MessageId(5)), "edited, not sent anew");
}

#[tokio::test]
async fn the_number_of_an_account_is_not_told_to_a_group() {
    let desk = Desk::open(0).await;
    let until = desk.now();
    desk.app
        .tell_long_wait(ChatId(123_456), until)
        .await
        .unwrap();
    let sent = desk.deliver_all().await;
    assert_eq!(sent[0].chat, BACKBONE);
    let said = format!("{:?}", sent[0].row.row.what);
    assert!(
        said.contains("GroupSomebody") && !said.contains("123456"),
        "{said}"
    );
}

#[tokio::test]
async fn every_card_that_waited_for_a_group_wakes_with_it() {
    const CARDS: usize = 130;
    let desk = Desk::open(0).await;
    let broken = Verdict::ChatBroken(BrokenBy::Removed);
    for number in 0..CARDS {
        desk.down(&format!("unknown-{number}")).await;
        desk.pass(60).await;
    }
    let cards = async || {
        let mut rows = desk.waiting().await;
        rows.retain(|stored| matches!(stored.row.what, Outgoing::Card(_)));
        rows
    };
    let (chat, now) = (BACKBONE.0, desk.now());
    for row in desk.app.claim(cards().await).await.unwrap() {
        let settled = desk.app.settle(&row.key, chat, &broken, now);
        settled.await.unwrap();
    }
    let asleep = async || {
        let rows = cards().await;
        let asleep = rows.iter().filter(|stored| stored.row.waits_for_a_sign());
        (rows.len(), asleep.count())
    };
    assert_eq!(asleep().await, (CARDS, CARDS));
    desk.happens(Event::OurPlace(OurPlace {
        chat: BACKBONE,
        title: "Backbone".to_owned(),
        standing: Standing::In { admin: true },
        by: None,
    }))
    .await;
    desk.app.fire_due().await.unwrap();
    assert_eq!(asleep().await, (CARDS, 0));
    assert_eq!(
        desk.deliver_all()
            .await
            .iter()
            .filter(|sent| sent.new && sent.card.is_some())
            .count(),
        CARDS
    );
}

/// How the first card of Migennes looks, as far as that is known.
async fn looks(desk: &Desk) -> Option<Look> {
    let (place, bytes) = desk.records("ca/").await.remove(0);
    decode::<Card>(&place, &bytes).unwrap().looks
}

#[tokio::test]
async fn how_a_card_looks_is_known_only_while_every_sending_is() {
    const LOOK: Look = [7; 16];
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    let claim = async || {
        let mut rows = desk.waiting().await;
        rows.retain(|stored| matches!(stored.row.what, Outgoing::Card(_)));
        desk.app.claim(rows).await.unwrap().remove(0)
    };
    let settle = async |row: &Stored, verdict: &Verdict| {
        let (chat, now) = (MIGENNES.0, desk.now());
        let settled = desk.app.settle(&row.key, chat, verdict, now);
        settled.await.unwrap();
    };
    let (place, bytes) = desk.records("ca/").await.remove(0);
    let key = decode::<Card>(&place, &bytes).unwrap().keys;
    let CardKeys::One(key) = key else {
        panic!("{key:?}")
    };
    let changes = async || {
        let on = Some((MIGENNES, MessageId(5)));
        desk.press(&desk.person(1), &format!("{key}s"), on).await;
    };
    let shows = Verdict::Shows(MessageId(5), LOOK);
    settle(&claim().await, &shows).await;
    assert_eq!(looks(&desk).await, Some(LOOK));
    changes().await;
    let edit = claim().await;
    let Shown::Card(Some(view)) = desk.app.shown(&edit.row).await.unwrap() else {
        panic!("{edit:?}")
    };
    assert_eq!((view.message, view.looks), (Some(MessageId(5)), Some(LOOK)));
    // Nothing was sent, so nothing changed there.
    settle(&edit, &Verdict::Done(None)).await;
    assert_eq!(looks(&desk).await, Some(LOOK));
    for doubt in [
        Verdict::Later(desk.now()),
        Verdict::Unknown,
        Verdict::Refused("why".to_owned()),
        Verdict::MessageGone,
    ] {
        changes().await;
        settle(&claim().await, &doubt).await;
        assert_eq!(looks(&desk).await, None, "{doubt:?}");
        changes().await;
        settle(&claim().await, &shows).await;
        assert_eq!(looks(&desk).await, Some(LOOK));
    }
    // A crash in between: the start does not know what arrived.
    changes().await;
    claim().await;
    desk.app.settle_doubts().await.unwrap();
    assert_eq!(looks(&desk).await, None);
}

#[tokio::test]
async fn buttons_planted_one_by_one_still_work_until_they_expire() {
    let desk = Desk::open(0).await;
    desk.down("eglise").await;
    let sent = desk.deliver_all().await;
    let mut card = cards_in(&sent, MIGENNES)[0].clone();
    let (place, bytes) = desk.records("ca/").await.remove(0);
    let mut record: Card = decode(&place, &bytes).unwrap();
    let (_, bytes) = desk.records("bt/").await.remove(0);
    let mut planted: Planted = decode(&place, &bytes).unwrap();
    record.keys = CardKeys::Each {
        take: "old-take".to_owned(),
        silence: "old-silence".to_owned(),
        details: "old-details".to_owned(),
    };
    planted.action = Action::Silence {
        chat: MIGENNES,
        card: record.id,
    };
    desk.write(keys::button("old-silence"), &planted).await;
    desk.write(place, &record).await;
    card.buttons[0][1].key = "old-silence".to_owned();
    desk.tap(&desk.person(1), &card, 1).await;
    let sent = desk.deliver_all().await;
    assert_eq!(answered(&sent), (Some(Text::CardSilencedNow), 1));
    let row = &cards_in(&sent, MIGENNES)[0].buttons[0];
    assert_eq!(row[0].key, "old-take");
    desk.pass(31 * 86_400).await;
    desk.tap(&desk.person(1), &card, 1).await;
    assert_eq!(
        answered(&desk.deliver_all().await).0,
        Some(Text::TapUnknown)
    );
}
