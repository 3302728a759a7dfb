//! Reminders are told once: whoever dies, whoever races, whatever the night.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops where something is missing"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;
#[path = "reminder_rules/mortal.rs"]
mod mortal;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::Paris;
use desk::{Desk, MIGENNES, Sent};
use vigie::app::App;
use vigie::app::keys;
use vigie::app::outbox::Outgoing;
use vigie::app::people::SpeaksFor;
use vigie::app::reminders::{About, CatchUp, Note, Reminder};
use vigie::app::settings::Settings;
use vigie::app::tx::Tx;
use vigie::clock::SystemChance;
use vigie_domain::authz::Role;
use vigie_domain::calendar::{Rule, RuleDays};
use vigie_domain::people::{Member, Status};
use vigie_domain::text::Key;
use vigie_domain::{AccountId, ChatId, MemberId};
use vigie_store::Store;

use mortal::{Dies, Mortal};

/// An administrator.
const BRUNO: i64 = 1;

fn reminder(id: i64, chat: i64, rule: Rule) -> Reminder {
    Reminder {
        id,
        place: ChatId(chat).into(),
        by: AccountId(BRUNO),
        name: "P1".to_owned(),
        about: About::Text(format!("reminder {id}")),
        rule,
        zone: Paris,
        catch_up: CatchUp::Once,
        next: None,
        again: None,
        followed: None,
        told: None,
    }
}

fn daily(hour: u32) -> Rule {
    Rule::Every {
        on: RuleDays::Each {
            every: 1,
            from: "2026-11-01".parse().unwrap(),
        },
        time: NaiveTime::from_hms_opt(hour, 0, 0).unwrap(),
    }
}

async fn keep(app: &App, reminders: impl IntoIterator<Item = Reminder>) {
    for reminder in reminders {
        let mut tx = Tx::new(app);
        assert!(tx.remind(reminder).unwrap());
        tx.commit().await.unwrap().unwrap();
    }
}

/// The turns that were told, by reminder.
fn told<'s>(rows: impl IntoIterator<Item = &'s Outgoing>) -> BTreeMap<i64, Vec<DateTime<Utc>>> {
    let mut told: BTreeMap<i64, Vec<DateTime<Utc>>> = BTreeMap::new();
    for row in rows {
        if let Outgoing::Remind(one) = row {
            told.entry(one.id).or_default().push(one.at);
        }
    }
    told
}

async fn waiting(app: &App) -> BTreeMap<i64, Vec<DateTime<Utc>>> {
    let rows = app.outbox_rows().await.unwrap().1;
    told(rows.iter().map(|stored| &stored.row.what))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_instances_that_race_tell_each_turn_once() {
    let desk = Desk::open(0).await;
    let at = "2026-11-24T18:00:00Z".parse().unwrap();
    let once = (0..120).map(|id| reminder(id, 1_000 + id, Rule::At(at)));
    let back = (120..200).map(|id| reminder(id, 1_000 + id, daily(19)));
    keep(&desk.app, once.chain(back)).await;
    desk.starts_at("2026-11-24T18:00:00Z");
    let other = App::new(
        desk.store.clone(),
        desk.clock.clone(),
        Arc::new(SystemChance::new().unwrap()),
        Settings::default(),
    );
    let instances = [desk.app.clone(), Arc::new(other)];
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let app = instances[number % 2].clone();
        tasks.spawn(async move { app.fire_due().await.unwrap() });
    }
    tasks.join_all().await;
    let told = waiting(&desk.app).await;
    assert_eq!(
        told.keys().copied().collect::<Vec<_>>(),
        (0..200).collect::<Vec<_>>()
    );
    assert!(told.values().all(|turns| *turns == [at]), "{told:?}");
}

