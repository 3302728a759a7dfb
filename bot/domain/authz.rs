//! Who may do what. One function, deny by default: every command, button and route asks here.
//!
//! Rights come from the cooperative's record alone. Being in a group, or administrating it on
//! the messenger, is never a right.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::SectorId;
use crate::text::{Arg, Key, Say};

/// What a person is in the cooperative. One person may be several things at once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Anybody, also those whom the record does not know.
    Visitor,
    /// A member.
    Member,
    /// A member who takes part in running the network.
    ActiveMember,
    /// Answers for one sector.
    SectorReferent(SectorId),
    /// Of the board (conseil d'administration).
    Board,
    /// Elected to learn with the board: without a vote there, and with the rights of a member here.
    Trainee,
    /// Of the supervisory council (conseil de surveillance).
    SupervisoryCouncil,
    /// Administers this program.
    Administrator,
    /// Reads everything and changes nothing.
    Auditor,
}

/// Who wants something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    roles: BTreeSet<Role>,
    /// Roles that an old proof gives: they do what does not weigh.
    stale: BTreeSet<Role>,
}

impl Actor {
    /// Somebody whom the record does not know, or who hides who they are.
    #[must_use]
    pub fn visitor() -> Self {
        Self::with_roles([])
    }

    /// Somebody with these roles in the record.
    #[must_use]
    pub fn with_roles(roles: impl IntoIterator<Item = Role>) -> Self {
        let mut roles: BTreeSet<_> = roles.into_iter().collect();
        roles.insert(Role::Visitor);
        let stale = BTreeSet::new();
        Self { roles, stale }
    }

    /// And with these, whose proof is too old for what weighs.
    #[must_use]
    pub fn and_stale(mut self, roles: impl IntoIterator<Item = Role>) -> Self {
        self.stale.extend(roles);
        self
    }

    /// The roles, the visitor's among them.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        self.roles.union(&self.stale)
    }

    /// Whether the record knows them.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.roles.len() > 1 || !self.stale.is_empty()
    }

    fn is_referent(&self) -> bool {
        self.roles()
            .any(|role| matches!(role, Role::SectorReferent(_)))
    }
}

/// What somebody wants to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Read what is down.
    ReadStatus,
    /// Read the sheet of a piece of equipment.
    ReadEquipment,
    /// Read the help.
    ReadHelp,
    /// Take an outage in hand.
    TakeOutage,
    /// Take turns in being on call, and take or give away a week.
    TakeTurns,
    /// Declare an outage, say what is known of it, close it.
    DeclareIncident,
    /// Write to the members whom an outage touches.
    TellTouched,
    /// Silence an outage for a while.
    SilenceOutage,
    /// Plan a maintenance or call it off.
    PlanMaintenance,
    /// Say that another way carries the traffic of failed equipment, or not any more.
    SetBypass,
    /// Read the details of an outage.
    ReadDetails,
    /// Read outages that are over, and what is counted from them.
    ReadHistory,
    /// Take the history away as a file, with the names of who took outages.
    ExportHistory,
    /// Say that what an import changed was checked.
    VerifyImport,
    /// Say what a group is for.
    BindGroup,
    /// Change the alert settings of equipment.
    ChangeAlertSettings,
    /// Import the network or people.
    ImportNetwork,
    /// Read which groups cannot be written to, and what was not delivered.
    ReadDeliveryFaults,
    /// Read the audit log.
    ReadAudit,
    /// Link somebody's account to a member's record, together with another administrator.
    LinkByHand,
    /// Say of somebody who asks to join a group that one knows them, and invite people.
    Vouch,
    /// Read who asks to join a group, and by whose word others are in.
    ReadJoins,
    /// Let somebody into a group, or not.
    DecideJoins,
    /// Ask for a new group.
    ProposeGroup,
    /// Say that a new group may be.
    ApproveGroup,
    /// Remove somebody from every group, or let them return.
    Expel,
    /// Say what newcomers of a kind of group are given to read.
    SetWelcome,
    /// Read what alerts come from and how it stands.
    ReadSources,
    /// Send a test alert of a source.
    TestSource,
    /// Find a member and read their record.
    ReadMembers,
    /// Change what a member is, or who speaks for them.
    ChangeMembers,
    /// Have oneself reminded of something, and read what one's groups are reminded of.
    KeepReminders,
    /// Have a group reminded of something.
    RemindGroup,
    /// Read what is to be done.
    ReadTodos,
    /// Note what is to be done in a group, and what became of it.
    WriteTodos,
    /// Tell of a problem: open a ticket and go on with one's own.
    OpenTicket,
    /// Read the tickets of others.
    ReadTickets,
    /// Take tickets, answer them, solve them.
    HandleTickets,
    /// Answer the phone for the cooperative: find who calls, and write their ticket.
    AnswerPhone,
    /// Take tickets away as a file.
    ExportTickets,
    /// Offer a hand where somebody has to go.
    OfferHelp,
}

