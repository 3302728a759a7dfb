//! What the values of a row mean.

use chrono::NaiveDate;

use super::super::{Mandate, MemberKind, Status};
use super::{Column, MOST_LISTED, Said, Why};
use crate::authz::Role;
use crate::names::fold;
use crate::text::clean;
use crate::{EquipmentId, Lang, MemberId};

/// One line, without what must not reach a reader, and without the mark that keeps a spreadsheet
/// from counting.
pub(super) fn tidy(value: &str) -> String {
    let text = clean(&value.split_whitespace().collect::<Vec<_>>().join(" "));
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(GUARDED) => rest.to_owned(),
        _ => text,
    }
}

/// Beginnings by which a spreadsheet takes a text for a formula.
pub(super) const GUARDED: [char; 4] = ['=', '+', '-', '@'];

pub(super) fn number(value: &str) -> Result<MemberId, Why> {
    if value.is_empty() {
        return Err(Why::NoNumber);
    }
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    if value.chars().count() > MOST_LISTED || !value.chars().all(fits) {
        return Err(Why::BadNumber(value.chars().take(40).collect()));
    }
    Ok(value.into())
}

pub(super) fn value_of(column: Column, value: &str) -> Result<Said, Why> {
    let some = || (!value.is_empty()).then(|| value.to_owned());
    Ok(match column {
        Column::Kind => Said::Kind(word(column, value, &KINDS)?.unwrap_or_default()),
        Column::FirstName => Said::FirstName(value.to_owned()),
        Column::LastName => Said::LastName(value.to_owned()),
        Column::Organisation => Said::Organisation(value.to_owned()),
        Column::Email => Said::Email(email(value)?),
        Column::Phone => Said::Phone(phone(value)?),
        Column::College => Said::College(some()),
        Column::Since => Said::Since(date(column, value)?),
        Column::Status => Said::Status(word(column, value, &STATUSES)?.unwrap_or_default()),
        Column::Mandates => Said::Mandates(mandates(value)?),
        Column::Links => Said::Links(links(value)),
        Column::Lang => Said::Lang(word(column, value, &LANGS)?),
        Column::Newsletter => Said::Newsletter(word(column, value, &FLAGS)?.unwrap_or_default()),
        Column::Directory => Said::Directory(word(column, value, &FLAGS)?.unwrap_or_default()),
        Column::Number | Column::Sector | Column::Roles => Said::Sector(some()),
    })
}

type Words<T, const N: usize> = [(T, &'static [&'static str]); N];

pub(super) const KINDS: Words<MemberKind, 3> = [
    (
        MemberKind::Natural,
        &[
            "natural",
            "natural_person",
            "personne",
            "personne-physique",
            "particulier",
        ],
    ),
    (
        MemberKind::Business,
        &[
            "business",
            "legal_entity",
            "entreprise",
            "association",
            "personne-morale",
        ],
    ),
    (
        MemberKind::LocalAuthority,
        &[
            "local-authority",
            "local_authority",
            "collectivite",
            "commune",
            "mairie",
        ],
    ),
];
pub(super) const STATUSES: Words<Status, 4> = [
    (
        Status::Active,
        &["active", "actif", "membre", "member", "a-jour", "en-retard"],
    ),
    (
        Status::Left,
        &["left", "parti", "demissionnaire", "resigned", "not_member"],
    ),
    (Status::Expelled, &["expelled", "exclu", "radie"]),
    (Status::Deceased, &["deceased", "decede", "decedee"]),
];
pub(super) const LANGS: Words<Lang, 2> = [
    (Lang::Fr, &["fr", "francais", "french"]),
    (Lang::En, &["en", "anglais", "english"]),
];
const FLAGS: Words<bool, 2> = [
    (true, &["yes", "oui", "true", "1", "vrai"]),
    (false, &["no", "non", "false", "0", "faux"]),
];