#[tokio::test]
async fn a_death_at_any_commit_tells_each_turn_once() {
    for number in 0..40 {
        for dies in [Dies::Before(number), Dies::After(number)] {
            let desk = Desk::open(0).await;
            keep(
                &desk.app,
                (0..50).map(|id| reminder(id, 1_000 + id, daily(19))),
            )
            .await;
            let mortal = Arc::new(Mortal::new(desk.store.clone(), dies));
            let alive = |store: Arc<dyn Store>| {
                let chance = Arc::new(SystemChance::new().unwrap());
                App::new(store, desk.clock.clone(), chance, Settings::default())
            };
            let mut fell = false;
            for day in 0..3 {
                desk.starts_at(&format!("2026-11-{}T18:00:00Z", 24 + day));
                fell |= alive(mortal.clone()).fire_due().await.is_err();
                // It is started again.
                alive(desk.store.clone()).fire_due().await.unwrap();
            }
            let told = waiting(&desk.app).await;
            let expected: Vec<DateTime<Utc>> = (24..27)
                .map(|day| format!("2026-11-{day}T18:00:00Z").parse().unwrap())
                .collect();
            assert_eq!(told.len(), 50, "{dies:?}");
            assert!(
                told.values().all(|turns| *turns == expected),
                "{dies:?} {told:?}"
            );
            if !fell {
                assert!(number > 9, "it died at no commit");
                return;
            }
        }
    }
}

