//! The values of a member, as they are read.

use chrono::NaiveDate;

use super::super::{Mandate, Member};
use super::Column;
use super::values::{GUARDED, KINDS, STATUSES};
use crate::authz::Role;
use crate::{EquipmentId, Lang};

/// A value that a spreadsheet does not take for a formula.
#[must_use]
pub fn guarded(value: &str) -> String {
    match value.starts_with(GUARDED) {
        true => format!("'{value}"),
        false => value.to_owned(),
    }
}

/// A role as [`Incoming`](super::Incoming) reads it.
#[must_use]
pub fn role_text(role: &Role) -> String {
    match role {
        Role::Visitor => String::new(),
        Role::Member => "member".to_owned(),
        Role::ActiveMember => "active-member".to_owned(),
        Role::SectorReferent(sector) => format!("referent:{sector}"),
        Role::Board => "board".to_owned(),
        Role::Trainee => "trainee".to_owned(),
        Role::SupervisoryCouncil => "supervisory-council".to_owned(),
        Role::Administrator => "administrator".to_owned(),
        Role::Auditor => "auditor".to_owned(),
    }
}

/// A member's value of a column, as [`Incoming`](super::Incoming) reads it.
#[must_use]
pub fn value_text(member: &Member, column: Column) -> String {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let of = |ways: &[&str]| {
        ways.first()
            .map(|way| (*way).to_owned())
            .unwrap_or_default()
    };
    match column {
        Column::Number => member.id.to_string(),
        Column::Kind => KINDS
            .iter()
            .find(|(kind, _)| *kind == member.kind)
            .map(|(_, ways)| of(ways))
            .unwrap_or_default(),
        Column::FirstName => member.first_name.clone(),
        Column::LastName => member.last_name.clone(),
        Column::Organisation => member.organisation.clone(),
        Column::Email => member.email.clone().unwrap_or_default(),
        Column::Phone => member.phone.clone().unwrap_or_default(),
        Column::Sector => member
            .sector
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        Column::College => member.college.clone().unwrap_or_default(),
        Column::Since => day(member.since),
        Column::Status => STATUSES
            .iter()
            .find(|(status, _)| *status == member.status)
            .map(|(_, ways)| of(ways))
            .unwrap_or_default(),
        Column::Roles => {
            let roles: Vec<String> = member.roles.iter().map(role_text).collect();
            roles.join(",")
        }
        Column::Mandates => {
            let one = |mandate: &Mandate| {
                let (from, until) = (day(mandate.from), day(mandate.until));
                format!("{} {from}..{until}", role_text(&mandate.role))
            };
            member
                .mandates
                .iter()
                .map(one)
                .collect::<Vec<_>>()
                .join(",")
        }
        Column::Links => {
            let one = |(link, equipment): (&String, &Option<EquipmentId>)| match equipment {
                Some(equipment) => format!("{link}={equipment}"),
                None => link.clone(),
            };
            member.links.iter().map(one).collect::<Vec<_>>().join(",")
        }
        Column::Lang => match member.lang {
            Some(Lang::Fr) => "fr".to_owned(),
            Some(Lang::En) => "en".to_owned(),
            None => String::new(),
        },
        Column::Newsletter => flag(member.consents.newsletter),
        Column::Directory => flag(member.consents.directory),
    }
}

fn flag(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}
