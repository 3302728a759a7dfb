//! Calls about the topic of a card.

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use vigie_domain::ThreadId;
use vigie_domain::text::{Arg, Key};

use super::client::{Api, CallError};
use super::deliver::{Ending, failed};
use super::errors::Judged;
use super::health::Health;
use super::voice::{Voice, name};
use crate::app::outbox::BrokenBy;
use crate::app::topics::{TopicCall, TopicEnd};
use crate::app::views::CardView;
use vigie_domain::alert::Severity;

/// Longest name of a topic, in characters.
const LONGEST: usize = 128;

/// A call about a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicDraft {
    /// What is to be done.
    pub call: TopicCall,
    /// The topic, once it is there.
    pub thread: Option<ThreadId>,
    /// The name that says how things stand.
    pub name: String,
}

#[derive(Serialize)]
struct Named<'a> {
    chat_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    message_thread_id: Option<ThreadId>,
    name: &'a str,
}

#[derive(Serialize)]
struct Plain {
    chat_id: i64,
    message_thread_id: Option<ThreadId>,
}

#[derive(Deserialize)]
struct Made {
    message_thread_id: i64,
}

/// What a topic is called: how its card stands, and what failed first.
pub(super) fn title(voice: &Voice<'_>, view: &CardView) -> String {
    let first = view.causes.iter().min_by_key(|cause| cause.since);
    let worst = view.causes.iter().map(|cause| cause.severity).max();
    let key = match (view.finished, worst) {
        (true, _) => Key::TopicOver,
        (false, Some(Severity::Critical)) => Key::TopicDown,
        (false, _) => Key::TopicDegraded,
    };
    let more = view.causes.len().saturating_sub(1);
    let text = voice.with(
        key,
        [
            ("name", name(first.map_or("", |cause| &cause.plain))),
            ("more", Arg::Number(i64::try_from(more).unwrap_or(i64::MAX))),
        ],
    );
    text.finish().text.trim().chars().take(LONGEST).collect()
}

/// Does it.
pub(super) async fn deliver(
    api: &Api,
    health: &Health,
    address: i64,
    draft: &TopicDraft,
) -> Ending {
    let called = call(api, address, draft).await;
    let end = match called {
        Ok(made) => TopicEnd::Done(made),
        // Only making one twice makes two.
        Err(error) => match failed(health, &error, draft.call != TopicCall::Create) {
            Ending::Failed(Judged::TopicGone, _) => TopicEnd::Gone,
            Ending::Failed(
                Judged::Refused | Judged::TopicClosed | Judged::Broken(BrokenBy::NoRights),
                words,
            ) => {
                tracing::warn!(chat = address, words, "a topic was refused");
                TopicEnd::Refused
            }
            Ending::Done(_) => TopicEnd::Done(None),
            ending => return ending,
        },
    };
    Ending::Topic(draft.call, end)
}

async fn call(api: &Api, address: i64, draft: &TopicDraft) -> Result<Option<ThreadId>, CallError> {
    let named = Named {
        chat_id: address,
        message_thread_id: draft.thread,
        name: &draft.name,
    };
    let plain = Plain {
        chat_id: address,
        message_thread_id: draft.thread,
    };
    match draft.call {
        TopicCall::Create => {
            let made: Made = api.call("createForumTopic", &named).await?;
            return Ok(Some(ThreadId(made.message_thread_id)));
        }
        TopicCall::Rename => api.call::<IgnoredAny>("editForumTopic", &named).await?,
        TopicCall::Reopen => api.call::<IgnoredAny>("reopenForumTopic", &plain).await?,
        TopicCall::Close => api.call::<IgnoredAny>("closeForumTopic", &plain).await?,
    };
    Ok(None)
}
