use chrono::{DateTime, TimeDelta, Utc};
use vigie_domain::alert::{Severity, Taken};
use vigie_domain::network::Class;
use vigie_domain::text::Arg;
use vigie_domain::{AccountId, CardId, ChatId};

use super::*;
use crate::app::outbox::{Class as Urgency, Doubt, RowState, View};
use crate::app::views::{
    AlertLine, BehindLine, CardView, CauseNow, CauseView, StatusLine, StatusView,
};
use crate::telegram::text::{LIMIT, units};

fn at(time: &str) -> DateTime<Utc> {
    format!("2026-11-24T{time}:00+01:00").parse().unwrap()
}

fn cause(name: &str) -> CauseView {
    CauseView {
        id: name.into(),
        name: name.to_owned(),
        plain: name.to_owned(),
        class: Some(Class::MainRelay),
        sector: Some("Migennes".to_owned()),
        severity: Severity::Critical,
        since: at("23:02"),
        now: CauseNow::Down,
        alerts: vec![AlertLine {
            name: "RelayDown".to_owned(),
            summary: "perte < 10 % & _plus_ *ici*".to_owned(),
            details: "ligne une\n\nligne deux".to_owned(),
            since: at("23:02"),
            severity: Severity::Critical,
            link: Some("https://am.example/a_b".to_owned()),
            measured: None,
        }],
        alert_count: 3,
        behind: Vec::new(),
        behind_more: 0,
        taken: None,
        silenced_until: None,
        carries: Default::default(),
        maintained_until: None,
        hint: Some("le disjoncteur de l'église".to_owned()),
        source: None,
        declared: 0,
        life: Vec::new(),
    }
}

fn card(causes: Vec<CauseView>) -> CardView {
    CardView {
        place: ChatId(-1).into(),
        message: None,
        looks: None,
        topic: None,
        lang: Lang::Fr,
        causes,
        finished: false,
        buttons: Vec::new(),
        silent: false,
        left_out: 0,
    }
}

fn row(what: Outgoing) -> Row {
    Row {
        place: ChatId(-1).into(),
        what,
        class: Urgency::First,
        asked_at: at("23:02"),
        not_before: None,
        attempts: 1,
        state: RowState::Pending,
        stale: false,
        doubt: Doubt::SendAgain,
        doubtful: false,
    }
}

fn drafted(what: Outgoing, shown: &Shown, repeated: bool) -> Draft {
    let texts = Texts::embedded().unwrap_or_else(|problems| panic!("{problems:?}"));
    let context = Context {
        texts: &texts,
        zone: chrono_tz::Europe::Paris,
        now: at("23:14"),
        lang: Lang::Fr,
        card_message: None,
        card_thread: None,
        repeated,
    };
    render(&context, &row(what), shown)
}

fn letter(view: CardView, repeated: bool) -> Letter {
    let shown = Shown::Card(Some(Box::new(view)));
    match drafted(Outgoing::Card(CardId(1)), &shown, repeated) {
        Draft::Message(letter) => *letter,
        other => panic!("{other:?}"),
    }
}

fn shown(view: CardView) -> String {
    letter(view, false).body.text
}

#[test]
fn names_that_were_not_read_are_counted_with_the_others() {
    let mut silo = cause("Migennes – silo");
    silo.behind = vec![BehindLine {
        name: "Migennes – église".to_owned(),
        plain: "Migennes – église".to_owned(),
        since: at("23:03"),
        remains: false,
    }];
    silo.behind_more = 399_999;
    let text = shown(card(vec![silo]));
    assert!(text.contains("Derrière : 400"), "{text}");
    assert!(text.contains("et 399"), "{text}");
}

#[test]
fn facts_stand_in_the_order_what_where_since_what_we_do() {
    let mut silo = cause("Migennes – silo");
    silo.behind = ["Migennes – église", "Migennes – gare"]
        .map(|name| BehindLine {
            name: name.to_owned(),
            plain: name.to_owned(),
            since: at("23:03"),
            remains: false,
        })
        .to_vec();
    assert_eq!(
        shown(card(vec![silo])),
        "🔴 Injoignable : Migennes – silo\n\
         Relais principal, secteur Migennes\n\
         Depuis 23 h 02, soit 12 min à 23 h 14\n\
         Personne ne s'en occupe encore : appuyez sur « Je prends » si vous y allez.\n\
         À voir d'abord : le disjoncteur de l'église\n\
         Derrière : 2\n\
         Migennes – église, Migennes – gare\n\
         RelayDown : perte < 10 % & _plus_ *ici* lien\n\
         ligne une\n\
         ligne deux\n\
         et 2 autres alertes"
    );
}

