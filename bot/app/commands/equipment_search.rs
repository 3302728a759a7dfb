//! Equipment by a part of its name, or by a name with a typing error. Only what begins like the
//! words of the question is looked at, so that the size of the network does not matter.

use std::collections::BTreeMap;

use vigie_domain::EquipmentId;
use vigie_domain::names::fold;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_store::{Dir, Key, Range};

use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::Command;
use crate::app::keys;
use crate::app::network::{HasWord, words};
use crate::app::outbox::{Button, Class, Message, View};
use crate::app::tx::{Tx, decode};

/// Words of a question that are looked for.
const MOST_WORDS: usize = 6;
/// Names looked at for one word.
const MOST_NAMES: usize = 2_000;
/// Names offered.
const MOST_OFFERED: usize = 8;
/// Cost of a word that a name does not have.
const MISSING: usize = 100;

/// A piece of equipment that may be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub id: EquipmentId,
    /// How far its name is from the question; 0 has every word.
    pub far: usize,
}

impl Found {
    pub const fn has_every_word(&self) -> bool {
        self.far < MISSING
    }
}

impl Tx<'_> {
    /// Answers a name that is nobody's: the one piece of equipment that is meant, those that may
    /// be, or the nearest.
    pub(super) async fn nearly_named(&mut self, command: &Command) -> Result<(), AppError> {
        let found = self.search(&command.args).await?;
        let name: String = command.args.chars().take(60).collect();
        let meant: Vec<&Found> = found.iter().filter(|one| one.has_every_word()).collect();
        if let [only] = meant.as_slice() {
            return self.show_sheet(command, &only.id).await;
        }
        let (key, offered) = match (meant.is_empty(), found.is_empty()) {
            (false, _) => (Text::SheetSeveral, meant),
            (true, false) => (Text::SheetNearest, found.iter().collect()),
            (true, true) => (Text::SheetUnknown, Vec::new()),
        };
        let count = i64::try_from(offered.len()).unwrap_or(i64::MAX);
        let mut say = Say::new(key).with("name", Arg::Text(name));
        if key == Text::SheetSeveral {
            say = say.with("count", Arg::Number(count));
        }
        let mut message = Message::of(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        let opener = command.from.account();
        for one in offered.into_iter().take(MOST_OFFERED) {
            let view = View::Equipment {
                id: one.id.clone(),
                opener,
            };
            let chat = command.said.place.chat;
            let key = plant(self, Some(chat), opener, Action::Open(view))?;
            let label = Say::new(Text::SheetChoice)
                .with("name", Arg::Text(self.plain_name_of(&one.id).await?));
            message.buttons.push(vec![Button { label, key }]);
        }
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// What may be meant, the nearest first.
    pub(super) async fn search(&mut self, text: &str) -> Result<Vec<Found>, AppError> {
        let asked: Vec<String> = words(text).take(MOST_WORDS).collect();
        let mut names: BTreeMap<EquipmentId, (String, Vec<String>)> = BTreeMap::new();
        for word in &asked {
            let begin: String = word.chars().take(2).collect();
            self.names_with(&begin, &mut names).await?;
        }
        if names.is_empty() {
            // The error may be in the first letters.
            self.names_with("", &mut names).await?;
        }
        let whole = fold(text);
        let mut found: Vec<(usize, usize, Found)> = names
            .into_iter()
            .filter_map(|(id, (name, words))| {
                let far: usize = asked.iter().map(|word| distance(word, &words)).sum();
                let like = strsim::osa_distance(&whole, &name)
                    .min(strsim::osa_distance(&whole, id.as_str()));
                let near = far < MISSING * asked.len() || like * 3 <= whole.chars().count();
                (near && !asked.is_empty()).then_some((far, like, Found { id, far }))
            })
            .collect();
        found.sort_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
        Ok(found.into_iter().map(|(_, _, one)| one).collect())
    }

    /// Adds names that have a word with this begin.
    async fn names_with(
        &self,
        begin: &str,
        names: &mut BTreeMap<EquipmentId, (String, Vec<String>)>,
    ) -> Result<(), AppError> {
        let range = Range::prefix(&Key::of(&format!("ew/{begin}")).end());
        let (mut after, mut seen) = (None, 0);
        while seen < MOST_NAMES {
            let page = self
                .app()
                .store
                .scan(
                    self.app().shard,
                    &range,
                    after.as_ref(),
                    vigie_store::MAX_PAGE,
                    Dir::Forward,
                )
                .await?;
            for (key, entry) in &page.items {
                seen += 1;
                let (Some(word), Some(id)) = (keys::first_text(key), keys::last_text(key)) else {
                    continue;
                };
                let HasWord(name) = decode(key, &entry.value)?;
                let (_, words) = names
                    .entry(EquipmentId(id))
                    .or_insert_with(|| (name, Vec::new()));
                words.push(word);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        Ok(())
    }
}

/// How far a word is from the nearest of these: 0 the same, 1 its begin, more for each letter.
fn distance(word: &str, words: &[String]) -> usize {
    let letters = word.chars().count();
    let allowed = match letters {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    };
    let one = |other: &String| {
        if other == word {
            return Some(0);
        }
        if other.starts_with(word) {
            return Some(1);
        }
        let errors = strsim::osa_distance(word, other);
        (errors <= allowed).then_some(1 + errors)
    };
    words.iter().filter_map(one).min().unwrap_or(MISSING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_near_by_begin_and_by_one_error() {
        let words: Vec<String> = ["silo", "migennes", "de"].map(str::to_owned).into();
        let far = |word| distance(word, &words);
        assert_eq!(far("silo"), 0);
        assert_eq!(far("migen"), 1);
        assert_eq!(far("sillo"), 2);
        assert_eq!(far("mihennez"), 3);
        assert_eq!(far("tour"), MISSING);
        assert_eq!(far("do"), MISSING);
    }
}
