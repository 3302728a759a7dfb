//! A row of a file of members: what it says about one, and why it cannot be used.

use chrono::NaiveDate;

use super::{Mandate, Member, MemberKind, Status};
use crate::authz::Role;
use crate::names::fold;
use crate::text::clean;
use crate::{EquipmentId, Lang, MemberId};

/// Longest value of a field.
const MOST: usize = 200;
/// Longest list.
const MOST_LISTED: usize = 64;

/// What a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// Number in the record.
    Number,
    /// Kind of person.
    Kind,
    /// First name.
    FirstName,
    /// Last name.
    LastName,
    /// Name of a legal person.
    Organisation,
    /// E-mail address.
    Email,
    /// Telephone.
    Phone,
    /// Sector.
    Sector,
    /// College.
    College,
    /// Since when.
    Since,
    /// Whether still a member.
    Status,
    /// Roles.
    Roles,
    /// Roles for a time.
    Mandates,
    /// Connections.
    Links,
    /// Language.
    Lang,
    /// Agreed to letters.
    Newsletter,
    /// Agreed to be listed.
    Directory,
}

/// Every column, by the name under which it is written, and the other ways to write it.
pub const COLUMNS: &[(Column, &[&str])] = &[
    (
        Column::Number,
        &[
            "number",
            "numero",
            "numero-de-membre",
            "member",
            "membre",
            "id",
            "adherent",
            "pk",
        ],
    ),
    (Column::Kind, &["kind", "type", "genre"]),
    (Column::FirstName, &["first_name", "first-name", "prenom"]),
    (Column::LastName, &["last_name", "last-name", "nom", "name"]),
    (
        Column::Organisation,
        &[
            "organisation",
            "organization",
            "organization_name",
            "raison-sociale",
            "structure",
        ],
    ),
    (Column::Email, &["email", "e-mail", "mail", "courriel"]),
    (
        Column::Phone,
        &[
            "phone",
            "telephone",
            "tel",
            "mobile",
            "mobile_phone_number",
            "home_phone_number",
        ],
    ),
    (Column::Sector, &["sector", "secteur", "plaque"]),
    (Column::College, &["college"]),
    (
        Column::Since,
        &[
            "since",
            "depuis",
            "date_joined",
            "adhesion",
            "date-d-adhesion",
        ],
    ),
    (Column::Status, &["status", "statut", "etat"]),
    (Column::Roles, &["roles", "role"]),
    (Column::Mandates, &["mandates", "mandats"]),
    (Column::Links, &["links", "liens", "raccordements"]),
    (Column::Lang, &["lang", "langue", "language"]),
    (
        Column::Newsletter,
        &["newsletter", "lettre", "send_membership_fees_email"],
    ),
    (Column::Directory, &["directory", "annuaire"]),
];

impl Column {
    /// The column of this heading.
    #[must_use]
    pub fn of(heading: &str) -> Option<Self> {
        let heading = fold(heading);
        let named = COLUMNS
            .iter()
            .find(|(_, ways)| ways.contains(&heading.as_str()));
        named.map(|(column, _)| *column)
    }

    /// How it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        COLUMNS
            .iter()
            .find(|(column, _)| *column == self)
            .and_then(|(_, ways)| ways.first().copied())
            .unwrap_or_default()
    }
}

/// Why a row cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It has no number.
    NoNumber,
    /// The number cannot be one.
    BadNumber(String),
    /// A new member without any name.
    NoName,
    /// A value is too long.
    TooLong(Column),
    /// A word that is not known.
    UnknownWord(Column, String),
    /// No date.
    BadDate(Column, String),
    /// No e-mail address.
    BadEmail(String),
    /// No telephone number.
    BadPhone(String),
    /// So many fields instead of so many.
    Fields {
        /// In the row.
        found: usize,
        /// In the heading.
        wanted: usize,
    },
    /// Quotation marks that do not close.
    Quotes,
    /// The line is longer than any row may be.
    LongLine,
    /// The number stands in the file before.
    Twice(String),
    /// Not what the format says.
    Syntax(String),
}

/// A row that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its line.
    pub line: u64,
    /// Why.
    pub why: Why,
}

/// One thing that a row says.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Said {
    Kind(MemberKind),
    FirstName(String),
    LastName(String),
    Organisation(String),
    Email(Option<String>),
    Phone(Option<String>),
    Sector(Option<String>),
    College(Option<String>),
    Since(Option<NaiveDate>),
    Status(Status),
    Roles(Vec<Role>),
    Mandates(Vec<Mandate>),
    Links(Vec<(String, Option<EquipmentId>)>),
    Lang(Option<Lang>),
    Newsletter(bool),
    Directory(bool),
}

