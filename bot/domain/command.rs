//! The grammar of commands such as `/etat joigny` or `/status@vigie_bot`.
//!
//! The messenger tells where a command begins and ends; what follows is free text. Everybody may
//! write in French or English, in capitals, with accents.

use crate::names::fold;

/// A command as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedCommand {
    /// Lower-case name without slash, accents and the name of the bot: `etat`.
    pub name: String,
    /// What follows, trimmed.
    pub args: String,
    /// Whether it names us: `/etat@vigie_bot`.
    pub to_us: bool,
    /// Whether it names another bot, and is none of our business.
    pub for_other: bool,
}

/// Commands that we know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Known {
    /// What is down.
    Status,
    /// What this group is for.
    Group,
    /// The sheet of a piece of equipment.
    Equipment,
    /// Planned maintenance.
    Maintenance,
    /// Silences.
    Silence,
    /// Who is on call.
    OnCall,
    /// Outages that are over.
    History,
    /// A sector as a tree.
    Map,
    /// What alerts come from.
    Sources,
    /// The record of a member.
    Member,
    /// The audit log.
    Audit,
    /// What this person can do here.
    Help,
    /// Say who one is.
    Link,
    /// Link somebody's account, with another administrator.
    LinkByHand,
    /// One's own record, links and settings.
    Me,
    /// What is known of oneself.
    MyData,
    /// What is done with what is known.
    Privacy,
    /// Groups that one may join.
    Join,
    /// A link for somebody whom one knows.
    Invite,
    /// Who asks to join a group.
    Requests,
    /// Somebody is removed from every group.
    Remove,
    /// What newcomers are given to read.
    Welcome,
    /// Asks for a new group.
    NewGroup,
    /// Have something said at a time.
    Remind,
    /// What will be said.
    Reminders,
    /// Note something to do, or what became of it.
    Todo,
    /// What is to be done.
    Todos,
    /// Say that one's own connection does not work.
    Declare,
    /// Everything about an incident.
    Incident,
    /// Tell of a problem.
    Ticket,
    /// The tickets of others.
    Tickets,
    /// One's own tickets.
    MyTickets,
    /// Somebody calls the cooperative.
    PhoneCall,
    /// Who waits to be called back.
    CallBacks,
    /// Somebody left a message on the answering machine.
    Voicemail,
    /// What the team writes to the person of a ticket, in answer to its card.
    Reply,
    /// Stop what is being asked.
    Cancel,
}

/// Every way to write each command: the French name that menus show comes first.
const WAYS: &[(Known, &[&str])] = &[
    (Known::Status, &["etat", "status"]),
    (Known::Group, &["groupe", "group"]),
    (Known::Equipment, &["equipement", "equipment"]),
    (Known::History, &["historique", "history"]),
    (Known::Map, &["carte", "map"]),
    (Known::Sources, &["sources", "source"]),
    (Known::Maintenance, &["maintenance"]),
    (Known::Silence, &["silence", "mute"]),
    (Known::OnCall, &["astreinte", "oncall"]),
    (Known::Member, &["membre", "member"]),
    (Known::Audit, &["audit"]),
    (Known::Help, &["aide", "help", "start"]),
    (Known::Link, &["lier", "link"]),
    (Known::LinkByHand, &["rattacher", "link_by_hand"]),
    (Known::Me, &["moi", "me"]),
    (Known::MyData, &["mes_donnees", "my_data"]),
    (Known::Privacy, &["confidentialite", "privacy"]),
    (Known::Join, &["rejoindre", "join"]),
    (Known::Invite, &["inviter", "invite"]),
    (Known::Requests, &["demandes", "requests"]),
    (Known::Remove, &["exclure", "remove"]),
    (Known::Welcome, &["bienvenue", "welcome"]),
    (Known::NewGroup, &["nouveau_groupe", "new_group"]),
    (Known::Remind, &["rappel", "remind"]),
    (Known::Reminders, &["rappels", "reminders"]),
    (Known::Todo, &["todo", "a_faire"]),
    (Known::Todos, &["todos", "a_faire_liste"]),
    (Known::Declare, &["panne", "declarer", "outage"]),
    (Known::Incident, &["incident", "incidents"]),
    (Known::Ticket, &["ticket"]),
    (Known::Tickets, &["tickets"]),
    (Known::MyTickets, &["mes_tickets", "my_tickets"]),
    (Known::PhoneCall, &["appel", "call"]),
    (Known::CallBacks, &["a_rappeler", "callbacks"]),
    (Known::Voicemail, &["messagerie", "voicemail"]),
    (Known::Reply, &["repondre", "reply"]),
    (Known::Cancel, &["annuler", "cancel"]),
];

impl Known {
    /// Every command.
    pub fn all() -> impl Iterator<Item = Self> {
        WAYS.iter().map(|(known, _)| *known)
    }

    /// The command of this name, in any of its spellings.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let name = fold(name);
        WAYS.iter()
            .find(|(_, ways)| ways.contains(&name.as_str()))
            .map(|(known, _)| *known)
    }

    /// The command that was perhaps meant: one letter too many, too few, wrong, or two swapped.
    #[must_use]
    pub fn nearest(name: &str) -> Option<Self> {
        let name = fold(name);
        WAYS.iter()
            .flat_map(|(known, ways)| ways.iter().map(|way| (*known, *way)))
            .find(|(_, way)| strsim::osa_distance(&name, way) <= 1)
            .map(|(known, _)| known)
    }

    /// Its French name, as menus show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        WAYS.iter()
            .find(|(known, _)| *known == self)
            .and_then(|(_, ways)| ways.first().copied())
            .unwrap_or_default()
    }
}