#[test]
fn a_card_says_who_has_taken_it_and_the_silence() {
    let mut taken = cause("silo");
    taken.taken = Some(Taken {
        by: AccountId(1),
        name: "Ana".to_owned(),
        at: at("23:05"),
    });
    taken.silenced_until = Some(at("23:59") + TimeDelta::minutes(1));
    let text = shown(card(vec![taken]));
    assert!(
        text.contains("Pris par Ana depuis 23 h 05\nSilence jusqu'à mercredi 25 novembre à 0 h"),
        "{text}"
    );
    assert!(!text.contains("Personne"));
}

#[test]
fn the_end_says_how_long_and_from_when_to_when() {
    let mut over = cause("Migennes – silo");
    over.now = CauseNow::Ended(at("23:14"));
    over.alerts.clear();
    over.alert_count = 0;
    let text = shown(card(vec![over]));
    assert_eq!(
        text,
        "✅ Rétabli : Migennes – silo après 12 min (de 23 h 02 à 23 h 14)\n\
         Relais principal, secteur Migennes"
    );
}

#[test]
fn several_causes_have_a_line_each_with_their_own_state() {
    let mut over = cause("Joigny");
    over.now = CauseNow::Ended(at("23:10"));
    let mut covered = cause("Auxerre");
    covered.now = CauseNow::CoveredBy("Cœur".to_owned());
    let mut slow = cause("Sens");
    slow.severity = Severity::Warning;
    for cause in [&mut over, &mut covered, &mut slow] {
        cause.alerts.clear();
        cause.alert_count = 0;
        cause.sector = None;
    }
    let mut down = cause("Migennes");
    down.alerts.clear();
    down.alert_count = 0;
    assert_eq!(
        shown(card(vec![over, covered, slow, down])),
        "🔴 3 pannes en cours, 1 terminée\n\
         Personne ne s'en occupe encore : appuyez sur « Je prends » si vous y allez.\n\
         🔴 Injoignable : Migennes, Migennes, depuis 23 h 02\n\
         🟠 Dégradé : Sens, depuis 23 h 02\n\
         ⚪ Auxerre : compris dans la panne de Cœur\n\
         ✅ Rétabli : Joigny après 8 min (de 23 h 02 à 23 h 10)"
    );
}

#[test]
fn a_shared_card_marks_what_nobody_has_declared() {
    let mut unknown = cause("10.9.9.9");
    unknown.class = None;
    unknown.sector = None;
    let text = shown(card(vec![cause("Migennes"), unknown.clone()]));
    let line = "🔴 Injoignable : 10.9.9.9, non déclaré, depuis 23 h 02";
    assert!(text.contains(line), "{text}");
    assert_eq!(text.matches("non déclaré").count(), 1, "{text}");
    let mut many: Vec<CauseView> = (0..200)
        .map(|n| cause(&format!("Relais numéro {n:03}")))
        .collect();
    many.push(unknown);
    let text = shown(card(many));
    assert!(text.contains("Dont non déclarés : 1"), "{text}");
}

#[test]
fn every_name_of_a_storm_is_kept_before_details_and_what_does_not_fit_is_counted() {
    let storm = |count: usize| {
        card(
            (0..count)
                .map(|n| cause(&format!("Relais numéro {n:03}")))
                .collect(),
        )
    };
    for count in [2, 40, 200] {
        let text = shown(storm(count));
        assert!(units(&text) <= LIMIT);
        let lost = (0..count).filter(|n| !text.contains(&format!("Relais numéro {n:03}")));
        assert_eq!(lost.count(), 0, "{count}: {text}");
    }
    let text = shown(storm(400));
    assert!(units(&text) <= LIMIT);
    let kept = (0..400)
        .filter(|n| text.contains(&format!("Relais numéro {n:03}")))
        .count();
    let rest = format!("… et {} autres, voir le fichier", 400 - kept);
    assert!(kept > 150 && text.ends_with(&rest), "{kept}: {text}");
    let file = Shown::Card(Some(Box::new(storm(400))));
    let Draft::File(file) = drafted(Outgoing::Names(CardId(1)), &file, false) else {
        panic!("a file")
    };
    let text = std::str::from_utf8(&file.bytes).unwrap();
    assert!((0..400).all(|n| text.contains(&format!("Relais numéro {n:03}"))));
}

