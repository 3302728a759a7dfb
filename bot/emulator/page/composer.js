// Where one writes: text, commands, pictures, replies, edits and the bot's own keyboard.

import { h, icon, iconButton, failure, toast } from "./dom.js";
import { t } from "./i18n.js";
import { api } from "./api.js";
import { authorId, titleOf } from "./state.js";
import { senderOf, summary } from "./message.js";

const BIGGEST = 10 * 1024 * 1024;
let counter = 0;

const readFile = (file) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

export class Composer {
  /** `send` gets {text, reply_to?, photo?, edit_of?} and answers a promise. */
  constructor({ user, send, last }) {
    this.user = user;
    this.send = send;
    this.lastOwn = last;
    this.chat = null;
    this.reply = null;
    this.edit = null;
    this.photo = null;
    this.commands = [];
    this.options = [];
    this.active = -1;
    this.hiddenKeyboard = 0;
    this.listId = `commands-${(counter += 1)}`;
    this.build();
  }

  build() {
    this.input = h("textarea", {
      rows: 1,
      maxlength: 8192,
      "aria-autocomplete": "list",
      "aria-controls": this.listId,
      enterkeyhint: "send",
      dir: "auto",
      oninput: () => this.changed(),
      onkeydown: (event) => this.key(event),
      onpaste: (event) => this.take(event, event.clipboardData?.files?.[0]),
    });
    this.file = h("input", { type: "file", accept: "image/*", hidden: true, onchange: () => this.attach(this.file.files[0]) });
    this.list = h("ul", { class: "command-list", id: this.listId, role: "listbox", "aria-label": t("commands"), hidden: true });
    this.banner = h("div", { class: "compose-banner", hidden: true });
    this.preview = h("div", { class: "compose-preview", hidden: true });
    this.keys = h("div", { class: "reply-keyboard", hidden: true, role: "group", "aria-label": t("keyboard") });
    this.menuButton = iconButton("menu", t("commandMenu"), () => this.openMenu(), { class: "command-button" });
    this.keyButton = iconButton("keyboard", t("keyboardToggle"), () => this.toggleKeys(), { hidden: true });
    this.sendButton = iconButton("send", t("send"), () => this.submit(), { class: "send" });
    this.bar = h(
      "div",
      { class: "compose-bar" },
      this.menuButton,
      h("div", { class: "compose-field" }, this.input, this.keyButton, iconButton("clip", t("attach"), () => this.file.click())),
      this.sendButton,
    );
    this.closed = h("div", { class: "compose-closed", hidden: true });
    this.root = h("div", { class: "composer" }, this.list, this.banner, this.preview, this.bar, this.closed, this.keys, this.file);
    this.root.addEventListener("dragover", (event) => event.preventDefault());
    this.root.addEventListener("drop", (event) => this.take(event, event.dataTransfer?.files?.[0]));
  }

  async show(chat, drafts) {
    this.chat = chat;
    this.drafts = drafts;
    this.cancel();
    this.dropPhoto();
    this.hiddenKeyboard = 0;
    this.input.value = drafts.get(chat.key) || "";
    const label = t("messageIn", { title: titleOf(chat) });
    this.input.setAttribute("aria-label", label);
    this.input.placeholder = t("message");
    this.grow();
    this.hideList();
    await this.loadCommands();
  }

  async loadCommands() {
    const chat = this.chat;
    try {
      const answer = await api.commands({ chat: chat.id, user: this.user, bot: chat.bot });
      if (this.chat !== chat) return;
      this.commands = answer.commands || [];
    } catch {
      this.commands = [];
    }
    this.menuButton.hidden = this.commands.length === 0;
  }

  // --- what can be written here ---------------------------------------------

  /** Shows why writing is closed, or a button instead of the field. */
  close(text, action) {
    this.bar.hidden = Boolean(text);
    this.closed.hidden = !text;
    if (text) this.closed.replaceChildren(action ? h("button", { type: "button", class: "primary wide", onclick: action }, text) : text);
  }

  keyboardFrom(messages) {
    const source = [...messages].reverse().find((m) => !m.deleted && authorId(m) !== this.user && (m.reply_markup?.keyboard || m.reply_markup?.remove_keyboard));
    const rows = source?.reply_markup?.keyboard;
    const forced = messages.at(-1);
    if (forced?.reply_markup?.force_reply && this.forced !== forced.message_id) {
      this.forced = forced.message_id;
      this.replyTo(forced);
    }
    this.keyButton.hidden = !rows;
    if (!rows) {
      this.keys.hidden = true;
      this.keySource = null;
      return;
    }
    const json = `${source.message_id}${JSON.stringify(rows)}`;
    if (this.keySource !== json) {
      this.keySource = json;
      this.keys.hidden = this.hiddenKeyboard >= source.message_id;
      this.input.placeholder = source.reply_markup.input_field_placeholder || t("message");
      this.keys.replaceChildren(
        ...rows.map((row) =>
          h(
            "div",
            { class: "key-row" },
            row.map((button) => {
              const text = typeof button === "string" ? button : button.text;
              const press = async () => {
                if (source.reply_markup.one_time_keyboard) {
                  this.hiddenKeyboard = source.message_id;
                  this.keys.hidden = true;
                }
                await this.post({ text });
              };
              return h("button", { type: "button", class: "key", onclick: press }, text);
            }),
          ),
        ),
      );
    }
  }

