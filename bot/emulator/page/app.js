// Start of the page: the bar on top, the columns of people, the welcome, and the address.

import { h, icon, iconButton, avatar, fullName, failure, copyText } from "./dom.js";
import { language, plural, setLanguage, t } from "./i18n.js";
import { Column } from "./people.js";
import { groupDialog, mailDialog, peopleDialog, personDialog } from "./dialogs.js";
import { addressOf, chatsOf, findChat, live, people, state, subscribe, titleOf, userOf } from "./state.js";

const THEME_KEY = "local-telegram.theme";
const MOST = 4;

const app = document.getElementById("app");
const columns = [];
let current = 0;

// --- address: #u=101&c=-1001&t=5 for one person, repeated for several -------

function readHash() {
  const wanted = [];
  for (const [key, value] of new URLSearchParams(location.hash.slice(1))) {
    if (key === "u") wanted.push({ user: Number(value) });
    else if (key === "c" && wanted.length) wanted.at(-1).chat = value;
    else if (key === "t" && wanted.length) wanted.at(-1).thread = Number(value);
  }
  return wanted.slice(0, MOST);
}

function hashOf() {
  const parts = columns.map((column) => {
    let part = `u=${column.user}`;
    if (column.chat !== undefined) part += `&c=${addressOf(column.user, column.chat)}`;
    if (column.thread !== undefined) part += `&t=${column.thread}`;
    return part;
  });
  return parts.length ? `#${parts.join("&")}` : "#";
}

function writeHash(replace = false) {
  const hash = hashOf();
  if (hash === (location.hash || "#")) return;
  history[replace ? "replaceState" : "pushState"](null, "", hash);
}

// --- columns ----------------------------------------------------------------

const shell = {
  changed: () => writeHash(),
  counted() {
    drawTabs();
    drawTitle();
  },
  taken: () => columns.map((column) => column.user),
  openPerson(user, chat) {
    const known = columns.findIndex((column) => column.user === user);
    if (known >= 0) {
      current = known;
      if (chat?.startsWith("-")) columns[known].openChat(chat);
    } else {
      if (columns.length >= MOST) columns.pop();
      columns.push(new Column(shell, { user, chat: chat?.startsWith("-") ? chat : undefined }));
      current = columns.length - 1;
    }
    afterChange();
  },
  switchPerson(column, user) {
    columns.splice(columns.indexOf(column), 1, new Column(shell, { user }));
    afterChange();
  },
  closePerson(column) {
    columns.splice(columns.indexOf(column), 1);
    current = Math.max(0, Math.min(current, columns.length - 1));
    afterChange();
  },
};

function afterChange() {
  writeHash();
  draw();
  for (const column of columns) column.refresh({ world: true });
}

function fromHash() {
  const wanted = readHash().filter((one) => userOf(one.user));
  const same = wanted.length === columns.length && wanted.every((one, i) => one.user === columns[i].user);
  if (same) {
    wanted.forEach((one, i) => {
      const chat = one.chat && findChat(one.user, one.chat)?.key;
      if (chat !== columns[i].chat || one.thread !== columns[i].thread) columns[i].openChat(one.chat, one.thread, true);
    });
    return;
  }
  columns.splice(0, columns.length, ...wanted.map((one) => new Column(shell, one)));
  current = 0;
  draw();
  for (const column of columns) column.refresh({ world: true });
}

// --- the bar ----------------------------------------------------------------

const tabs = h("div", { class: "tabs", role: "tablist" });
const stage = h("main", { class: "stage" });
const offline = h("div", { class: "offline", role: "status", hidden: true });

function drawTabs() {
  tabs.hidden = columns.length === 0;
  tabs.setAttribute("aria-label", t("people"));
  tabs.replaceChildren(
    ...columns.map((column, index) => {
      const name = fullName(userOf(column.user));
      return h(
        "button",
        { type: "button", role: "tab", "aria-selected": String(index === current), onclick: () => select(index) },
        avatar(column.user, name, "tiny"),
        h("span", {}, name),
        column.unread && index !== current ? h("i", { class: "dot new" }) : null,
      );
    }),
  );
}

function select(index) {
  current = index;
  drawTabs();
  columns.forEach((column, i) => column.root.classList.toggle("current", i === index));
  columns[index]?.view.seen();
}

function toggleTheme() {
  const dark = getComputedStyle(document.documentElement).getPropertyValue("--is-dark").trim() === "1";
  setTheme(dark ? "light" : "dark");
}

function setTheme(theme) {
  if (!theme) return;
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(THEME_KEY, theme);
}

