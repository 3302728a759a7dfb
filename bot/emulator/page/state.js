// What the page knows: the world, the messages of each chat, what was read, and the live events.
// A chat has a key: its id, or "person:bot" for the private chats of which each person has one per bot.

import { api } from "./api.js";
import { fullName } from "./dom.js";

const READ_KEY = "local-telegram.read";
const PAGE = 60;
const BURST = 300;
const KEPT = 1000;

export const state = {
  world: { users: [], chats: [] },
  loaded: false,
  online: true,
  feeds: new Map(),
};

const listeners = new Set();

/** Calls back with {world: true}, {chat: key}, {typing: key} or {online: true}. */
export function subscribe(listener) {
  listeners.add(listener);
}

function emit(change) {
  for (const listener of [...listeners]) listener(change);
}

// --- people and chats -------------------------------------------------------

export const userOf = (id) => state.world.users.find((user) => user.id === id);
export const people = () => state.world.users.filter((user) => !user.is_bot);
export const bots = () => state.world.users.filter((user) => user.is_bot);

const GONE = ["left", "kicked"];

export const memberOf = (chat, user) => (chat.members || []).find((member) => member.user_id === user);

export function isMember(chat, user) {
  const member = memberOf(chat, user);
  return Boolean(member) && !GONE.includes(member.status);
}

export const isAdmin = (chat, user) => ["creator", "administrator"].includes(memberOf(chat, user)?.status);

export function titleOf(chat) {
  if (chat.type === "private") return fullName(userOf(chat.bot)) || chat.title || String(chat.id);
  return chat.title || String(chat.id);
}

/** Where the colour of the chat's face comes from. */
export const faceOf = (chat) => (chat.type === "private" ? chat.bot || chat.id : chat.id);

const keyOf = (chat) => (chat.type === "private" ? `${chat.id}:${chat.bot}` : String(chat.id));

/** Chats of one person; the private chat with a bot is there even before the first word. */
export function chatsOf(user) {
  const mine = state.world.chats.filter((chat) => (chat.type === "private" ? chat.id === user : isMember(chat, user)));
  for (const bot of bots()) {
    if (mine.some((chat) => chat.type === "private" && chat.bot === bot.id)) continue;
    const members = [user, bot.id].map((id) => ({ user_id: id, status: "member" }));
    mine.push({ id: user, bot: bot.id, type: "private", key: `${user}:${bot.id}`, members });
  }
  return mine;
}

export const otherChatsOf = (user) => state.world.chats.filter((chat) => chat.type !== "private" && !isMember(chat, user));

/** `wanted`: a key, or a person's id for their chat with the first bot. */
export function findChat(user, wanted) {
  const mine = chatsOf(user);
  const key = String(wanted);
  if (key === String(user)) return mine.find((chat) => chat.type === "private");
  return mine.find((chat) => chat.key === key) || state.world.chats.find((chat) => chat.key === key && chat.type !== "private");
}

/** The shortest name of a chat for the address. */
export function addressOf(user, key) {
  const chat = findChat(user, key);
  return chat?.type === "private" && findChat(user, user) === chat ? String(user) : key;
}

// --- messages ---------------------------------------------------------------

export function feed(key) {
  if (!state.feeds.has(key)) state.feeds.set(key, { messages: [], loaded: false, earlier: false, loading: null });
  return state.feeds.get(key);
}

function fetchMessages(key, range) {
  const [id, bot] = key.split(":");
  return api.messages(id, { bot, ...range });
}

function merge(box, incoming) {
  const byId = new Map(box.messages.map((message) => [message.message_id, message]));
  for (const message of incoming) byId.set(message.message_id, message);
  box.messages = [...byId.values()].sort((a, b) => a.message_id - b.message_id);
}

async function firstPage(key, box) {
  try {
    const { messages } = await fetchMessages(key, { limit: PAGE });
    merge(box, messages);
    box.earlier = messages.length >= PAGE;
  } catch (error) {
    // A private chat without a first word does not exist yet.
    if (error.status !== 404) throw error;
  }
  box.loaded = true;
  emit({ chat: key });
}

export async function loadChat(key) {
  const box = feed(key);
  if (box.loaded) return;
  box.loading ||= firstPage(key, box).finally(() => {
    box.loading = null;
  });
  await box.loading;
}

export async function loadEarlier(key) {
  const box = feed(key);
  const first = box.messages[0];
  if (!first) return;
  const { messages } = await fetchMessages(key, { before: first.message_id, limit: PAGE });
  merge(box, messages);
  box.earlier = messages.length >= PAGE;
  emit({ chat: key });
}

const pending = new Map();

