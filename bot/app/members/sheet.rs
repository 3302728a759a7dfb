//! The record of a member as those read it who look after members.

use chrono::NaiveDate;
use vigie_domain::authz::Role;
use vigie_domain::people::{Bond, Member, MemberKind, Quality, Status, Way, readable};
use vigie_domain::text::{Arg, Key as Text, Say};
use vigie_domain::{MemberId, SectorId};

use crate::app::error::AppError;
use crate::app::tx::Tx;

/// Lines of one kind that are shown.
const MOST_LINES: usize = 12;

/// A role, for people.
pub(super) fn role_word(role: &Role) -> Arg {
    let word = |key| Arg::Word(key);
    match role {
        Role::Visitor => word(Text::MembersRoleVisitor),
        Role::Member => word(Text::MembersRoleMember),
        Role::ActiveMember => word(Text::MembersRoleActive),
        Role::SectorReferent(sector) => Arg::Said(Box::new(
            Say::new(Text::MembersRoleReferent).with("sector", Arg::Text(sector.0.clone())),
        )),
        Role::Board => word(Text::MembersRoleBoard),
        Role::Trainee => word(Text::MembersRoleTrainee),
        Role::SupervisoryCouncil => word(Text::MembersRoleCouncil),
        Role::Administrator => word(Text::MembersRoleAdministrator),
        Role::Auditor => word(Text::MembersRoleAuditor),
    }
}

fn kind_word(kind: MemberKind) -> Text {
    match kind {
        MemberKind::Natural => Text::MembersKindNatural,
        MemberKind::Business => Text::MembersKindBusiness,
        MemberKind::LocalAuthority => Text::MembersKindAuthority,
    }
}

fn status_word(status: Status) -> Text {
    match status {
        Status::Active => Text::MembersStatusActive,
        Status::Left => Text::MembersStatusLeft,
        Status::Expelled => Text::MembersStatusExpelled,
        Status::Deceased => Text::MembersStatusDeceased,
    }
}

fn day(day: NaiveDate) -> Arg {
    Arg::Text(day.format("%d/%m/%Y").to_string())
}

/// The name of a member, or their number where nothing of it can be read.
pub(super) fn shown_name(member: &Member) -> Arg {
    let name = member.full_name();
    match name.is_empty() {
        true => Arg::Text(format!("n° {}", member.id)),
        false => Arg::Text(name),
    }
}

impl Tx<'_> {
    /// Today, where the cooperative is.
    pub(super) fn today(&self) -> NaiveDate {
        self.now().with_timezone(&self.settings().zone).date_naive()
    }

    /// A member by name and number.
    pub(super) async fn member_named(&mut self, id: &MemberId) -> Result<Arg, AppError> {
        let name = match self.member(id).await? {
            Some(member) => member.full_name(),
            None => String::new(),
        };
        Ok(Arg::Text(match name.is_empty() {
            true => format!("n° {id}"),
            false => format!("{name} (n° {id})"),
        }))
    }

    /// The whole record, in paragraphs.
    pub(crate) async fn member_lines(&mut self, id: &MemberId) -> Result<Vec<Say>, AppError> {
        let Some(member) = self.member(id).await? else {
            return Ok(vec![Say::new(Text::MembersGone)]);
        };
        let mut lines = vec![
            Say::new(Text::MembersHead)
                .with("name", shown_name(&member))
                .with("number", Arg::Text(member.id.0.clone())),
            Say::new(Text::MembersKind)
                .with("kind", Arg::Word(kind_word(member.kind)))
                .with("status", Arg::Word(status_word(member.status))),
        ];
        if let Some(since) = member.since {
            lines.push(Say::new(Text::MembersSince).with("day", day(since)));
        }
        if let Some(suspended) = &member.suspended {
            lines.push(Say::new(Text::MembersSuspendedSince).with("at", Arg::At(suspended.since)));
        }
        if let Some(sector) = &member.sector {
            let name = self.plain_sector(sector).await?;
            lines.push(Say::new(Text::MembersSector).with("sector", name));
        }
        let texts = [
            (Text::MembersCollege, member.college.as_deref()),
            (Text::MembersEmail, member.email.as_deref()),
            (Text::MembersPhone, member.phone.as_deref()),
        ];
        for (key, value) in texts {
            if let Some(value) = value {
                lines.push(Say::new(key).with("value", Arg::Text(readable(value))));
            }
        }
        for role in member.roles.iter().filter(|role| **role != Role::Member) {
            lines.push(Say::new(Text::MembersRole).with("role", role_word(role)));
        }
        for mandate in member.mandates.iter().rev().take(MOST_LINES) {
            lines.push(mandate_line(mandate));
        }
        for (link, equipment) in member.links.iter().take(MOST_LINES) {
            let equipment = equipment.as_ref().map(|id| id.0.clone());
            lines.push(
                Say::new(Text::MembersLink)
                    .with("link", Arg::Text(readable(link)))
                    .with("equipment", Arg::Text(equipment.unwrap_or("–".to_owned()))),
            );
        }
        let bonds = self.bonds_on(id).await?;
        if bonds.is_empty() {
            lines.push(Say::new(Text::MembersNoBond));
        }
        lines.extend(bonds.iter().rev().take(MOST_LINES).map(bond_line));
        Ok(lines)
    }

    async fn plain_sector(&mut self, id: &SectorId) -> Result<Arg, AppError> {
        Ok(Arg::Text(self.sector_name(id).await?))
    }
}

/// What a member is, for people: status, roles, mandates.
pub(super) fn standing_words(member: &Member) -> Vec<Say> {
    let roles = member.roles.iter().filter(|role| **role != Role::Member);
    let role = |role| Say::new(Text::MembersRole).with("role", role_word(role));
    std::iter::once(Say::new(status_word(member.status)))
        .chain(roles.map(role))
        .chain(member.mandates.iter().map(mandate_line))
        .collect()
}

fn mandate_line(mandate: &vigie_domain::people::Mandate) -> Say {
    let key = match (mandate.from, mandate.until) {
        (Some(_), Some(_)) => Text::MembersMandateFromUntil,
        (Some(_), None) => Text::MembersMandateFrom,
        (None, Some(_)) => Text::MembersMandateUntil,
        (None, None) => Text::MembersRole,
    };
    let mut say = Say::new(key).with("role", role_word(&mandate.role));
    if let Some(from) = mandate.from {
        say = say.with("from", day(from));
    }
    if let Some(until) = mandate.until {
        say = say.with("until", day(until));
    }
    say
}

fn bond_line(bond: &Bond) -> Say {
    let quality = match bond.quality {
        Quality::Holder => Text::MembersQualityHolder,
        Quality::Household => Text::MembersQualityHousehold,
        Quality::Representative => Text::MembersQualityRepresentative,
    };
    let way = match bond.way {
        Way::Email => Text::MembersWayEmail,
        Way::Site => Text::MembersWaySite,
        Way::Letter => Text::MembersWayLetter,
        Way::Officers => Text::MembersWayOfficers,
        Way::Record => Text::MembersWayRecord,
    };
    let key = match (&bond.ended, bond.frozen) {
        (Some(_), _) => Text::MembersBondEnded,
        (None, Some(_)) => Text::MembersBondFrozen,
        (None, None) => Text::MembersBond,
    };
    let mut say = Say::new(key)
        .with("account", Arg::Text(bond.account.to_string()))
        .with("quality", Arg::Word(quality))
        .with("way", Arg::Word(way));
    if let Some(ended) = &bond.ended {
        say = say.with("at", Arg::At(ended.at));
    }
    say
}
