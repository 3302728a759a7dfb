//! What an import changed, told once in the technical groups, and who has checked it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vigie_domain::alert::Taken;
use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::network::{Class, Equipment};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Lang};
use vigie_store::Key;

use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::Tap;
use crate::app::keys;
use crate::app::outbox::{Button, Class as Order, Doubt, Outgoing, Row, Target, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Lines of a digest; the others are only counted.
const MOST_LINES: usize = 40;

/// What an import changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// When it was done.
    pub at: DateTime<Utc>,
    /// New equipment.
    pub added: u64,
    /// Renamed equipment.
    pub renamed: u64,
    /// Equipment changed otherwise.
    pub changed: u64,
    /// Equipment that is in the files no longer.
    pub removed: u64,
    /// The first changes.
    pub lines: Vec<DigestLine>,
    /// Who has checked it, and when.
    pub verified: Option<Taken>,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DigestLine {
    /// What happened.
    pub kind: LineKind,
    /// Name of the equipment now, or at last.
    pub name: String,
    /// Its short name.
    pub id: String,
    /// What it is.
    pub class: Class,
}

/// What happened to a piece of equipment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LineKind {
    /// It is new.
    Added,
    /// It has another name: this was the old one, with the old short name where that changed.
    Renamed {
        /// The old name.
        before: String,
        /// What else changed.
        also: Vec<Field>,
    },
    /// This changed.
    Changed(Vec<Field>),
    /// It is in the files no longer.
    Removed,
}

/// A part of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// What it is.
    Class,
    /// What it hangs on.
    Parent,
    /// Its sector.
    Sector,
    /// Its site.
    Site,
    /// Its other names.
    Aliases,
    /// Its alert settings.
    Alerts,
}

crate::record_v1!(Digest);

impl DigestLine {
    /// The change from one sheet to another; one of them is there.
    pub(super) fn of(before: Option<&Equipment>, now: Option<&Equipment>) -> Self {
        let shown = now.or(before);
        let kind = match (before, now) {
            (Some(before), Some(now)) => change(before, now),
            (None, _) => LineKind::Added,
            (Some(_), None) => LineKind::Removed,
        };
        Self {
            kind,
            name: shown.map(|sheet| sheet.name.clone()).unwrap_or_default(),
            id: shown
                .map(|sheet| sheet.short_name().0.clone())
                .unwrap_or_default(),
            class: shown.map_or(Class::Link, |sheet| sheet.class),
        }
    }
}

fn change(before: &Equipment, now: &Equipment) -> LineKind {
    let shortened = before.short_name() != now.short_name();
    let named = before.name != now.name;
    // A new short name is an alias, too: that is no change of its own.
    let aliases = !shortened && before.aliases != now.aliases;
    let changed = [
        (before.class != now.class, Field::Class),
        (before.parent != now.parent, Field::Parent),
        (before.sector != now.sector, Field::Sector),
        (before.site != now.site, Field::Site),
        (aliases, Field::Aliases),
        (before.alerts != now.alerts, Field::Alerts),
    ];
    let fields: Vec<Field> = changed
        .into_iter()
        .filter_map(|(changed, field)| changed.then_some(field))
        .collect();
    match (named, shortened) {
        (false, false) => LineKind::Changed(fields),
        (_, false) => LineKind::Renamed {
            before: before.name.clone(),
            also: fields,
        },
        (_, true) => LineKind::Renamed {
            before: format!("{} ({})", before.name, before.short_name()),
            also: fields,
        },
    }
}

/// Changes of an import that is not complete: it may be broken off and done again.
fn pending() -> Key {
    Key::of("sys/import").end()
}