fn word<T: Copy, const N: usize>(
    column: Column,
    value: &str,
    words: &Words<T, N>,
) -> Result<Option<T>, Why> {
    if value.is_empty() {
        return Ok(None);
    }
    let folded = fold(value);
    let found = words
        .iter()
        .find(|(_, ways)| ways.contains(&folded.as_str()));
    match found {
        Some((meant, _)) => Ok(Some(*meant)),
        None => Err(Why::UnknownWord(column, value.chars().take(40).collect())),
    }
}

fn email(value: &str) -> Result<Option<String>, Why> {
    if value.is_empty() {
        return Ok(None);
    }
    let whole = value.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.contains('@') && !host.ends_with('.')
    });
    match whole && !value.contains(' ') {
        true => Ok(Some(value.to_owned())),
        false => Err(Why::BadEmail(value.chars().take(60).collect())),
    }
}

fn phone(value: &str) -> Result<Option<String>, Why> {
    if value.is_empty() {
        return Ok(None);
    }
    let digits = value.chars().filter(char::is_ascii_digit).count();
    let fits = |letter: char| letter.is_ascii_digit() || " +.-()/".contains(letter);
    match (6..=15).contains(&digits) && value.chars().all(fits) {
        true => Ok(Some(value.to_owned())),
        false => Err(Why::BadPhone(value.chars().take(40).collect())),
    }
}

fn date(column: Column, value: &str) -> Result<Option<NaiveDate>, Why> {
    if value.is_empty() {
        return Ok(None);
    }
    let day = value.split(['T', ' ']).next().unwrap_or(value);
    ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(day, form).ok())
        .map(Some)
        .ok_or_else(|| Why::BadDate(column, value.chars().take(40).collect()))
}

fn parts(value: &str) -> impl Iterator<Item = &str> {
    value
        .split([',', ';', '|'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .take(MOST_LISTED)
}

/// Reads a role such as `board` or `referent:joigny`.
fn role(column: Column, text: &str, own: Option<&str>) -> Result<Role, Why> {
    let unknown = || Why::UnknownWord(column, text.chars().take(40).collect());
    let (name, sector) = match text.split_once(':') {
        Some((name, sector)) => (name, Some(fold(sector))),
        None => (text, own.map(str::to_owned)),
    };
    Ok(match fold(name).as_str() {
        "member" | "membre" => Role::Member,
        "active-member" | "actif" | "active" | "membre-actif" => Role::ActiveMember,
        "board" | "ca" | "conseil-d-administration" => Role::Board,
        "trainee" | "stagiaire" | "administrateur-stagiaire" => Role::Trainee,
        "supervisory-council" | "cs" | "conseil-de-surveillance" => Role::SupervisoryCouncil,
        "administrator" | "administrateur" | "administratrice" => Role::Administrator,
        "auditor" | "auditeur" | "auditrice" => Role::Auditor,
        "referent" | "sector-referent" => {
            Role::SectorReferent(sector.ok_or_else(unknown)?.as_str().into())
        }
        _ => return Err(unknown()),
    })
}

pub(super) fn read_roles(value: &str, own: Option<&str>) -> Result<Vec<Role>, Why> {
    parts(value)
        .map(|part| role(Column::Roles, part, own))
        .collect()
}

/// Reads `board 2025-01-01..2028-01-01, auditor 2026-01-01..`.
fn mandates(value: &str) -> Result<Vec<Mandate>, Why> {
    let column = Column::Mandates;
    parts(value)
        .map(|part| {
            let (name, days) = part.split_once(' ').unwrap_or((part, ".."));
            let (from, until) = days.split_once("..").unwrap_or((days, ""));
            Ok(Mandate {
                role: role(column, name, None)?,
                from: date(column, from.trim())?,
                until: date(column, until.trim())?,
            })
        })
        .collect()
}

/// Reads `L12=migennes-eglise, L13`.
fn links(value: &str) -> Vec<(String, Option<EquipmentId>)> {
    parts(value)
        .map(|part| match part.split_once('=') {
            Some((link, equipment)) => (link.trim().to_owned(), Some(equipment.trim().into())),
            None => (part.to_owned(), None),
        })
        .collect()
}
