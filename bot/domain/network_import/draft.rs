//! Reads records into things of the network, and notes every fault on the way.

use std::collections::{BTreeMap, BTreeSet};

use crate::alert::Severity;
use crate::authz::Role;
use crate::declaring::MOST_COUNTED;
use crate::group::{AlertsWanted, GroupKind};
use crate::names::fold;
use crate::network::{
    AlertDefaults, AlertSettings, Class, Equipment, LONGEST_WAIT_S, QuietHours, Scope, Sector, Site,
};
use crate::people::Member;
use crate::people::row::{Column, Incoming};
use crate::{AccountId, EquipmentId, Lang, SectorId, SiteId};

use super::fields::Fields;
use super::problem::{Hint, What};
use super::source::{Fault, Field, Kind, Record, Sink, Value};
use super::{probes, quiet, words};

/// More faults than this are only counted.
const MAX_FAULTS: usize = 500;
/// Longest name of a thing.
pub(super) const MAX_NAME: usize = 120;
/// Longest hint of a site.
const MAX_HINT: usize = 400;
/// Most aliases of one piece of equipment.
const MAX_ALIASES: usize = 32;
/// Most further parents of one piece of equipment.
const MAX_BACKUPS: usize = 4;

/// A thing, and where it was declared.
pub(super) struct Placed<T> {
    pub file: usize,
    pub at: usize,
    /// Where it names its parent, sector and site.
    pub names_at: NamesAt,
    pub item: T,
}

/// Where a thing names others.
#[derive(Clone, Copy, Default)]
pub(super) struct NamesAt {
    pub parent: usize,
    pub backups: usize,
    pub sector: usize,
    pub site: usize,
}

/// The first place that names something, and how it is written there.
pub(super) struct Mention {
    pub file: usize,
    pub at: usize,
    pub written: String,
}

/// Everything read so far.
#[derive(Default)]
pub(super) struct Draft {
    pub file: usize,
    pub sectors: Vec<Placed<Sector>>,
    pub sites: Vec<Placed<Site>>,
    pub equipment: Vec<Placed<Equipment>>,
    pub groups: Vec<Placed<GroupKind>>,
    pub people: Vec<Placed<Member>>,
    pub defaults: Option<AlertDefaults>,
    pub named_sectors: BTreeMap<String, Mention>,
    pub named_sites: BTreeMap<String, Mention>,
    /// Names of things that have faults of their own: naming them is no further fault.
    pub unfinished: BTreeSet<String>,
    pub faults: Vec<(usize, Fault)>,
    pub more_faults: usize,
}

impl<'a> Sink<'a> for Draft {
    fn record(&mut self, record: Record<'a>) {
        let at = record.at;
        let mut faults = Vec::new();
        let mut fields = Fields::new(words::fields(record.kind), record.fields, at, &mut faults);
        match record.kind {
            Kind::Defaults => self.read_defaults(&mut fields),
            Kind::Sector => self.read_sector(at, &mut fields),
            Kind::Site => self.read_site(at, &mut fields),
            Kind::Equipment => self.read_equipment(at, &mut fields),
            Kind::Group => self.read_group(at, &mut fields),
            Kind::Person => self.read_person(at, &mut fields),
        }
        for fault in faults {
            self.fault(fault);
        }
    }

    fn fault(&mut self, fault: Fault) {
        let file = self.file;
        self.fault_in(file, fault);
    }
}

