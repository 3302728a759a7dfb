// What the page knows: the world, the messages of each chat, what was read, and the live events.

import { api } from "./api.js";
import { fullName } from "./dom.js";

const READ_KEY = "local-telegram.read";
const PAGE = 60;
const KEPT = 1000;

export const state = {
  world: { users: [], chats: [] },
  loaded: false,
  online: true,
  chats: new Map(),
};

const listeners = new Set();

/** Calls back with ({world: true}) or ({chat: id}) whenever something changed. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function emit(change) {
  for (const listener of [...listeners]) listener(change);
}

// --- people and chats -------------------------------------------------------

export const userOf = (id) => state.world.users.find((user) => user.id === id);
export const chatOf = (id) => state.world.chats.find((chat) => chat.id === id);
export const people = () => state.world.users.filter((user) => !user.is_bot);
export const bots = () => state.world.users.filter((user) => user.is_bot);

const GONE = ["left", "kicked"];

export const memberOf = (chat, user) => (chat.members || []).find((member) => member.user_id === user);
export const isMember = (chat, user) => {
  const member = memberOf(chat, user);
  return Boolean(member) && !GONE.includes(member.status);
};

/** The bot on the other side of a private chat. */
export function botOf(chat) {
  const member = (chat.members || []).find((m) => userOf(m.user_id)?.is_bot);
  return member ? userOf(member.user_id) : bots()[0];
}

export function titleOf(chat) {
  if (chat.type === "private") {
    const bot = botOf(chat);
    return bot ? fullName(bot) : chat.title || chat.first_name || String(chat.id);
  }
  return chat.title || String(chat.id);
}

/** Where the avatar colour comes from. */
export const faceOf = (chat) => (chat.type === "private" ? botOf(chat)?.id || chat.id : chat.id);

/** Chats of one person; the private chat with the bot is there even before the first word. */
export function chatsOf(user) {
  const mine = state.world.chats.filter((chat) => (chat.type === "private" ? chat.id === user : isMember(chat, user)));
  if (!mine.some((chat) => chat.type === "private") && bots().length) {
    mine.push({ id: user, type: "private", members: [{ user_id: user, status: "member" }], fresh: true });
  }
  return mine;
}

export const otherChatsOf = (user) => state.world.chats.filter((chat) => chat.type !== "private" && !isMember(chat, user));

export const findChat = (user, id) => chatsOf(user).find((chat) => chat.id === id) || chatOf(id);

// --- messages ---------------------------------------------------------------

export function feed(id) {
  if (!state.chats.has(id)) state.chats.set(id, { messages: [], loaded: false, earlier: false, loading: null });
  return state.chats.get(id);
}

function merge(box, incoming) {
  const byId = new Map(box.messages.map((message) => [message.message_id, message]));
  for (const message of incoming) byId.set(message.message_id, message);
  box.messages = [...byId.values()].sort((a, b) => a.message_id - b.message_id);
}

export async function loadChat(id) {
  const box = feed(id);
  if (box.loaded) return;
  box.loading ||= api
    .messages(id, { limit: PAGE })
    .catch((error) => {
      // A private chat without a first word may not exist yet.
      if (error.status === 404 || error.status === 400) return { messages: [] };
      throw error;
    })
    .then(({ messages }) => {
      merge(box, messages);
      box.earlier = messages.length >= PAGE;
      box.loaded = true;
      emit({ chat: id });
    })
    .finally(() => {
      box.loading = null;
    });
  await box.loading;
}

export async function loadEarlier(id) {
  const box = feed(id);
  const first = box.messages[0];
  if (!first) return;
  const { messages } = await api.messages(id, { before: first.message_id, limit: PAGE });
  const known = box.messages.length;
  merge(box, messages);
  box.earlier = messages.length >= PAGE && box.messages.length > known;
  emit({ chat: id });
}

const pending = new Map();

async function fetchFrom(id, box, after) {
  for (;;) {
    const { messages } = await api.messages(id, { after, limit: 200 });
    merge(box, messages);
    if (messages.length < 200) return;
    after = messages.at(-1).message_id;
  }
}

