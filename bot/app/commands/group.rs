//! `/groupe`: an administrator says what a group is for.

use vigie_domain::authz::{Action as Act, Actor, Object, authz};
use vigie_domain::group::{Group, GroupKind, Topics};
use vigie_domain::network::Sector;
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{ChatId, Place, SectorId};

use crate::app::buttons::{Action, plant};
use crate::app::error::AppError;
use crate::app::event::{Command, Person, Sender, Tap};
use crate::app::keys;
use crate::app::outbox::{Button, Class, Message, View};
use crate::app::taps::Answer;
use crate::app::tx::Tx;

/// Buttons in one row.
const PER_ROW: usize = 2;
/// Sectors offered at once: each is a button, and so a record of its own.
const FEW_SECTORS: usize = 20;

/// Some of the sectors, by name.
pub(crate) struct SectorPage {
    sectors: Vec<Sector>,
    /// Which page, from 0, of how many.
    pub(crate) at: (u32, u32),
}

impl Tx<'_> {
    /// `/groupe [genre] [secteur]`. Without words: what the group is, and buttons. Who hides
    /// behind the group gets the buttons too: the press tells who they are.
    pub(super) async fn group_command(&mut self, command: &Command) -> Result<(), AppError> {
        if command.said.private {
            return self.answer(command, Text::GroupOnlyInGroups.into()).await;
        }
        let mut words = command.args.split_whitespace();
        let (Some(kind), Sender::Person(person)) = (words.next(), &command.from) else {
            return self.offer_kinds(command).await;
        };
        let actor = self.actor(person).await?;
        if let "sujets" | "topics" = vigie_domain::names::fold(kind).as_str() {
            let on = words.next().map(vigie_domain::names::fold);
            return self.topics_command(command, person, &actor, on).await;
        }
        let rest: Vec<&str> = words.collect();
        let sector = match rest.is_empty() {
            true => None,
            false => match self.sector_named(&rest.join(" ")).await? {
                Some(sector) => Some(sector.id),
                None => return self.no_such_sector(command, &rest.join(" ")).await,
            },
        };
        let kind = vigie_domain::names::fold(kind);
        let say = match self
            .bind(person, &actor, command.said.place, &kind, sector)
            .await?
        {
            Ok(say) | Err(say) => say,
        };
        self.answer(command, say).await
    }

    pub(super) async fn no_such_sector(
        &mut self,
        command: &Command,
        name: &str,
    ) -> Result<(), AppError> {
        let meant = vigie_domain::names::fold(name);
        let mut known = self.sectors_by_name().await?;
        let all = known.len();
        if all > FEW_SECTORS {
            // The most alike first, and only some: a message does not hold hundreds.
            known.sort_by_cached_key(|sector| {
                let folded = vigie_domain::names::fold(&sector.name);
                strsim::damerau_levenshtein(&folded, &meant)
            });
            known.truncate(FEW_SECTORS);
        }
        let mut names: Vec<String> = known.into_iter().map(|sector| sector.name).collect();
        if all > FEW_SECTORS {
            names.push("…".to_owned());
        }
        let say = Say::new(Text::StatusNoSuchSector)
            .with("name", Arg::Text(name.chars().take(60).collect()))
            .with("known", Arg::Text(names.join(", ")));
        self.answer(command, say).await
    }

    async fn offer_kinds(&mut self, command: &Command) -> Result<(), AppError> {
        let chat = command.said.place.chat;
        let group: Option<Group> = self.peek(&keys::group(chat)).await?;
        let kind = group.as_ref().and_then(|group| group.kind.clone());
        let say = match kind {
            Some(kind) => Say::new(Text::GroupIs).with("kind", Arg::Name(kind)),
            None => Say::new(Text::GroupIsNothing),
        };
        let buttons = self.kind_buttons(chat).await?;
        let mut message = Message::of(say);
        message.lang = Some(self.reader(command).await?);
        message.reply_to = Some(command.said.message);
        message.buttons = buttons.chunks(PER_ROW).map(<[Button]>::to_vec).collect();
        self.say_at(command.said.place, Class::Answer, message)
    }

    /// One button for each kind, and for each sector where a kind is local. Many sectors are a
    /// question of their own.
    async fn kind_buttons(&mut self, chat: ChatId) -> Result<Vec<Button>, AppError> {
        let kinds = self.policy().await?.kinds;
        let sectors = self.sectors_by_name().await?;
        let few = sectors.len() <= FEW_SECTORS;
        let mut buttons = Vec::new();
        for kind in kinds {
            match (kind.local, few) {
                (true, true) => {
                    for sector in &sectors {
                        buttons.push(self.bind_button(chat, &kind.id, Some(sector))?);
                    }
                }
                (true, false) => {
                    let label =
                        Say::new(Text::GroupKindSectors).with("kind", Arg::Text(kind.id.clone()));
                    let view = View::Sectors {
                        kind: kind.id,
                        page: 0,
                    };
                    let key = plant(self, Some(chat), None, Action::Show(view))?;
                    buttons.push(Button { label, key });
                }
                (false, _) => buttons.push(self.bind_button(chat, &kind.id, None)?),
            }
        }
        Ok(buttons)
    }

    fn bind_button(
        &mut self,
        chat: ChatId,
        kind: &str,
        sector: Option<&Sector>,
    ) -> Result<Button, AppError> {
        let word = Arg::Text(kind.to_owned());
        let label = match sector {
            Some(sector) => Say::new(Text::GroupKindLocal)
                .with("kind", word)
                .with("sector", Arg::Text(sector.name.clone())),
            None => Say::new(Text::GroupKind).with("kind", word),
        };
        let action = Action::Bind {
            chat,
            kind: kind.to_owned(),
            sector: sector.map(|sector| sector.id.clone()),
        };
        let key = plant(self, Some(chat), None, action)?;
        Ok(Button { label, key })
    }

    async fn sectors_by_name(&mut self) -> Result<Vec<Sector>, AppError> {
        let rows = self.all::<Sector>(&keys::sectors()).await?;
        let mut sectors: Vec<Sector> = rows.into_iter().map(|(_, sector)| sector).collect();
        sectors.sort_by_cached_key(|sector| vigie_domain::names::fold(&sector.name));
        Ok(sectors)
    }

    /// One page of all sectors; the last one where there are fewer pages.
    pub(crate) async fn sector_page(&mut self, page: u32) -> Result<SectorPage, AppError> {
        let sectors = self.sectors_by_name().await?;
        let pages = u32::try_from(sectors.len().div_ceil(FEW_SECTORS).max(1)).unwrap_or(u32::MAX);
        let page = page.min(pages - 1);
        let first = usize::try_from(page).unwrap_or(0) * FEW_SECTORS;
        let sectors = sectors.into_iter().skip(first).take(FEW_SECTORS).collect();
        let at = (page, pages);
        Ok(SectorPage { sectors, at })
    }

    /// The answers to the question which sector a group of this kind is for.
    pub(super) async fn sector_buttons(
        &mut self,
        chat: ChatId,
        kind: &str,
        page: u32,
    ) -> Result<Vec<Vec<Button>>, AppError> {
        let SectorPage { sectors, at } = self.sector_page(page).await?;
        let mut buttons = Vec::new();
        for sector in &sectors {
            buttons.push(self.bind_button(chat, kind, Some(sector))?);
        }
        let mut rows: Vec<Vec<Button>> = buttons.chunks(PER_ROW).map(<[Button]>::to_vec).collect();
        let view = View::Sectors {
            kind: kind.to_owned(),
            page: at.0,
        };
        let turns = self.turns(chat, &view, at, None)?;
        if !turns.is_empty() {
            rows.push(turns);
        }
        Ok(rows)
    }

    /// A press on one of the kinds.
    pub(crate) async fn bind_by_button(
        &mut self,
        tap: &Tap,
        actor: &Actor,
        chat: ChatId,
        kind: &str,
        sector: Option<SectorId>,
    ) -> Result<Answer, AppError> {
        match self
            .bind(&tap.from, actor, chat.into(), kind, sector)
            .await?
        {
            Ok(say) => {
                self.say(chat, Class::Answer, Message::of(say.clone()))?;
                Ok(Answer::toast(say))
            }
            Err(refusal) => Ok(Answer::refusal(refusal)),
        }
    }

    async fn bind(
        &mut self,
        person: &Person,
        actor: &Actor,
        place: Place,
        kind: &str,
        sector: Option<SectorId>,
    ) -> Result<Result<Say, Say>, AppError> {
        if let Err(denied) = authz(actor, Act::BindGroup, Object::Group) {
            return Ok(Err(self.refusal(&denied).await?));
        }
        let kinds = self.policy().await?.kinds;
        let Some(kind) = kinds.iter().find(|known| known.id == kind) else {
            let known: Vec<String> = kinds.into_iter().map(|kind| kind.id).collect();
            let say = Say::new(Text::GroupNoSuchKind)
                .with("kind", Arg::Text(kind.chars().take(40).collect()))
                .with("known", Arg::Text(known.join(", ")));
            return Ok(Err(say));
        };
        if kind.local && sector.is_none() {
            return Ok(Err(Say::new(Text::GroupNeedsSector)));
        }
        let sector = if kind.local { sector } else { None };
        self.write_binding(person, place, kind, sector.clone())
            .await?;
        Ok(Ok(match sector {
            Some(sector) => Say::new(Text::GroupBoundLocal)
                .with("kind", Arg::Name(kind.id.clone()))
                .with("sector", Arg::Name(self.sector_name(&sector).await?)),
            None => Say::new(Text::GroupBound).with("kind", Arg::Name(kind.id.clone())),
        }))
    }

    async fn write_binding(
        &mut self,
        person: &Person,
        place: Place,
        kind: &GroupKind,
        sector: Option<SectorId>,
    ) -> Result<(), AppError> {
        let key = keys::group(place.chat);
        let before: Option<Group> = self.get(&key).await?;
        let mut group = before.clone().unwrap_or_else(|| Group {
            chat: place.chat,
            title: place.chat.to_string(),
            kind: None,
            sector: None,
            thread: None,
            lang: person.lang,
            broken: None,
            topics: Topics::Off,
        });
        let was = before.and_then(|group| group.kind).unwrap_or_default();
        group.kind = Some(kind.id.clone());
        group.sector = sector;
        group.thread = place.thread;
        if group.broken.take().is_some() {
            self.wake_cards(place.chat).await?;
        }
        self.put(key, &group)?;
        let object = format!("group {}", place.chat);
        self.audit(person, place, "bind-group", &object, (&was, &kind.id))
            .await
    }

    /// A sector's name for people.
    pub(crate) async fn sector_name(&mut self, id: &SectorId) -> Result<String, AppError> {
        let sector: Option<Sector> = self.peek(&keys::sector(id.as_str())).await?;
        Ok(sector.map_or_else(|| id.to_string(), |sector| sector.name))
    }
}
