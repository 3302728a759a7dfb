//! Keys of members, and of the accounts that speak for them.

use vigie_domain::{AccountId, ChatId};
use vigie_store::Key;

/// Who an account speaks for, as stores of the first versions have it; now see [`bond`].
pub fn account(account: AccountId) -> Key {
    Key::of("ac/").i64(account.0).end()
}

/// Somebody who cannot be written to.
pub fn away(chat: ChatId) -> Key {
    Key::of("aw/").i64(chat.0).end()
}

/// A member's record.
pub fn member(id: &str) -> Key {
    Key::of("me/").text(id).end()
}

/// The dialogue with somebody in private.
pub fn dialogue(account: AccountId) -> Key {
    Key::of("dl/").i64(account.0).end()
}

/// Letters by electronic mail, in commit order.
pub fn mails() -> Key {
    Key::of("ml/").end()
}

/// The language that an account chose.
pub fn chosen_lang(account: AccountId) -> Key {
    Key::of("lg/").i64(account.0).end()
}

/// How often something was tried: codes of an account, of an address, in all.
pub fn tally(of: &str) -> Key {
    Key::of("ln/").text(of).end()
}

/// What an account has proved and not confirmed yet.
pub fn proof(account: AccountId) -> Key {
    Key::of("lp/").i64(account.0).end()
}

/// A link that one administrator asked for.
pub fn half_link(account: AccountId, member: &str) -> Key {
    Key::of("lw/").i64(account.0).text(member).end()
}

/// A code on paper, by its digest.
pub fn letter(digest: &[u8; 32]) -> Key {
    Key::of("ll/").text(&hex(digest)).end()
}

/// A way to dispute a link, by the digest of its secret.
pub fn dispute(digest: &[u8; 32]) -> Key {
    Key::of("lx/").text(&hex(digest)).end()
}

/// A link that a page of the information system asked for, by the digest of its code.
pub fn site_link(digest: &[u8; 32]) -> Key {
    Key::of("ls/").text(&hex(digest)).end()
}

/// A request of that page that came, by the digest of its name.
pub fn site_request(digest: &[u8; 32]) -> Key {
    Key::of("lq/").text(&hex(digest)).end()
}

/// When an account last wrote to us.
pub fn used(account: AccountId) -> Key {
    Key::of("lu/").i64(account.0).end()
}

/// What somebody set for themselves.
pub fn preferences(account: AccountId) -> Key {
    Key::of("lm/").i64(account.0).end()
}

/// What the accounts of a member were last told of how their record stands.
pub fn told_standing(member: &str) -> Key {
    Key::of("lt/").text(member).end()
}

/// Until when a member's record takes no new links.
pub fn frozen(member: &str) -> Key {
    Key::of("lf/").text(member).end()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        use std::fmt::Write as _;
        // Writing to a text does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// That an account speaks for a member.
pub fn bond(account: AccountId, member: &str) -> Key {
    Key::of("ab/").i64(account.0).text(member).end()
}

/// Everything for which an account speaks.
pub fn bonds_of(account: AccountId) -> Key {
    Key::of("ab/").i64(account.0).end()
}

/// The reverse of [`bond`].
pub fn bond_on(member: &str, account: AccountId) -> Key {
    Key::of("mb/").text(member).i64(account.0).end()
}

/// Every account that speaks for a member, or did.
pub fn bonds_on(member: &str) -> Key {
    Key::of("mb/").text(member).end()
}

/// The member for whom an account that has several speaks just now.
pub fn speaking_for(account: AccountId) -> Key {
    Key::of("as/").i64(account.0).end()
}
