//! What declarations come to, seen from the desk: cards, counts and tickets, without a messenger.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/desk.rs"]
#[allow(dead_code, reason = "each test file uses a part of the desk")]
mod desk;

use desk::{BACKBONE, Desk, JOIGNY, MIGENNES, Sent, cards_in};
use vigie::app::outbox::{Message, Outgoing};
use vigie::app::views::{CardView, CauseNow};
use vigie_domain::ChatId;
use vigie_domain::network_import::{Format, SourceFile};
use vigie_domain::text::{Arg, Key};

/// Access points below the church and the water tower, and a member's link below the tower.
const MORE: &str = r#"
[[equipment]]
id = "ap-nord"
name = "Point d'accès nord"
class = "access"
parent = "eglise"
sector = "migennes"

[[equipment]]
id = "lien-7"
name = "Lien 7"
class = "link"
parent = "chateau-eau"
sector = "migennes"
"#;

/// A desk, and members whose links these pieces of equipment carry: member 1000 has account 1000.
async fn desk_with(bases: &[&str]) -> Desk {
    let desk = Desk::open_with(0, MORE, |_| ()).await;
    people(&desk, bases).await;
    desk
}

async fn people(desk: &Desk, bases: &[&str]) {
    let mut text = String::new();
    for (number, base) in (1_000..).zip(bases) {
        let links: Vec<String> = base
            .split('+')
            .enumerate()
            .map(|(link, base)| format!("\"L{link}={base}\""))
            .collect();
        text.push_str(&format!(
            "[[person]]\nmember = \"{number}\"\nfirst_name = \"P{number}\"\naccount = {number}\n\
             roles = [\"member\"]\nlinks = [{}]\n",
            links.join(", ")
        ));
    }
    let network = format!("{}\n{MORE}\n[alerts]\ndelay_s = 0\n", desk::NETWORK);
    let files =
        [("network.toml", &network), ("people.toml", &text)].map(|(name, text)| SourceFile {
            format: Format::Toml,
            name,
            text,
        });
    desk.app.import_network(&files, |_, _| ()).await.unwrap();
}

async fn declares(desk: &Desk, account: i64) {
    let person = desk.person(account);
    desk.command(&person, ChatId(account), "panne", "").await;
}

/// Presses the button with this label on the last message to somebody.
async fn presses(desk: &Desk, sent: &[Sent], account: i64, label: Key) {
    let messages = said_to(sent, account);
    let found = messages.iter().rev().find_map(|message| {
        let buttons = message.buttons.iter().flatten();
        buttons
            .filter(|button| button.label.key == label)
            .map(|button| button.key.clone())
            .next()
    });
    let key = found.unwrap_or_else(|| panic!("no button {label:?} in {messages:#?}"));
    desk.press(&desk.person(account), &key, None).await;
}

fn said_to(sent: &[Sent], account: i64) -> Vec<&Message> {
    sent.iter()
        .filter(|sent| sent.chat == ChatId(account))
        .filter_map(|sent| match &sent.row.row.what {
            Outgoing::Say(message) => Some(message),
            _ => None,
        })
        .collect()
}

fn keys_to(sent: &[Sent], account: i64) -> Vec<Key> {
    said_to(sent, account)
        .iter()
        .flat_map(|message| message.say.iter().map(|say| say.key))
        .collect()
}

fn last(sent: &[Sent], chat: ChatId) -> &CardView {
    cards_in(sent, chat).pop().expect("a card")
}

fn new_cards(sent: &[Sent], chat: ChatId) -> usize {
    sent.iter()
        .filter(|sent| sent.chat == chat && sent.new && sent.card.is_some())
        .count()
}

#[tokio::test]
async fn three_neighbours_are_one_card_and_the_fourth_changes_its_number() {
    let desk = desk_with(&["ap-nord"; 4]).await;
    for account in 1_000..1_003 {
        declares(&desk, account).await;
    }
    let sent = desk.deliver_all().await;
    assert_eq!(new_cards(&sent, MIGENNES), 1);
    assert!(cards_in(&sent, BACKBONE).is_empty() && cards_in(&sent, JOIGNY).is_empty());
    let card = last(&sent, MIGENNES);
    assert_eq!(
        card.causes[0].id,
        "ap-nord".into(),
        "where all of them meet"
    );
    assert_eq!(card.causes[0].now, CauseNow::Possible(3));
    declares(&desk, 1_003).await;
    let sent = desk.deliver_all().await;
    assert_eq!(new_cards(&sent, MIGENNES), 0);
    assert_eq!(last(&sent, MIGENNES).causes[0].now, CauseNow::Possible(4));
    // Again is no other.
    declares(&desk, 1_003).await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).is_empty());
}

