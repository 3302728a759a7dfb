// A tiny scripted bot and a small world for the page check, with nothing but fetch.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const picture = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "..", "clients", "picture.png"));
const TOKEN = "700200:AAEhBP0av28FrZ3uc0TyTfaUZlzQ7cPageX";

export async function waitFor(what, condition, limit = 10_000) {
  const end = Date.now() + limit;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`not seen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function post(url, body) {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  const data = await answer.json();
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${JSON.stringify(data)}`);
  return data;
}

/** People and groups like those of the demo cooperative. */
export async function fillWorld(base) {
  const sim = (action, body) => post(`${base}/sim/${action}`, body);
  await sim("users", { id: 101, first_name: "Claire", last_name: "Moreau", username: "claire_m", language_code: "fr" });
  await sim("users", { id: 102, first_name: "Bruno", last_name: "Keller", username: "bruno_k", language_code: "fr" });
  await sim("users", { id: 103, first_name: "Ana", last_name: "Ferreira", language_code: "fr" });
  await sim("users", { id: 104, first_name: "Émile", last_name: "Lefèvre", language_code: "fr" });
  await sim("bots", { token: TOKEN, first_name: "Vigie", username: "vigie_demo_bot" });
  const group = (title, members, extra = {}) => sim("chats", { type: "supergroup", title, creator: 102, members, bots: [700200], ...extra });
  const joigny = await group("Secteur Joigny", [101, 102, 103]);
  const backbone = await group("Backbone", [101, 102]);
  const actifs = await group("Actifs", [101, 102, 103, 104], { is_forum: true });
  await group("Secteur Migennes", [102, 104], { username: "secteur_migennes" });
  for (const name of ["Travaux", "Matériel", "Réunions"]) await sim("topics", { chat: actifs.id, name, from: 102 });
  const say = (from, chat, text) => sim("send", { from, chat, text });
  await say(103, joigny.id, "Bonjour à tous, le relais de l’église a été repeint ce matin, rien n’a bougé côté antennes.");
  await say(103, joigny.id, "Je mets les photos ce soir.");
  await say(102, joigny.id, "Merci Ana !");
  await say(102, backbone.id, "Bascule du collecteur prévue mardi à 6 h.");
  await say(104, actifs.id, "Qui vient à la réunion de jeudi ?");
  return { group: joigny.id, forum: actifs.id };
}

const CARD = {
  down: "🔴 migennes-silo ne répond plus\nRelais principal · secteur Joigny\nDepuis 13:42 (3 min)\n\nDerrière lui : migennes-eglise, migennes-ecole et 14 liens d’adhérents.",
  taken: "🟠 migennes-silo ne répond plus\nRelais principal · secteur Joigny\nDepuis 13:42 (4 min)\n\nDerrière lui : migennes-eglise, migennes-ecole et 14 liens d’adhérents.\n\n👷 Pris en charge par Claire à 13:46",
};
const bold = [{ type: "bold", offset: 3, length: 13 }];
const keys = (...rows) => ({ inline_keyboard: rows.map((row) => row.map(([text, value]) => (value.startsWith("http") ? { text, url: value } : { text, callback_data: value }))) });
const CARD_KEYS = keys([["✋ Je prends", "take"], ["🔕 Silence 1 h", "mute"]], [["Détails", "more"]]);

const FORMS = [
  ["Mise en forme", "bold"],
  [" : ", null],
  ["italique", "italic"],
  [", ", null],
  ["souligné", "underline"],
  [", ", null],
  ["barré", "strikethrough"],
  [", ", null],
  ["code", "code"],
  [" et <b>pas du gras</b>.\n", null],
  ["ip link show eth0\n2: eth0: <NO-CARRIER> state DOWN", "pre", { language: "bash" }],
  ["\nVoir ", null],
  ["le plan du réseau", "text_link", { url: "https://example.org/plan" }],
  [", écrire à @bruno_k, ou taper /etat.\n", null],
  ["Citation : le compte rendu de la réunion tient en trois lignes, que voici pour qui n’a pas pu venir.\nPremier point, le mât du silo.\nDeuxième point, les batteries.\nTroisième point, le budget.\nQuatrième point, la date de la prochaine réunion.", "expandable_blockquote"],
  ["\nLe code du portail est ", null],
  ["1789 🗝️", "spoiler"],
  [".", null],
];

function formed() {
  let text = "";
  const entities = [];
  for (const [piece, type, more] of FORMS) {
    if (type) entities.push({ type, offset: text.length, length: piece.length, ...more });
    text += piece;
  }
  // Entities given by hand switch the server's own detection off.
  for (const [type, piece] of [["mention", "@bruno_k"], ["bot_command", "/etat"]]) entities.push({ type, offset: text.indexOf(piece), length: piece.length });
  return { text, entities };
}

