//! What somebody sends besides text, and what they answer.

use teloxide::types::{FileMeta, Message};
use vigie_domain::MessageId;
use vigie_domain::text::clean;

use super::fit::shortened;
use crate::app::event::{Attachment, FileKind};

/// Longest name of a file that is kept, in UTF-16 units.
const NAME: usize = 100;

/// The message that this one answers, in the same conversation.
pub(super) fn answered(message: &Message) -> Option<MessageId> {
    // In a group with topics every message answers the one that opened the topic.
    let parent = message.reply_to_message()?;
    let thread = message.thread_id.filter(|_| message.is_topic_message);
    let opener = thread.is_some_and(|thread| thread.0 == parent.id);
    (!opener).then(|| MessageId(i64::from(parent.id.0)))
}

/// The file of a message.
pub(super) fn attachment(message: &Message) -> Option<Attachment> {
    let (kind, file, name) = file_of(message)?;
    Some(Attachment {
        kind,
        file: file.id.0.clone(),
        name: name.map(|name| shortened(clean(name).trim(), NAME)),
        size: u64::from(file.size),
        album: message.media_group_id().map(|album| album.0.clone()),
    })
}

fn file_of(message: &Message) -> Option<(FileKind, &FileMeta, Option<&str>)> {
    if let Some(sizes) = message.photo() {
        // The largest is the picture itself; the others are its small copies.
        let largest = sizes.iter().max_by_key(|size| size.width * size.height)?;
        return Some((FileKind::Photo, &largest.file, None));
    }
    if let Some(voice) = message.voice() {
        return Some((FileKind::Voice, &voice.file, None));
    }
    if let Some(audio) = message.audio() {
        return Some((FileKind::Audio, &audio.file, audio.file_name.as_deref()));
    }
    if let Some(video) = message.video() {
        return Some((FileKind::Video, &video.file, video.file_name.as_deref()));
    }
    if let Some(round) = message.video_note() {
        return Some((FileKind::VideoNote, &round.file, None));
    }
    // A moving picture is a document, too.
    if let Some(moving) = message.animation() {
        let name = moving.file_name.as_deref();
        return Some((FileKind::Animation, &moving.file, name));
    }
    if let Some(document) = message.document() {
        let name = document.file_name.as_deref();
        return Some((FileKind::Document, &document.file, name));
    }
    let sticker = message.sticker()?;
    Some((FileKind::Sticker, &sticker.file, None))
}