async function refresh(id) {
  const box = feed(id);
  if (!box.loaded) {
    // Nobody looks at this chat, or its first page is on its way.
    if (box.loading) await box.loading;
    else return pending.delete(id);
  }
  const wanted = pending.get(id);
  pending.delete(id);
  const last = box.messages.at(-1)?.message_id || 0;
  const first = box.messages[0]?.message_id || 0;
  const changed = [...wanted].filter((mid) => mid <= last && mid >= first);
  if (changed.length > 12) {
    await fetchFrom(id, box, Math.min(...changed) - 1);
  } else {
    for (const mid of changed) merge(box, (await api.messages(id, { after: mid - 1, limit: 1 })).messages);
    await fetchFrom(id, box, last);
  }
  if (box.messages.length > KEPT) {
    box.messages = box.messages.slice(-KEPT / 2);
    box.earlier = true;
  }
  emit({ chat: id });
}

const running = new Set();

async function refreshSoon(id) {
  if (running.has(id)) return;
  running.add(id);
  try {
    while (pending.has(id)) await refresh(id);
  } finally {
    running.delete(id);
  }
}

function note(id, messageId) {
  if (!pending.has(id)) pending.set(id, new Set());
  if (messageId) pending.get(id).add(messageId);
}

/** Asks for the newest messages of a chat without waiting for its event. */
export async function touch(id, messageId) {
  note(id, messageId);
  await refreshSoon(id);
}

// --- read marks -------------------------------------------------------------

function readMarks() {
  try {
    return JSON.parse(localStorage.getItem(READ_KEY)) || {};
  } catch {
    return {};
  }
}

let marks = readMarks();

export const readUpTo = (user, chat) => marks[`${user}:${chat}`] || 0;

export function markRead(user, chat) {
  const last = feed(chat).messages.at(-1)?.message_id || 0;
  if (!last || readUpTo(user, chat) === last) return;
  marks[`${user}:${chat}`] = last;
  localStorage.setItem(READ_KEY, JSON.stringify(marks));
  emit({ chat, marks: true });
}

export const fromId = (message) => (typeof message.from === "object" ? message.from?.id : message.from);

export function unreadOf(user, chat) {
  const box = feed(chat);
  let mark = readUpTo(user, chat);
  // A mark beyond the last message belongs to an earlier world.
  if (box.loaded && mark > (box.messages.at(-1)?.message_id || 0)) mark = 0;
  return box.messages.filter((m) => m.message_id > mark && fromId(m) !== user && !m.deleted).length;
}

// --- live -------------------------------------------------------------------

async function loadWorld() {
  state.world = { users: [], chats: [], ...(await api.world()) };
  state.loaded = true;
  emit({ world: true });
}

let worldBusy = false;
let worldAgain = false;

export async function reloadWorld() {
  worldAgain = true;
  if (worldBusy) return;
  worldBusy = true;
  try {
    while (worldAgain) {
      worldAgain = false;
      await loadWorld();
    }
  } finally {
    worldBusy = false;
  }
}

const WORLD_KINDS = /user|chat|member|join|left|leave|topic|world|title|migrat|bot|command|block/i;

function take(events) {
  const chats = new Set();
  let world = false;
  for (const event of events) {
    if (event.chat !== undefined && event.chat !== null) {
      note(event.chat, event.message_id);
      chats.add(event.chat);
      if (!chatOf(event.chat)) world = true;
    }
    if (WORLD_KINDS.test(event.kind || "")) world = true;
  }
  const jobs = [...chats].map(refreshSoon);
  if (world) jobs.push(reloadWorld());
  return Promise.all(jobs);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function restart() {
  state.chats.clear();
  pending.clear();
  const { seq } = await api.events(0, 0);
  await reloadWorld();
  return seq;
}

function setOnline(value) {
  if (state.online === value) return;
  state.online = value;
  emit({ online: true });
}

/** Runs for as long as the page is open. */
export async function live() {
  let seq = null;
  let wait = 500;
  for (;;) {
    try {
      if (seq === null) seq = await restart();
      const answer = await api.events(seq, 25);
      setOnline(true);
      wait = 500;
      if (answer.seq < seq) {
        // The server was restarted and counts anew.
        seq = null;
        continue;
      }
      seq = answer.seq;
      if (answer.events?.length) await take(answer.events);
    } catch {
      setOnline(false);
      seq = null;
      await pause(wait);
      wait = Math.min(wait * 2, 8000);
    }
  }
}
