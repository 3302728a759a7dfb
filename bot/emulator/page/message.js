// One message -> one list item.

import { h, icon, iconButton, avatar, hue, fullName, clock, fullTime, fileSize } from "./dom.js";
import { t, plural } from "./i18n.js";
import { rich, safeUrl, telegramLink } from "./rich.js";
import { authorId, feed, fromId, titleOf, userOf } from "./state.js";

export function senderOf(message, chat) {
  if (message.sender_chat) {
    const anonymous = chat.type !== "channel" && message.sender_chat.id === chat.id;
    return { id: message.sender_chat.id, name: message.sender_chat.title || titleOf(chat), note: anonymous ? t("anonymous") : "" };
  }
  const user = (typeof message.from === "object" && message.from) || userOf(message.from);
  if (!user) return { id: chat.id, name: titleOf(chat), note: "" };
  return { id: user.id, name: fullName(user), note: user.is_bot ? t("robot") : "" };
}

function serviceText(message, chat) {
  const name = senderOf(message, chat).name;
  const joined = message.new_chat_members || (message.new_chat_member ? [message.new_chat_member] : null);
  if (joined) {
    if (joined.length === 1 && joined[0].id === fromId(message)) return t("sJoined", { name });
    return t("sAdded", { name, who: joined.map(fullName).join(", ") });
  }
  if (message.left_chat_member) {
    const who = fullName(message.left_chat_member);
    return message.left_chat_member.id === fromId(message) ? t("sLeft", { name: who }) : t("sRemoved", { name, who });
  }
  if (message.new_chat_title) return t("sTitle", { name, title: message.new_chat_title });
  if (message.pinned_message) return t("sPinned", { name });
  if (message.group_chat_created || message.supergroup_chat_created || message.channel_chat_created) return t("sCreated", { name });
  if (message.forum_topic_created) return t("sTopic", { name, title: message.forum_topic_created.name });
  if (message.forum_topic_edited) return t("sTopicEdited", { name });
  if (message.forum_topic_closed) return t("sTopicClosed", { name });
  if (message.forum_topic_reopened) return t("sTopicReopened", { name });
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return t("sMigrated");
  if (message.new_chat_photo || message.delete_chat_photo) return t("sPhoto", { name });
  return null;
}

const hasContent = (m) => m.text || m.caption || m.photo || m.document || m.voice || m.poll;

export function isService(message, chat) {
  return Boolean(message.service) || serviceText(message, chat) !== null || (!hasContent(message) && !message.deleted);
}

const pictureOf = (message) => {
  const photo = Array.isArray(message.photo) ? message.photo.at(-1) : message.photo;
  return photo?.url ? photo : null;
};

/** One line that stands for a message in lists, quotes and pins. */
export function summary(message, chat) {
  if (!message) return "";
  if (message.deleted) return t("deleted");
  const text = message.text || message.caption;
  if (text) return text.replace(/\s+/g, " ").slice(0, 160);
  if (message.photo) return t("photo");
  if (message.document) return message.document.file_name || t("document");
  if (message.voice) return t("voice");
  if (message.poll) return `${t("poll")} : ${message.poll.question}`;
  return serviceText(message, chat) || t("sOther");
}

function picture(message, actions) {
  const photo = pictureOf(message);
  if (!photo) return message.photo ? h("div", { class: "file" }, icon("file"), t("photo")) : null;
  const image = h("img", { src: photo.url, alt: message.caption || t("photo"), loading: "lazy", width: photo.width, height: photo.height });
  return h("button", { type: "button", class: "photo", "aria-label": message.caption || t("photo"), onclick: () => actions.picture(photo.url, message.caption) }, image);
}

function fileRow(file, name, sub) {
  if (!file) return null;
  const inner = [
    h("span", { class: "file-icon" }, icon("file")),
    h("span", { class: "file-text" }, h("span", { class: "file-name" }, name), h("span", { class: "file-sub" }, sub)),
  ];
  if (!file.url) return h("div", { class: "file" }, inner);
  return h("a", { class: "file", href: file.url, download: name, title: t("download") }, inner);
}

function poll(message, actions) {
  const value = message.poll;
  if (!value) return null;
  const total = value.total_voter_count || 0;
  const rows = (value.options || []).map((option, index) =>
    h(
      "button",
      { type: "button", class: "option", disabled: Boolean(value.is_closed), onclick: () => actions.vote(message, index) },
      h("span", {}, option.text),
      h("b", {}, String(option.voter_count || 0)),
      h("meter", { min: 0, max: Math.max(1, total), value: option.voter_count || 0, "aria-hidden": "true" }),
    ),
  );
  const sub = h("span", { class: "poll-sub" }, value.is_closed ? t("pollClosed") : t("poll"), " · ", plural("votes", total));
  return h("div", { class: "poll" }, h("strong", {}, value.question), sub, rows);
}

function quoted(message, chat, actions) {
  const id = message.reply_to_message_id || message.reply_to_message?.message_id;
  if (!id || (message.is_topic_message && id === message.message_thread_id)) return null;
  const target = feed(chat.key).messages.find((m) => m.message_id === id) || message.reply_to_message;
  if (!target) return null;
  const sender = senderOf(target, chat);
  return h(
    "button",
    { type: "button", class: `reply-quote line-${hue(sender.id)}`, onclick: () => actions.jump(id) },
    h("b", {}, sender.name),
    h("span", {}, summary(target, chat)),
  );
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = fullName(origin.sender_user) || origin.sender_user_name || origin.chat?.title || origin.sender_chat?.title || "";
  return h("div", { class: "forwarded" }, t("forwardedFrom", { name }));
}

