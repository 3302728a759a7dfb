//! Joining groups: at once, on the word of people who know the newcomer, by an administrator; and
//! leaving them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test stops where something is missing, and is at home in real time"
)]

#[path = "support/town.rs"]
#[allow(dead_code, reason = "each test file uses a part of the town")]
mod town;

#[path = "joining/farewell.rs"]
mod farewell;
#[path = "joining/many.rs"]
mod many;
#[path = "joining/removal.rs"]
mod removal;
#[path = "joining/second.rs"]
mod second;
#[path = "joining/vouchers.rs"]
mod vouchers;

use chrono::TimeDelta;
use serde_json::json;
use town::{BOT, Town};

const JOIGNY: &str = "Secteur Joigny";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_neighbour_gets_in_on_the_word_of_somebody_of_the_group() {
    let town = Town::open().await.with_everybody().await;
    let (denis, claire, jules) = (
        town.person("Denis"),
        town.person("Claire"),
        town.person("Jules"),
    );
    let link = town.link(&denis, JOIGNY).await;
    town.asks(denis.id, &link);
    town.sees(
        "Denis",
        "j'ai bien reçu votre demande pour le groupe Secteur Joigny",
    )
    .await
    .has(&["il en faut une", "/moi"]);
    // Where faults are mended: how many, and no name.
    let door = town.sees("Backbone", "1 demande d'entrée attend").await;
    door.has(&["Secteur Joigny : 1"]);
    assert!(!door.text().contains("Denis"));
    let card = town.sees("Claire", "Denis demande à entrer").await;
    assert_eq!(
        card.buttons(),
        ["Je la connais", "Je ne la connais pas", "Ne sais pas"]
    );
    let other = town.sees("Jules", "Denis demande à entrer").await;
    jules.taps(&other, "Ne sais pas").await;
    town.settles().await;
    assert!(!town.is_in(denis.id, JOIGNY));
    let answer = claire.taps(&card, "Je la connais").await;
    assert_eq!(answer.text, "Merci, c'est noté.");
    town.sees("Denis", "vous pouvez entrer dans le groupe Secteur Joigny")
        .await;
    town.sees("Denis", "Bienvenue Denis dans le groupe Secteur Joigny")
        .await;
    town.settles().await;
    assert!(town.is_in(denis.id, JOIGNY));
    town.pass(TimeDelta::seconds(20)).await;
    let quiet = town.sees("Backbone", "Plus aucune demande").await;
    assert_eq!(quiet.id(), door.id(), "one line, in place");
    assert_eq!(town.calls("approveChatJoinRequest").len(), 1);
    // Who left of their own accord comes back as they came, and is not greeted again.
    town.leaves(&denis, JOIGNY);
    town.asks(denis.id, &link);
    town.settles().await;
    assert!(town.is_in(denis.id, JOIGNY));
    let greeted = town.said("Denis");
    let greeted = greeted
        .iter()
        .filter(|said| said.text().contains("Bienvenue"));
    assert_eq!(greeted.count(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_member_enters_at_once_where_the_record_is_enough() {
    let town = Town::open().await.with_everybody().await;
    let (ana, denis) = (town.person("Ana"), town.person("Denis"));
    for (who, title) in [
        (&ana, "Membres"),
        (&ana, "Secteur Migennes"),
        (&denis, "Membres"),
    ] {
        town.leaves(who, title);
    }
    town.settles().await;
    let members = town.link(&ana, "Membres").await;
    let list = town.sees("Ana", "Voici les groupes").await;
    list.has(&[
        "Membres : vous entrez aussitôt",
        "Secteur Migennes : vous entrez aussitôt",
        "Secteur Joigny : il faut qu'une personne du groupe vous connaisse",
        "Backbone : il faut que 2 personnes du groupe vous connaissent",
    ]);
    town.asks(ana.id, &members);
    town.sees("Ana", "vous pouvez entrer dans le groupe Membres")
        .await;
    // Who is not known is told how to become known; nobody is asked to vouch.
    town.asks(denis.id, &members);
    town.sees("Denis", "Ce groupe est réservé aux membres")
        .await
        .has(&["/moi"]);
    town.settles().await;
    assert!(town.is_in(ana.id, "Membres") && !town.is_in(denis.id, "Membres"));
    assert_eq!(town.calls("declineChatJoinRequest").len(), 0, "it waits");
    // After a week of silence it ends, with a word that is no refusal, if they can be reached.
    denis.types("Denis", "/aide");
    town.pass(TimeDelta::days(7) + TimeDelta::minutes(1)).await;
    town.sees("Denis", "Personne n'a pu répondre").await;
    town.settles().await;
    assert_eq!(town.calls("declineChatJoinRequest").len(), 1);
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn technical_groups_want_two_words_or_somebody_who_decides() {
    let town = Town::open().await.with_everybody().await;
    let (ana, bruno, jules) = (
        town.person("Ana"),
        town.person("Bruno"),
        town.person("Jules"),
    );
    let link = town.link(&ana, "Backbone").await;
    town.asks(ana.id, &link);
    town.sees("Ana", "il en faut 2").await;
    let names = [
        "Bruno", "Claire", "Élise", "Farid", "Gaëlle", "Inès", "Jules", "Paula",
    ];
    town.settles().await;
    let asked: Vec<_> = names
        .iter()
        .filter(|name| {
            let said = town.said(name);
            said.iter().any(|said| said.text().contains("Ana demande"))
        })
        .collect();
    assert_eq!(asked.len(), 5, "not everybody is bothered: {asked:?}");
    let first = town.person(asked[0]);
    let card = town.sees(&first.name, "Ana demande").await;
    first.taps(&card, "Je la connais").await;
    let again = town.sees(&first.name, "Vous avez dit connaître Ana").await;
    assert_eq!(again.id(), card.id());
    town.settles().await;
    assert!(!town.is_in(ana.id, "Backbone"), "one word is not two");
    // The list is for those who decide, in private.
    let door = town.sees("Backbone", "1 demande d'entrée attend").await;
    let answer = jules.taps(&door, "Voir en privé").await;
    assert!(
        answer.alert && answer.text.contains("administrateurs"),
        "{answer:?}"
    );
    let answer = bruno.taps(&door, "Voir en privé").await;
    assert!(answer.text.contains("en privé"), "{answer:?}");
    let list = town.sees("Bruno", "1. Ana → Backbone").await;
    list.has(&[&format!("✓ {}", first.name)]);
    bruno.taps(&list, "Accepter 1").await;
    town.sees("Ana", "vous pouvez entrer dans le groupe Backbone")
        .await;
    let empty = town.sees("Bruno", "Rien n'attend de décision").await;
    assert_eq!(empty.id(), list.id());
    town.settles().await;
    assert!(town.is_in(ana.id, "Backbone"));
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invitation_leads_back_to_who_gave_it() {
    let town = Town::open().await.with_everybody().await;
    let (jules, denis, bruno) = (
        town.person("Jules"),
        town.person("Denis"),
        town.person("Bruno"),
    );
    jules.types(JOIGNY, "/inviter");
    town.sees(JOIGNY, "Je vous réponds en privé").await;
    let own = town.sees("Jules", "Votre invitation pour le groupe").await;
    own.has(&["Demandes : 0, entrées : 0"]);
    let calls = town.calls("createChatInviteLink");
    let link = calls[0]["response"]["result"]["invite_link"]
        .as_str()
        .unwrap();
    own.has(&[link]);
    town.asks(denis.id, link);
    let card = town.sees("Jules", "Denis a utilisé votre invitation").await;
    jules.taps(&card, "Je la connais").await;
    town.sees("Denis", "Bienvenue Denis").await;
    jules.types("Jules", "/inviter");
    let which = town.sees("Jules", "Pour quel groupe").await;
    jules.taps(&which, JOIGNY).await;
    town.sees("Jules", "Demandes : 1, entrées : 1").await;
    assert_eq!(town.calls("createChatInviteLink").len(), 1, "the same link");
    // Who hides behind the group proves who they are in private.
    let body = json!({"chat": town.chat(JOIGNY), "user": bruno.id});
    town.sim.post("anonymous", &body).unwrap();
    bruno.types(JOIGNY, "/inviter");
    town.sees(JOIGNY, "Je ne vois pas qui vous êtes").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_is_taken_back_and_a_removed_guest_costs_it() {
    let town = Town::open().await.with_everybody().await;
    let (denis, claire, bruno, samir) = (
        town.person("Denis"),
        town.person("Claire"),
        town.person("Bruno"),
        town.person("Samir"),
    );
    let link = town.link(&denis, JOIGNY).await;
    town.asks(denis.id, &link);
    let card = town.sees("Claire", "Denis demande").await;
    claire.taps(&card, "Je la connais").await;
    town.sees("Denis", "Bienvenue Denis").await;
    town.settles().await;
    let card = town.sees("Claire", "Vous avez dit connaître Denis").await;
    claire.taps(&card, "Retirer ma parole").await;
    bruno.types("Bruno", "/demandes");
    let list = town
        .sees(
            "Bruno",
            "une parole qui l'y avait fait entrer a été retirée",
        )
        .await;
    bruno.taps(&list, "Refuser 1").await;
    town.settles().await;
    assert!(!town.is_in(denis.id, JOIGNY));
    // A guest whose word stands is removed by an administrator of the group.
    town.asks(samir.id, &link);
    let card = town.sees("Claire", "Samir demande").await;
    claire.taps(&card, "Je la connais").await;
    town.sees("Samir", "Welcome Samir").await;
    town.settles().await;
    let body = json!({"chat": town.chat(JOIGNY), "user": samir.id, "from": bruno.id});
    town.sim.post("kick", &body).unwrap();
    town.settles().await;
    let thérèse = town.person("Thérèse");
    town.asks(thérèse.id, &link);
    town.sees("Thérèse", "j'ai bien reçu").await;
    town.settles().await;
    let said = town.said("Claire");
    assert!(
        !said.iter().any(|said| said.text().contains("Thérèse")),
        "Claire has lost the right for a while"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::too_many_lines, reason = "a story from its begin to its end")]
async fn a_group_is_asked_for_made_and_announced() {
    let town = Town::open().await.with_everybody().await;
    let (ana, bruno) = (town.person("Ana"), town.person("Bruno"));
    ana.types("Ana", "/nouveau_groupe");
    town.sees("Ana", "Dites pour quel secteur").await;
    ana.types("Ana", "Nulle-Part");
    town.sees("Ana", "Je ne connais pas ce secteur")
        .await
        .has(&["Migennes"]);
    ana.types("Ana", "/etat");
    town.sees("Ana", "demander un nouveau groupe").await;
    let ask = town.sees("Ana", "Dites pour quel secteur").await;
    ana.taps(&ask, "Migennes").await;
    town.sees("Ana", "Pourquoi ce groupe").await;
    ana.types("Ana", "nous sommes dix");
    town.sees("Ana", "Donnez deux noms").await;
    ana.types("Ana", "moi");
    town.sees("Ana", "Il en faut deux").await;
    ana.types("Ana", "Paula et moi");
    let sure = town.sees("Ana", "Je transmets aux administrateurs ?").await;
    sure.has(&["Migennes", "nous sommes dix", "Paula et moi"]);
    ana.taps(&sure, "Transmettre").await;
    let sent = town.sees("Ana", "est transmise aux administrateurs").await;
    assert_eq!((sent.id(), sent.buttons().len()), (sure.id(), 0));
    let again = ana.taps(&ask, "Migennes").await;
    assert!(again.text.contains("n'attend plus"), "{again:?}");
    let asked = town
        .sees("Backbone", "Un nouveau groupe est demandé : Migennes")
        .await;
    asked.has(&["nous sommes dix", "S'en occuperont : Paula et moi"]);
    let answer = town.person("Jules").taps(&asked, "D'accord").await;
    assert!(
        answer.text.contains("réservé aux administrateurs"),
        "{answer:?}"
    );
    bruno.taps(&asked, "D'accord").await;
    let steps = town.sees("Ana", "Il reste à faire").await;
    assert_eq!(
        steps.buttons(),
        ["Ajouter Vigie au groupe", "Où en est-on ?"]
    );
    steps.has(&["✓ accepté par un administrateur", "☐ groupe créé"]);
    let url = town
        .calls("sendMessage")
        .iter()
        .find_map(|call| {
            let markup = &call["params"]["reply_markup"];
            let text = markup.to_string();
            let at = text.find("startgroup=")?;
            Some(text[at + "startgroup=".len()..].to_owned())
        })
        .unwrap();
    let token: String = url
        .chars()
        .take_while(|letter| letter.is_ascii_alphanumeric() || "-_".contains(*letter))
        .collect();
    assert!(token.len() <= 64);
    let chat = -1_001_000_000_099_i64;
    let body = json!({"id": chat, "type": "supergroup", "title": "Migennes Est",
        "creator": ana.id, "members": [ana.id], "bot_rights": {"can_pin_messages": false}});
    town.sim.chat(&body).unwrap();
    // Somebody else cannot use the token.
    let start = format!("/start@vigie_demo_bot {token}");
    let body = json!({"user": town.person("Paula").id, "chat": chat, "from": ana.id});
    town.sim.post("add", &body).unwrap();
    town.person("Paula").types_in(chat, &start);
    town.sees_in(chat, "ce n'est pas à vous").await;
    ana.types_in(chat, &start);
    town.sees_in(chat, "Me voici dans le groupe « Migennes »")
        .await
        .has(&["Il me manque le droit d'épingler"]);
    let left = town.sees("Ana", "✓ groupe créé, et moi dedans").await;
    left.has(&["☐ j'ai le droit d'épingler", "✓ j'ai le droit d'inviter"]);
    assert_eq!(left.buttons(), ["Où en est-on ?"]);
    let rights = json!({"user": BOT, "chat": chat, "from": ana.id, "status": "administrator",
        "rights": {"can_pin_messages": true}});
    town.sim.post("rights", &rights).unwrap();
    town.sees_in(chat, "Tout est en place").await;
    town.sees("Backbone", "Nouveau groupe : Migennes Est").await;
    town.sees("Membres", "Nouveau groupe : Migennes Est").await;
    ana.taps(&left, "Où en est-on ?").await;
    let ready = town.sees("Ana", "est prêt").await;
    ready.has(&["✓ j'ai le droit d'épingler", "✓ annoncé aux membres"]);
    println!("The one-line form goes on working.");
    ana.types("Ana", "/nouveau_groupe Joigny : pour les voisins");
    town.sees("Backbone", "Un nouveau groupe est demandé : Joigny")
        .await
        .has(&["pour les voisins"]);
    town.finish().await;
}
