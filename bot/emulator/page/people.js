// One person's column: who they are, their chats, and the chat that is open.

import { h, icon, iconButton, avatar, fullName, shortTime, failure, toast } from "./dom.js";
import { t, plural } from "./i18n.js";
import { api } from "./api.js";
import { ChatView } from "./chat.js";
import { groupDialog, peopleDialog } from "./dialogs.js";
import { senderOf, summary } from "./message.js";
import { bots, authorId, chatsOf, faceOf, feed, findChat, loadChat, otherChatsOf, people, reloadWorld, titleOf, unreadOf, userOf } from "./state.js";

export class Column {
  /** `shell`: { changed, openPerson, switchPerson, closePerson, taken }. */
  constructor(shell, { user, chat, thread }) {
    this.shell = shell;
    this.user = user;
    this.rows = new Map();
    this.view = new ChatView({
      user,
      openChat: (id, topic) => this.openChat(id, topic),
      openPerson: (id, chatId) => shell.openPerson(id, chatId),
      openLink: (link) => this.openLink(link),
      back: () => this.back(),
    });
    this.build();
    this.openChat(chat, thread, true);
  }

  build() {
    const name = fullName(userOf(this.user));
    this.search = h("input", { type: "search", placeholder: t("search"), "aria-label": t("search"), oninput: () => this.drawList() });
    this.list = h("ul", { class: "chat-list", "aria-label": t("chats") });
    this.others = h("div", { class: "other-chats", hidden: true });
    this.noChats = h("p", { class: "hint", hidden: true });
    this.aside = h(
      "aside",
      { class: "side" },
      h(
        "div",
        { class: "side-head" },
        h("button", { type: "button", class: "who", title: t("switchPerson"), onclick: () => this.switchPerson() }, avatar(this.user, name), h("b", {}, name), icon("chevron")),
        iconButton("plus", t("addGroup"), () => groupDialog(this.user, (id) => id && this.openChat(String(id))), { class: "add-group" }),
        iconButton("close", t("closePerson", { name }), () => this.shell.closePerson(this), { class: "close-column" }),
      ),
      h("label", { class: "search" }, icon("search"), this.search),
      h("div", { class: "side-scroll" }, this.list, this.noChats, this.others),
    );
    this.aside.addEventListener("keydown", (event) => this.arrows(event));
    this.panes = h("div", { class: "panes", "data-pane": "list" }, this.aside, this.view.root);
    this.root = h("section", { class: "column", "aria-label": name }, this.panes);
  }

