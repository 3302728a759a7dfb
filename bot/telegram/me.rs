//! What somebody takes away of their data, as files.

use vigie_domain::text::{Arg, Key, Say};
use vigie_domain::{Lang, Place};

use super::render::File;
use super::voice::Voice;
use crate::app::me::{DataView, Form};

/// A file in this form.
pub(super) fn file(voice: &Voice<'_>, view: &DataView, form: Form, place: Place) -> File {
    let caption = voice.plain(&Say::new(Key::MeDataCaption).with("at", Arg::At(voice.now)));
    let (name, mime, text) = match form {
        Form::Json => ("mes-donnees.json", "application/json", view.json.clone()),
        Form::Page => (
            "mes-donnees.html",
            "text/html; charset=utf-8",
            page(voice, view),
        ),
    };
    File {
        thread: place.thread,
        name: name.to_owned(),
        bytes: text.into(),
        mime,
        caption,
        reply_to: None,
    }
}

/// A page that needs nothing else; what people wrote is text in it and never more.
fn page(voice: &Voice<'_>, view: &DataView) -> String {
    let title = escaped(&voice.plain(&Key::MeDataTitle.into()));
    let rows: String = view
        .say
        .iter()
        .map(|say| format!("<p>{}</p>\n", escaped(&voice.plain(say))))
        .collect();
    let lang = match voice.lang {
        Lang::Fr => "fr",
        Lang::En => "en",
    };
    format!(
        "<!doctype html>\n<html lang=\"{lang}\"><meta charset=\"utf-8\">\n\
         <title>{title}</title>\n<style>body{{font:1rem/1.5 sans-serif;max-width:42rem;\
         margin:2rem auto;padding:0 1rem}}</style>\n<h1>{title}</h1>\n{rows}</html>\n"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