  toggleKeys() {
    this.keys.hidden = !this.keys.hidden;
  }

  // --- reply, edit, picture -------------------------------------------------

  replyTo(message) {
    this.edit = null;
    this.reply = message;
    this.showBanner("reply", t("replyTo", { name: senderOf(message, this.chat).name }), summary(message, this.chat));
    this.input.focus();
  }

  editOf(message) {
    this.reply = null;
    this.edit = message;
    this.input.value = message.text || message.caption || "";
    this.showBanner("edit", t("editing"), summary(message, this.chat));
    this.grow();
    this.input.focus();
  }

  showBanner(name, title, text) {
    this.banner.hidden = false;
    this.banner.replaceChildren(icon(name), h("span", {}, h("b", {}, title), h("span", {}, text)), iconButton("close", t("cancel"), () => this.cancel(true)));
  }

  cancel(clear = false) {
    if (clear && this.edit) this.input.value = "";
    this.reply = null;
    this.edit = null;
    this.banner.hidden = true;
    this.grow();
  }

  take(event, file) {
    if (!file) return;
    event.preventDefault();
    this.attach(file);
  }

  async attach(file) {
    this.file.value = "";
    if (!file) return;
    if (!file.type.startsWith("image/")) return toast(t("pictureOnly"), "bad");
    if (file.size > BIGGEST) return toast(t("pictureTooBig"), "bad");
    try {
      const url = await readFile(file);
      this.photo = { name: file.name || "image.png", mime_type: file.type, base64: url.slice(url.indexOf(",") + 1) };
      this.preview.hidden = false;
      this.preview.replaceChildren(h("img", { src: url, alt: file.name }), h("span", {}, file.name), iconButton("close", t("removePicture"), () => this.dropPhoto()));
      this.input.focus();
    } catch (error) {
      failure(error);
    }
  }

  dropPhoto() {
    this.photo = null;
    this.preview.hidden = true;
  }

  // --- commands -------------------------------------------------------------

  openMenu() {
    if (!this.list.hidden) return this.hideList();
    this.showOptions(this.commands);
    this.input.focus();
  }

  suggest() {
    const match = /^\/([A-Za-z0-9_]*)$/.exec(this.input.value);
    if (!match) return this.hideList();
    const start = match[1].toLowerCase();
    this.showOptions(this.commands.filter((one) => one.command.startsWith(start)));
  }

  showOptions(options) {
    this.options = options;
    if (!options.length) return this.hideList();
    this.list.hidden = false;
    this.list.replaceChildren(
      ...options.map((one, index) =>
        h(
          "li",
          { id: `${this.listId}-${index}`, role: "option", "aria-selected": "false", onmousedown: (event) => event.preventDefault(), onclick: () => this.choose(index) },
          h("b", {}, `/${one.command}`),
          h("span", {}, one.description),
        ),
      ),
    );
    this.point(0);
  }

  point(index) {
    this.active = index;
    [...this.list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    const item = this.list.children[index];
    if (!item) return;
    item.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", item.id);
  }

  hideList() {
    this.list.hidden = true;
    this.options = [];
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  commandText(one) {
    return this.chat.type !== "private" && one.bot ? `/${one.command}@${one.bot}` : `/${one.command}`;
  }

  choose(index) {
    const one = this.options[index];
    this.hideList();
    if (!one) return;
    this.input.value = "";
    this.post({ text: this.commandText(one) });
  }

  // --- keys and sending -----------------------------------------------------

  key(event) {
    if (event.isComposing) return;
    if (this.options.length) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        return this.point((this.active + step + this.options.length) % this.options.length);
      }
      if (event.key === "Tab") {
        event.preventDefault();
        this.input.value = `${this.commandText(this.options[this.active])} `;
        return this.hideList();
      }
      if (event.key === "Enter") {
        event.preventDefault();
        return this.choose(this.active);
      }
      if (event.key === "Escape") {
        event.stopPropagation();
        return this.hideList();
      }
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && (this.reply || this.edit)) {
      event.stopPropagation();
      this.cancel(true);
    } else if (event.key === "ArrowUp" && !this.input.value) {
      const message = this.lastOwn();
      if (message) {
        event.preventDefault();
        this.editOf(message);
      }
    }
  }

  changed() {
    this.grow();
    this.suggest();
    if (!this.edit) this.drafts?.set(this.chat.key, this.input.value);
  }

  grow() {
    this.input.style.height = "";
    // Nothing can be measured in a column that is not shown.
    if (this.input.scrollHeight) this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
  }

  async submit() {
    const text = this.input.value.trim();
    if (!text && !this.photo) return;
    const body = { text };
    if (this.edit) body.edit_of = this.edit.message_id;
    if (this.reply) body.reply_to = this.reply.message_id;
    if (this.photo && !this.edit) body.photo = this.photo;
    const kept = this.input.value;
    this.input.value = "";
    this.drafts?.delete(this.chat.key);
    if (await this.post(body)) {
      this.cancel();
      this.dropPhoto();
    } else {
      this.input.value = kept;
      this.grow();
    }
    this.hideList();
    this.input.focus();
  }

  async post(body) {
    try {
      await this.send(body);
      this.grow();
      return true;
    } catch (error) {
      failure(error);
      return false;
    }
  }
}