/// What a row says about a member. What it does not say stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Its line.
    pub line: u64,
    /// Whose.
    pub id: MemberId,
    said: Vec<Said>,
}

impl Incoming {
    /// Reads a row.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn read<'v>(
        line: u64,
        fields: impl IntoIterator<Item = (Column, &'v str)>,
    ) -> Result<Self, Fault> {
        let fault = |why| Fault { line, why };
        let (mut id, mut said, mut sector) = (None, Vec::new(), None);
        let mut roles = None;
        for (column, value) in fields {
            let value = tidy(value);
            let most = match column {
                Column::Roles | Column::Mandates | Column::Links => MOST * 10,
                _ => MOST,
            };
            if value.chars().count() > most {
                return Err(fault(Why::TooLong(column)));
            }
            match column {
                Column::Number => id = Some(number(&value).map_err(fault)?),
                Column::Sector => {
                    sector = (!value.is_empty()).then(|| fold(&value));
                    said.push(Said::Sector(sector.clone()));
                }
                Column::Roles => roles = Some(value),
                _ => said.push(value_of(column, &value).map_err(fault)?),
            }
        }
        if let Some(roles) = roles {
            said.push(Said::Roles(
                read_roles(&roles, sector.as_deref()).map_err(fault)?,
            ));
        }
        let id = id.ok_or(Fault {
            line,
            why: Why::NoNumber,
        })?;
        Ok(Self { line, id, said })
    }

    /// The member as this row has it, from how it was before.
    ///
    /// # Errors
    /// A new member needs a name.
    pub fn onto(&self, before: Option<&Member>) -> Result<Member, Fault> {
        let mut member = before
            .cloned()
            .unwrap_or_else(|| Member::new(self.id.clone(), ""));
        for said in self.said.iter().cloned() {
            match said {
                Said::Kind(kind) => member.kind = kind,
                Said::FirstName(name) => member.first_name = name,
                Said::LastName(name) => member.last_name = name,
                Said::Organisation(name) => member.organisation = name,
                Said::Email(email) => member.email = email,
                Said::Phone(phone) => member.phone = phone,
                Said::Sector(sector) => member.sector = sector.as_deref().map(Into::into),
                Said::College(college) => member.college = college,
                Said::Since(since) => member.since = since,
                Said::Status(status) => member.status = status,
                Said::Roles(roles) => member.roles = roles.into_iter().collect(),
                Said::Mandates(mandates) => member.mandates = mandates,
                Said::Links(links) => member.links = links.into_iter().collect(),
                Said::Lang(lang) => member.lang = lang,
                Said::Newsletter(agreed) => member.consents.newsletter = agreed,
                Said::Directory(agreed) => member.consents.directory = agreed,
            }
        }
        member.roles.insert(Role::Member);
        let named = [&member.first_name, &member.last_name, &member.organisation];
        if before.is_none() && named.iter().all(|name| name.is_empty()) {
            return Err(Fault {
                line: self.line,
                why: Why::NoName,
            });
        }
        Ok(member)
    }
}

/// One line, without what must not reach a reader, and without the mark that keeps a spreadsheet
/// from counting.
fn tidy(value: &str) -> String {
    let text = clean(&value.split_whitespace().collect::<Vec<_>>().join(" "));
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(GUARDED) => rest.to_owned(),
        _ => text,
    }
}

/// Beginnings by which a spreadsheet takes a text for a formula.
const GUARDED: [char; 4] = ['=', '+', '-', '@'];

/// A value that a spreadsheet does not take for a formula.
#[must_use]
pub fn guarded(value: &str) -> String {
    match value.starts_with(GUARDED) {
        true => format!("'{value}"),
        false => value.to_owned(),
    }
}

fn number(value: &str) -> Result<MemberId, Why> {
    if value.is_empty() {
        return Err(Why::NoNumber);
    }
    let fits = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    if value.chars().count() > MOST_LISTED || !value.chars().all(fits) {
        return Err(Why::BadNumber(value.chars().take(40).collect()));
    }
    Ok(value.into())
}

fn value_of(column: Column, value: &str) -> Result<Said, Why> {
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

const KINDS: Words<MemberKind, 3> = [
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
const STATUSES: Words<Status, 4> = [
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
const LANGS: Words<Lang, 2> = [
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

fn read_roles(value: &str, own: Option<&str>) -> Result<Vec<Role>, Why> {
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

/// A role as [`Incoming`] reads it.
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

/// A member's value of a column, as [`Incoming`] reads it.
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
