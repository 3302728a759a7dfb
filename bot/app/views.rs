//! What a message shows, as facts read at the moment of sending; the edge lays them out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use vigie_domain::alert::{Severity, Taken};
use vigie_domain::history::{Means, Month, Strip};
use vigie_domain::network::{AlertDefaults, Class, Equipment};
use vigie_domain::probe::measure::Measure;
use vigie_domain::state::State;
use vigie_domain::text::Say;
use vigie_domain::tree::Count;
use vigie_domain::{EquipmentId, Lang, MessageId, Place};

use super::alerts::Bypass;
use super::deadman::Hidden;
use super::history::HistoryOf;
use super::network::Digest;
use super::outbox::{Button, Look, Message};
use super::topics::TopicCall;

/// Everything a card shows.
#[derive(Clone, Debug, PartialEq)]
pub struct CardView {
    /// Where the card is, or goes.
    pub place: Place,
    /// Its message, once it has one.
    pub message: Option<MessageId>,
    /// How that message looks, where that is known.
    pub looks: Option<Look>,
    /// What is to be done next with the topic of the card.
    pub topic: Option<TopicCall>,
    /// Language of the group.
    pub lang: Lang,
    /// Its causes: one, or several when outages came faster than messages may.
    pub causes: Vec<CauseView>,
    /// Whether every cause has ended.
    pub finished: bool,
    /// Rows of buttons; none once it is finished.
    pub buttons: Vec<Vec<Button>>,
    /// Whether a first message makes no sound (quiet hours).
    pub silent: bool,
    /// Alerts that the source left out of its messages.
    pub left_out: u64,
}

/// A cause on a card.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseView {
    /// The equipment that failed.
    pub id: EquipmentId,
    /// Its name for people, with its short name where that says more.
    pub name: String,
    /// Its name for people alone, for where there is little room.
    pub plain: String,
    /// What it is; `None` where nobody has declared it.
    pub class: Option<Class>,
    /// Name of its sector.
    pub sector: Option<String>,
    /// Worst open alert, or worst of the episode once it has ended.
    pub severity: Severity,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How it stands now.
    pub now: CauseNow,
    /// Open alerts on it, first lines, worst first.
    pub alerts: Vec<AlertLine>,
    /// Number of open alerts on it.
    pub alert_count: u64,
    /// Equipment behind it that is down too and that this group follows, by name.
    pub behind: Vec<BehindLine>,
    /// How much more there is than these names.
    pub behind_more: u64,
    /// Who has taken it in hand.
    pub taken: Option<Taken>,
    /// How much hangs on it and has no other way, as far as this group follows it.
    pub carries: Count,
    /// Until when it is silenced.
    pub silenced_until: Option<DateTime<Utc>>,
    /// Until when it is being maintained.
    pub maintained_until: Option<DateTime<Utc>>,
    /// What to look at first at its site.
    pub hint: Option<String>,
    /// The source that is silent, where that is the cause.
    pub source: Option<SilentSource>,
    /// Members who declared it.
    pub declared: u32,
    /// What people added to it.
    pub life: Vec<Say>,
}

/// A source of which signs of life are expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilentSource {
    /// Its name.
    pub name: String,
    /// After how many seconds without one it counts as silent.
    pub after_s: u32,
}

/// How a cause stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CauseNow {
    /// It lasts.
    Down,
    /// So many members declare it, and nothing measured it.
    Possible(u32),
    /// It keeps going down and up.
    Unstable {
        /// Since when.
        since: DateTime<Utc>,
        /// How often it changed.
        changes: u32,
    },
    /// It lasts, and another way carries the traffic.
    Bypassed {
        /// Which way; may be empty.
        via: String,
        /// First name of who said so.
        by: String,
        /// Since when.
        at: DateTime<Utc>,
    },
    /// It is over since then.
    Ended(DateTime<Utc>),
    /// Members alone had said so, and nobody does since then.
    Unsaid(DateTime<Utc>),
    /// It is part of a larger outage: the equipment above, by name.
    CoveredBy(String),
}

impl CauseNow {
    /// Whether it is still something to look after.
    #[must_use]
    pub const fn lasts(&self) -> bool {
        match self {
            Self::Down | Self::Possible(_) | Self::Unstable { .. } | Self::Bypassed { .. } => true,
            Self::Ended(_) | Self::Unsaid(_) | Self::CoveredBy(_) => false,
        }
    }
}

