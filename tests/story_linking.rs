//! How accounts come to speak for members, and how they do not.

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

use chrono::TimeDelta;
use town::{Message, Person, Town};

/// The address of the member whom nobody has linked yet.
const DENIS: &str = "denis@example.org";
const ADDRESS: (&str, &str) = ("denis@example.org", "Denis@Example.org");
const SENT: &str = "Si ce numéro ou ce courriel est connu";
const IS_IT_YOU: &str = "Voici la fiche que j'ai trouvée";

async fn open() -> Town {
    let town = Town::open().await;
    town.imports(&[ADDRESS]).await;
    town
}

/// The administrator of the town has written to the program, which can answer them since.
async fn with_an_administrator() -> Town {
    let town = open().await;
    town.person("Bruno").types("Bruno", "/confidentialite");
    town.sees("Bruno", "Ce que je garde").await;
    town
}

/// Somebody asks for a code and is told the sentence that everybody is told.
async fn asks(town: &Town, person: &Person, wanted: &str) -> Message {
    person.types(&person.name, "/lier");
    town.sees(&person.name, "Pour vous reconnaître").await;
    person.types(&person.name, wanted);
    town.sees(&person.name, SENT).await
}

/// A wrong code: the digits of the right one, and one that differs.
fn wrong(code: &str) -> String {
    let last = if code.ends_with('7') { '3' } else { '7' };
    format!("{}{last}", &code[..5])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_digits_of_a_mail_link_an_account_typed_as_people_type_them() {
    let town = open().await;
    let denis = town.person("Denis");
    asks(&town, &denis, " 104 ").await;
    let code = town.code(DENIS, 1).await;
    let typed = format!("{} {}", &code[..3], &code[3..]).replace('0', "O");
    denis.types("Denis", &typed);
    let card = town.sees("Denis", IS_IT_YOU).await;
    card.has(&["Denis L., Sens", "compte Telegram Denis"]);
    assert_eq!(
        card.buttons(),
        [
            "C'est moi",
            "J'habite avec cette personne",
            "Ce n'est pas moi"
        ]
    );
    denis.taps(&card, "C'est moi").await;
    let done = town.sees("Denis", "est rattaché à").await;
    assert!(
        !done.text().contains("à partir de"),
        "the first link votes at once"
    );
    town.letter(DENIS, 2).await;
    denis.types("Denis", "/aide");
    town.sees("Denis", "Bonjour Denis.").await;
    // Twice is once.
    let again = denis.taps(&card, "C'est moi").await;
    assert!(
        again.alert && again.text.contains("Trop de temps"),
        "{again:?}"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_tells_whether_a_number_or_an_address_is_known() {
    let town = open().await;
    let mut heard = Vec::new();
    for (name, wanted) in [
        ("Denis", "104"),
        ("Ana", "999999"),
        ("Paula", DENIS),
        ("Bruno", "nobody@example.org"),
        ("Claire", "a\u{202E}b\u{0}<b>&"),
    ] {
        let person = town.person(name);
        asks(&town, &person, wanted).await;
        person.types(name, "000 000");
        // The right code is one in a million; whoever meets it is asked who they are.
        town.sees(name, "Ce code ne convient pas").await;
        let said: Vec<String> = town
            .said(name)
            .iter()
            .map(|message| message.text().to_owned())
            .collect();
        heard.push(said);
    }
    assert!(
        heard.windows(2).all(|pair| pair[0] == pair[1]),
        "{heard:#?}"
    );
    town.settles().await;
    assert_eq!(town.letters(DENIS).len(), 2);
    assert_eq!(
        town.all_letters().len(),
        2,
        "and nobody else was written to"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_guessed_code_a_late_one_and_that_of_another_chat_are_refused() {
    let town = open().await;
    let (denis, ana) = (town.person("Denis"), town.person("Ana"));
    asks(&town, &denis, "104").await;
    let code = town.code(DENIS, 1).await;
    // Another chat.
    asks(&town, &ana, "999999").await;
    ana.types("Ana", &code);
    town.sees("Ana", "Ce code ne convient pas").await;
    // Guessed.
    for left in ["2 essais", "1 essai."] {
        denis.types("Denis", &wrong(&code));
        town.sees("Denis", left).await;
    }
    denis.types("Denis", &wrong(&code));
    town.sees("Denis", "Ce code ne vaut plus").await;
    denis.types("Denis", &code);
    town.settles().await;
    assert!(
        town.said("Denis")
            .iter()
            .all(|said| !said.text().contains(IS_IT_YOU))
    );
    // Late.
    asks(&town, &denis, "104").await;
    let code = town.code(DENIS, 2).await;
    town.pass(TimeDelta::minutes(16)).await;
    denis.types("Denis", &code);
    town.settles().await;
    assert!(
        town.said("Denis")
            .iter()
            .all(|said| !said.text().contains(IS_IT_YOU))
    );
    // What was needed for it is not kept.
    let kept = async |prefix: &str| {
        let prefix = vigie_store::Key::of(prefix).end();
        let rows = vigie::app::tx::scan(town.app(), &prefix).await.unwrap();
        rows.len()
    };
    assert!(kept("ln/").await > 0);
    town.pass(TimeDelta::days(3)).await;
    town.app().sweep().await.unwrap();
    for prefix in ["ln/", "lp/", "ll/", "lw/"] {
        assert_eq!(kept(prefix).await, 0, "{prefix}");
    }
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_changed_between_the_code_and_the_answer_refuses() {
    for (change, late) in [
        (("Denis@Example.org", "autre@example.org"), false),
        (("Denis@Example.org", "autre@example.org"), true),
    ] {
        let town = open().await;
        let denis = town.person("Denis");
        asks(&town, &denis, "104").await;
        let code = town.code(DENIS, 1).await;
        let changed = (ADDRESS.0, ADDRESS.1.replace(change.0, change.1));
        if late {
            denis.types("Denis", &code);
            let card = town.sees("Denis", IS_IT_YOU).await;
            town.imports(&[(changed.0, &changed.1)]).await;
            let answer = denis.taps(&card, "C'est moi").await;
            assert!(
                answer.alert && answer.text.contains("a changé"),
                "{answer:?}"
            );
        } else {
            town.imports(&[(changed.0, &changed.1)]).await;
            denis.types("Denis", &code);
            town.sees("Denis", "La fiche a changé").await;
        }
        denis.types("Denis", "/aide");
        town.sees("Denis", "sans vous identifier").await;
        town.finish().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_in_a_group_is_removed_and_replaced() {
    let town = open().await;
    let denis = town.person("Denis");
    asks(&town, &denis, "104").await;
    let code = town.code(DENIS, 1).await;
    denis.types("Secteur Sens", &code);
    town.sees("Denis", "Vous avez écrit votre code dans un groupe")
        .await;
    let new = town.code(DENIS, 2).await;
    town.settles().await;
    let chat = town.chat("Secteur Sens");
    let left = town.sim.messages(chat).unwrap();
    let left = left["messages"].as_array().unwrap().iter();
    assert_eq!(left.filter(|message| message["deleted"] != true).count(), 0);
    if new != code {
        denis.types("Denis", &code);
        town.sees("Denis", "Ce code ne convient pas").await;
    }
    denis.types("Denis", &new);
    town.sees("Denis", IS_IT_YOU).await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thief_waits_and_is_disputed() {
    let town = with_an_administrator().await;
    let (denis, thief) = (town.person("Denis"), town.person("Gaëlle"));
    for (person, count) in [(&denis, 1), (&thief, 3)] {
        asks(&town, person, "104").await;
        let code = town.code(DENIS, count).await;
        person.types(&person.name, &code);
        let card = town.sees(&person.name, IS_IT_YOU).await;
        person.taps(&card, "C'est moi").await;
        town.letter(DENIS, count + 1).await;
    }
    town.sees(&thief.name, "par prudence").await;
    let notice = town.sees("Denis", "Un autre compte Telegram").await;
    denis.taps(&notice, "Ce n'était pas moi").await;
    town.sees("Denis", "le nouveau rattachement est fermé")
        .await;
    town.sees(&thief.name, "a été contesté").await;
    town.sees("Bruno", "a été contesté et fermé").await;
    let again = denis.taps(&notice, "Ce n'était pas moi").await;
    assert!(again.alert, "{again:?}");
    // No new link for a while, whoever has the code.
    asks(&town, &thief, "104").await;
    let code = town.code(DENIS, 5).await;
    thief.types(&thief.name, &code);
    town.settles().await;
    let card = town.sees(&thief.name, IS_IT_YOU).await;
    let answer = thief.taps(&card, "C'est moi").await;
    assert!(
        answer.alert && answer.text.contains("contesté"),
        "{answer:?}"
    );
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_links_once_and_the_partner_at_home_has_no_vote() {
    let town = open().await;
    let (denis, rosa) = (town.person("Denis"), town.person("Rosa"));
    let numbers = ["104".to_owned(), "999999".to_owned()];
    let (letters, left_out) = town.app().letters(&numbers).await.unwrap();
    assert_eq!((letters.len(), left_out.len()), (1, 1));
    let code = &letters[0].code;
    // A slip is seen, typed in any way.
    denis.types(
        "Denis",
        &format!(
            "/start c_{}",
            code.replace('-', "").replace(&code[..1], "?")
        ),
    );
    town.sees("Denis", "Ce code ne convient pas").await;
    denis.types("Denis", &format!("/start {}", letters[0].start));
    let card = town.sees("Denis", IS_IT_YOU).await;
    denis.taps(&card, "C'est moi").await;
    town.sees("Denis", "est rattaché à").await;
    // It works once.
    rosa.types("Rosa", "/lier");
    town.sees("Rosa", "Pour vous reconnaître").await;
    rosa.types("Rosa", &code.to_lowercase().replace('-', " "));
    town.sees("Rosa", "il a déjà servi").await;
    // The partner has a letter, too.
    let (letters, _) = town.app().letters(&numbers[..1]).await.unwrap();
    rosa.types("Rosa", &letters[0].code);
    let card = town.sees("Rosa", IS_IT_YOU).await;
    rosa.taps(&card, "J'habite avec cette personne").await;
    town.sees("Rosa", "rattaché au foyer").await;
    town.sees("Denis", "Un autre compte Telegram, « Rosa »")
        .await;
    denis.types("Denis", "/moi");
    town.sees("Denis", "Vous en êtes titulaire")
        .await
        .has(&["par lettre", "Un autre compte est rattaché"]);
    rosa.types("Rosa", "/moi");
    let me = town.sees("Rosa", "Vous êtes de son foyer").await;
    me.has(&["Au nom de qui"]);
    let chosen = rosa.taps(&me, "Agir au nom de Denis L., Sens").await;
    assert!(chosen.text.contains("Denis L."), "{chosen:?}");
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialogue_waits_beside_commands_ends_and_says_so() {
    let town = open().await;
    let denis = town.person("Denis");
    denis.types("Denis", "/lier");
    town.sees("Denis", "Pour vous reconnaître").await;
    denis.types("Denis", "/etat");
    town.sees("Denis", "J'attends toujours votre réponse").await;
    denis.types("Denis", "/annuler");
    town.sees("Denis", "C'est abandonné").await;
    denis.types("Denis", "104");
    town.sees("Denis", "Je n'ai pas compris").await;
    denis.types("Denis", "/lier");
    town.settles().await;
    town.pass(TimeDelta::minutes(31)).await;
    town.sees("Denis", "trop de temps a passé").await;
    denis.types("Denis", "/annuler");
    town.sees("Denis", "il n'y a rien à annuler").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_reads_takes_away_and_erases_what_is_kept_of_them() {
    let town = with_an_administrator().await;
    let ana = town.person("Ana");
    ana.types("Secteur Migennes", "/moi");
    town.sees("Secteur Migennes", "en privé").await;
    ana.types("Ana", "/moi");
    let me = town.sees("Ana", "membre n° 101").await;
    ana.taps(&me, "English").await;
    ana.types("Ana", "/privacy");
    town.sees("Ana", "outside the European Union").await;
    ana.types("Ana", "/my_data");
    town.sees("Ana", "in two files").await;
    town.sees("Ana", "Your data").await;
    ana.types("Ana", "/my_data correct");
    town.sees("Ana", "what is wrong").await;
    ana.types("Ana", "Je m'appelle <b>Anna</b>");
    town.sees("Ana", "passed on").await;
    ana.types("Ana", "/my_data erase");
    let sure = town.sees("Ana", "Erase what I keep").await;
    ana.taps(&sure, "Yes, erase").await;
    town.sees("Ana", "C'est effacé").await;
    ana.types("Ana", "/moi");
    town.sees("Ana", "Je ne vous connais pas encore").await;
    town.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_administrators_link_and_one_does_not() {
    let town = Town::open().await;
    town.imports(&[
        ADDRESS,
        (
            "roles = [\"member\", \"active-member\", \"referent:joigny\"]",
            "roles = [\"member\", \"administrator\"]",
        ),
    ])
    .await;
    let (bruno, claire, ana) = (
        town.person("Bruno"),
        town.person("Claire"),
        town.person("Ana"),
    );
    let denis = town.person("Denis");
    denis.types("Denis", "/moi");
    town.sees("Denis", "Je ne vous connais pas")
        .await
        .has(&["1004"]);
    ana.types("Ana", "/rattacher 104 1004 parce que");
    town.sees("Ana", "réservé aux administrateurs").await;
    bruno.types("Bruno", "/rattacher 104 1004");
    town.sees("Bruno", "Écrivez /rattacher").await;
    bruno.types("Bruno", "/rattacher 104 1004 appel, pièce d'identité vue");
    town.sees("Bruno", "Un second administrateur").await;
    // The same person twice is one person, from another account as well.
    bruno.types("Bruno", "/rattacher 104 1004");
    let other = town.person("Gaëlle");
    asks(&town, &other, "102").await;
    let code = town.code("bruno.petit@exemple.fr", 1).await;
    other.types("Gaëlle", &code);
    let card = town.sees("Gaëlle", IS_IT_YOU).await;
    other.taps(&card, "C'est moi").await;
    town.sees("Gaëlle", "est rattaché à").await;
    other.types("Gaëlle", "/rattacher 104 1004 de son autre compte");
    town.sees("Gaëlle", "Un second administrateur").await;
    town.settles().await;
    denis.types("Denis", "/aide");
    town.sees("Denis", "sans vous identifier").await;
    claire.types("Claire", "/rattacher 104 1004");
    town.sees("Claire", "C'est confirmé").await;
    town.sees("Denis", "est rattaché à").await;
    town.letter(DENIS, 1).await;
    denis.types("Denis", "/moi");
    town.sees("Denis", "par deux administrateurs").await;
    town.finish().await;
}

/// Two presses at once, and two accounts at once, for one record: each account has one link, and
/// whoever comes second waits for the right to vote.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_links_at_once_are_one_first_and_one_that_waits() {
    let town = open().await;
    let (denis, other) = (town.person("Denis"), town.person("Gaëlle"));
    let mut cards = Vec::new();
    for (person, count) in [(&denis, 1), (&other, 2)] {
        asks(&town, person, "104").await;
        let code = town.code(DENIS, count).await;
        person.types(&person.name, &code);
        cards.push(town.sees(&person.name, IS_IT_YOU).await);
    }
    let (one, again, two) = tokio::join!(
        denis.taps(&cards[0], "C'est moi"),
        denis.taps(&cards[0], "C'est moi"),
        other.taps(&cards[1], "C'est moi"),
    );
    assert_eq!(
        [&one, &again].iter().filter(|answer| answer.alert).count(),
        1,
        "{one:?} {again:?}"
    );
    assert!(!two.alert, "{two:?}");
    town.settles().await;
    let waits = |name: &str| {
        let said = town.said(name);
        said.iter().any(|said| said.text().contains("par prudence"))
    };
    assert_ne!(waits("Denis"), waits("Gaëlle"), "one of them waits");
    for person in [&denis, &other] {
        let roles = town
            .app()
            .roles_of(vigie_domain::AccountId(person.id))
            .await;
        assert!(roles.unwrap().is_known(), "{}", person.name);
    }
    town.finish().await;
}

/// Somebody is expelled while they are being asked: before the code, and before the last press.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_expelled_during_the_dialogue_is_not_linked() {
    let expelled = ("member = \"104\"", "member = \"104\"\nstatus = \"radié\"");
    for late in [false, true] {
        let town = open().await;
        let denis = town.person("Denis");
        asks(&town, &denis, "104").await;
        let code = town.code(DENIS, 1).await;
        if late {
            denis.types("Denis", &code);
            let card = town.sees("Denis", IS_IT_YOU).await;
            town.imports(&[ADDRESS, expelled]).await;
            let answer = denis.taps(&card, "C'est moi").await;
            assert!(
                answer.alert && answer.text.contains("a changé"),
                "{answer:?}"
            );
        } else {
            town.imports(&[ADDRESS, expelled]).await;
            denis.types("Denis", &code);
            town.sees("Denis", "La fiche a changé").await;
        }
        denis.types("Denis", "/moi");
        town.sees("Denis", "Je ne vous connais pas").await;
        town.finish().await;
    }
}

/// An account that was deleted cannot be written to and delays nobody; where it writes again, it
/// is answered, and speaks for whom it spoke.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_account_that_returns_is_answered() {
    let mut town = Town::open().await;
    town.allows("user is deactivated");
    let ana = town.person("Ana");
    ana.types("Ana", "/moi");
    town.sees("Ana", "Ana M.").await;
    let gone = |gone: bool| serde_json::json!({"id": ana.id, "deactivated": gone});
    town.sim.user(&gone(true)).unwrap();
    let other = town.person("Gaëlle");
    asks(&town, &other, "101").await;
    let code = town.code("ana.moreau@exemple.fr", 1).await;
    other.types("Gaëlle", &code);
    let card = town.sees("Gaëlle", IS_IT_YOU).await;
    other.taps(&card, "C'est moi").await;
    town.sees("Gaëlle", "est rattaché à").await;
    town.settles().await;
    let before = town.said("Ana").len();
    town.sim.user(&gone(false)).unwrap();
    ana.types("Ana", "/moi");
    town.settles().await;
    // What could not reach her is told, and she is who she was.
    let said = town.said("Ana").split_off(before);
    for words in ["n'a pas pu vous parvenir", "Ana M."] {
        assert!(
            said.iter().any(|said| said.text().contains(words)),
            "{said:#?}"
        );
    }
    town.finish().await;
}
