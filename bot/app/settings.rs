//! Settings of the use cases, with their defaults.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use vigie_domain::flap::FlapRule;
use vigie_domain::group::GroupKind;
use vigie_domain::network::AlertDefaults;
use vigie_domain::rota::Handover;
use vigie_domain::{AccountId, SourceId};

use super::rota::Step;

/// Settings of a cooperative. Policies are settings; their defaults are here and nowhere else.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Zone in which times are shown and quiet hours are read.
    pub zone: Tz,
    /// Accounts that are administrators before any record says so.
    pub administrators: Vec<AccountId>,
    /// Defaults of alert settings.
    pub alerts: AlertDefaults,
    /// Kinds of groups.
    pub kinds: Vec<GroupKind>,
    /// New messages a minute that outages may cause in one group; more causes share a card.
    pub new_cards_per_minute: u32,
    /// Seconds within which outages that become due share a card.
    pub together_s: u32,
    /// Seconds within which what remains behind outages that are over shares a card.
    pub orphans_together_s: u32,
    /// Seconds that a child may stay down after its parent came back before it gets its own card.
    pub orphan_grace_s: u32,
    /// Seconds that it has when another way carries the traffic.
    pub bypass_grace_s: u32,
    /// Seconds after its end in which an alert told again with the same start is an echo.
    pub echo_s: u32,
    /// Alerts that a source may have open about names that nobody declared, and about one piece
    /// of equipment; what goes beyond opens nothing.
    pub most_strays: u32,
    /// When equipment counts as unstable.
    pub flap: FlapRule,
    /// Seconds between two changes of the card of something unstable.
    pub unstable_card_s: u32,
    /// Seconds after its end in which an outage that comes back is told on the same card.
    pub same_card_s: u32,
    /// Seconds that an outage that came back must last before the card is answered: a change of
    /// a card makes no sound.
    pub again_s: u32,
    /// Hours before a maintenance at which it is announced.
    pub announce_h: Vec<u32>,
    /// Longest silence that can be asked for, in hours.
    pub silence_most_h: u32,
    /// Links behind from which an outage of a sector is told to the technical group too; 0 is
    /// never.
    pub wide_from_links: u32,
    /// Minute of the local day at which what is below the threshold of a group is told.
    pub digest_minute: u16,
    /// When the person on call changes.
    pub handover: Handover,
    /// Who is called when nobody takes an outage, in order of time; empty: nobody.
    pub escalation: Vec<Step>,
    /// Whether that also holds where nobody takes turns in being on call.
    pub escalation_without_rota: bool,
    /// Kinds of groups that are called last.
    pub escalation_kinds: Vec<String>,
    /// Hours that a button stays valid.
    pub button_hours: u32,
    /// Lines on one page of a list.
    pub page_lines: u32,
    /// Seconds of silence after which a source counts as gone, for those of which signs of life
    /// are expected; the configuration tells it with each source.
    #[serde(skip)]
    pub silent_after_s: BTreeMap<SourceId, u32>,
    /// Every source that may post or is asked.
    #[serde(skip)]
    pub sources: BTreeMap<SourceId, Way>,
    /// Months that outages are kept after their end.
    pub history_months: u32,
    /// Whether groups are told of each month on the first of the next.
    pub month_summary: bool,
    /// The hour of that day at which they are told.
    pub month_hour: u32,
    /// Minutes without sight or speech that are worth a message afterwards; the largest number:
    /// never.
    pub absence_min: u32,
    /// Minutes after which a dialogue ends by itself.
    pub dialogue_min: u32,
    /// Days that what takes two persons waits for the second one.
    pub two_persons_days: u32,
    /// Limits and delays of linking accounts.
    pub linking: vigie_domain::linking::LinkRules,
    /// The page of the information system on which members link their account; the
    /// configuration tells it.
    #[serde(skip)]
    pub members_page: Option<String>,
    /// Rules of joining groups.
    pub joining: vigie_domain::vouching::Rules,
    /// Rules of what people declare of their connections, and of the life of outages.
    pub declaring: vigie_domain::declaring::Rules,
    /// Rules of tickets.
    pub tickets: vigie_domain::tickets::Rules,
    /// Defaults of our own probes.
    pub probes: vigie_domain::probe::Defaults,
}

/// How alerts of a source reach us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It posts them.
    Posts,
    /// We ask it.
    IsAsked,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: chrono_tz::Europe::Paris,
            administrators: Vec::new(),
            alerts: AlertDefaults::default(),
            kinds: GroupKind::defaults(),
            new_cards_per_minute: 2,
            together_s: 10,
            orphans_together_s: 300,
            orphan_grace_s: 60,
            bypass_grace_s: 300,
            echo_s: 300,
            most_strays: 10_000,
            flap: FlapRule::default(),
            unstable_card_s: 60,
            same_card_s: 300,
            again_s: 60,
            announce_h: vec![24, 1],
            silence_most_h: 24 * 7,
            wide_from_links: 100,
            digest_minute: 8 * 60,
            handover: Handover::default(),
            escalation: Step::defaults(),
            escalation_without_rota: false,
            escalation_kinds: vec!["actifs".to_owned()],
            button_hours: 24 * 30,
            page_lines: 8,
            silent_after_s: BTreeMap::new(),
            sources: BTreeMap::new(),
            history_months: 24,
            month_summary: true,
            month_hour: 9,
            absence_min: 5,
            dialogue_min: 30,
            two_persons_days: 7,
            linking: vigie_domain::linking::LinkRules::default(),
            members_page: None,
            joining: vigie_domain::vouching::Rules::default(),
            declaring: vigie_domain::declaring::Rules::default(),
            tickets: vigie_domain::tickets::Rules::default(),
            probes: vigie_domain::probe::Defaults::default(),
        }
    }
}