function switchLanguage() {
  setLanguage(language() === "fr" ? "en" : "fr");
  const wanted = readHash();
  columns.splice(0, columns.length);
  for (const one of wanted) if (userOf(one.user)) columns.push(new Column(shell, one));
  draw();
  for (const column of columns) column.refresh({ world: true });
}

function home() {
  columns.splice(0, columns.length);
  afterChange();
}

function topBar() {
  const other = language() === "fr" ? "EN" : "FR";
  return h(
    "header",
    { class: "top" },
    h("button", { type: "button", class: "brand", onclick: home, title: t("who") }, h("span", { class: "logo-mark" }), h("b", {}, t("title"))),
    h("span", { class: "tagline" }, t("tagline")),
    tabs,
    h("span", { class: "spring" }),
    columns.length && columns.length < MOST
      ? h("button", { type: "button", class: "pill-button", "aria-label": t("anotherPerson"), title: t("anotherPerson"), onclick: () => peopleDialog(t("anotherPerson"), shell.taken(), (id) => shell.openPerson(id)) }, icon("plus"), icon("people"))
      : null,
    h("button", { type: "button", class: "pill-button", "aria-label": `${other} · ${t("otherLanguage")}`, title: t("otherLanguage"), lang: language() === "fr" ? "en" : "fr", onclick: switchLanguage }, other),
    iconButton("mail", t("mailbox"), () => mailDialog(), { class: "mailbox" }),
    iconButton("theme", t("theme"), toggleTheme),
  );
}

// --- welcome ----------------------------------------------------------------

function card(user) {
  const name = fullName(user);
  const chats = chatsOf(user.id);
  // The smallest groups say most about someone.
  const groups = chats.filter((chat) => chat.type !== "private").sort((a, b) => a.members.length - b.members.length);
  const about = groups.map(titleOf).join(", ") || plural("chatCount", chats.length);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: "person-card", onclick: () => shell.openPerson(user.id) },
      avatar(user.id, name, "big"),
      h("span", {}, h("b", {}, name), h("small", {}, about)),
    ),
  );
}

function welcome() {
  const list = people();
  const add = h("button", { type: "button", class: list.length ? "" : "primary", onclick: () => personDialog() }, icon("plus"), t("addPerson"));
  const group = h("button", { type: "button", onclick: () => groupDialog(list[0]?.id) }, icon("people"), t("addGroup"));
  const address = location.origin;
  const empty = [
    h("h1", {}, t("emptyTitle")),
    h("p", { class: "lead" }, t("emptyText")),
    h("p", { class: "address" }, h("span", {}, t("emptyBot")), h("button", { type: "button", onclick: () => copyText(address) }, h("code", {}, address), icon("copy"))),
  ];
  const choose = [h("h1", {}, t("who")), h("p", { class: "lead" }, t("whoHint")), h("ul", { class: "people" }, list.map(card))];
  return h("div", { class: "welcome" }, h("div", { class: "welcome-box" }, h("div", { class: "logo-mark big" }), list.length ? choose : empty, h("div", { class: "welcome-actions" }, add, group)));
}

// --- drawing ----------------------------------------------------------------

const heading = () => [columns.map((column) => fullName(userOf(column.user))).join(", "), t("title")].filter(Boolean).join(" · ");

/** The browser's tab says how many chats wait. */
function drawTitle() {
  const waiting = columns.reduce((sum, column) => sum + (column.unread || 0), 0);
  document.title = waiting ? `(${waiting}) ${heading()}` : heading();
}

function draw() {
  drawTitle();
  const bar = topBar();
  if (!state.loaded) stage.replaceChildren(h("div", { class: "loading", "aria-busy": "true" }));
  else if (!columns.length) stage.replaceChildren(welcome());
  else stage.replaceChildren(...columns.map((column) => column.root));
  stage.dataset.count = String(columns.length);
  if (columns.length) bar.prepend(h("h1", { class: "unseen" }, heading()));
  app.replaceChildren(bar, offline, stage);
  select(current);
}

let counts = "";

function onChange(change) {
  if (change.online) {
    offline.hidden = state.online;
    offline.textContent = t("offline");
    return;
  }
  if (change.world) {
    const key = JSON.stringify([people(), state.world.chats.map((chat) => [chat.id, chat.members])]);
    if (!columns.length) fromHash();
    if (!columns.length && key !== counts) draw();
    counts = key;
  }
  for (const column of columns) column.refresh(change).catch(failure);
}

setTheme(localStorage.getItem(THEME_KEY));
setLanguage(language());
subscribe(onChange);
window.addEventListener("popstate", fromHash);
window.addEventListener("hashchange", fromHash);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") for (const column of columns) if (column.view.stick) column.view.seen();
});
draw();
live();