  arrows(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const buttons = [...this.list.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (at < 0 && event.target !== this.search) return;
    event.preventDefault();
    const next = at + step;
    if (next < 0) this.search.focus();
    else buttons[Math.min(next, buttons.length - 1)]?.focus();
  }

  switchPerson() {
    peopleDialog(t("switchPerson"), this.shell.taken(), (id) => this.shell.switchPerson(this, id));
  }

  async openChat(wanted, thread, quiet = false) {
    const id = wanted === undefined ? undefined : findChat(this.user, wanted)?.key;
    this.chat = id;
    this.thread = thread;
    this.panes.dataset.pane = id === undefined ? "list" : "chat";
    if (!quiet) this.shell.changed();
    if (id === undefined) this.view.hide();
    else await this.view.show(id, thread);
    this.drawList();
  }

  back() {
    const row = this.rows.get(this.chat);
    this.openChat(undefined);
    row?.querySelector("button")?.focus();
  }

  // --- list of chats --------------------------------------------------------

  /** The world or some chat changed. */
  async refresh(change) {
    if (!userOf(this.user)) return;
    if (change.world) {
      this.drawList();
      await Promise.all(chatsOf(this.user).map((chat) => loadChat(chat.key))).catch(() => {});
      this.view.update();
      if (this.view.chatId !== undefined) this.view.composer.loadCommands();
    } else if (change.typing) {
      if (change.typing === this.view.chatId) this.view.showTyping();
      return;
    } else if (change.chat === this.view.chatId && !change.marks) {
      this.view.arrived();
    }
    this.drawList();
  }

  drawList() {
    const wanted = this.search.value.trim().toLowerCase();
    const mine = chatsOf(this.user);
    const entries = mine
      .filter((chat) => !wanted || titleOf(chat).toLowerCase().includes(wanted))
      .map((chat) => ({ chat, last: feed(chat.key).messages.filter((m) => !m.deleted).at(-1) }))
      .sort((a, b) => (b.last?.date || 0) - (a.last?.date || 0) || titleOf(a.chat).localeCompare(titleOf(b.chat)));
    this.unread = mine.reduce((sum, chat) => sum + (unreadOf(this.user, chat.key) ? 1 : 0), 0);
    this.list.replaceChildren(...entries.map((entry) => this.row(entry)));
    this.noChats.hidden = entries.length > 0;
    this.noChats.textContent = t(mine.length ? "noMatch" : "noChats");
    this.drawOthers(wanted);
    this.shell.counted();
  }

  row({ chat, last }) {
    const unread = unreadOf(this.user, chat.key);
    const sender = last && chat.type !== "private" ? senderOf(last, chat) : null;
    const service = last && !last.text && !last.caption && !last.photo && !last.document && !last.poll && !last.voice;
    const who = last && authorId(last) === this.user ? t("youPrefix") : sender?.name;
    const line = last ? [who && !service ? h("i", {}, `${who} : `) : null, summary(last, chat)] : "";
    const key = [titleOf(chat), unread, last?.message_id, last?.edit_date, last?.date, this.chat === chat.key, summary(last, chat)].join("|");
    const old = this.rows.get(chat.key);
    if (old?.dataset.key === key) return old;
    const row = h(
      "li",
      { "data-key": key },
      h(
        "button",
        { type: "button", class: "chat-row", "aria-current": this.chat === chat.key ? "true" : null, onclick: () => this.openChat(chat.key) },
        avatar(faceOf(chat), titleOf(chat)),
        h(
          "span",
          { class: "chat-row-text" },
          h("span", { class: "chat-row-top" }, h("b", {}, titleOf(chat)), last ? h("time", {}, shortTime(last.date)) : null),
          h("span", { class: "chat-row-bottom" }, h("span", { class: "line" }, line), unread ? h("span", { class: "unread", "aria-label": plural("unread", unread) }, unread > 99 ? "99+" : String(unread)) : null),
        ),
      ),
    );
    if (old?.contains(document.activeElement)) requestAnimationFrame(() => row.querySelector("button").focus({ preventScroll: true }));
    this.rows.set(chat.key, row);
    return row;
  }

  drawOthers(wanted) {
    const others = otherChatsOf(this.user).filter((chat) => !wanted || titleOf(chat).toLowerCase().includes(wanted));
    this.others.hidden = others.length === 0;
    const key = others.map((chat) => `${chat.id}${titleOf(chat)}`).join("|");
    if (this.othersKey === key) return;
    this.othersKey = key;
    this.others.replaceChildren(
      h("h2", {}, t("otherChats")),
      h(
        "ul",
        {},
        others.map((chat) =>
          h("li", {}, avatar(faceOf(chat), titleOf(chat), "small"), h("span", { class: "row-name" }, titleOf(chat)), h("button", { type: "button", class: "join", "aria-label": `${t("join")} : ${titleOf(chat)}`, onclick: () => this.join({ chat: chat.id }) }, t("join"))),
        ),
      ),
    );
  }

  // --- doing ----------------------------------------------------------------

  async join(target) {
    try {
      const answer = await api.join({ from: this.user, ...target });
      const asked = answer.status === "requested";
      await reloadWorld();
      toast(t(asked ? "joinAsked" : "joined"));
      if (!asked) this.openChat(String(answer.chat));
    } catch (error) {
      failure(error);
    }
  }

  async openLink(link) {
    if (link.kind === "join") return this.join({ invite_link: link.link });
    const name = link.username.toLowerCase();
    const bot = bots().find((one) => one.username?.toLowerCase() === name);
    if (bot) {
      await this.openChat(`${this.user}:${bot.id}`);
      if (link.kind === "start") await this.view.send({ text: `/start ${link.payload}` }).catch(failure);
      return;
    }
    const group = chatsOf(this.user).find((chat) => chat.username?.toLowerCase() === name);
    if (group) return this.openChat(group.key);
    const person = people().find((one) => one.username?.toLowerCase() === name);
    if (person) toast(fullName(person));
    else toast(`@${link.username}`);
  }
}
