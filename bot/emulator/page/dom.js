// Small helpers around the DOM. Text always goes in as text nodes.

import { language, t } from "./i18n.js";

export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const PATHS = {
  send: "M3.4 20.3 21.5 12 3.4 3.7l-.1 6.5L15 12 3.3 13.8z",
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6 6 18",
  clip: "M20 11.5l-8.2 8.2a5.2 5.2 0 0 1-7.4-7.4l8.6-8.6a3.5 3.5 0 0 1 4.9 4.9l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.4l7.6-7.5",
  menu: "M4 7h16M4 12h16M4 17h10",
  reply: "M10 7 4 12l6 5v-3.5c5 0 8 1.5 10 5-.5-6-4-10-10-10z",
  edit: "M4 20l1-4L16.5 4.5a2 2 0 0 1 3 3L8 19zM14.5 6.5l3 3",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  pin: "M9 4h6l-.7 6 3.2 3.5H6.5L9.7 10zM12 13.5V20",
  down: "M12 5v14M6 13l6 6 6-6",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M18 10h.01M7 14h10",
  info: "M12 11v6M12 7.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  link: "M8 16 17 7M9.5 7H17v7.5",
  mail: "M3 6h18v12H3z M3.5 6.5l8.5 7 8.5-7",
  theme: "M20 14.5A8.5 8.5 0 1 1 9.5 4 6.8 6.8 0 0 0 20 14.5z",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 11a3 3 0 1 0-1-5.8M18 14.3c2 .8 3.2 2.7 3.5 5.7",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16.2 16.2 21 21",
  dots: "M6 12h.01M12 12h.01M18 12h.01",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c1.8 2.6 5.2 2.6 7 0M9 9.5v.01M15 9.5v.01",
  swap: "M7 4 3.5 7.5 7 11M4 7.5h13M17 13l3.5 3.5L17 20M20 16.5H7",
  chevron: "M7 10l5 5 5-5",
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon", `icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, label, onclick, extra = {}) {
  const { class: more = "", ...rest } = extra;
  return h("button", { type: "button", class: `icon-button ${more}`, "aria-label": label, title: label, onclick, ...rest }, icon(name));
}

export function initials(name) {
  const words = name.replace(/[^\p{L}\p{N}\s]/gu, " ").trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] || "?")][0];
  const last = words.length > 1 ? [...words[words.length - 1]][0] : "";
  return (first + last).toUpperCase();
}

export const hue = (id) => Math.abs(Number(id) || 0) % 8;

export function avatar(id, name, size = "") {
  return h("span", { class: `avatar hue-${hue(id)} ${size}`, "aria-hidden": "true" }, initials(name || "?"));
}

export const fullName = (user) =>
  user ? [user.first_name, user.last_name].filter(Boolean).join(" ") || user.title || user.username || String(user.id) : "";

const formatters = new Map();

function format(options) {
  const key = language() + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(language() === "fr" ? "fr-FR" : "en-GB", options));
  return formatters.get(key);
}

const dayKey = (date) => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;

export const clock = (seconds) => format({ hour: "2-digit", minute: "2-digit" }).format(new Date(seconds * 1000));

export const fullTime = (seconds) => format({ dateStyle: "long", timeStyle: "medium" }).format(new Date(seconds * 1000));

export const dayOf = (seconds) => dayKey(new Date(seconds * 1000));

export function dayLabel(seconds) {
  const date = new Date(seconds * 1000);
  const now = new Date();
  if (dayKey(date) === dayKey(now)) return t("today");
  if (dayKey(date) === dayKey(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1))) return t("yesterday");
  const year = date.getFullYear() === now.getFullYear() ? undefined : "numeric";
  return format({ weekday: "long", day: "numeric", month: "long", year }).format(date);
}

export function shortTime(seconds) {
  const date = new Date(seconds * 1000);
  if (dayKey(date) === dayKey(new Date())) return clock(seconds);
  return format({ day: "2-digit", month: "2-digit" }).format(date);
}

export function fileSize(bytes) {
  if (!bytes) return "";
  const units = language() === "fr" ? ["o", "ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${new Intl.NumberFormat(language(), { maximumFractionDigits: value < 10 && unit ? 1 : 0 }).format(value)} ${units[unit]}`;
}

export function toast(text, kind = "") {
  const host = document.getElementById("toasts");
  const node = h("div", { class: `toast ${kind}` }, text);
  host.append(node);
  while (host.childElementCount > 4) host.firstElementChild.remove();
  setTimeout(() => {
    node.classList.add("leaving");
    setTimeout(() => node.remove(), 300);
  }, Math.min(9000, 3200 + text.length * 40));
}

export const failure = (error) =>
  toast(error.message === "offline" ? t("offline") : t("failed", { error: error.message }), "bad");

export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch (error) {
    failure(error);
  }
}
