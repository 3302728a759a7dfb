//! What a message shows, as facts read at the moment of sending; the edge lays them out.

use chrono::{DateTime, Utc};
use vigie_domain::alert::{Severity, Taken};
use vigie_domain::network::{AlertDefaults, Class, Equipment};
use vigie_domain::probe::measure::Measure;
use vigie_domain::{EquipmentId, Lang, MessageId, Place};

use super::outbox::{Button, Message};

/// Everything a card shows.
#[derive(Clone, Debug, PartialEq)]
pub struct CardView {
    /// Where the card is, or goes.
    pub place: Place,
    /// Its message, once it has one.
    pub message: Option<MessageId>,
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
    /// Who has taken it in hand.
    pub taken: Option<Taken>,
    /// Until when it is silenced.
    pub silenced_until: Option<DateTime<Utc>>,
    /// What to look at first at its site.
    pub hint: Option<String>,
}

/// How a cause stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CauseNow {
    /// It lasts.
    Down,
    /// It is over since then.
    Ended(DateTime<Utc>),
    /// It is part of a larger outage: the equipment above, by name.
    CoveredBy(String),
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
    /// Since when it is down.
    pub down_since: Option<DateTime<Utc>>,
    /// Until when it is silenced.
    pub silenced_until: Option<DateTime<Utc>>,
    /// The cooperative's defaults, for what the sheet does not set.
    pub defaults: AlertDefaults,
}

/// What a row of the outbox shows.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// A card; `None`: nothing needs sending (never sent and already over, or gone).
    Card(Option<Box<CardView>>),
    /// A page of what is down.
    Status(StatusView),
    /// A sheet; `None`: no such equipment any more.
    Equipment(Option<Box<EquipmentView>>),
    /// The causes of a card in full, page by page.
    Details {
        /// All its facts.
        card: Option<Box<CardView>>,
        /// Page, from 0.
        page: u32,
    },
    /// A message about what is true now; `None`: there is nothing to say any more.
    Message(Option<Box<Message>>),
    /// The row itself says all.
    Plain,
}