impl Action {
    /// Every action.
    pub const ALL: [Self; 41] = [
        Self::ReadStatus,
        Self::ReadEquipment,
        Self::ReadHelp,
        Self::TakeOutage,
        Self::TakeTurns,
        Self::DeclareIncident,
        Self::TellTouched,
        Self::SilenceOutage,
        Self::PlanMaintenance,
        Self::SetBypass,
        Self::ReadDetails,
        Self::ReadHistory,
        Self::ExportHistory,
        Self::VerifyImport,
        Self::BindGroup,
        Self::ChangeAlertSettings,
        Self::ImportNetwork,
        Self::ReadDeliveryFaults,
        Self::ReadAudit,
        Self::LinkByHand,
        Self::Vouch,
        Self::ReadJoins,
        Self::DecideJoins,
        Self::ProposeGroup,
        Self::ApproveGroup,
        Self::Expel,
        Self::SetWelcome,
        Self::ReadSources,
        Self::TestSource,
        Self::ReadMembers,
        Self::ChangeMembers,
        Self::KeepReminders,
        Self::RemindGroup,
        Self::ReadTodos,
        Self::WriteTodos,
        Self::OpenTicket,
        Self::ReadTickets,
        Self::HandleTickets,
        Self::AnswerPhone,
        Self::ExportTickets,
        Self::OfferHelp,
    ];

    /// Whether it weighs: it decides over the rights of others, speaks for them, or shows what is
    /// personal. Mending an outage does not: whoever is there mends.
    #[must_use]
    pub const fn weighs(self) -> bool {
        matches!(
            self,
            Self::ImportNetwork
                | Self::ReadAudit
                | Self::LinkByHand
                | Self::Vouch
                | Self::ReadJoins
                | Self::DecideJoins
                | Self::ApproveGroup
                | Self::Expel
                | Self::SetWelcome
                | Self::ReadMembers
                | Self::ChangeMembers
        )
    }

    /// Whether it only reads.
    #[must_use]
    pub const fn reads(self) -> bool {
        matches!(
            self,
            Self::ReadStatus
                | Self::ReadEquipment
                | Self::ReadHelp
                | Self::ReadDetails
                | Self::ReadHistory
                | Self::ExportHistory
                | Self::ReadDeliveryFaults
                | Self::ReadAudit
                | Self::ReadJoins
                | Self::ReadSources
                | Self::ReadMembers
                | Self::ReadTodos
                | Self::ReadTickets
                | Self::ExportTickets
        )
    }
}

/// What it is done to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Object<'a> {
    /// The whole cooperative.
    Cooperative,
    /// A sector, or all of them.
    Sector(Option<&'a SectorId>),
    /// A piece of equipment (or an outage of it), by the sector that answers for it, if any does.
    Equipment(Option<&'a SectorId>),
    /// A group of people on the messenger.
    Group,
}

impl Object<'_> {
    const fn sector(&self) -> Option<&SectorId> {
        match self {
            Self::Sector(sector) | Self::Equipment(sector) => *sector,
            Self::Cooperative | Self::Group => None,
        }
    }
}