/// The number of the last import that was told.
fn last_number() -> Key {
    Key::of("sys/imports").end()
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Number(u64);

crate::record_v1!(Number);

impl Tx<'_> {
    /// Notes changes of an import, in the commit that makes them.
    pub(super) async fn note_changes(&mut self, lines: Vec<DigestLine>) -> Result<(), AppError> {
        if lines.is_empty() {
            return Ok(());
        }
        let mut digest: Digest = self.get(&pending()).await?.unwrap_or_default();
        for line in lines {
            *match line.kind {
                LineKind::Added => &mut digest.added,
                LineKind::Renamed { .. } => &mut digest.renamed,
                LineKind::Changed(_) => &mut digest.changed,
                LineKind::Removed => &mut digest.removed,
            } += 1;
            if digest.lines.len() < MOST_LINES {
                digest.lines.push(line);
            }
        }
        self.put(pending(), &digest)
    }

    /// An import is complete: what it changed is told where faults are mended.
    pub(super) async fn tell_import(&mut self) -> Result<(), AppError> {
        let Some(mut digest) = self.get::<Digest>(&pending()).await? else {
            return Ok(());
        };
        self.delete(pending());
        digest.at = self.now();
        let Number(last) = self.get(&last_number()).await?.unwrap_or_default();
        let number = last + 1;
        self.put(last_number(), &Number(number))?;
        self.put(keys::import(number), &digest)?;
        for chat in self.who_mends(ChatId(0)).await? {
            let action = Action::Verify { number };
            let key = plant(self, Some(chat), None, action)?;
            let label = Say::new(Text::ImportVerify);
            let lang = self.group_lang(chat).await?;
            let what = Outgoing::View {
                view: View::Import { number },
                lang,
                target: Target::New,
                buttons: vec![vec![Button { label, key }]],
            };
            let row = Row::new(
                chat.into(),
                what,
                Order::Service,
                self.now(),
                Doubt::SendAgain,
            );
            self.append(keys::outbox_messages(), &self.fresh(row))?;
        }
        Ok(())
    }

    /// Somebody has checked what an import changed.
    pub(crate) async fn verify_import(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        number: u64,
        lang: Lang,
    ) -> Result<Answer, AppError> {
        if let Err(denied) = authz(actor, Act::VerifyImport, Object::Cooperative) {
            return Ok(Answer::refusal(self.refusal(&denied).await?));
        }
        let key = keys::import(number);
        let (Some(mut digest), Some((chat, message))) = (self.get::<Digest>(&key).await?, tap.on)
        else {
            return Ok(Answer::refusal(Text::TapUnknown));
        };
        let lang = self.lang_there(chat, lang).await?;
        if let Some(verified) = &digest.verified {
            let say = Say::new(Text::ImportVerifiedAlready)
                .with("person", Arg::Text(verified.name.clone()))
                .with("at", Arg::At(verified.at));
            self.show(chat, View::Import { number }, Target::Edit(message), lang)
                .await?;
            return Ok(Answer::toast(say));
        }
        digest.verified = Some(Taken {
            by: tap.from.account,
            name: tap.from.first_name.clone(),
            at: self.now(),
        });
        self.put(key, &digest)?;
        let object = format!("import {number}");
        self.audit(
            &tap.from,
            chat.into(),
            "verify-import",
            &object,
            ("", "verified"),
        )
        .await?;
        self.show(chat, View::Import { number }, Target::Edit(message), lang)
            .await?;
        Ok(Answer::toast(Text::ImportVerifiedNow))
    }

    /// The language of a group; in private, that of the person.
    pub(crate) async fn lang_there(
        &mut self,
        chat: ChatId,
        person: Lang,
    ) -> Result<Lang, AppError> {
        match chat.0 {
            ..0 => self.group_lang(chat).await,
            _ => Ok(person),
        }
    }
}

#[cfg(test)]
mod tests {
    use vigie_domain::network::AlertSettings;

    use super::*;

    fn sheet(id: &str, name: &str) -> Equipment {
        Equipment {
            id: id.into(),
            name: name.to_owned(),
            class: Class::MainRelay,
            parent: None,
            backups: Vec::new(),
            probes: Vec::new(),
            sector: None,
            site: None,
            aliases: Vec::new(),
            renamed: None,
            alerts: AlertSettings::default(),
        }
    }

    #[test]
    fn a_change_is_told_by_what_it_is() {
        let silo = sheet("silo", "Silo");
        let mut moved = silo.clone();
        moved.parent = Some("collecte".into());
        moved.alerts.delay_s = Some(60);
        let mut renamed = sheet("silo", "Silo nord");
        renamed.renamed = Some("silo-nord".into());
        renamed.aliases.push("silo-nord".to_owned());
        let kind = |before, now| DigestLine::of(before, now).kind;
        assert_eq!(kind(None, Some(&silo)), LineKind::Added);
        assert_eq!(kind(Some(&silo), None), LineKind::Removed);
        assert_eq!(
            kind(Some(&silo), Some(&moved)),
            LineKind::Changed(vec![Field::Parent, Field::Alerts])
        );
        let line = DigestLine::of(Some(&silo), Some(&renamed));
        assert_eq!(line.id, "silo-nord");
        let before = "Silo (silo)".to_owned();
        let also = Vec::new();
        assert_eq!(line.kind, LineKind::Renamed { before, also });
    }
}