/// Reads the command at the start of a message.
///
/// `length` is that of the command entity at the start, in UTF-16 units as the messenger counts
/// them; 0 where there is none, and then this is no command.
#[must_use]
pub fn parse_command(text: &str, length: usize, our_username: &str) -> Option<ParsedCommand> {
    let (command, rest) = text.split_at_checked(bytes_of(text, length)?)?;
    let command = command.strip_prefix('/')?;
    let (typed, addressee) = match command.split_once('@') {
        Some((name, addressee)) => (name.to_owned(), Some(addressee)),
        None => (command.to_owned(), None),
    };
    // The entity ends at the first letter with an accent; the person's word does not.
    let tail = rest
        .find(|letter: char| !letter.is_alphanumeric())
        .unwrap_or(rest.len());
    let (tail, args) = rest.split_at_checked(tail)?;
    let name = fold(&(typed + tail));
    if name.is_empty() {
        return None;
    }
    let ours = our_username.strip_prefix('@').unwrap_or(our_username);
    let to_us = addressee.is_some_and(|addressee| addressee.eq_ignore_ascii_case(ours));
    Some(ParsedCommand {
        name,
        args: args.trim().to_owned(),
        to_us,
        for_other: addressee.is_some() && !to_us,
    })
}

/// How many bytes so many UTF-16 units are, from the start.
fn bytes_of(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    let mut bytes = 0;
    for letter in text.chars() {
        if left == 0 {
            break;
        }
        left = left.checked_sub(letter.len_utf16())?;
        bytes += letter.len_utf8();
    }
    (left == 0 && units > 0).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, length: usize) -> Option<(String, String, bool, bool)> {
        parse_command(text, length, "Vigie_bot")
            .map(|found| (found.name, found.args, found.to_us, found.for_other))
    }

    #[test]
    fn commands_as_people_type_them() {
        for (text, length, name, args, to_us, for_other) in [
            ("/etat", 5, "etat", "", false, false),
            ("/ETAT  Joigny ", 5, "etat", "Joigny", false, false),
            ("/help\nmore", 5, "help", "more", false, false),
            ("/etat@Vigie_bot\nfoo", 15, "etat", "foo", true, false),
            ("/etat@VIGIE_BOT foo", 15, "etat", "foo", true, false),
            ("/etat@autre_bot foo", 15, "etat", "foo", false, true),
            ("/start k_Ab1", 6, "start", "k_Ab1", false, false),
            ("/etat\u{A0}joigny", 5, "etat", "joigny", false, false),
            // Accents end the entity, not the word.
            ("/Équipement silo", 1, "equipement", "silo", false, false),
            ("/etat 🛰 silo", 5, "etat", "🛰 silo", false, false),
            (
                "/groupe local joigny",
                7,
                "groupe",
                "local joigny",
                false,
                false,
            ),
        ] {
            let expected = (name.to_owned(), args.to_owned(), to_us, for_other);
            assert_eq!(read(text, length), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_no_command() {
        for (text, length) in [
            ("/etat", 0),
            ("etat", 4),
            ("/", 1),
            ("/etat", 9),
            ("", 3),
            ("🛰", 1),
            ("/@Vigie_bot", 11),
        ] {
            assert_eq!(read(text, length), None, "{text:?}");
        }
    }

    #[test]
    fn any_text_and_length_is_read_without_harm() {
        proptest::proptest!(|(text in "[/@a-zé🛰 \n]{0,12}", length in 0..20_usize)| {
            if let Some(found) = parse_command(&text, length, "vigie") {
                proptest::prop_assert!(!found.name.is_empty());
                proptest::prop_assert!(!(found.to_us && found.for_other));
            }
        });
    }

    #[test]
    fn each_command_is_known_in_french_and_english() {
        for (name, known) in [
            ("etat", Known::Status),
            ("status", Known::Status),
            ("groupe", Known::Group),
            ("group", Known::Group),
            ("équipement", Known::Equipment),
            ("equipment", Known::Equipment),
            ("maintenance", Known::Maintenance),
            ("silence", Known::Silence),
            ("mute", Known::Silence),
            ("sources", Known::Sources),
            ("aide", Known::Help),
            ("help", Known::Help),
            ("start", Known::Help),
            ("Annuler", Known::Cancel),
            ("cancel", Known::Cancel),
            ("lier", Known::Link),
            ("link", Known::Link),
            ("moi", Known::Me),
            ("mes_donnees", Known::MyData),
            ("confidentialité", Known::Privacy),
            ("rattacher", Known::LinkByHand),
            ("rappel", Known::Remind),
            ("remind", Known::Remind),
            ("rappels", Known::Reminders),
            ("todo", Known::Todo),
            ("à_faire", Known::Todo),
            ("todos", Known::Todos),
            ("panne", Known::Declare),
            ("outage", Known::Declare),
            ("incident", Known::Incident),
        ] {
            assert_eq!(Known::from_name(name), Some(known), "{name}");
        }
        assert_eq!(Known::from_name("vote"), None);
        assert_eq!(Known::Status.name(), "etat");
    }

    #[test]
    fn one_slip_is_understood_and_two_are_not() {
        assert_eq!(Known::nearest("eta"), Some(Known::Status));
        assert_eq!(Known::nearest("grouep"), Some(Known::Group));
        assert_eq!(Known::nearest("sttaus"), Some(Known::Status));
        assert_eq!(Known::nearest("vote"), None);
    }
}