/// Why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denied {
    /// The record does not know them.
    NotKnown,
    /// Only those who run the network may.
    ActiveOnly,
    /// They answer for another sector than this one (`None`: this belongs to no sector).
    OtherSector(Option<SectorId>),
    /// As [`Denied::OtherSector`], about settings, which active members may not change either.
    SettingsOfOtherSector(Option<SectorId>),
    /// Only administrators and the sector's referents may.
    SettingsOnly,
    /// Only administrators and the sector's referents plan maintenance.
    ReferentsOnly,
    /// Only administrators and the sector's referents write to those touched.
    TouchedOnly,
    /// Only administrators may.
    AdministratorsOnly,
    /// Only those who watch over the cooperative may.
    OversightOnly,
    /// Only administrators and the sector's referents let people in.
    DoorOnly,
    /// An auditor changes nothing.
    AuditorReadsOnly,
    /// They might, and have to prove again who they are.
    ProofOld,
}

impl Denied {
    /// The sector whose referents may; in [`Denied::say`] it stands by its short name.
    #[must_use]
    pub const fn sector(&self) -> Option<&SectorId> {
        match self {
            Self::OtherSector(sector) | Self::SettingsOfOtherSector(sector) => sector.as_ref(),
            _ => None,
        }
    }

    /// What to tell: why, and what to do now.
    #[must_use]
    pub fn say(&self) -> Say {
        match self {
            Self::NotKnown => Say::new(Key::AuthzNotKnown),
            Self::ActiveOnly => Say::new(Key::AuthzActiveOnly),
            Self::OtherSector(Some(sector)) => Say::new(Key::AuthzOtherSector)
                .with("sector", Arg::Name(sector.as_str().to_owned())),
            Self::OtherSector(None) => Say::new(Key::AuthzNoSector),
            Self::SettingsOfOtherSector(Some(sector)) => Say::new(Key::AuthzOtherSectorSettings)
                .with("sector", Arg::Name(sector.as_str().to_owned())),
            Self::SettingsOfOtherSector(None) => Say::new(Key::AuthzNoSectorSettings),
            Self::SettingsOnly => Say::new(Key::AuthzSettingsOnly),
            Self::ReferentsOnly => Say::new(Key::AuthzReferentsOnly),
            Self::TouchedOnly => Say::new(Key::AuthzTouchedOnly),
            Self::AdministratorsOnly => Say::new(Key::AuthzAdministratorsOnly),
            Self::OversightOnly => Say::new(Key::AuthzOversightOnly),
            Self::DoorOnly => Say::new(Key::AuthzDoorOnly),
            Self::AuditorReadsOnly => Say::new(Key::AuthzAuditorReadsOnly),
            Self::ProofOld => Say::new(Key::AuthzProofOld),
        }
    }
}

/// Whether this person may do this to that.
///
/// # Errors
/// Why not; its [`Denied::say`] tells what to do now.
pub fn authz(actor: &Actor, action: Action, object: Object<'_>) -> Result<(), Denied> {
    let allowed = |roles: &BTreeSet<Role>| {
        let mut roles = roles.iter();
        roles.any(|role| allows(role, action, object.sector()))
    };
    match (allowed(&actor.roles), allowed(&actor.stale)) {
        (true, _) => Ok(()),
        (false, true) if !action.weighs() => Ok(()),
        (false, true) => Err(Denied::ProofOld),
        (false, false) => Err(reason(actor, action, object.sector())),
    }
}