#[tokio::test]
async fn one_member_counts_once_however_many_links_and_whatever_is_pressed() {
    let desk = desk_with(&["ap-nord+ap-nord+ap-nord", "ap-nord", "chateau-eau"]).await;
    for link in 0..3 {
        let person = desk.person(1_000);
        desk.command(&person, ChatId(1_000), "panne", "").await;
        let sent = desk.deliver_all().await;
        let messages = said_to(&sent, 1_000);
        let buttons: Vec<_> = messages.last().unwrap().buttons.iter().flatten().collect();
        let name = ("link".to_owned(), Arg::Text(format!("L{link}")));
        let button = buttons
            .iter()
            .find(|button| button.label.args.contains(&name));
        desk.press(&person, &button.unwrap().key, None).await;
        desk.command(&person, ChatId(1_000), "start", "").await;
    }
    declares(&desk, 1_001).await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).is_empty(), "two homes");
    declares(&desk, 1_002).await;
    let sent = desk.deliver_all().await;
    let card = last(&sent, MIGENNES);
    assert_eq!(card.causes[0].id, "silo".into());
    assert_eq!(card.causes[0].now, CauseNow::Possible(3));
}

#[tokio::test]
async fn the_threshold_of_a_sheet_holds_from_the_next_declaration_on() {
    let desk = desk_with(&["ap-nord", "ap-nord", "chateau-eau"]).await;
    let admin = desk.person(1);
    desk.command(&admin, MIGENNES, "equipement", "ap-nord déclarations 2")
        .await;
    desk.command(&admin, MIGENNES, "equipement", "silo déclarations 0")
        .await;
    desk.deliver_all().await;
    declares(&desk, 1_000).await;
    declares(&desk, 1_001).await;
    let sent = desk.deliver_all().await;
    assert_eq!(last(&sent, MIGENNES).causes[0].now, CauseNow::Possible(2));
}

#[tokio::test]
async fn an_alert_above_takes_the_card_over_and_its_end_asks_everybody_once() {
    let desk = desk_with(&["eglise"; 3]).await;
    for account in 1_000..1_003 {
        declares(&desk, account).await;
    }
    desk.deliver_all().await;
    desk.wait(300).await;
    desk.down("silo").await;
    desk.wait(5).await;
    let sent = desk.deliver_all().await;
    assert_eq!(new_cards(&sent, MIGENNES), 0);
    let card = last(&sent, MIGENNES);
    let lasting: Vec<_> = card.causes.iter().filter(|one| one.now.lasts()).collect();
    assert_eq!(lasting.len(), 1);
    assert_eq!((lasting[0].id.as_str(), lasting[0].declared), ("silo", 3));
    assert_eq!(lasting[0].now, CauseNow::Down);
    desk.wait(600).await;
    desk.up("silo").await;
    desk.wait(400).await;
    let sent = desk.deliver_all().await;
    assert_eq!(new_cards(&sent, MIGENNES), 0, "nothing is left below");
    assert!(last(&sent, MIGENNES).finished);
    for account in 1_000..1_003 {
        assert_eq!(keys_to(&sent, account), [Key::DeclaringBack]);
    }
    // Two say no: with the third they would be a new outage; so far they are tickets.
    for account in 1_000..1_003 {
        presses(&desk, &sent, account, Key::DeclaringButtonNo).await;
    }
    let sent = desk.deliver_all().await;
    assert_eq!(keys_to(&sent, 1_000)[0], Key::DeclaringNotBack);
    let cards = cards_in(&sent, MIGENNES);
    let mut causes = cards.iter().flat_map(|card| &card.causes);
    let again = causes.find(|one| one.now.lasts()).unwrap();
    assert_eq!(
        (again.id.as_str(), &again.now),
        ("eglise", &CauseNow::Possible(3))
    );
}

#[tokio::test]
async fn possible_outages_on_two_branches_become_one_on_what_they_share() {
    let bases = [
        "eglise",
        "eglise",
        "eglise",
        "chateau-eau",
        "chateau-eau",
        "chateau-eau",
    ];
    let desk = desk_with(&bases).await;
    for account in 1_000..1_003 {
        declares(&desk, account).await;
    }
    let sent = desk.deliver_all().await;
    let first = last(&sent, MIGENNES).clone();
    assert_eq!(first.causes[0].id, "eglise".into());
    for account in 1_003..1_006 {
        declares(&desk, account).await;
    }
    desk.wait(5).await;
    let sent = desk.deliver_all().await;
    assert_eq!(
        new_cards(&sent, MIGENNES),
        0,
        "on the card that told the first"
    );
    let card = last(&sent, MIGENNES);
    let lasting: Vec<_> = card.causes.iter().filter(|one| one.now.lasts()).collect();
    assert_eq!(lasting.len(), 1);
    assert_eq!(
        (lasting[0].id.as_str(), &lasting[0].now),
        ("silo", &CauseNow::Possible(6))
    );
    assert_eq!(lasting[0].since, first.causes[0].since);
}

