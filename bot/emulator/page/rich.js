// Text with Bot API entities -> DOM nodes. Offsets are UTF-16 units, as in JavaScript strings.

import { h, icon, copyText } from "./dom.js";
import { t } from "./i18n.js";

const SAFE = /^(https?:|mailto:|tel:|tg:)/i;

/** A link that may be opened, or null: a message must never bring in javascript: or data:. */
export function safeUrl(text) {
  const url = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`;
  return SAFE.test(url) ? url : null;
}

/** What a t.me link asks for, or null when it is an ordinary link. */
export function telegramLink(url) {
  const match = /^(?:https?:\/\/)?(?:t|telegram)\.me\/(.+)$/i.exec(url);
  if (!match) return null;
  const [path, search = ""] = match[1].split("?");
  const params = new URLSearchParams(search);
  if (path.startsWith("+") || path.startsWith("joinchat/")) return { kind: "join", link: url };
  if (params.has("start")) return { kind: "start", username: path, payload: params.get("start") };
  return { kind: "user", username: path };
}

function spoiler(children) {
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": t("spoiler") }, h("span", {}, children));
  const open = (event) => {
    if (!node.classList.contains("open")) event.preventDefault();
    node.classList.add("open");
    node.removeAttribute("role");
    node.removeAttribute("tabindex");
    node.removeAttribute("aria-label");
  };
  node.addEventListener("click", open);
  node.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && open(event));
  return node;
}

function quote(children, expandable) {
  const node = h("blockquote", { class: expandable ? "expandable" : "" }, h("div", { class: "quote-body" }, children));
  if (expandable) {
    const toggle = h("button", { type: "button", class: "quote-toggle", "aria-expanded": "false" }, t("more"));
    toggle.addEventListener("click", () => {
      const open = node.classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
      toggle.textContent = open ? t("less") : t("more");
    });
    node.append(toggle);
  }
  return node;
}

function pre(children, text, lang) {
  return h(
    "div",
    { class: "pre" },
    h(
      "div",
      { class: "pre-head" },
      h("span", {}, lang || ""),
      h("button", { type: "button", onclick: () => copyText(text) }, icon("copy"), t("copyCode")),
    ),
    h("pre", { tabindex: "0" }, h("code", {}, children)),
  );
}

function anchor(children, url, actions) {
  const inside = telegramLink(url);
  if (inside && actions.open) {
    return h("button", { type: "button", class: "link", onclick: () => actions.open(inside) }, children);
  }
  const safe = safeUrl(url);
  if (!safe) return h("span", {}, children);
  return h("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, children);
}

function wrap(entity, text, children, actions) {
  switch (entity.type) {
    case "bold":
      return h("strong", {}, children);
    case "italic":
      return h("em", {}, children);
    case "underline":
      return h("u", {}, children);
    case "strikethrough":
      return h("s", {}, children);
    case "code":
      return h("code", {}, children);
    case "pre":
      return pre(children, text, entity.language);
    case "spoiler":
      return spoiler(children);
    case "blockquote":
      return quote(children, false);
    case "expandable_blockquote":
      return quote(children, true);
    case "url":
      return anchor(children, text, actions);
    case "text_link":
      return anchor(children, entity.url || "", actions);
    case "email":
      return anchor(children, `mailto:${text}`, actions);
    case "phone_number":
      return anchor(children, `tel:${text.replace(/[^\d+]/g, "")}`, actions);
    case "bot_command":
      return h("button", { type: "button", class: "link command", onclick: () => actions.command?.(text) }, children);
    case "mention":
      return h("button", { type: "button", class: "link", onclick: () => actions.open?.({ kind: "user", username: text.slice(1) }) }, children);
    case "text_mention":
      return h("span", { class: "mention" }, children);
    case "hashtag":
    case "cashtag":
      return h("span", { class: "tag" }, children);
    default:
      return h("span", {}, children);
  }
}

const isBlock = (node) => node instanceof Element && (node.tagName === "BLOCKQUOTE" || node.classList.contains("pre"));

/** Text between entities; a block already ends its line, so that the line break after it would show an empty line. */
function plain(text, from, to, before) {
  return text.slice(from + (text[from] === "\n" && isBlock(before.at(-1)) ? 1 : 0), to);
}

function build(text, start, end, entities, actions) {
  const out = [];
  let at = start;
  let index = 0;
  while (index < entities.length) {
    const entity = entities[index];
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    let next = index + 1;
    if (from >= to) {
      index = next;
      continue;
    }
    const inner = [];
    while (next < entities.length && entities[next].offset < to) {
      inner.push(entities[next]);
      next += 1;
    }
    if (from > at) out.push(plain(text, at, from, out));
    out.push(wrap(entity, text.slice(from, to), build(text, from, to, inner, actions), actions));
    at = to;
    // An entity that runs past its parent goes on after it.
    entities = [...inner.filter((e) => e.offset + e.length > to), ...entities.slice(next)];
    index = 0;
  }
  if (at < end) out.push(plain(text, at, end, out));
  return out;
}

export function rich(text, entities, actions = {}) {
  const sorted = [...(entities || [])]
    .filter((e) => Number.isInteger(e.offset) && e.length > 0)
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text || "", 0, (text || "").length, sorted, actions);
}