function inlineButton(button, message, actions) {
  const url = button.url || button.web_app?.url;
  if (url && !telegramLink(url)) {
    const safe = safeUrl(url);
    return safe
      ? h("a", { class: "key", href: safe, target: "_blank", rel: "noopener noreferrer", title: t("viaLink") }, button.text, icon("link"))
      : h("span", { class: "key" }, button.text);
  }
  const node = h("button", { type: "button", class: "key" }, h("span", {}, button.text));
  node.addEventListener("click", async () => {
    if (url) return actions.open(telegramLink(url));
    if (node.getAttribute("aria-busy") === "true") return;
    node.setAttribute("aria-busy", "true");
    node.setAttribute("aria-label", `${button.text}. ${t("waiting")}`);
    await actions.tap(message, button.text);
    node.removeAttribute("aria-busy");
    node.removeAttribute("aria-label");
  });
  return node;
}

function inlineKeyboard(message, actions) {
  const rows = message.reply_markup?.inline_keyboard;
  if (!rows?.length || message.deleted) return null;
  return h(
    "div",
    { class: "inline-keyboard" },
    rows.map((row) => h("div", { class: "key-row" }, row.map((button) => inlineButton(button, message, actions)))),
  );
}

/** [{user_id, emoji}] -> a button per emoji with its count. */
function reactions(message, context) {
  const groups = new Map();
  for (const one of message.reactions || []) {
    const emoji = one.emoji || "⭐";
    groups.set(emoji, [...(groups.get(emoji) || []), one.user_id]);
  }
  if (!groups.size) return null;
  const buttons = [...groups].map(([emoji, users]) => {
    const mine = users.includes(context.user);
    return h(
      "button",
      {
        type: "button",
        class: `reaction ${mine ? "mine" : ""}`,
        "aria-pressed": String(mine),
        title: users.map((id) => fullName(userOf(id))).join(", "),
        onclick: () => context.actions.react(message, mine ? "" : emoji),
      },
      emoji,
      h("span", {}, String(users.length)),
    );
  });
  return h("div", { class: "reactions" }, buttons);
}

function meta(message, context) {
  return h(
    "span",
    { class: "meta" },
    message.author_signature ? h("span", {}, message.author_signature) : null,
    message.edit_date || message.edits?.length
      ? h("button", { type: "button", class: "edited", title: t("editedTitle"), onclick: () => context.actions.history(message) }, t("edited"))
      : null,
    h("time", { datetime: new Date(message.date * 1000).toISOString(), title: fullTime(message.date) }, clock(message.date)),
  );
}

function serviceItem(message, context) {
  const text = serviceText(message, context.chat) || message.text || t("sOther");
  const target = message.pinned_message?.message_id;
  return h(
    "li",
    { class: "service", "data-id": message.message_id },
    target ? h("button", { type: "button", onclick: () => context.actions.jump(target) }, text) : h("span", {}, text),
  );
}

/** `context`: { user, chat, actions, first, last } where first and last tell the place in a run of one sender. */
export function messageItem(message, context) {
  const { chat, actions } = context;
  if (isService(message, chat)) return serviceItem(message, context);
  const sender = senderOf(message, chat);
  const own = authorId(message) === context.user;
  const many = chat.type !== "private";
  const text = message.text || message.caption || "";
  const media = Boolean(pictureOf(message));
  const body = message.deleted
    ? h("div", { class: "text gone" }, t("deleted"))
    : text
      ? h("div", { class: "text", dir: "auto" }, rich(text, message.entities || message.caption_entities, actions))
      : null;
  const bubble = h(
    "div",
    { class: `bubble ${media ? "media" : ""} ${message.deleted ? "deleted" : ""}` },
    many && !own && context.first
      ? h("div", { class: `sender name-${hue(sender.id)}` }, h("span", {}, sender.name), sender.note ? h("span", { class: "badge" }, sender.note) : null)
      : null,
    forwarded(message),
    quoted(message, chat, actions),
    message.deleted ? null : picture(message, actions),
    message.deleted ? null : fileRow(message.document, message.document?.file_name || t("document"), fileSize(message.document?.file_size)),
    message.deleted ? null : fileRow(message.voice, t("voice"), message.voice ? `${message.voice.duration || 0} s` : ""),
    message.deleted ? null : poll(message, actions),
    body,
    message.deleted ? null : reactions(message, context),
    meta(message, context),
    many && !own && context.last ? avatar(sender.id, sender.name, "small") : null,
  );
  const classes = ["msg", own ? "own" : many ? "faced" : "", context.first ? "first" : "", context.last ? "last" : ""].join(" ");
  return h(
    "li",
    { class: classes, "data-id": message.message_id, tabindex: "-1" },
    h("div", { class: "stack" }, bubble, inlineKeyboard(message, actions)),
    message.deleted
      ? null
      : iconButton("dots", t("actions"), (event) => actions.menu(message, event.currentTarget, own), { class: "msg-menu", "aria-haspopup": "menu" }),
  );
}