#[test]
fn equipment_that_nobody_declared_comes_with_what_to_do() {
    let mut unknown = cause("10.2.0.99:9100");
    unknown.class = None;
    unknown.sector = None;
    let text = shown(card(vec![unknown]));
    assert!(
        text.contains("n'est pas déclaré") && text.contains("ajoutez 10.2.0.99:9100 au fichier"),
        "{text}"
    );
}

#[test]
fn only_a_new_message_may_be_a_repetition() {
    assert!(
        letter(card(vec![cause("silo")]), true)
            .body
            .text
            .starts_with("🔴 Injoignable : silo (répétition)\n")
    );
    let mut edit = card(vec![cause("silo")]);
    edit.message = Some(MessageId(7));
    let edit = letter(edit, true);
    assert_eq!(edit.edit, Some(MessageId(7)));
    assert!(!edit.body.text.contains("répétition"));
}

#[test]
fn hostile_names_stay_text_on_one_line() {
    let name = "a\nb\u{202E} <b>_*[x](y)`\u{0} @all";
    let text = shown(card(vec![cause(name)]));
    assert!(
        text.starts_with("🔴 Injoignable : a b <b>_*[x](y)` @all\n"),
        "{text}"
    );
}

#[test]
fn the_list_of_what_is_down() {
    let line = StatusLine {
        source: None,
        stale: false,
        state: vigie_domain::state::State::Down,
        name: "Migennes – silo".to_owned(),
        sector: Some("Migennes".to_owned()),
        since: at("23:02"),
        severity: Severity::Critical,
        behind: 3,
        taken: Some("Ana".to_owned()),
    };
    let view = |total, pages, lines| {
        Shown::Status(StatusView {
            sector: None,
            page: 0,
            pages,
            total,
            lines,
            hidden: Vec::new(),
        })
    };
    let text = |shown: &Shown| {
        let what = Outgoing::View {
            view: View::Status {
                sector: None,
                page: 0,
                opener: None,
            },
            lang: Lang::Fr,
            target: Target::ReplyTo(MessageId(3)),
            buttons: Vec::new(),
        };
        match drafted(what, shown, false) {
            Draft::Message(letter) => letter.body.text,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(
        text(&view(0, 1, vec![])),
        "✅ Aucune panne en cours.\nÉtat lu à 23 h 14."
    );
    assert_eq!(
        text(&view(12, 2, vec![line])),
        "🔴 12 pannes en cours\n\
         🔴 Injoignable : Migennes – silo, Migennes, depuis 23 h 02 (12 min), derrière : 3, pris par Ana\n\
         Page 1 sur 2\n\
         État lu à 23 h 14."
    );
}

#[test]
fn an_answer_to_a_press_is_short_and_a_message_replies_to_its_card() {
    let long = Say::new(Key::CardHint).with("hint", Arg::Text("é🛰".repeat(300)));
    let what = Outgoing::AnswerTap {
        query: "1".to_owned(),
        say: Some(long.clone()),
        lang: Lang::Fr,
        alert: true,
    };
    let Draft::Answer { text, .. } = drafted(what, &Shown::Plain, false) else {
        panic!("an answer")
    };
    assert!(units(&text.unwrap()) <= 200);
    let gone = Message::of(Key::CardGone.into());
    let Draft::Message(again) = drafted(Outgoing::Say(gone), &Shown::Plain, true) else {
        panic!("a message")
    };
    assert_eq!(
        again.body.text,
        "Cette panne n'est plus connue. (répétition)"
    );
    let Draft::Message(letter) = drafted(Outgoing::Say(Message::of(long)), &Shown::Plain, false)
    else {
        panic!("a message")
    };
    assert!(letter.reply_to.is_none() && !letter.silent);
}
