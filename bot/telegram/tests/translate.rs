use serde_json::{Value, json};

use super::*;
use crate::app::event::FileKind;

fn me() -> Me {
    Me {
        id: 42,
        username: "vigie_bot".to_owned(),
    }
}

fn event(kind: &str, value: Value) -> Event {
    let update = json!({ "update_id": 7, kind: value });
    translate(&serde_json::from_str(&update.to_string()).unwrap(), &me())
}

fn ana() -> Value {
    json!({"id": 11, "is_bot": false, "first_name": "Ana\u{202E}", "language_code": "fr-FR"})
}

fn group() -> Value {
    json!({"id": -1_001_234_567_890_i64, "type": "supergroup", "title": "Secteur Joigny"})
}

fn private() -> Value {
    json!({"id": 11, "type": "private", "first_name": "Ana"})
}

fn message(chat: Value, text: &str, extra: Value) -> Value {
    let mut message =
        json!({"message_id": 5, "date": 1_700_000_000, "chat": chat, "from": ana(), "text": text});
    let command = text.split_whitespace().next().unwrap_or_default();
    if command.starts_with('/') {
        let length = command.encode_utf16().count();
        message["entities"] = json!([{"type": "bot_command", "offset": 0, "length": length}]);
    }
    for (key, value) in extra.as_object().unwrap() {
        message[key] = value.clone();
    }
    message
}

fn commanded(text: &str) -> Option<(String, String, bool)> {
    match event("message", message(group(), text, json!({}))) {
        Event::Command(command) => Some((command.name, command.args, command.to_us)),
        _ => None,
    }
}

#[test]
fn commands_are_read_from_their_mark() {
    let read = |name: &str, args: &str, to_us| Some((name.to_owned(), args.to_owned(), to_us));
    assert_eq!(commanded("/etat"), read("etat", "", false));
    assert_eq!(commanded("/Etat  joigny "), read("etat", "joigny", false));
    assert_eq!(commanded("/etat\njoigny"), read("etat", "joigny", false));
    assert_eq!(commanded("/etat@Vigie_Bot\nfoo"), read("etat", "foo", true));
    assert_eq!(commanded("/etat@autre_bot"), None);
    assert_eq!(commanded("dire /etat"), None);
    let private = json!({"id": 11, "type": "private", "first_name": "Ana"});
    let Event::Command(command) = event("message", message(private, "/start k_1", json!({})))
    else {
        panic!("a command")
    };
    assert!(command.to_us && command.said.private && command.args == "k_1");
}

#[test]
fn a_caption_may_be_a_command_and_an_edit_never_is_again() {
    let photo =
        json!([{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1, "file_size": 1}]);
    let mut with_photo = message(
        group(),
        "x",
        json!({"photo": photo, "caption": "/etat@vigie_bot tout"}),
    );
    with_photo.as_object_mut().unwrap().remove("text");
    with_photo["caption_entities"] = json!([{"type": "bot_command", "offset": 0, "length": 15}]);
    assert!(
        matches!(event("message", with_photo), Event::Command(command) if command.args == "tout")
    );
    let edited = message(group(), "/etat", json!({"edit_date": 1_700_000_001}));
    assert_eq!(event("edited_message", edited), ignored("edited message"));
}

#[test]
fn files_of_every_kind_come_with_their_words_and_their_album() {
    let sizes = json!([
        {"file_id": "small", "file_unique_id": "s", "width": 90, "height": 90, "file_size": 1},
        {"file_id": "large", "file_unique_id": "l", "width": 900, "height": 900, "file_size": 2},
    ]);
    let with = |extra| {
        let mut sent = message(private(), "x", extra);
        sent.as_object_mut().unwrap().remove("text");
        event("message", sent)
    };
    let Event::File { file, text, .. } = with(json!({
        "photo": sizes, "caption": "la coupure", "media_group_id": "a7",
    })) else {
        panic!("a picture");
    };
    assert_eq!((file.kind, file.file.as_str()), (FileKind::Photo, "large"));
    assert_eq!(
        (text.as_str(), file.album.as_deref()),
        ("la coupure", Some("a7"))
    );
    let Event::File { file, .. } = with(json!({
        "document": {"file_id": "d", "file_unique_id": "d", "file_size": 3,
            "file_name": "../../etc/\u{202E}passwd"},
    })) else {
        panic!("a document");
    };
    assert_eq!(
        file.name.as_deref(),
        Some("../../etc/passwd"),
        "a name, never a path"
    );
    let Event::File { file, text, .. } = with(json!({
        "voice": {"file_id": "v", "file_unique_id": "v", "duration": 0, "file_size": 0,
            "mime_type": "audio/ogg"},
    })) else {
        panic!("a voice message");
    };
    assert_eq!((file.kind, text.as_str()), (FileKind::Voice, ""));
}

#[test]
fn what_somebody_answers_is_known_and_a_change_is_told() {
    let parent = message(private(), "parent", json!({"message_id": 41}));
    let answer = message(private(), "oui", json!({"reply_to_message": parent}));
    let Event::Text { said, .. } = event("message", answer) else {
        panic!("a text");
    };
    assert_eq!(said.reply_to, Some(MessageId(41)));
    let edited = message(private(), "non", json!({"edit_date": 1_700_000_001}));
    assert!(matches!(event("edited_message", edited), Event::Edited { text, .. } if text == "non"));
}