impl Draft {
    pub fn fault_in(&mut self, file: usize, fault: Fault) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push((file, fault));
        } else {
            self.more_faults += 1;
        }
    }

    fn placed<T>(&self, at: usize, names_at: NamesAt, item: T) -> Placed<T> {
        Placed {
            file: self.file,
            at,
            names_at,
            item,
        }
    }

    fn read_defaults(&mut self, fields: &mut Fields<'_, '_>) {
        let mut defaults = AlertDefaults::default();
        if let Some(delay) = fields.number("delay_s", i64::from(LONGEST_WAIT_S)) {
            defaults.delay_s = delay;
        }
        if let Some(repeat) = fields.number("repeat_min", i64::from(LONGEST_WAIT_S / 60)) {
            defaults.repeat_min = repeat;
        }
        if let Some(hours) = quiet::read(fields) {
            defaults.quiet = hours;
        }
        self.defaults = Some(defaults);
    }

    fn read_sector(&mut self, at: usize, fields: &mut Fields<'_, '_>) {
        let names = fields.written_names();
        if let Some((id, name)) = fields.id_and_name() {
            let sector = Sector {
                id: SectorId(id),
                name,
            };
            self.sectors
                .push(self.placed(at, NamesAt::default(), sector));
        } else {
            self.unfinished.extend(names);
        }
    }

    fn read_site(&mut self, at: usize, fields: &mut Fields<'_, '_>) {
        let hint = fields.text("hint", MAX_HINT);
        let names = fields.written_names();
        if let Some((id, name)) = fields.id_and_name() {
            let site = Site {
                id: SiteId(id),
                name,
                hint,
            };
            self.sites.push(self.placed(at, NamesAt::default(), site));
        } else {
            self.unfinished.extend(names);
        }
    }

    fn read_equipment(&mut self, at: usize, fields: &mut Fields<'_, '_>) {
        let names_at = NamesAt {
            parent: fields.at("parent"),
            backups: fields.at("backups"),
            sector: fields.at("sector"),
            site: fields.at("site"),
        };
        let sector = fields.text("sector", MAX_NAME);
        let site = fields.text("site", MAX_NAME);
        self.mention(sector.as_deref(), names_at.sector, true);
        self.mention(site.as_deref(), names_at.site, false);
        let parent = fields.text("parent", MAX_NAME);
        let backups = texts(fields, "backups", MAX_BACKUPS);
        let class = fields.required_word("class", words::CLASSES).map(class);
        let aliases = texts(fields, "aliases", MAX_ALIASES);
        let alerts = settings(fields);
        let probes = probes::read(fields);
        let names = fields.written_names();
        let named = fields.id_and_name();
        if class.is_some_and(|class| class != Class::Backbone) {
            fields.require("parent", parent.is_some());
            fields.require("sector", sector.is_some());
        }
        if let (Some((id, name)), Some(class)) = (named, class) {
            let item = Equipment {
                id: EquipmentId(id),
                name,
                class,
                parent: parent.map(EquipmentId),
                backups: backups.into_iter().map(EquipmentId).collect(),
                sector: sector.map(SectorId),
                site: site.map(SiteId),
                aliases,
                renamed: None,
                alerts,
                probes,
            };
            self.equipment.push(self.placed(at, names_at, item));
        } else {
            self.unfinished.extend(names);
        }
    }

    fn read_group(&mut self, at: usize, fields: &mut Fields<'_, '_>) {
        let alerts = fields.required_word("alerts", words::WANTED);
        let local = fields.flag("local").unwrap_or(false);
        let quiet = fields.flag("quiet").unwrap_or(false);
        let severity = fields.word("severity", words::SEVERITIES).map(severity);
        if let (Some(id), Some(alerts)) = (fields.id("id"), alerts) {
            let alerts = match alerts {
                "backbone" => AlertsWanted::Backbone,
                "sector" => AlertsWanted::Sector,
                _ => AlertsWanted::None,
            };
            let kind = GroupKind {
                id,
                alerts,
                local,
                quiet,
                severity: severity.unwrap_or(Severity::Info),
            };
            self.groups.push(self.placed(at, NamesAt::default(), kind));
        }
    }

    fn read_person(&mut self, at: usize, fields: &mut Fields<'_, '_>) {
        let names_at = NamesAt {
            sector: fields.at("sector"),
            ..NamesAt::default()
        };
        let sector = fields.text("sector", MAX_NAME);
        self.mention(sector.as_deref(), names_at.sector, true);
        let roles = self.roles(sector.as_deref(), fields);
        let lang = fields.word("lang", words::LANGS).map(|word| match word {
            "en" => Lang::En,
            _ => Lang::Fr,
        });
        let account = fields.account("account").map(AccountId);
        let member = fields.text("member", MAX_NAME);
        fields.require("member", member.is_some());
        let first_name = fields.text("first_name", MAX_NAME);
        fields.require("first_name", first_name.is_some());
        if let (Some(id), Some(first_name)) = (member, first_name) {
            let id = id.as_str().into();
            let sector = sector.map(SectorId);
            let person = Member {
                account,
                sector,
                roles,
                lang,
                ..Member::new(id, &first_name)
            };
            let person = more_of_person(at, person, fields);
            self.people.push(self.placed(at, names_at, person));
        }
    }

    fn roles(&mut self, own: Option<&str>, fields: &mut Fields<'_, '_>) -> BTreeSet<Role> {
        let mut roles = BTreeSet::new();
        for (at, text) in fields.list("roles", MAX_NAME) {
            let (name, sector) =
                text.split_once(':')
                    .map_or((text.as_str(), None), |(name, sector)| {
                        (
                            name,
                            Some(sector.trim()).filter(|sector| !sector.is_empty()),
                        )
                    });
            let role = match words::word(words::ROLES, name) {
                Some("member") => Role::Member,
                Some("active-member") => Role::ActiveMember,
                Some("board") => Role::Board,
                Some("trainee") => Role::Trainee,
                Some("supervisory-council") => Role::SupervisoryCouncil,
                Some("administrator") => Role::Administrator,
                Some("auditor") => Role::Auditor,
                Some(_) => {
                    let Some(sector) = sector.or(own) else {
                        fields.fault(at, What::Missing, "sector", &text, Hint::None);
                        continue;
                    };
                    self.mention(Some(sector), at, true);
                    Role::SectorReferent(sector.into())
                }
                None => {
                    fields.unknown_word(at, "roles", name, words::ROLES);
                    continue;
                }
            };
            roles.insert(role);
        }
        if roles.is_empty() {
            roles.insert(Role::Member);
        }
        roles
    }

    fn mention(&mut self, written: Option<&str>, at: usize, sector: bool) {
        let file = self.file;
        let named = if sector {
            &mut self.named_sectors
        } else {
            &mut self.named_sites
        };
        if let Some(written) = written {
            named.entry(fold(written)).or_insert_with(|| Mention {
                file,
                at,
                written: written.to_owned(),
            });
        }
    }
}

