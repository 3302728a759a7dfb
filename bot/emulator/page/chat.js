// One chat as one person sees it.

import { h, icon, iconButton, avatar, dayOf, dayLabel, failure, toast, copyText } from "./dom.js";
import { t, plural } from "./i18n.js";
import { api } from "./api.js";
import { Composer } from "./composer.js";
import { alertDialog, chatDialog, confirmDialog, historyDialog, menu, pictureDialog } from "./dialogs.js";
import { isService, messageItem, senderOf, summary } from "./message.js";
import { GENERAL, authorId, faceOf, feed, findChat, isAdmin, isMember, loadChat, loadEarlier, markRead, memberOf, readUpTo, reloadWorld, titleOf, topicOf, touch } from "./state.js";

const EMOJI = ["👍", "❤", "🔥", "🎉", "👀", "🙏"];
const RUN = 600;

export class ChatView {
  /** `host`: { user, openChat, openPerson, openLink, back }. */
  constructor(host) {
    this.host = host;
    this.user = host.user;
    this.items = new Map();
    this.drafts = new Map();
    this.composer = new Composer({ user: this.user, send: (body) => this.send(body), last: () => this.lastOwn() });
    this.build();
  }

  build() {
    this.header = h("header", { class: "chat-header" });
    this.topics = h("nav", { class: "topics", "aria-label": t("topics"), hidden: true });
    this.pin = h("button", { type: "button", class: "pin-bar", hidden: true });
    this.log = h("ol", { class: "log" });
    this.earlier = h("button", { type: "button", class: "pill", hidden: true, onclick: () => this.older() }, t("earlier"));
    this.empty = h("div", { class: "log-empty", hidden: true });
    this.scroller = h("div", { class: "scroller", role: "log", "aria-live": "polite", "aria-label": t("messages"), tabindex: "0" }, this.earlier, this.empty, this.log);
    this.count = h("span", { class: "unread", hidden: true });
    this.down = iconButton("down", t("toBottom"), () => this.toBottom(true), { class: "to-bottom", hidden: true });
    this.down.append(this.count);
    this.body = h("div", { class: "chat-body" }, this.header, this.topics, this.pin, h("div", { class: "log-area" }, this.scroller, this.down), this.composer.root);
    this.nothing = h("div", { class: "chat-nothing" }, h("div", { class: "logo-mark" }), h("h2", {}, t("pickChat")), h("p", {}, t("pickChatHint")));
    this.root = h("section", { class: "chat" }, this.nothing, this.body);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.body.hidden = true;
    // Pictures that load and a writing field that grows must not hide the last message.
    const sized = new ResizeObserver(() => this.stick && this.toBottom(false));
    sized.observe(this.log);
    sized.observe(this.scroller);
  }

  get chat() {
    return this.chatId === undefined ? null : findChat(this.user, this.chatId);
  }

  async show(chatId, thread) {
    const changed = this.chatId !== chatId;
    this.chatId = chatId;
    this.thread = thread;
    const chat = this.chat;
    this.body.hidden = !chat;
    this.nothing.hidden = Boolean(chat);
    if (!chat) return;
    this.items.clear();
    this.log.replaceChildren();
    this.mark = readUpTo(this.user, chatId);
    this.stick = true;
    if (changed) this.composer.show(chat, this.drafts).catch(failure);
    try {
      await loadChat(chatId);
    } catch (error) {
      failure(error);
    }
    if (this.chatId !== chatId) return;
    this.update();
    this.toBottom(false);
  }

  hide() {
    this.chatId = undefined;
    this.body.hidden = true;
    this.nothing.hidden = false;
  }

  // --- drawing --------------------------------------------------------------

  update() {
    const chat = this.chat;
    if (!chat) return this.hide();
    this.drawHeader(chat);
    this.drawTopics(chat);
    this.drawPin(chat);
    this.drawLog(chat);
    this.drawComposer(chat);
  }

