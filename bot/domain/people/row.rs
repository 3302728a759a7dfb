//! A row of a file of members: what it says about one, and why it cannot be used.

mod values;
mod write;

pub use write::{guarded, role_text, value_text};

use chrono::NaiveDate;

use self::values::{number, read_roles, tidy, value_of};
use super::{Mandate, Member, MemberKind, Status};
use crate::authz::Role;
use crate::names::fold;
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
