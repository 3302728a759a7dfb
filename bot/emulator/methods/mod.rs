//! The Bot API methods.

mod access;
mod callback;
mod chat;
mod commands;
mod edit;
mod files;
mod forward;
mod invite;
mod keyboard;
mod me;
mod media;
mod members;
mod poll;
mod reaction;
mod send;
mod topic;
mod webhook;

use crate::error::{ApiError, ApiResult};
use crate::params::Params;
use crate::world::World;

/// What a method works on.
pub(crate) struct Ctx<'a> {
    pub world: &'a mut World,
    /// The calling bot.
    pub bot: i64,
    /// Seconds since 1970 in the emulated world.
    pub now: i64,
}

/// Runs a method, named in lower case. `getUpdates` is served elsewhere, because it waits.
pub(crate) fn run(ctx: &mut Ctx<'_>, method: &str, params: &Params) -> ApiResult {
    type Method = fn(&mut Ctx<'_>, &Params) -> ApiResult;
    let method: Method = match method {
        "getme" => me::get_me,
        "logout" | "close" => me::log_out,
        "setmyname" | "setmydescription" | "setmyshortdescription" => me::set_text,
        "getmyname" | "getmydescription" | "getmyshortdescription" => me::get_text,
        "setwebhook" => webhook::set,
        "deletewebhook" => webhook::delete,
        "getwebhookinfo" => webhook::info,
        "sendmessage" => send::message,
        "sendlocation" | "sendvenue" | "sendcontact" | "senddice" => send::simple,
        "sendchataction" => send::chat_action,
        "sendmessagedraft" => send::draft,
        "sendphoto" => media::photo,
        "senddocument" => media::document,
        "sendvoice" => media::voice,
        "sendaudio" => media::audio,
        "sendvideo" => media::video,
        "sendanimation" => media::animation,
        "sendsticker" => media::sticker,
        "sendvideonote" => media::video_note,
        "sendmediagroup" => media::group,
        "sendpoll" => poll::send,
        "stoppoll" => poll::stop,
        "editmessagetext" => edit::text,
        "editmessagecaption" => edit::caption,
        "editmessagereplymarkup" => edit::markup,
        "editmessagemedia" => edit::media,
        "deletemessage" => edit::delete,
        "deletemessages" => edit::delete_many,
        "forwardmessage" => forward::forward,
        "forwardmessages" => forward::forward_many,
        "copymessage" => forward::copy,
        "copymessages" => forward::copy_many,
        "pinchatmessage" => chat::pin,
        "unpinchatmessage" => chat::unpin,
        "unpinallchatmessages" => chat::unpin_all,
        "setmessagereaction" => reaction::set,
        "answercallbackquery" => callback::answer,
        "getchat" => chat::get,
        "setchattitle" => chat::set_title,
        "setchatdescription" => chat::set_description,
        "setchatpermissions" => chat::set_permissions,
        "leavechat" => chat::leave,
        "getchatmember" => members::get,
        "getchatadministrators" => members::administrators,
        "getchatmembercount" | "getchatmemberscount" => members::count,
        "banchatmember" | "kickchatmember" => members::ban,
        "unbanchatmember" => members::unban,
        "restrictchatmember" => members::restrict,
        "promotechatmember" => members::promote,
        "setchatadministratorcustomtitle" => members::custom_title,
        "setchatmembertag" => members::tag,
        "createforumtopic" => topic::create,
        "editforumtopic" => topic::edit,
        "closeforumtopic" => topic::close,
        "reopenforumtopic" => topic::reopen,
        "deleteforumtopic" => topic::delete,
        "unpinallforumtopicmessages" => topic::unpin_all,
        "editgeneralforumtopic" => topic::edit_general,
        "closegeneralforumtopic" => topic::close_general,
        "reopengeneralforumtopic" => topic::reopen_general,
        "hidegeneralforumtopic" => topic::hide_general,
        "unhidegeneralforumtopic" => topic::unhide_general,
        "exportchatinvitelink" => invite::export,
        "createchatinvitelink" => invite::create,
        "editchatinvitelink" => invite::edit,
        "revokechatinvitelink" => invite::revoke,
        "approvechatjoinrequest" => invite::approve,
        "declinechatjoinrequest" => invite::decline,
        "setmycommands" => commands::set,
        "getmycommands" => commands::get,
        "deletemycommands" => commands::delete,
        "setchatmenubutton" => commands::set_menu_button,
        "getchatmenubutton" => commands::get_menu_button,
        "getfile" => files::get,
        "getuserprofilephotos" => members::profile_photos,
        _ => return Err(ApiError::new(404, "Not Found: method not found")),
    };
    method(ctx, params)
}

pub(crate) use callback::press;
pub(crate) use commands::shown_to;
pub(crate) use files::{file_json, store};
pub(crate) use media::photo_sizes;
pub(crate) use poll::vote;
pub(crate) use reaction::react;