export class TestBot {
  constructor(base, world) {
    this.api = `${base}/bot${TOKEN}`;
    this.world = world;
    this.errors = [];
    this.running = false;
  }

  async call(method, body, signal) {
    const init = body instanceof FormData ? { method: "POST", body } : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body || {}) };
    const answer = await fetch(`${this.api}/${method}`, { ...init, signal });
    const data = await answer.json();
    if (!data.ok) throw new Error(`${method}: ${data.error_code} ${data.description}`);
    return data.result;
  }

  start() {
    this.running = true;
    this.ended = this.loop();
  }

  async stop() {
    this.running = false;
    this.abort?.abort();
    await this.ended;
  }

  async loop() {
    await this.call("setMyCommands", {
      commands: [
        { command: "etat", description: "Ce qui est en panne" },
        { command: "image", description: "Une image et un document" },
        { command: "formes", description: "Toutes les mises en forme" },
      ],
    });
    let offset = 0;
    while (this.running) {
      this.abort = new AbortController();
      let updates = [];
      try {
        updates = await this.call("getUpdates", { offset, timeout: 20 }, this.abort.signal);
      } catch (error) {
        if (this.running) this.errors.push(error.message);
        return;
      }
      for (const update of updates) {
        offset = update.update_id + 1;
        try {
          await this.handle(update);
        } catch (error) {
          this.errors.push(error.message);
        }
      }
    }
  }

  async handle({ message, callback_query: query }) {
    if (query) return this.pressed(query);
    if (!message || message.chat.type !== "private") return;
    const chat = message.chat.id;
    const text = message.text || "";
    if (message.photo) return this.call("sendMessage", { chat_id: chat, text: "Image reçue, merci !", reply_parameters: { message_id: message.message_id } });
    if (text.startsWith("/start")) return this.welcome(message);
    if (text.startsWith("/etat")) return this.call("sendMessage", { chat_id: chat, text: "✅ Tout va bien : 41 relais sur 41 répondent.", reply_parameters: { message_id: message.message_id } });
    if (text.startsWith("/formes")) return this.call("sendMessage", { chat_id: chat, ...formed() });
    if (text.startsWith("/image")) return this.files(chat);
    if (text === "Mon secteur") return this.call("sendMessage", { chat_id: chat, text: "Votre secteur : Joigny, référente : vous." });
  }

  welcome(message) {
    return this.call("sendMessage", {
      chat_id: message.chat.id,
      text: `👋 Bonjour ${message.from.first_name}, je suis Vigie. Je préviens votre secteur quand un relais tombe, et je tiens la fiche à jour jusqu’au retour.`,
      reply_markup: { keyboard: [[{ text: "Mon secteur" }, { text: "Mes alertes" }], [{ text: "Aide" }]], resize_keyboard: true },
    });
  }

  async files(chat) {
    const photo = new FormData();
    photo.set("chat_id", String(chat));
    photo.set("caption", "Le mât du silo, hier soir");
    photo.set("photo", new Blob([picture], { type: "image/png" }), "mat.png");
    await this.call("sendPhoto", photo);
    const document = new FormData();
    document.set("chat_id", String(chat));
    document.set("document", new Blob(["equipement;etat\nmigennes-silo;ok\n"], { type: "text/csv" }), "etat-du-reseau.csv");
    await this.call("sendDocument", document);
  }

  card(chat) {
    return this.call("sendMessage", { chat_id: chat, text: CARD.down, entities: bold, reply_markup: CARD_KEYS });
  }

  say(chat, text) {
    return this.call("sendMessage", { chat_id: chat, text });
  }

  async pressed(query) {
    // Long enough for a person, and for the check, to see that the button waits.
    await new Promise((resolve) => setTimeout(resolve, 400));
    if (query.data === "more") {
      return this.call("answerCallbackQuery", { callback_query_id: query.id, show_alert: true, text: "Coupure depuis 13:42.\nDernière mesure : 12 ms, 0 % de perte." });
    }
    await this.call("answerCallbackQuery", { callback_query_id: query.id, text: "C’est noté, merci." });
    await this.call("editMessageText", {
      chat_id: query.message.chat.id,
      message_id: query.message.message_id,
      text: CARD.taken,
      entities: bold,
      reply_markup: keys([["Rendre", "back"], ["🔕 Silence 1 h", "mute"]], [["Détails", "more"], ["Plan", "https://example.org/plan"]]),
    });
  }
}