#[test]
fn names_are_cleaned_and_never_empty() {
    let name = |first: &str, last: &str| {
        let from = json!({"id": 11, "is_bot": false, "first_name": first, "last_name": last});
        match event(
            "message",
            message(group(), "bonjour", json!({"from": from})),
        ) {
            Event::Text {
                from: Sender::Person(person),
                ..
            } => person.first_name,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(name("Ana\u{202E}\u{0}", "B"), "Ana");
    assert_eq!(name("\u{200E} \n", "Berger"), "Berger");
    assert_eq!(name("\u{3164}\u{200F}", "\u{202E}"), "#11".to_owned());
    assert_eq!(name("<b>_*[", "x"), "<b>_*[");
    assert_eq!(name("🛰", "x"), "🛰");
}

#[test]
fn who_is_no_person_is_not_taken_for_one() {
    let anonymous =
        json!({"id": 1_087_968_824, "is_bot": true, "first_name": "Groupe", "username": "x"});
    let from = |extra: Value| match event("message", message(group(), "/groupe", extra)) {
        Event::Command(command) => command.from,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        from(json!({"from": anonymous, "sender_chat": group()})),
        Sender::AnonymousAdmin(ChatId(-1_001_234_567_890))
    );
    let channel = json!({"id": -1_009, "type": "channel", "title": "c"});
    assert_eq!(
        from(json!({"from": anonymous, "sender_chat": channel})),
        Sender::NotAPerson
    );
    let bot = json!({"id": 9, "is_bot": true, "first_name": "b", "username": "b_bot"});
    assert_eq!(from(json!({"from": bot})), Sender::NotAPerson);
    let telegram = json!({"id": 777_000, "is_bot": false, "first_name": "Telegram"});
    assert_eq!(from(json!({"from": telegram})), Sender::NotAPerson);
}

#[test]
fn a_topic_is_only_what_can_be_written_to() {
    let thread = |extra| match event("message", message(group(), "/etat", extra)) {
        Event::Command(command) => command.said.place.thread,
        other => panic!("{other:?}"),
    };
    assert_eq!(thread(json!({"message_thread_id": 9})), None);
    assert_eq!(
        thread(json!({"message_thread_id": 9, "is_topic_message": true})),
        Some(ThreadId(9))
    );
}

#[test]
fn a_group_that_moves_is_told_by_either_of_two_messages() {
    let old = json!({"id": -55, "type": "group", "title": "Joigny"});
    let moved = Event::ChatMoved {
        old: ChatId(-55),
        new: ChatId(-1_001_234_567_890),
    };
    let mut to = message(
        old,
        "x",
        json!({"migrate_to_chat_id": -1_001_234_567_890_i64}),
    );
    to.as_object_mut().unwrap().remove("text");
    assert_eq!(event("message", to), moved);
    let mut from = message(group(), "x", json!({"migrate_from_chat_id": -55}));
    from.as_object_mut().unwrap().remove("text");
    assert_eq!(event("message", from), moved);
}

fn member(chat: Value, member: Value) -> Event {
    let us = json!({"id": 42, "is_bot": true, "first_name": "Vigie", "username": "vigie_bot"});
    let mut new = member;
    new["user"] = us.clone();
    let change = json!({
        "chat": chat, "from": ana(), "date": 1_700_000_000,
        "old_chat_member": {"status": "left", "user": us}, "new_chat_member": new,
    });
    event("my_chat_member", change)
}

#[test]
fn our_place_in_a_group_and_with_a_person() {
    let standing = |new| match member(group(), new) {
        Event::OurPlace(place) => {
            assert_eq!(place.title, "Secteur Joigny");
            assert_eq!(place.by.unwrap().first_name, "Ana");
            place.standing
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        standing(json!({"status": "member"})),
        Standing::In { admin: false }
    );
    assert_eq!(standing(json!({"status": "left"})), Standing::Out);
    assert_eq!(
        standing(json!({"status": "kicked", "until_date": 0})),
        Standing::Out
    );
    let private = json!({"id": 11, "type": "private", "first_name": "Ana"});
    let blocked = |new| member(private.clone(), new);
    assert_eq!(
        blocked(json!({"status": "kicked", "until_date": 0})),
        Event::Blocked {
            chat: ChatId(11),
            blocked: true
        }
    );
    assert_eq!(
        blocked(json!({"status": "member"})),
        Event::Blocked {
            chat: ChatId(11),
            blocked: false
        }
    );
}

#[test]
fn a_press_on_a_message_that_cannot_be_seen_any_more_is_a_press() {
    let query = |message: Value| {
        event(
            "callback_query",
            json!({
                "id": "99", "from": ana(), "chat_instance": "1", "data": "k", "message": message,
            }),
        )
    };
    let tap = Event::Tap(Tap {
        from: Person {
            account: AccountId(11),
            first_name: "Ana".to_owned(),
            lang: Lang::Fr,
        },
        query: "99".to_owned(),
        key: "k".to_owned(),
        on: Some((ChatId(-1_001_234_567_890), MessageId(5))),
    });
    assert_eq!(
        query(json!({"chat": group(), "message_id": 5, "date": 0})),
        tap
    );
    assert_eq!(query(message(group(), "carte", json!({}))), tap);
}

#[test]
fn what_is_not_known_is_ignored() {
    assert_eq!(
        event("something_of_a_later_year", json!({"a": 1})),
        ignored("unknown kind of update")
    );
    let mut service = message(group(), "x", json!({"some_service_of_a_later_year": {}}));
    service.as_object_mut().unwrap().remove("text");
    assert_eq!(event("message", service), ignored("message without text"));
}
