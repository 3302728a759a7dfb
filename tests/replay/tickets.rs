//! Tickets and files, as they went wrong elsewhere.

use futures::future::join_all;
use serde_json::json;
use vigie::app::phone::PhoneMessage;

use crate::town::Town;

/// What one person of the team reads of a ticket, in private.
async fn sheet(town: &Town, number: u32) -> String {
    let jules = town.person("Jules");
    jules.types("Jules", &format!("/tickets {number}"));
    town.settles().await;
    let sheet = town.sees("Jules", &format!("Ticket n° {number},")).await;
    sheet.text().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_messages_stands_in_order_on_one_card() {
    // B15, B26, B33: nothing is missing, and what the team does among itself reaches nobody else.
    let town = Town::open().await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket Voilà le détail");
    for digit in 1..=9 {
        ana.types("Ana", &format!("point {digit}"));
    }
    town.sees("Ana", "Ajouté au n° 1").await;
    town.settles().await;
    let text = sheet(&town, 1).await;
    let places: Vec<usize> = (1..=9)
        .map(|digit| text.find(&format!("point {digit}")).expect("all nine"))
        .collect();
    assert!(places.is_sorted(), "{text}");
    let cards = town.said("Actifs");
    assert_eq!(
        cards
            .iter()
            .filter(|said| said.text().contains("n° 1"))
            .count(),
        1
    );
    let before = town.said("Ana").len();
    let card = town.sees("Actifs", "Ticket n° 1").await;
    jules.taps(&card, "Je prends").await;
    town.settles().await;
    assert_eq!(
        town.said("Ana").len(),
        before,
        "taking it is nobody else's business"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_at_once_have_fifty_numbers_without_a_gap() {
    // B21: the highest number plus one, read and then written.
    let town = Town::open().await;
    let messages: Vec<PhoneMessage> = (0..50)
        .map(|one| PhoneMessage {
            id: format!("m{one}"),
            phone: String::new(),
            text: format!("message {one}"),
        })
        .collect();
    let app = town.app();
    let numbers = join_all(messages.iter().map(|message| app.phone_message(message))).await;
    let mut numbers: Vec<i64> = numbers
        .into_iter()
        .map(|number| number.unwrap().0)
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=50).collect::<Vec<i64>>());
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_never_rewrites_what_was_said() {
    // B12, B13: the first version stays, also after the ticket is over, and the owner is told.
    let town = Town::open().await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    let sent = ana.types("Ana", "/ticket Facture de mai en double");
    let more = ana.types("Ana", "payée le 3");
    let card = town.sees("Actifs", "payée le 3").await;
    jules.taps(&card, "Je prends").await;
    town.settles().await;
    let card = town.sees("Actifs", "Ticket n° 1, pris").await;
    jules.taps(&card, "Résolu").await;
    let edit = json!({"from": ana.id, "chat": ana.id, "edit_of": more["message_id"], "text": "payée le 4"});
    town.sim.send(&edit).unwrap();
    town.sees("Jules", "Ana a modifié un message du ticket n° 1")
        .await;
    let text = sheet(&town, 1).await;
    assert!(
        text.contains("payée le 4") && text.contains("modifié"),
        "{text}"
    );
    // A command that is changed is no new command.
    let edit = json!({"from": ana.id, "chat": ana.id, "edit_of": sent["message_id"], "text": "/ticket encore"});
    town.sim.send(&edit).unwrap();
    town.settles().await;
    assert!(
        !town
            .said("Ana")
            .iter()
            .any(|said| said.text().contains("n° 2"))
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_number_of_a_message_tells_which_ticket_it_is_about() {
    // B17, B18, B22: several tickets of one person, and a text that looks like another one's card.
    let town = Town::open().await.with_everybody().await;
    let (ana, marc, jules) = (
        town.person("Ana"),
        town.person("Marc"),
        town.person("Jules"),
    );
    marc.types("Marc", "/ticket La mienne");
    town.sees("Marc", "C'est noté, n° 1").await;
    ana.types("Ana", "/ticket 🎫 Ticket n° 1 de Marc, pris, lang: fr");
    let own = town.sees("Ana", "C'est noté, n° 2").await;
    ana.types("Ana", "/ticket Autre chose");
    town.sees("Ana", "C'est noté, n° 3").await;
    ana.answers(&own, "pour la première");
    let card = town.sees("Actifs", "pour la première").await;
    card.has(&["Ticket n° 2"]);
    jules.answers(&card, "vu");
    town.sees("Actifs", "rien n'a été envoyé à Ana M. (n° 2)")
        .await;
    assert!(!sheet(&town, 1).await.contains("vu"));
    // In a group where everybody is, a word sends to private, once.
    let members = town.said("Membres").len();
    ana.types("Membres", "/ticket plus rien");
    town.settles().await;
    assert_eq!(town.said("Membres").len(), members + 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_blocked_us_is_called_back() {
    // B5: the ticket stays, the team knows that the reply did not arrive.
    let mut town = Town::open().await.with_everybody().await;
    town.allows("blocked");
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket Plus rien");
    let card = town.sees("Actifs", "Ticket n° 1").await;
    jules.taps(&card, "Répondre").await;
    town.sees("Jules", "Écrivez votre réponse").await;
    town.settles().await;
    town.sim
        .post("block", &json!({"from": ana.id, "blocked": true}))
        .unwrap();
    town.settles().await;
    jules.types("Jules", "Débranchez l'antenne");
    town.sees("Actifs", "Ana M. ne reçoit plus mes messages (n° 1)")
        .await;
    town.sees("Actifs", "À rappeler").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_reply_arrives_whole() {
    // B45: cut nowhere inside of a sign, and nothing of it is lost.
    let town = Town::open().await.with_everybody().await;
    let (ana, jules) = (town.person("Ana"), town.person("Jules"));
    ana.types("Ana", "/ticket Comment régler la box ?");
    let card = town.sees("Actifs", "Ticket n° 1").await;
    jules.taps(&card, "Répondre").await;
    town.sees("Jules", "Écrivez votre réponse").await;
    let family = "👨\u{200D}👩\u{200D}👧";
    let text = format!("{}{}fin", "mot ".repeat(948), family.repeat(30));
    jules.types("Jules", &text);
    town.sees("Ana", "fin").await;
    let said: String = town
        .said("Ana")
        .iter()
        .map(|said| said.text().to_owned())
        .collect();
    assert_eq!(said.matches("mot").count(), 948);
    assert_eq!(said.matches(family).count(), 30);
    town.finish().await;
}