#[tokio::test]
async fn a_link_of_ones_own_that_stays_down_becomes_a_ticket_by_itself() {
    let desk = desk_with(&["lien-7"]).await;
    desk.down("chateau-eau").await;
    desk.down("lien-7").await;
    declares(&desk, 1_000).await;
    let sent = desk.deliver_all().await;
    assert_eq!(keys_to(&sent, 1_000)[0], Key::DeclaringKnown);
    desk.wait(60).await;
    desk.up("chateau-eau").await;
    desk.wait(400).await;
    let sent = desk.deliver_all().await;
    assert_eq!(
        keys_to(&sent, 1_000),
        [Key::DeclaringOwnStays, Key::DeclaringNoted]
    );
    // Measured alone, it is said so, with what carries it.
    declares(&desk, 1_000).await;
    let sent = desk.deliver_all().await;
    let said = keys_to(&sent, 1_000);
    assert_eq!(said[0], Key::DeclaringOwnDown);
    assert!(said.contains(&Key::DeclaringMeasured) && said.contains(&Key::DeclaringAboveWell));
}

#[tokio::test]
async fn works_are_the_answer_while_they_last_and_raise_nothing() {
    let desk = desk_with(&["eglise"; 4]).await;
    let admin = desk.person(1);
    desk.command(
        &admin,
        MIGENNES,
        "maintenance",
        "silo 14h30-16h30 carte à changer",
    )
    .await;
    desk.wait(31 * 60).await;
    desk.deliver_all().await;
    for account in 1_000..1_004 {
        declares(&desk, account).await;
    }
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).is_empty());
    assert_eq!(
        keys_to(&sent, 1_000),
        [Key::DeclaringWorks, Key::MaintenanceWhat]
    );
}

#[tokio::test]
async fn nobody_says_anything_any_more_and_it_ends() {
    let desk = desk_with(&["eglise"; 3]).await;
    for account in 1_000..1_003 {
        declares(&desk, account).await;
    }
    desk.deliver_all().await;
    desk.wait(11 * 3_600).await;
    let sent = desk.deliver_all().await;
    assert!(cards_in(&sent, MIGENNES).iter().all(|card| !card.finished));
    desk.wait(2 * 3_600).await;
    let sent = desk.deliver_all().await;
    let card = last(&sent, MIGENNES);
    assert!(card.finished && matches!(card.causes[0].now, CauseNow::Unsaid(_)));
    assert_eq!(keys_to(&sent, 1_000), [Key::DeclaringBackPerhaps]);
    // After two weeks nothing of it is kept but tickets and the history.
    desk.wait(15 * 24 * 3_600).await;
    for prefix in ["de/", "db/", "dc/"] {
        assert!(desk.records(prefix).await.is_empty(), "{prefix}");
    }
}

/// A thousand members in a minute: one incident, few messages, and each of them costs as much as
/// the first did.
#[tokio::test]
async fn a_thousand_declarations_in_a_minute_are_one_incident() {
    let bases: Vec<&str> = ["ap-nord", "eglise", "chateau-eau", "silo"]
        .into_iter()
        .cycle()
        .take(1_000)
        .collect();
    let desk = desk_with(&bases).await;
    let mut written = Vec::new();
    for number in 0..1_000 {
        if number % 100 == 0 {
            written.push(desk.rows().await);
        }
        declares(&desk, 1_000 + number).await;
        if number % 17 == 0 {
            desk.clock_jumps(1);
        }
    }
    desk.pass(5).await;
    assert_eq!(desk.records("ca/").await.len(), 1, "one card in the group");
    let tallies = desk.records("dc/").await;
    assert!(tallies.len() <= 6 && tallies.iter().all(|(_, bytes)| bytes.len() < 2_000));
    let grown: Vec<usize> = written.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let (least, most) = (grown.iter().min().unwrap(), grown.iter().max().unwrap());
    assert!(
        most - least < 200,
        "rows a hundred declarations add: {grown:?}"
    );
}