  drawHeader(chat) {
    const members = (chat.members || []).filter((m) => isMember(chat, m.user_id)).length;
    const sub = this.typing ? t("typing") : chat.type === "private" ? t("robot") : plural(chat.type === "channel" ? "subscriberCount" : "memberCount", members);
    const key = `${titleOf(chat)}|${sub}`;
    if (this.headerKey === key && this.header.childElementCount) return;
    this.headerKey = key;
    this.header.replaceChildren(
      iconButton("back", t("back"), () => this.host.back(), { class: "back" }),
      h(
        "button",
        { type: "button", class: "chat-title", title: t("info"), onclick: () => this.info() },
        avatar(faceOf(chat), titleOf(chat)),
        h("span", {}, h("b", {}, titleOf(chat)), h("small", {}, sub)),
      ),
      iconButton("info", t("info"), () => this.info()),
    );
  }

  /** The bot is writing; Telegram shows it for five seconds. */
  showTyping() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      this.typing = 0;
      if (this.chat) this.drawHeader(this.chat);
    }, 5000);
    if (this.chat) this.drawHeader(this.chat);
  }

  topicList(chat) {
    if (!chat.is_forum) return [];
    if (chat.topics) return chat.topics.filter((one) => !one.deleted).map((one) => ({ id: one.message_thread_id, name: one.name, closed: one.closed }));
    return feed(chat.key)
      .messages.filter((m) => m.forum_topic_created)
      .map((m) => ({ id: m.message_thread_id || m.message_id, name: m.forum_topic_created.name }));
  }

  drawTopics(chat) {
    const list = this.topicList(chat);
    this.topics.hidden = !chat.is_forum;
    if (!chat.is_forum) return;
    const mark = this.mark || 0;
    const waiting = new Set(feed(chat.key).messages.filter((m) => m.message_id > mark && authorId(m) !== this.user).map(topicOf));
    const entries = [{ id: undefined, name: t("allTopics") }, { id: GENERAL, name: t("general") }, ...list.filter((one) => one.id !== GENERAL)];
    this.topics.replaceChildren(
      ...entries.map((one) =>
        h(
          "button",
          {
            type: "button",
            class: "topic",
            "aria-pressed": String(one.id === this.thread),
            onclick: () => this.host.openChat(chat.key, one.id),
          },
          one.id && one.id !== GENERAL ? h("i", { class: `dot hue-${one.id % 8}` }) : null,
          one.name,
          one.id !== undefined && one.id !== this.thread && waiting.has(one.id) ? h("i", { class: "dot new" }) : null,
        ),
      ),
    );
  }

  drawPin(chat) {
    const messages = feed(chat.key).messages;
    const pinned = messages.filter((m) => m.pinned && !m.deleted).at(-1);
    this.pin.hidden = !pinned;
    if (!pinned) return;
    this.pin.replaceChildren(icon("pin"), h("span", {}, h("b", {}, t("pinned")), h("span", {}, summary(pinned, chat))));
    this.pin.onclick = () => this.jump(pinned.message_id);
  }

  visible(chat) {
    const messages = feed(chat.key).messages;
    if (!chat.is_forum || this.thread === undefined) return messages;
    return messages.filter((m) => topicOf(m) === this.thread);
  }

  drawLog(chat) {
    const box = feed(chat.key);
    const messages = this.visible(chat);
    this.earlier.hidden = !box.earlier;
    this.drawEmpty(chat, messages);
    const context = { user: this.user, chat, actions: this.actions() };
    const nodes = [];
    const used = new Set();
    const names = [titleOf(chat), this.user].join();
    let lastDay = null;
    let divider = this.mark > 0 && messages.some((m) => m.message_id > this.mark && authorId(m) !== this.user);
    messages.forEach((message, index) => {
      const day = dayOf(message.date);
      if (day !== lastDay) nodes.push(this.cached(`day:${day}`, "", () => h("li", { class: "day" }, h("span", {}, dayLabel(message.date))), used));
      if (divider && message.message_id > this.mark && authorId(message) !== this.user) {
        nodes.push(this.cached("divider", "", () => h("li", { class: "divider" }, h("span", {}, t("newMessages"))), used));
        divider = false;
      }
      const first = day !== lastDay || !this.sameRun(messages[index - 1], message, chat);
      const last = !this.sameRun(message, messages[index + 1], chat);
      lastDay = day;
      const version = `${JSON.stringify(message)}${first}${last}${names}`;
      nodes.push(this.cached(message.message_id, version, () => messageItem(message, { ...context, first, last }), used));
    });
    for (const key of this.items.keys()) if (!used.has(key)) this.items.delete(key);
    this.place(nodes);
    if (this.stick) this.toBottom(false);
  }

  /** Moves only what differs, so that focus and open spoilers survive. */
  place(nodes) {
    let at = this.log.firstChild;
    for (const node of nodes) {
      if (node === at) at = at.nextSibling;
      else this.log.insertBefore(node, at);
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  cached(key, version, make, used) {
    used.add(key);
    const old = this.items.get(key);
    if (old && old.version === version) return old.node;
    const node = make();
    if (old) {
      node.classList.add("changed");
      if (old.node.contains(document.activeElement)) this.refocus(old.node, node);
    } else if (this.drawn) node.classList.add("arriving");
    this.items.set(key, { version, node });
    return node;
  }

  /** A pressed button is redrawn with its message: keep the keyboard user where they were. */
  refocus(old, node) {
    const label = document.activeElement.textContent;
    const twin = [...node.querySelectorAll("button")].find((button) => button.textContent === label);
    requestAnimationFrame(() => (twin || this.composer.input).focus({ preventScroll: true }));
  }

  sameRun(one, two, chat) {
    if (!one || !two || isService(one, chat) || isService(two, chat)) return false;
    if (dayOf(one.date) !== dayOf(two.date) || Math.abs(two.date - one.date) > RUN) return false;
    return senderOf(one, chat).id === senderOf(two, chat).id && topicOf(one) === topicOf(two);
  }

  drawEmpty(chat, messages) {
    const box = feed(chat.key);
    this.empty.hidden = messages.length > 0 || !box.loaded;
    if (this.empty.hidden) return;
    this.empty.replaceChildren(avatar(faceOf(chat), titleOf(chat), "huge"), h("h2", {}, titleOf(chat)), h("p", {}, chat.type === "private" ? t("startHint") : t("noMessages")));
  }

  drawComposer(chat) {
    const messages = feed(chat.key).messages;
    const me = memberOf(chat, this.user);
    const topic = this.topicList(chat).find((one) => one.id === this.thread);
    let text = "";
    let action = null;
    if (chat.type === "private") {
      if (feed(chat.key).loaded && !messages.some((m) => authorId(m) === this.user)) {
        text = t("start");
        action = () => this.send({ text: "/start" }).catch(failure);
      }
    } else if (!isMember(chat, this.user)) {
      text = t("notMember");
    } else if (chat.type === "channel" && !isAdmin(chat, this.user)) {
      text = t("channelReadOnly");
    } else if (me.status === "restricted") {
      text = t("restricted");
    } else if (topic?.closed) {
      text = t("topicClosed");
    }
    this.composer.close(text, action);
    if (text) this.composer.keys.hidden = true;
    else this.composer.keyboardFrom(this.visible(chat));
  }

  // --- scrolling ------------------------------------------------------------

  toBottom(smooth) {
    this.drawn = true;
    const end = this.scroller.scrollHeight;
    this.scroller.scrollTo({ top: end, behavior: smooth ? "smooth" : "instant" });
    this.stick = true;
    this.seen();
  }

  scrolled() {
    const gap = this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight;
    this.stick = gap < 60;
    this.down.hidden = gap < 200;
    if (this.stick) this.seen();
  }

  seen() {
    if (this.chatId === undefined) return;
    this.count.hidden = true;
    this.seenLast = feed(this.chatId).messages.at(-1)?.message_id || 0;
    if (document.visibilityState === "visible" && this.root.offsetParent) markRead(this.user, this.chatId);
  }

  /** Something changed in this chat. */
  arrived() {
    clearTimeout(this.typing);
    this.typing = 0;
    this.update();
    if (this.chatId === undefined) return;
    if (this.stick) return this.seen();
    const fresh = feed(this.chatId).messages.filter((m) => m.message_id > this.seenLast && authorId(m) !== this.user).length;
    this.count.hidden = !fresh;
    this.count.textContent = String(fresh);
  }

  async older() {
    const height = this.scroller.scrollHeight;
    const top = this.scroller.scrollTop;
    this.stick = false;
    try {
      await loadEarlier(this.chatId);
      this.update();
      this.scroller.scrollTop = top + this.scroller.scrollHeight - height;
    } catch (error) {
      failure(error);
    }
  }

  jump(messageId) {
    const node = this.items.get(messageId)?.node;
    if (!node) return;
    node.scrollIntoView({ block: "center", behavior: "smooth" });
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
  }

  // --- doing ----------------------------------------------------------------

  lastOwn() {
    return [...this.visible(this.chat)].reverse().find((m) => authorId(m) === this.user && !m.deleted && (m.text || m.caption));
  }

  async send(body) {
    const thread = this.thread && this.thread !== GENERAL ? this.thread : undefined;
    const sent = await api.send({ ...this.where(), thread, ...body });
    this.stick = true;
    await touch(this.chatId, body.edit_of || sent?.message_id).catch(() => {});
  }

  /** Who acts, where, and on which message. */
  where(message) {
    const { id, bot } = this.chat;
    return { from: this.user, chat: id, bot, message_id: message?.message_id };
  }

  async act(promise, messageId) {
    try {
      await promise;
      await touch(this.chatId, messageId);
    } catch (error) {
      failure(error);
    }
  }

  async tap(message, button) {
    try {
      const answer = await api.tap({ ...this.where(message), button });
      const text = answer.answer || (typeof answer.alert === "string" ? answer.alert : "");
      if (answer.answered === false) toast(t("noAnswer"), "bad");
      else if (answer.alert && text) alertDialog(senderOf(message, this.chat).name, text);
      else if (text) toast(text);
    } catch (error) {
      failure(error);
    }
  }

  react(message, emoji) {
    return this.act(api.react({ ...this.where(message), emoji }), message.message_id);
  }

  actions() {
    return {
      tap: (message, button) => this.tap(message, button),
      react: (message, emoji) => this.react(message, emoji),
      history: historyDialog,
      picture: pictureDialog,
      vote: (message, index) => this.act(api.vote({ ...this.where(message), options: [index] }), message.message_id),
      jump: (id) => this.jump(id),
      command: (text) => this.send({ text }).catch(failure),
      open: (link) => this.host.openLink(link),
      menu: (message, anchor, own) => this.menu(message, anchor, own),
    };
  }

  menu(message, anchor, own) {
    const text = message.text || message.caption;
    const items = [{ icon: "reply", label: t("reply"), run: () => this.composer.replyTo(message) }];
    if (text) items.push({ icon: "copy", label: t("copy"), run: () => copyText(text) });
    if (own && text) items.push({ icon: "edit", label: t("edit"), run: () => this.composer.editOf(message) });
    if (this.chat.type === "private" || isAdmin(this.chat, this.user)) {
      const pinned = !message.pinned;
      items.push({ icon: "pin", label: t(pinned ? "pin" : "unpin"), run: () => this.act(api.pin({ ...this.where(message), pinned }), message.message_id) });
    }
    if (own) {
      items.push({
        icon: "trash",
        label: t("remove"),
        danger: true,
        run: () => this.act(api.remove(this.where(message)), message.message_id),
      });
    }
    const faces = h(
      "div",
      { class: "emoji-row", role: "group", "aria-label": t("react") },
      EMOJI.map((emoji) => h("button", { type: "button", role: "menuitem", class: "emoji", "aria-label": t("reactWith", { emoji }), onclick: () => this.react(message, emoji) }, emoji)),
    );
    menu(anchor, items, faces);
  }

  info() {
    chatDialog(this.chat, this.user, {
      openPerson: (id) => this.host.openPerson(id, this.chatId),
      leave: (chat) => confirmDialog(t("leaveConfirm", { title: titleOf(chat) }), () => this.leave(chat)),
      block: (chat, blocked) => this.block(chat, blocked),
      approve: (chat, id, approve) => this.act(api.approve({ from: this.user, chat: chat.id, user: id, approve }).then(reloadWorld)),
    });
  }

  async leave(chat) {
    try {
      await api.leave({ from: this.user, chat: chat.id });
      await reloadWorld();
      this.host.back();
    } catch (error) {
      failure(error);
    }
  }

  async block(chat, blocked) {
    try {
      await api.block({ from: this.user, bot: chat.bot, blocked });
      await reloadWorld();
      toast(t(blocked ? "blocked" : "unblocked"));
    } catch (error) {
      failure(error);
    }
  }
}