/// An open alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertLine {
    /// Name of the rule.
    pub name: String,
    /// One line for people.
    pub summary: String,
    /// More lines.
    pub details: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How bad.
    pub severity: Severity,
    /// Where to read on.
    pub link: Option<String>,
    /// What one of our own probes measured: it is said in the reader's language.
    pub measured: Option<Measure>,
}

/// Equipment behind a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BehindLine {
    /// Its name for people, with its short name where that says more.
    pub name: String,
    /// Its name for people alone.
    pub plain: String,
    /// Since when it is down.
    pub since: DateTime<Utc>,
    /// Whether it is still down although the cause is over.
    pub remains: bool,
}

/// A page of what is down.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusView {
    /// The sector, by name; `None` is everywhere.
    pub sector: Option<String>,
    /// Page, from 0.
    pub page: u32,
    /// Number of pages, at least 1.
    pub pages: u32,
    /// Number of causes in all.
    pub total: u64,
    /// Causes on this page.
    pub lines: Vec<StatusLine>,
    /// What silent sources hide.
    pub hidden: Vec<Hidden>,
}

/// One cause in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusLine {
    /// Name for people.
    pub name: String,
    /// Name of its sector.
    pub sector: Option<String>,
    /// Since when.
    pub since: DateTime<Utc>,
    /// How bad.
    pub severity: Severity,
    /// How it stands.
    pub state: State,
    /// The source that is silent, where that is the cause.
    pub source: Option<String>,
    /// Whether only sources say so that are silent by now.
    pub stale: bool,
    /// Number of pieces of equipment down behind it.
    pub behind: u64,
    /// First name of who has taken it.
    pub taken: Option<String>,
}

/// The sheet of a piece of equipment.
#[derive(Clone, Debug, PartialEq)]
pub struct EquipmentView {
    /// The sheet.
    pub equipment: Equipment,
    /// Name of its parent.
    pub parent: Option<String>,
    /// Name of its sector.
    pub sector: Option<String>,
    /// Name and hint of its site.
    pub site: Option<(String, Option<String>)>,
    /// Names of its further parents.
    pub backups: Vec<String>,
    /// How it stands.
    pub state: State,
    /// Since when, where it has alerts.
    pub down_since: Option<DateTime<Utc>>,
    /// The other way that carries its traffic, as somebody said.
    pub bypass: Option<Bypass>,
    /// The cause that hides it, by name, where every way up is cut.
    pub behind_cause: Option<String>,
    /// The silent source through which alone it is watched.
    pub silent_source: Option<String>,
    /// How much hangs on it and has no other way.
    pub carries: Count,
    /// Until when it is silenced.
    pub silenced_until: Option<DateTime<Utc>>,
    /// Until when it is being maintained.
    pub maintained_until: Option<DateTime<Utc>>,
    /// The cooperative's defaults, for what the sheet does not set.
    pub defaults: AlertDefaults,
    /// Its last days.
    pub strip: Strip,
}

/// A page of outages that are over.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryView {
    /// Whose.
    pub of: HistoryOf,
    /// Name of the sector or the equipment; `None` is everybody.
    pub name: Option<String>,
    /// Page, from 0.
    pub page: u32,
    /// Number of pages, at least 1.
    pub pages: u32,
    /// Number of outages among which pages are turned.
    pub total: u64,
    /// Whether there are older ones.
    pub more: bool,
    /// Since when the equipment is down, if it is.
    pub running: Option<DateTime<Utc>>,
    /// Counts of this month.
    pub means: Means,
    /// Outages of this page, the newest first.
    pub lines: Vec<HistoryLine>,
}

/// An outage that is over, in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryLine {
    /// Name of the equipment.
    pub name: String,
    /// When it began.
    pub began: DateTime<Utc>,
    /// How long it lasted.
    pub lasted_s: i64,
    /// Whether it was down, not merely degraded.
    pub down: bool,
    /// What above explains it, by name.
    pub covered_by: Option<String>,
    /// First name of who took it.
    pub taken: Option<String>,
    /// How long that took.
    pub taken_after_s: Option<i64>,
}

/// A file that is built when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileView {
    /// Its name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Outages in it.
    pub count: u64,
    /// Whether there are older ones.
    pub more: bool,
}

