//! The menu of commands, for each scope and language. It hides, it does not protect.

use serde_json::{Value, json};
use vigie_domain::Lang;
use vigie_domain::text::{Key, Say};

use super::client::{Api, CallError};
use crate::i18n::{LANGS, Texts};

const STATUS: (&str, Key) = ("etat", Key::TelegramMenuStatus);
const HELP: (&str, Key) = ("aide", Key::TelegramMenuHelp);
const EQUIPMENT: (&str, Key) = ("equipement", Key::TelegramMenuEquipment);
const HISTORY: (&str, Key) = ("historique", Key::TelegramMenuHistory);
const MAP: (&str, Key) = ("carte", Key::TelegramMenuMap);
const GROUP: (&str, Key) = ("groupe", Key::TelegramMenuGroup);
const MAINTENANCE: (&str, Key) = ("maintenance", Key::TelegramMenuMaintenance);
const SILENCE: (&str, Key) = ("silence", Key::TelegramMenuSilence);
const ON_CALL: (&str, Key) = ("astreinte", Key::TelegramMenuOnCall);
const JOIN: (&str, Key) = ("rejoindre", Key::TelegramMenuJoin);
const INVITE: (&str, Key) = ("inviter", Key::TelegramMenuInvite);
const NEW_GROUP: (&str, Key) = ("nouveau_groupe", Key::TelegramMenuNewGroup);
const SOURCES: (&str, Key) = ("sources", Key::TelegramMenuSources);
const ME: (&str, Key) = ("moi", Key::TelegramMenuMe);
const DECLARE: (&str, Key) = ("panne", Key::TelegramMenuDeclare);
const INCIDENT: (&str, Key) = ("incident", Key::TelegramMenuIncident);
const LINK: (&str, Key) = ("lier", Key::TelegramMenuLink);
const REMIND: (&str, Key) = ("rappel", Key::TelegramMenuRemind);
const REMINDERS: (&str, Key) = ("rappels", Key::TelegramMenuReminders);
const TODO: (&str, Key) = ("todo", Key::TelegramMenuTodo);
const TODOS: (&str, Key) = ("todos", Key::TelegramMenuTodos);
const TICKET: (&str, Key) = ("ticket", Key::TicketsMenu);
const CANCEL: (&str, Key) = ("annuler", Key::TelegramMenuCancel);

/// The first list that is set wins, so the narrow ones repeat the general commands.
const SCOPES: &[(&str, &[(&str, Key)])] = &[
    ("default", &[STATUS, HELP]),
    (
        "all_private_chats",
        &[
            DECLARE, STATUS, TICKET, EQUIPMENT, HISTORY, MAP, ON_CALL, ME, LINK, JOIN, INVITE,
            NEW_GROUP, REMIND, REMINDERS, TODOS, HELP, CANCEL,
        ],
    ),
    (
        "all_group_chats",
        &[
            STATUS,
            EQUIPMENT,
            HISTORY,
            MAP,
            INCIDENT,
            SILENCE,
            MAINTENANCE,
            ON_CALL,
            REMIND,
            REMINDERS,
            TODO,
            TODOS,
            INVITE,
            HELP,
        ],
    ),
    (
        "all_chat_administrators",
        &[
            STATUS,
            EQUIPMENT,
            HISTORY,
            MAP,
            INCIDENT,
            SILENCE,
            MAINTENANCE,
            ON_CALL,
            GROUP,
            SOURCES,
            HELP,
        ],
    ),
];

/// Sets every list. English is shown to those whose language we do not speak.
pub(super) async fn set(api: &Api, texts: &Texts) -> Result<(), CallError> {
    for lang in LANGS {
        for (scope, commands) in SCOPES {
            let payload = payload(texts, lang, scope, commands);
            api.call::<bool>("setMyCommands", &payload).await?;
        }
    }
    Ok(())
}

fn payload(texts: &Texts, lang: Lang, scope: &str, commands: &[(&str, Key)]) -> Value {
    let commands: Vec<Value> = commands
        .iter()
        .map(|(command, key)| {
            let say = Say::new(*key);
            let zone = chrono_tz::UTC;
            let words = texts.plain(lang, zone, chrono::DateTime::UNIX_EPOCH, &say);
            json!({"command": command, "description": words})
        })
        .collect();
    let mut payload = json!({"commands": commands, "scope": {"type": scope}});
    if let (Lang::Fr, Some(fields)) = (lang, payload.as_object_mut()) {
        fields.insert("language_code".to_owned(), json!("fr"));
    }
    payload
}