async function newer(key, box, after) {
  const { messages } = await fetchMessages(key, { after, limit: BURST });
  if (messages.length >= BURST) {
    // More came than is worth fetching: start anew from the newest ones.
    box.messages = messages;
    box.earlier = true;
    return;
  }
  merge(box, messages);
  if (box.messages.length > KEPT) {
    box.messages = box.messages.slice(-KEPT / 2);
    box.earlier = true;
  }
}

async function refresh(key) {
  const box = feed(key);
  if (!box.loaded) {
    // Nobody looks at this chat, or its first page is on its way.
    if (!box.loading) return pending.delete(key);
    await box.loading;
  }
  const wanted = pending.get(key) || new Set();
  pending.delete(key);
  const last = box.messages.at(-1)?.message_id || 0;
  const first = box.messages[0]?.message_id || 0;
  const changed = [...wanted].filter((id) => id <= last && id >= first);
  if (changed.length > 12) await newer(key, box, Math.min(...changed) - 1);
  else {
    for (const id of changed) merge(box, (await fetchMessages(key, { after: id - 1, before: id + 1 })).messages);
    await newer(key, box, last);
  }
  emit({ chat: key });
}

const running = new Set();

async function refreshSoon(key) {
  if (running.has(key)) return;
  running.add(key);
  try {
    while (pending.has(key)) await refresh(key);
  } finally {
    running.delete(key);
  }
}

function note(key, messageId) {
  if (!pending.has(key)) pending.set(key, new Set());
  if (messageId) pending.get(key).add(messageId);
}

/** Asks for the newest messages of a chat without waiting for its event. */
export async function touch(key, messageId) {
  note(key, messageId);
  await refreshSoon(key);
}

// --- read marks -------------------------------------------------------------

function readMarks() {
  try {
    return JSON.parse(localStorage.getItem(READ_KEY)) || {};
  } catch {
    return {};
  }
}

const marks = readMarks();

export function readUpTo(user, key) {
  const mark = marks[`${user}/${key}`] || 0;
  const box = feed(key);
  // A mark beyond the last message belongs to an earlier world.
  return box.loaded && mark > (box.messages.at(-1)?.message_id || 0) ? 0 : mark;
}

export function markRead(user, key) {
  const last = feed(key).messages.at(-1)?.message_id || 0;
  if (!last || readUpTo(user, key) === last) return;
  marks[`${user}/${key}`] = last;
  localStorage.setItem(READ_KEY, JSON.stringify(marks));
  emit({ chat: key, marks: true });
}

export const fromId = (message) => (message.sender_chat ? message.sender_chat.id : (message.from?.id ?? message.from));

export const GENERAL = 0;

/** The topic of a message; a plain answer in a supergroup has a thread number too, which is none. */
export const topicOf = (message) => (message.is_topic_message ? message.message_thread_id : GENERAL);

/** Who really wrote it: anonymous administrators know their own messages. */
export const authorId = (message) => message.author ?? fromId(message);

/** Joining, leaving, renaming… are shown but not counted. */
const says = (m) => Boolean(m.text || m.photo || m.document || m.voice || m.poll) && !m.deleted;

export function unreadOf(user, key) {
  const mark = readUpTo(user, key);
  return feed(key).messages.filter((m) => m.message_id > mark && authorId(m) !== user && says(m)).length;
}

// --- live -------------------------------------------------------------------

async function loadWorld() {
  const world = { users: [], chats: [], ...(await api.world()) };
  for (const chat of world.chats) chat.key = keyOf(chat);
  state.world = world;
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

const keysFor = (event) =>
  event.chat < 0 ? [String(event.chat)] : [...state.feeds.keys()].filter((key) => key.startsWith(`${event.chat}:`));

function take(events) {
  const chats = new Set();
  let world = false;
  for (const event of events) {
    const known = state.world.chats.some((chat) => chat.id === event.chat);
    if (event.kind === "typing") {
      for (const key of keysFor(event)) emit({ typing: key, user: event.user ?? event.bot });
    } else if (event.message_id === undefined || !known) {
      world ||= event.kind !== "answer";
    }
    if (event.message_id === undefined) continue;
    for (const key of keysFor(event)) {
      note(key, event.message_id);
      chats.add(key);
    }
  }
  const jobs = [...chats].map(refreshSoon);
  if (world) jobs.push(reloadWorld());
  return Promise.all(jobs);
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function restart() {
  const { seq } = await api.events(0, 0);
  state.feeds.clear();
  pending.clear();
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
      seq ??= await restart();
      setOnline(true);
      const answer = await api.events(seq, 25);
      wait = 500;
      // A smaller number: the server was restarted and counts anew.
      const again = answer.seq < seq;
      seq = again ? null : answer.seq;
      if (!again && answer.events?.length) await take(answer.events);
    } catch {
      setOnline(false);
      seq = null;
      await pause(wait);
      wait = Math.min(wait * 2, 3000);
    }
  }
}
