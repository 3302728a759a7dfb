//! `vigie letters`: codes on paper, ready to print, while nothing runs.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use vigie_domain::text::{Arg, Key, Say};
use vigie_domain::{Lang, MemberId};
use vigie_store::SledOptions;

use super::{faults, ready_store};
use crate::app::App;
use crate::app::settings::Settings;
use crate::args::Letters;
use crate::clock::{SystemChance, SystemClock};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::i18n::Texts;
use crate::letters::{Style, pdf};

/// Makes a letter for each member of a list.
///
/// # Errors
/// The list, the store or the document cannot be used.
pub async fn letters(
    console: &Console<'_>,
    texts: &Texts,
    args: &Letters,
    folder: &Path,
    settings: Settings,
) -> Result<(), Failure> {
    let told = |key, file: &Path, error: &std::io::Error| {
        let file = Arg::Text(file.display().to_string());
        let why = Arg::Text(error.to_string());
        Failure::new(
            Exit::Data,
            Say::new(key).with("file", file).with("why", why),
        )
    };
    let list = std::fs::read_to_string(&args.list)
        .map_err(|error| told(Key::LetterListUnreadable, &args.list, &error))?;
    let numbers: Vec<String> = list
        .lines()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    // The document holds secrets; who may not write it makes no codes.
    let mut document = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&args.out)
        .map_err(|error| told(Key::LetterNotWritten, &args.out, &error))?;
    let internal = |why: String| faults::internal(&why);
    let store = ready_store(folder, SledOptions::default()).await?;
    let chance = SystemChance::new().map_err(|why| internal(why.clone()))?;
    let zone = settings.zone;
    let app = App::new(
        Arc::new(store),
        Arc::new(SystemClock),
        Arc::new(chance),
        settings,
    );
    let (printed, left_out) = app
        .letters(&numbers)
        .await
        .map_err(|error| internal(error.to_string()))?;
    let style = Style {
        texts,
        lang: Lang::Fr,
        zone,
        now: app.now(),
        bot: &args.bot,
    };
    let bytes = pdf(&style, &printed).map_err(|error| internal(error.to_string()))?;
    document
        .write_all(&bytes)
        .and_then(|()| document.sync_all())
        .map_err(|error| told(Key::LetterNotWritten, &args.out, &error))?;
    for MemberId(number) in left_out {
        let say = Say::new(Key::LetterLeftOut).with("member", Arg::Text(number));
        console.warning(&args.list.display().to_string(), &say);
    }
    let count = i64::try_from(printed.len()).unwrap_or(i64::MAX);
    let file = Arg::Text(args.out.display().to_string());
    let say = Say::new(Key::LetterDone)
        .with("count", Arg::Number(count))
        .with("file", file);
    console.say(&say);
    Ok(())
}

/// Makes the guide of those who answer the phone, from the questions that they are asked to ask.
///
/// # Errors
/// The document cannot be made or written.
pub fn phone_guide(
    texts: &Texts,
    args: &crate::args::PhoneGuide,
    settings: &Settings,
) -> Result<(), Failure> {
    let style = Style {
        texts,
        lang: Lang::Fr,
        zone: settings.zone,
        now: chrono::DateTime::UNIX_EPOCH,
        bot: "",
    };
    let questions = crate::app::phone::questions(&settings.tickets.checklist);
    let bytes = crate::letters::guide(&style, &questions)
        .map_err(|error| faults::internal(&error.to_string()))?;
    std::fs::write(&args.out, bytes).map_err(|error| {
        let file = Arg::Text(args.out.display().to_string());
        let why = Arg::Text(error.to_string());
        Failure::new(
            Exit::Data,
            Say::new(Key::LetterNotWritten)
                .with("file", file)
                .with("why", why),
        )
    })
}