/// What was told of reminders since the last look.
async fn hears(desk: &Desk) -> Vec<(ChatId, Note)> {
    let sent: Vec<Sent> = desk.deliver_all().await;
    sent.iter()
        .filter_map(|sent| match &sent.row.row.what {
            Outgoing::Remind(told) => Some((sent.chat, told.note)),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn what_is_late_minds_the_night_and_what_was_asked_for_does_not() {
    let desk = Desk::open(0).await;
    let six = reminder(1, BRUNO, daily(6));
    let noon = reminder(2, BRUNO, Rule::Once("2026-11-25T12:00:00".parse().unwrap()));
    let mut group = reminder(3, MIGENNES.0, daily(12));
    group.catch_up = CatchUp::Skip;
    keep(&desk.app, [six, noon, group]).await;
    // Six in the morning was asked for.
    desk.until("2026-11-25T05:00:00Z").await;
    assert_eq!(hears(&desk).await, [(ChatId(BRUNO), Note::OnTime)]);
    // We are away from nine until eleven in the evening, when people sleep.
    desk.until("2026-11-25T08:00:00Z").await;
    desk.clock_jumps(14 * 3_600);
    desk.app.fire_due().await.unwrap();
    assert_eq!(hears(&desk).await, []);
    desk.until("2026-11-26T05:00:00Z").await;
    assert_eq!(hears(&desk).await, [(ChatId(BRUNO), Note::OnTime)]);
    desk.until("2026-11-26T07:00:00Z").await;
    let heard: BTreeSet<String> = hears(&desk)
        .await
        .into_iter()
        .map(|(chat, note)| format!("{chat} {note:?}"))
        .collect();
    let expected = [format!("{MIGENNES} Skipped"), "1 Late(0)".to_owned()];
    assert_eq!(heard, expected.into());
}

#[tokio::test]
async fn long_away_is_told_once_and_goes_on() {
    let desk = Desk::open(0).await;
    keep(&desk.app, [reminder(1, BRUNO, daily(12))]).await;
    // Longer than what is counted: three years.
    desk.clock_jumps(3 * 366 * 86_400);
    desk.app.fire_due().await.unwrap();
    let heard = hears(&desk).await;
    assert_eq!(heard.len(), 1, "{heard:?}");
    desk.wait(86_400).await;
    assert_eq!(hears(&desk).await, [(ChatId(BRUNO), Note::OnTime)]);
    desk.wait(86_400 * 3).await;
    assert_eq!(hears(&desk).await.len(), 3);
}

#[tokio::test]
async fn what_was_stopped_before_it_was_sent_is_not_told() {
    let desk = Desk::open(0).await;
    let bruno = desk.person(BRUNO);
    let talk = ChatId(BRUNO);
    desk.command(&bruno, talk, "rappel", "tous les jours à 15h relever")
        .await;
    let sent = desk.deliver_all().await;
    // Twice: it is kept once.
    desk.press(&bruno, &sent[0].button().unwrap(), None).await;
    desk.press(&bruno, &sent[0].button().unwrap(), None).await;
    desk.deliver_all().await;
    assert_eq!(desk.records("rp/").await.len(), 1);
    desk.until("2026-11-24T14:00:00Z").await;
    // The row waits; meanwhile the list stops the reminder.
    desk.command(&bruno, talk, "rappels", "").await;
    let rows = desk.waiting().await;
    let key = rows.iter().find_map(|stored| match &stored.row.what {
        Outgoing::View { buttons, .. } => Some(buttons[0][0].key.clone()),
        _ => None,
    });
    let on = Some((talk, vigie_domain::MessageId(1)));
    desk.press(&bruno, &key.unwrap(), on).await;
    let rows = desk.waiting().await;
    let key = rows.iter().rev().find_map(|stored| match &stored.row.what {
        Outgoing::View { buttons, .. } => Some(buttons[0][0].key.clone()),
        _ => None,
    });
    desk.press(&bruno, &key.unwrap(), on).await;
    let sent = desk.deliver_all().await;
    let told = sent
        .iter()
        .any(|sent| matches!(sent.row.row.what, Outgoing::Remind(_)) && sent.message.is_some());
    assert!(!told, "{sent:?}");
    desk.until("2026-12-24T14:00:00Z").await;
    assert_eq!(hears(&desk).await, []);
    assert!(desk.records("re/").await.is_empty() && desk.records("rp/").await.is_empty());
}

#[tokio::test]
async fn what_was_told_once_is_forgotten_after_a_week() {
    let desk = Desk::open(0).await;
    let at = desk.now() + TimeDelta::hours(1);
    keep(&desk.app, [reminder(1, BRUNO, Rule::At(at))]).await;
    desk.wait(2 * 3_600).await;
    assert_eq!(desk.records("re/").await.len(), 1, "it can be put off");
    desk.wait(8 * 86_400).await;
    assert!(desk.records("re/").await.is_empty() && desk.records("rp/").await.is_empty());
    assert!(
        desk.records("du/")
            .await
            .iter()
            .all(|(key, _)| !keys::is_due_reminder(key))
    );
}

#[tokio::test]
async fn a_role_that_ended_is_refused_at_the_press_and_an_owner_who_left_is_told() {
    let desk = Desk::open(0).await;
    let active = Member {
        account: Some(AccountId(7)),
        roles: BTreeSet::from([Role::ActiveMember]),
        ..Member::new("7".into(), "Ana")
    };
    desk.write(keys::member("7"), &active).await;
    desk.write(
        keys::account(AccountId(7)),
        &SpeaksFor(MemberId("7".to_owned())),
    )
    .await;
    let ana = desk.person(7);
    desk.command(&ana, MIGENNES, "todo", "(moi) ranger le local")
        .await;
    desk.command(&ana, MIGENNES, "rappel", "chaque mardi à 19h calage")
        .await;
    let sent = desk.deliver_all().await;
    let left = Member {
        status: Status::Left,
        ..active
    };
    desk.write(keys::member("7"), &left).await;
    desk.press(&ana, &sent[1].button().unwrap(), None).await;
    assert!(desk.records("rp/").await.iter().all(|(key, _)| {
        !key.as_bytes()
            .starts_with(keys::reminders_in(MIGENNES).as_bytes())
    }));
    desk.deliver_all().await;
    desk.until("2026-12-01T08:00:00Z").await;
    let sent = desk.deliver_all().await;
    assert_eq!(desk::said_in(&sent, MIGENNES), [Key::TodoOwnerLeft]);
    assert_eq!(desk::said_in(&sent, ChatId(7)), []);
    desk.until("2026-12-15T08:00:00Z").await;
    assert_eq!(desk::said_in(&desk.deliver_all().await, MIGENNES), []);
}