/// What a file of members says with the same words.
fn more_of_person(at: usize, person: Member, fields: &mut Fields<'_, '_>) -> Member {
    let mut known = person;
    for (name, column) in [
        ("last_name", Column::LastName),
        ("organisation", Column::Organisation),
        ("kind", Column::Kind),
        ("email", Column::Email),
        ("phone", Column::Phone),
        ("college", Column::College),
        ("since", Column::Since),
        ("links", Column::Links),
        ("status", Column::Status),
        ("mandates", Column::Mandates),
    ] {
        let at = if fields.is_there(name) {
            fields.at(name)
        } else {
            at
        };
        let value = match column {
            Column::Links | Column::Mandates => {
                let listed = fields.list(name, MAX_NAME).into_iter().map(|(_, one)| one);
                Some(listed.collect::<Vec<_>>().join(",")).filter(|listed| !listed.is_empty())
            }
            _ => fields.text(name, MAX_NAME),
        };
        let Some(value) = value else { continue };
        let said = [
            (Column::Number, known.id.as_str()),
            (column, value.as_str()),
        ];
        match Incoming::read(0, said).and_then(|row| row.onto(Some(&known))) {
            Ok(with) => {
                // A row makes everybody a member; a file of people says so itself.
                let roles = std::mem::take(&mut known.roles);
                known = Member { roles, ..with };
            }
            Err(_) => fields.fault(at, What::WrongType, name, &value, Hint::None),
        }
    }
    known
}

fn severity(word: &str) -> Severity {
    match word {
        "critical" => Severity::Critical,
        "warning" => Severity::Warning,
        _ => Severity::Info,
    }
}

fn class(word: &str) -> Class {
    match word {
        "backbone" => Class::Backbone,
        "main-relay" => Class::MainRelay,
        "secondary-relay" => Class::SecondaryRelay,
        "access" => Class::Access,
        _ => Class::Link,
    }
}

/// A list of texts without repetitions.
fn texts(fields: &mut Fields<'_, '_>, name: &str, most: usize) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for (at, text) in fields.list(name, MAX_NAME) {
        if texts.len() == most {
            let limit = i64::try_from(most).unwrap_or(i64::MAX);
            fields.fault(at, What::TooLong, name, &text, Hint::Limit(limit));
            break;
        }
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts
}

/// Settings stand in a table of their own, or flat in the row.
fn settings(fields: &mut Fields<'_, '_>) -> AlertSettings {
    match fields.take("alerts") {
        Some(Field {
            value: Value::Table(inner),
            at,
            ..
        }) => settings_in(&mut fields.nested(words::settings(), inner, at)),
        Some(other) => {
            // A column "alertes" with yes or no.
            fields.put("enabled", other);
            settings_in(fields)
        }
        None => settings_in(fields),
    }
}

fn settings_in(fields: &mut Fields<'_, '_>) -> AlertSettings {
    let quiet: Option<QuietHours> = quiet::read(fields);
    AlertSettings {
        enabled: fields.flag("enabled"),
        scope: fields.word("scope", words::SCOPES).map(|word| match word {
            "backbone" => Scope::Backbone,
            "sector" => Scope::Sector,
            "both" => Scope::Both,
            _ => Scope::None,
        }),
        delay_s: fields.number("delay_s", i64::from(LONGEST_WAIT_S)),
        repeat_min: fields.number("repeat_min", i64::from(LONGEST_WAIT_S / 60)),
        quiet,
        declarations: fields.number("declarations", i64::from(MOST_COUNTED)),
    }
}