fn allows(role: &Role, action: Action, sector: Option<&SectorId>) -> bool {
    use Action as A;
    let reads_network = matches!(
        action,
        A::ReadStatus | A::ReadHelp | A::ReadEquipment | A::ReadDetails | A::ReadHistory
    );
    let runs_network = matches!(action, A::ExportHistory | A::VerifyImport);
    let runs_groups = matches!(action, A::RemindGroup | A::WriteTodos);
    let handles_outage = matches!(
        action,
        A::TakeOutage | A::TakeTurns | A::SilenceOutage | A::SetBypass | A::DeclareIncident
    );
    let settles = matches!(
        action,
        A::ChangeAlertSettings | A::PlanMaintenance | A::TellTouched
    );
    let works_on_tickets = matches!(action, A::ReadTickets | A::HandleTickets);
    let takes_part = matches!(
        action,
        A::Vouch | A::ProposeGroup | A::OfferHelp | A::KeepReminders | A::ReadTodos
    );
    let keeps_the_door = matches!(action, A::ReadJoins | A::DecideJoins);
    match role {
        Role::Visitor => matches!(action, A::ReadStatus | A::ReadHelp | A::OpenTicket),
        Role::Member | Role::Trainee => reads_network || takes_part,
        Role::ActiveMember | Role::Board => {
            reads_network
                || runs_network
                || runs_groups
                || handles_outage
                || takes_part
                || works_on_tickets
                || action == A::AnswerPhone
                || (*role == Role::Board && action == A::ExportTickets)
        }
        Role::SectorReferent(own) => {
            let theirs = sector == Some(own);
            reads_network
                || runs_network
                || runs_groups
                || takes_part
                || (theirs && (handles_outage || settles || keeps_the_door || works_on_tickets))
        }
        Role::SupervisoryCouncil => {
            reads_network || takes_part || runs_groups || action == A::ExportHistory
        }
        Role::Auditor => action.reads(),
        Role::Administrator => true,
    }
}

fn reason(actor: &Actor, action: Action, sector: Option<&SectorId>) -> Denied {
    if !actor.is_known() {
        return Denied::NotKnown;
    }
    if !action.reads() && actor.roles().any(|role| *role == Role::Auditor) {
        return Denied::AuditorReadsOnly;
    }
    match action {
        Action::TakeOutage
        | Action::TakeTurns
        | Action::DeclareIncident
        | Action::SilenceOutage
        | Action::SetBypass
        | Action::ReadTickets
        | Action::HandleTickets
            if actor.is_referent() =>
        {
            Denied::OtherSector(sector.cloned())
        }
        Action::ChangeAlertSettings if actor.is_referent() => {
            Denied::SettingsOfOtherSector(sector.cloned())
        }
        Action::TakeOutage
        | Action::TakeTurns
        | Action::DeclareIncident
        | Action::SilenceOutage
        | Action::SetBypass
        | Action::ExportHistory
        | Action::RemindGroup
        | Action::WriteTodos
        | Action::VerifyImport
        | Action::ReadTickets
        | Action::HandleTickets
        | Action::AnswerPhone => Denied::ActiveOnly,
        Action::ChangeAlertSettings => Denied::SettingsOnly,
        Action::PlanMaintenance => Denied::ReferentsOnly,
        Action::TellTouched => Denied::TouchedOnly,
        Action::ReadDeliveryFaults
        | Action::ReadAudit
        | Action::ReadMembers
        | Action::ExportTickets => Denied::OversightOnly,
        Action::ReadJoins | Action::DecideJoins => Denied::DoorOnly,
        Action::BindGroup
        | Action::ImportNetwork
        | Action::ReadSources
        | Action::TestSource
        | Action::LinkByHand
        | Action::ChangeMembers
        | Action::ApproveGroup
        | Action::Expel
        | Action::SetWelcome => Denied::AdministratorsOnly,
        Action::ReadStatus
        | Action::ReadEquipment
        | Action::ReadHelp
        | Action::OpenTicket
        | Action::ReadDetails
        | Action::ReadHistory
        | Action::OfferHelp
        | Action::Vouch
        | Action::KeepReminders
        | Action::ReadTodos
        | Action::ProposeGroup => Denied::NotKnown,
    }
}

#[cfg(test)]
mod tests;
