// Everything that opens above the page: dialogs and the small menus.

import { h, icon, iconButton, avatar, fullName, fullTime, failure, hue } from "./dom.js";
import { t, plural, language } from "./i18n.js";
import { api } from "./api.js";
import { bots, people, reloadWorld, titleOf, userOf, faceOf, isAdmin, isMember } from "./state.js";

function open(title, content, { buttons = [], class: more = "", label } = {}) {
  const before = document.activeElement;
  const dialog = h(
    "dialog",
    { class: more, "aria-label": label || title },
    title ? h("header", {}, h("h2", {}, title), iconButton("close", t("close"), () => dialog.close())) : null,
    content,
    buttons.length ? h("footer", {}, buttons) : null,
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function alertDialog(from, text) {
  const dialog = open("", h("div", { class: "alert" }, h("h2", {}, from), h("p", {}, text)), {
    class: "small",
    label: from,
    buttons: [h("button", { type: "button", class: "primary", autofocus: true, onclick: () => dialog.close() }, t("ok"))],
  });
}

export function confirmDialog(text, action) {
  const dialog = open("", h("div", { class: "alert" }, h("p", {}, text)), {
    class: "small",
    label: text,
    buttons: [
      h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")),
      h("button", { type: "button", class: "primary", onclick: () => { dialog.close(); action(); } }, t("ok")),
    ],
  });
}

export function pictureDialog(url, caption) {
  const dialog = open("", h("figure", {}, h("img", { src: url, alt: caption || t("photo") }), caption ? h("figcaption", {}, caption) : null), {
    class: "lightbox",
    label: t("photo"),
  });
  dialog.append(iconButton("close", t("close"), () => dialog.close()));
}

export function historyDialog(message) {
  const versions = [...(message.edits || [])].reverse();
  const rows = versions.map((one) => h("li", {}, h("time", {}, fullTime(one.date)), h("div", { class: "version", dir: "auto" }, one.text || "—")));
  const now = h(
    "li",
    { class: "now" },
    h("time", {}, `${t("versionNow")} · ${fullTime(message.edit_date || message.date)}`),
    h("div", { class: "version", dir: "auto" }, message.text || message.caption || "—"),
  );
  open(t("history"), h("ol", { class: "history" }, now, rows));
}

/** The mailbox: letters of electronic mail, newest first, read anew while it is open. */
export async function mailDialog() {
  const list = h("ol", { class: "mails" });
  const dialog = open(t("mailbox"), h("div", {}, h("p", { class: "hint" }, t("mailboxHint")), list));
  let shown;
  const draw = async () => {
    const { mails } = await api.mails();
    const key = JSON.stringify(mails);
    if (key === shown) return;
    shown = key;
    const rows = mails.map((mail) =>
      h("li", {}, h("b", {}, mail.subject), h("small", {}, `${t("mailTo", { to: mail.to })} · ${fullTime(mail.date)}`), h("div", { class: "mail-text", dir: "auto" }, mail.text)),
    );
    list.replaceChildren(...(rows.length ? rows : [h("li", { class: "hint" }, t("noMails"))]));
  };
  while (dialog.isConnected) {
    await draw().catch(failure);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

const field = (label, input) => h("label", { class: "field" }, h("span", {}, label), input);

function form(title, fields, submit) {
  const body = h("form", { class: "form", method: "dialog" }, fields);
  const go = h("button", { type: "submit", class: "primary" }, t("create"));
  body.append(h("footer", {}, h("button", { type: "button", onclick: () => dialog.close() }, t("cancel")), go));
  body.addEventListener("submit", async (event) => {
    event.preventDefault();
    go.disabled = true;
    try {
      await submit();
      dialog.close();
    } catch (error) {
      failure(error);
      go.disabled = false;
    }
  });
  const dialog = open(title, body);
  body.querySelector("input")?.focus();
  return dialog;
}

export function personDialog(done) {
  const first = h("input", { required: true, maxlength: 64, autocomplete: "off", name: "first_name" });
  const last = h("input", { maxlength: 64, autocomplete: "off", name: "last_name" });
  const username = h("input", { maxlength: 32, pattern: "[A-Za-z][A-Za-z0-9_]{3,31}", autocomplete: "off", autocapitalize: "off", spellcheck: "false", name: "username" });
  const lang = h("select", { name: "language_code" }, ["fr", "en"].map((code) => h("option", { value: code }, code === "fr" ? "Français" : "English")));
  lang.value = language();
  form(t("addPerson"), [field(t("firstName"), first), field(t("lastName"), last), field(t("username"), username), field(t("language"), lang)], async () => {
    const body = { first_name: first.value.trim(), language_code: lang.value };
    if (last.value.trim()) body.last_name = last.value.trim();
    if (username.value.trim()) body.username = username.value.trim();
    const answer = await api.addUser(body);
    await reloadWorld();
    done?.(answer.id);
  });
}

export function groupDialog(user, done) {
  const title = h("input", { required: true, maxlength: 128, autocomplete: "off", name: "title" });
  const forum = h("input", { type: "checkbox", name: "is_forum" });
  const boxes = [...people(), ...bots()].map((one) => ({ one, box: h("input", { type: "checkbox", checked: one.id === user || one.is_bot }) }));
  const list = h(
    "fieldset",
    { class: "pick" },
    h("legend", {}, t("members")),
    boxes.map(({ one, box }) => h("label", {}, box, avatar(one.id, fullName(one), "small"), h("span", {}, fullName(one)), one.is_bot ? h("span", { class: "badge" }, t("robot")) : null)),
  );
  form(t("addGroup"), [field(t("groupTitle"), title), h("label", { class: "check" }, forum, h("span", {}, t("forum"))), list], async () => {
    const chosen = boxes.filter(({ box }) => box.checked).map(({ one }) => one);
    const ids = (list) => list.map((one) => one.id);
    const answer = await api.addChat({
      title: title.value.trim(),
      type: "supergroup",
      is_forum: forum.checked,
      creator: user,
      members: ids(chosen.filter((one) => !one.is_bot)),
      bots: ids(chosen.filter((one) => one.is_bot)),
    });
    await reloadWorld();
    done?.(answer.id);
  });
}

const STATUS = { creator: "creator", administrator: "administrator", restricted: "restrictedStatus", left: "left", kicked: "kicked" };

export function chatDialog(chat, user, actions) {
  const members = (chat.members || []).filter((m) => userOf(m.user_id));
  const shown = members.filter((m) => isMember(chat, m.user_id));
  const rows = shown.map((member) => {
    const one = userOf(member.user_id);
    const label = [
      avatar(one.id, fullName(one), "small"),
      h("span", { class: "row-name" }, fullName(one), one.id === user ? h("i", {}, ` (${t("you")})`) : null),
      one.is_bot ? h("span", { class: "badge" }, t("robot")) : null,
      STATUS[member.status] ? h("span", { class: "badge soft" }, t(STATUS[member.status])) : null,
    ];
    if (one.is_bot || one.id === user) return h("li", {}, h("div", { class: "row" }, label));
    const go = () => {
      dialog.close();
      actions.openPerson(one.id);
    };
    return h("li", {}, h("button", { type: "button", class: "row", title: t("seeAs", { name: fullName(one) }), onclick: go }, label));
  });
  const asking = isAdmin(chat, user) ? chat.join_requests || [] : [];
  const requests = asking.map((id) => {
    const name = fullName(userOf(id));
    const answer = (approve) => () => {
      dialog.close();
      actions.approve(chat, id, approve);
    };
    return h(
      "li",
      { class: "row" },
      avatar(id, name, "small"),
      h("span", { class: "row-name" }, name),
      h("button", { type: "button", class: "join", onclick: answer(true) }, t("accept")),
      h("button", { type: "button", class: "join soft", onclick: answer(false) }, t("decline")),
    );
  });
  const run = (action) => () => {
    dialog.close();
    action();
  };
  const buttons = [];
  if (chat.type === "private") {
    const blocked = Boolean(chat.blocked);
    buttons.push(h("button", { type: "button", class: blocked ? "primary" : "danger", onclick: run(() => actions.block(chat, !blocked)) }, t(blocked ? "unblock" : "block")));
  } else if (isMember(chat, user)) {
    buttons.push(h("button", { type: "button", class: "danger", onclick: run(() => actions.leave(chat)) }, t("leave")));
  }
  const dialog = open(
    titleOf(chat),
    h(
      "div",
      { class: "chat-info" },
      h("div", { class: "chat-face" }, avatar(faceOf(chat), titleOf(chat), "huge"), chat.type === "private" ? null : h("span", {}, plural(chat.type === "channel" ? "subscriberCount" : "memberCount", shown.length)), h("code", {}, String(chat.id))),
      requests.length ? h("h3", {}, t("requests")) : null,
      h("ul", { class: "rows" }, requests, rows),
    ),
    { buttons },
  );
}

export function peopleDialog(title, without, pick) {
  const rows = people()
    .filter((one) => !without.includes(one.id))
    .map((one) =>
      h("li", {}, h("button", { type: "button", class: "row", onclick: () => { dialog.close(); pick(one.id); } }, avatar(one.id, fullName(one), "small"), h("span", { class: "row-name" }, fullName(one)), h("span", { class: `dot hue-${hue(one.id)}` }))),
    );
  rows.push(h("li", {}, h("button", { type: "button", class: "row add", onclick: () => { dialog.close(); personDialog(pick); } }, h("span", { class: "avatar small empty" }, icon("plus")), h("span", { class: "row-name" }, t("addPerson")))));
  const dialog = open(title, h("ul", { class: "rows" }, rows), { class: "narrow" });
}

/** A menu beside a button; arrow keys move, Escape closes. */
export function menu(anchor, items, head = null) {
  document.querySelector(".menu")?.remove();
  const node = h("div", { class: "menu", role: "menu" }, head);
  const close = (focus) => {
    node.remove();
    document.removeEventListener("pointerdown", outside, true);
    window.removeEventListener("resize", close);
    if (focus && anchor.isConnected) anchor.focus();
  };
  const outside = (event) => !node.contains(event.target) && close(false);
  for (const item of items) {
    node.append(
      h("button", { type: "button", role: "menuitem", class: item.danger ? "danger" : "", onclick: () => { close(true); item.run(); } }, icon(item.icon), item.label),
    );
  }
  node.addEventListener("click", (event) => event.target.closest(".emoji") && close(true));
  node.addEventListener("keydown", (event) => {
    const buttons = [...node.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      buttons[(at + step + buttons.length) % buttons.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    }
  });
  document.body.append(node);
  const box = anchor.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, window.innerWidth - size.width - 8));
  const below = box.bottom + 4 + size.height < window.innerHeight;
  node.style.left = `${left}px`;
  node.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - size.height - 4)}px`;
  document.addEventListener("pointerdown", outside, true);
  window.addEventListener("resize", close);
  node.querySelector("button")?.focus();
}