/// A month in numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct MonthView {
    /// Which month.
    pub month: Month,
    /// The sector, by name; `None` is everywhere.
    pub sector: Option<String>,
    /// Counts of all of it.
    pub means: Means,
    /// Counts of the month before, where that was watched.
    pub before: Option<Means>,
    /// Since when it was watched, where that is not all of it.
    pub watched_since: Option<DateTime<Utc>>,
    /// Whether it is over.
    pub over: bool,
    /// By sector, or by equipment: the worst first.
    pub bars: Vec<MonthBar>,
    /// How many more there are.
    pub left_out: u64,
}

/// A part of a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonthBar {
    /// Name of the sector or the equipment; `None` is what belongs to no sector.
    pub name: Option<String>,
    /// Its counts.
    pub means: Means,
    /// Seconds of outages in the month before.
    pub before_s: i64,
}

/// Equipment as a tree with its states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapView {
    /// The sector, by name; `None` is everything.
    pub sector: Option<String>,
    /// Lines, each parent before what hangs on it.
    pub nodes: Vec<MapNode>,
    /// How many pieces of equipment stand how.
    pub states: BTreeMap<NodeState, u64>,
    /// Whether the tree was too large to be read in full.
    pub cut: bool,
}

/// A line of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MapNode {
    /// How deep it hangs, from 0.
    pub level: u32,
    /// A piece of equipment, or how many that are well were folded.
    pub what: MapLine,
}

/// What a line of a tree shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MapLine {
    /// A piece of equipment.
    Equipment {
        /// Its name.
        name: String,
        /// Its further parents, by name: the tree shows it below the first one only.
        others: Vec<String>,
        /// How it stands.
        state: NodeState,
        /// Since when, if it is not well.
        since: Option<DateTime<Utc>>,
        /// What hangs on it.
        behind: Count,
    },
    /// Equipment that is counted, not named.
    Folded {
        /// So many that are well.
        well: u64,
        /// So many that are cut off by something above.
        covered: u64,
    },
}

/// How a piece of equipment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeState {
    /// It works.
    Up,
    /// It works badly.
    Degraded,
    /// It is down, and so is something above it.
    Covered,
    /// It is down.
    Down,
    /// It keeps going down and up.
    Unstable,
    /// Another way carries the traffic.
    Bypassed,
    /// Nobody can tell: what it is watched through is cut or silent.
    Unknown,
}

/// What a row of the outbox shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A card; `None`: nothing needs sending (never sent and already over, or gone).
    Card(Option<Box<CardView>>),
    /// A page of what is down.
    Status(StatusView),
    /// A card as it stands, on a copy of it.
    Copy {
        /// All its facts.
        card: Option<Box<CardView>>,
        /// Whether the card itself is further down.
        below: bool,
    },
    /// The question which sector a group is for; its buttons are the answers.
    Sectors {
        /// The kind of the group.
        kind: String,
        /// Page, from 0.
        page: u32,
        /// Number of pages, at least 1.
        pages: u32,
    },
    /// A sheet; `None`: no such equipment any more.
    Equipment(Option<Box<EquipmentView>>),
    /// The causes of a card in full, page by page.
    Details {
        /// All its facts.
        card: Option<Box<CardView>>,
        /// Page, from 0.
        page: u32,
    },
    /// Paragraphs.
    Lines(Vec<Say>),
    /// Outages that are over.
    History(HistoryView),
    /// A month in numbers.
    Month(MonthView),
    /// Equipment as a tree.
    Map(MapView),
    /// What an import changed; `None`: it was long ago.
    Import(Option<Box<Digest>>),
    /// A file.
    File(FileView),
    /// What happened to an incident.
    Incident(Box<super::incidents::Report>),
    /// What is kept of somebody.
    MyData(Box<super::me::DataView>),
    /// A message about what is true now; `None`: there is nothing to say any more.
    Message(Option<Box<Message>>),
    /// Who waits to be let into groups; `None`: nobody did, and nobody was told.
    Door(Option<super::joining::DoorView>),
    /// A week of tickets in numbers.
    TicketWeek(Box<super::tickets::WeekView>),
    /// The card of a ticket; `None`: there is no such ticket any more.
    Ticket(Option<Box<super::tickets::TicketView>>),
    /// The row itself says all.
    Plain,
}
