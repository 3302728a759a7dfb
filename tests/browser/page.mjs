// Drives the chat page with Debian's chromium, as a newcomer would.
//
//   node tests/browser/page.mjs URL            against an emulator: this script brings its own people and bot
//   node tests/browser/page.mjs URL --demo     against `vigie demo`: people and groups are there already
//
// Options for --demo (or the environment): --person (VIGIE_PERSON, Claire), --chat (VIGIE_CHAT, Secteur Joigny),
// --button (VIGIE_BUTTON, Je prends), --say (VIGIE_SAY, a text to write there), --shots (VIGIE_SHOTS, target/screens).
// Prints `page: N passed, N failed`; exit code 0 only when all passed.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, copyFileSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TestBot, fillWorld, waitFor } from "./bot.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    demo: { type: "boolean", default: false },
    person: { type: "string", default: process.env.VIGIE_PERSON || "Claire" },
    chat: { type: "string", default: process.env.VIGIE_CHAT || "Secteur Joigny" },
    button: { type: "string", default: process.env.VIGIE_BUTTON || "Je prends" },
    say: { type: "string", default: process.env.VIGIE_SAY || "" },
    shots: { type: "string", default: process.env.VIGIE_SHOTS || join(root, "target", "screens") },
  },
});
const base = positionals[0]?.replace(/\/$/, "");
if (!base) {
  console.error("usage: node tests/browser/page.mjs URL [--demo]");
  process.exit(2);
}

/** What finds the packages, installed once under target/. */
function packages() {
  const folder = join(root, "target", "browser");
  const files = ["package.json", "package-lock.json"];
  const same = files.every((file) => existsSync(join(folder, file)) && readFileSync(join(folder, file), "utf8") === readFileSync(join(here, file), "utf8"));
  if (!same || !existsSync(join(folder, "node_modules"))) {
    mkdirSync(folder, { recursive: true });
    for (const file of files) copyFileSync(join(here, file), join(folder, file));
    execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--silent"], { cwd: folder, stdio: "inherit" });
  }
  return createRequire(join(folder, "package.json"));
}

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

const TOO_MANY = 5;
let passed = 0;
let failed = 0;

async function step(title, action) {
  const started = Date.now();
  try {
    const result = await action();
    passed += 1;
    console.log(`page: ${title}: ok (${((Date.now() - started) / 1000).toFixed(2)} s)`);
    return result;
  } catch (error) {
    failed += 1;
    console.log(`page: ${title}: FAILED: ${error.message.split("\n").slice(0, 6).join(" | ")}`);
    await shot(`failed-${failed}`).catch(() => {});
    if (failed >= TOO_MANY) throw new Error("too many failures: given up");
    return null;
  }
}

function ensure(truth, what) {
  if (!truth) throw new Error(what);
}

mkdirSync(options.shots, { recursive: true });
const need = packages();
const { chromium } = need("playwright-core");
const axe = readFileSync(need.resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", headless: true, args: FLAGS });
const problems = [];
const foreign = new Set();

async function open(size, extra = {}) {
  const context = await browser.newContext({ viewport: size, locale: "fr-FR", timezoneId: "Europe/Paris", colorScheme: "light", ...extra });
  const tab = await context.newPage();
  tab.setDefaultTimeout(10_000);
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && problems.push(message.text()));
  tab.on("pageerror", (error) => problems.push(String(error)));
  tab.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !url.startsWith("data:") && !url.startsWith("blob:")) foreign.add(url);
  });
  return tab;
}

let page = await open({ width: 1440, height: 900 });
const shot = (name) => page.screenshot({ path: join(options.shots, `${name}.png`) });
/** Animations end, pictures are there. */
const settled = (tab = page) =>
  tab.waitForFunction(() => document.getAnimations().every((one) => one.playState !== "running" || one.effect.getTiming().iterations === Infinity) && [...document.images].every((image) => image.complete));

const column = (n = 0) => page.locator(".column").nth(n);
const bubble = (text, n = 0) => column(n).locator(".bubble", { hasText: text }).last();
const openChat = (title, n = 0) => column(n).locator(".chat-row", { hasText: title }).first().click();
const write = async (text, n = 0) => {
  await column(n).locator(".composer textarea").fill(text);
  await column(n).locator(".composer .send").click();
};

async function fits360(tab) {
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth);
  ensure(wide <= 360, `the page is ${wide} px wide`);
}

/** The rules of axe-core, in the view that is open. */
async function accessible(what) {
  await step(`accessibility: ${what}`, async () => {
    await settled();
    await page.evaluate(axe);
    const broken = await page.evaluate(async () => (await globalThis.axe.run()).violations.map((one) => `${one.id}: ${one.nodes[0].html.slice(0, 120)}`));
    ensure(broken.length === 0, broken.join("; "));
  });
}

/** Texts of both languages have the same keys and the same placeholders. */
async function sameTexts() {
  const wrong = await page.evaluate(async () => {
    const { texts } = await import("/page/i18n.js");
    const marks = (value) => (typeof value === "string" ? [value] : Object.values(value)).map((text) => (text.match(/\{\w+\}/g) || []).sort().join()).join("|");
    const keys = new Set([...Object.keys(texts.fr), ...Object.keys(texts.en)]);
    return [...keys].filter((key) => !(key in texts.fr) || !(key in texts.en) || marks(texts.fr[key]) !== marks(texts.en[key]));
  });
  ensure(wrong.length === 0, `texts differ: ${wrong.join(", ")}`);
}

async function emulator() {
  await page.goto(base);
  await step("an empty world explains itself", async () => {
    await page.getByRole("heading", { name: "Bienvenue" }).waitFor();
    await settled();
    await shot("01-empty");
  });
  await step("a person is created in the page", async () => {
    await page.getByRole("button", { name: "Ajouter une personne" }).click();
    await page.getByLabel("Prénom").fill("Denis");
    await page.getByRole("button", { name: "Créer", exact: true }).click();
    await page.getByRole("button", { name: /^Denis/ }).waitFor();
  });
  await step("a group is created in the page", async () => {
    await page.getByRole("button", { name: "Créer un groupe" }).click();
    await page.getByLabel("Nom du groupe").fill("Voisins");
    await page.getByRole("button", { name: "Créer", exact: true }).click();
    await page.getByRole("button", { name: /^Denis.*Voisins/ }).waitFor();
  });
  const world = await fillWorld(base);
  const bot = new TestBot(base, world);
  bot.start();
  try {
    await story(world, bot);
  } finally {
    await bot.stop();
  }
  await step("the bot met no error", async () => ensure(bot.errors.length === 0, bot.errors.join("; ")));
}

async function story(world, bot) {
  await step("people of the world show up", async () => {
    await page.getByRole("button", { name: /^Claire/ }).waitFor();
    await settled();
    await shot("02-people");
  });
  await accessible("choosing a person");
  await step("a person is chosen", async () => {
    await page.getByRole("button", { name: /^Claire/ }).click();
    await column().locator(".chat-row", { hasText: "Secteur Joigny" }).waitFor();
    ensure(/#u=101/.test(page.url()), page.url());
  });
  await step("a private chat starts with a button", async () => {
    await openChat("Vigie");
    await page.getByRole("button", { name: "Démarrer" }).click();
    await bubble("Bonjour Claire").waitFor();
    await settled();
    await shot("03-private");
  });
  await step("commands are completed by the keyboard", async () => {
    const input = column().locator(".composer textarea");
    await input.pressSequentially("/ét".normalize().replace("é", "e"));
    await column().getByRole("option", { name: /\/etat/ }).waitFor();
    await shot("04-commands");
    await input.press("Enter");
    await bubble("Tout va bien").waitFor();
  });
  await step("the bot's own keyboard works", async () => {
    await column().locator(".reply-keyboard").getByRole("button", { name: "Mon secteur" }).click();
    await bubble("Votre secteur").waitFor();
  });
  await step("every kind of text is rendered", async () => {
    await write("/formes");
    const text = bubble("Mise en forme");
    await text.waitFor();
    for (const kind of ["strong", "em", "u", "s", "code", ".pre", "blockquote", ".spoiler", "a", ".command"]) {
      ensure((await text.locator(kind).count()) > 0, `no ${kind}`);
    }
    ensure((await text.innerText()).includes("<b>pas du gras</b>"), "text was taken for markup");
    await text.locator(".spoiler").click();
    ensure(await text.locator(".spoiler.open").count(), "the spoiler stays closed");
    await settled();
    await shot("05-text");
  });
  await step("a picture and a document arrive", async () => {
    await write("/image");
    const image = column().locator(".photo img").last();
    await image.waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll(".photo img")].every((one) => one.naturalWidth > 0));
    await column().locator("a.file").last().waitFor();
  });
  await step("a picture is sent", async () => {
    await column().locator("input[type=file]").setInputFiles(join(here, "..", "clients", "picture.png"));
    await column().locator(".compose-preview img").waitFor();
    await write("Vue du silo");
    await bubble("Image reçue").waitFor();
    await settled();
    await shot("06-pictures");
  });
  await card(world, bot);
  await several(world);
  await narrow(world);
  await reconnects(world, bot);
  await languages();
}

async function card(world, bot) {
  await step("a card arrives while the chat is closed, and counts as unread", async () => {
    await bot.card(world.group);
    const row = column().locator(".chat-row", { hasText: "Secteur Joigny" });
    await row.locator(".unread").waitFor();
    await openChat("Secteur Joigny");
    await bubble("migennes-silo").waitFor();
    await row.locator(".unread").waitFor({ state: "detached" });
    await settled();
    await shot("07-card");
  });
  await step("a button gives a spinner, a toast and an edit", async () => {
    const button = column().getByRole("button", { name: "Je prends" }).last();
    await button.click();
    await column().locator(".key[aria-busy=true]").waitFor();
    await page.locator(".toast", { hasText: "C’est noté" }).waitFor();
    await bubble("Pris en charge par Claire").locator(".edited").waitFor();
    await shot("08-taken");
  });
  await step("an alert answer opens a dialog", async () => {
    await column().getByRole("button", { name: "Détails" }).last().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Coupure depuis").waitFor();
    await settled();
    await shot("09-alert");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
  });
  await step("the history of an edited message is shown", async () => {
    await bubble("Pris en charge").locator(".edited").click();
    const dialog = page.getByRole("dialog");
    ensure((await dialog.locator("li").count()) === 2, "two versions are due");
    await settled();
    await shot("10-history");
    await page.keyboard.press("Escape");
  });
  await step("reply, edit, react and delete", async () => {
    const act = async (text, name) => {
      const item = column().locator(".msg", { hasText: text }).last();
      await item.hover();
      await item.locator(".msg-menu").click();
      await page.getByRole("menuitem", { name }).click();
    };
    await act("migennes-silo", "Répondre");
    await write("J’y vais avec Bruno.");
    await bubble("J’y vais").locator(".reply-quote").waitFor();
    await act("J’y vais", "Modifier");
    await write("J’y vais avec Bruno, départ 14 h.");
    await bubble("départ 14 h").locator(".edited").waitFor();
    await act("départ 14 h", "Réagir par 👍");
    await bubble("départ 14 h").locator(".reaction.mine").waitFor();
    await write("À supprimer");
    await act("À supprimer", "Supprimer");
    await bubble("Message supprimé").waitFor();
  });
  await step("a refusal is said", async () => {
    await page.route("**/sim/send", (route) => route.fulfill({ status: 400, json: { error: "le texte est trop long" } }), { times: 1 });
    await write("refusé");
    await page.locator(".toast.bad", { hasText: "trop long" }).waitFor();
    ensure((await column().locator(".composer textarea").inputValue()) === "refusé", "the text is lost");
    await column().locator(".composer textarea").fill("");
    await page.waitForFunction(() => !document.querySelector(".toast"));
    // The browser notes that refused request by itself.
    const noted = problems.findIndex((text) => text.includes("status of 400"));
    if (noted >= 0) problems.splice(noted, 1);
  });
}

async function several(world) {
  await accessible("a chat");
  await step("two people side by side see the same chat", async () => {
    await page.getByRole("button", { name: "Ouvrir une autre personne à côté" }).click();
    await page.getByRole("dialog").getByRole("button", { name: /Bruno/ }).click();
    await openChat("Secteur Joigny", 1);
    await write("Je t’accompagne.", 1);
    await bubble("Je t’accompagne.", 0).waitFor();
    await settled();
    await shot("11-side-by-side");
  });
  await step("topics of a forum", async () => {
    await openChat("Actifs", 1);
    await column(1).getByRole("button", { name: "Travaux" }).click();
    await write("La nacelle est réservée.", 1);
    await bubble("La nacelle", 1).waitFor();
    await column(1).getByRole("button", { name: "Général" }).click();
    await bubble("La nacelle", 1).waitFor({ state: "detached" });
    await column(1).getByRole("button", { name: "Travaux" }).click();
    await settled();
    await shot("12-topics");
  });
  await step("a group is joined, and left", async () => {
    await column(0).getByRole("button", { name: "Rejoindre : Secteur Migennes" }).click();
    await column(0).locator(".service", { hasText: "Claire Moreau a rejoint" }).waitFor();
    await column(0).locator(".chat-title").click();
    await page.getByRole("button", { name: "Quitter le groupe" }).click();
    await page.getByRole("button", { name: "D’accord" }).click();
    await column(0).getByRole("button", { name: "Rejoindre : Secteur Migennes" }).waitFor();
    await openChat("Secteur Joigny", 0);
  });
  await step("the address opens the same view", async () => {
    const url = page.url();
    ensure(url.includes("u=101") && url.includes("u=102") && url.includes("t="), url);
    await page.reload();
    await bubble("La nacelle", 1).waitFor();
    await bubble("Je t’accompagne.", 0).waitFor();
  });
  await step("dark colours", async () => {
    await page.getByRole("button", { name: "Clair ou sombre" }).click();
    await settled();
    await shot("13-dark");
  });
  await accessible("two people, dark");
  ensure(world.group < 0, "a group");
}

async function narrow(world) {
  const wide = page;
  page = await open({ width: 360, height: 740 }, { hasTouch: true, isMobile: true });
  await step("360 px: list, chat and back", async () => {
    await page.goto(`${base}/#u=101`);
    await column().locator(".chat-row", { hasText: "Secteur Joigny" }).waitFor();
    await settled();
    await fits360(page);
    await shot("14-phone-list");
    await openChat("Secteur Joigny");
    await bubble("Je t’accompagne.").waitFor();
    await settled();
    await fits360(page);
    await shot("15-phone-chat");
    await column().locator(".back").click();
    await column().locator(".chat-row").first().waitFor();
  });
  await step("360 px: two people are tabs", async () => {
    await page.goto(`${base}/#u=101&c=${world.group}&u=102&c=${world.group}`);
    await page.getByRole("tab", { name: /Bruno/ }).click();
    ensure((await page.locator(".column:visible").count()) === 1, "one column is due");
    await fits360(page);
    await shot("16-phone-tabs");
  });
  await accessible("360 px");
  await step("360 px: choosing a person", async () => {
    await page.goto(`${base}/#`);
    await page.reload();
    await page.getByRole("button", { name: /^Claire/ }).waitFor();
    await fits360(page);
    await shot("17-phone-people");
  });
  await page.context().close();
  page = wide;
}

async function reconnects(world, bot) {
  await step("a cut connection is said, and what was missed comes with it", async () => {
    await page.route("**/sim/events*", (route) => route.abort());
    // The poll that is under way ends with this message; the next ones fail.
    await bot.say(world.group, "Premier message");
    await page.locator(".offline").waitFor();
    await bot.say(world.group, "Message manqué");
    await page.unroute("**/sim/events*");
    await page.locator(".offline").waitFor({ state: "hidden" });
    await bubble("Message manqué", 0).waitFor();
    const noted = problems.filter((text) => !text.includes("net::ERR_FAILED"));
    problems.splice(0, problems.length, ...noted);
  });
}

async function languages() {
  await step("both languages hold the same texts", sameTexts);
  await step("English by its switch and by the browser", async () => {
    await page.getByRole("button", { name: "Read in English" }).click();
    await page.getByRole("button", { name: "Send" }).first().waitFor();
    const wide = page;
    page = await open({ width: 1024, height: 720 }, { locale: "en-GB", colorScheme: "dark" });
    await page.goto(base);
    await page.getByRole("heading", { name: "Who are you?" }).waitFor();
    await settled();
    await shot("18-english-dark");
    await page.context().close();
    page = wide;
  });
}

/** The real product: a person of the demo cooperative sees a card and acts on it. */
async function demo() {
  await page.goto(base);
  await step("choose a person", async () => {
    await page.getByRole("button", { name: new RegExp(`^${options.person}`) }).waitFor();
    await settled();
    await shot("demo-1-people");
    await page.getByRole("button", { name: new RegExp(`^${options.person}`) }).click();
  });
  await step("open the chat and see a card", async () => {
    await openChat(options.chat);
    await column().getByRole("button", { name: options.button }).last().waitFor();
    await settled();
    await shot("demo-2-card");
  });
  await step("press the button: an answer and an edit", async () => {
    const button = column().getByRole("button", { name: options.button }).last();
    const id = await column().locator(".msg", { has: page.getByRole("button", { name: options.button }) }).last().getAttribute("data-id");
    const text = () => column().locator(`.msg[data-id="${id}"] .text`).innerText();
    const before = await text();
    await button.click();
    await page.locator(".toast:not(.bad), dialog .alert").first().waitFor();
    await shot("demo-3-answer");
    await waitFor("the edited card", async () => (await text()) !== before);
    await column().locator(`.msg[data-id="${id}"] .edited`).waitFor();
    await settled();
    await shot("demo-4-edited");
  });
  if (options.say) {
    await step("write and be answered", async () => {
      const before = await column().locator(".msg").count();
      await write(options.say);
      await waitFor("an answer", async () => (await column().locator(".msg").count()) >= before + 2);
      await settled();
      await shot("demo-5-answered");
    });
  }
  const view = page.url();
  page = await open({ width: 360, height: 740 }, { hasTouch: true, isMobile: true });
  await step("360 px", async () => {
    await page.goto(view);
    await column().locator(".bubble").last().waitFor();
    await settled();
    await fits360(page);
    await shot("demo-6-phone");
  });
}

try {
  await (options.demo ? demo() : emulator());
  await step("no error in the console", async () => ensure(problems.length === 0, problems.join("; ")));
  await step("nothing was loaded from elsewhere", async () => ensure(foreign.size === 0, [...foreign].join(" ")));
} catch (error) {
  failed += 1;
  console.log(`page: ended early: ${error.message}`);
} finally {
  await browser.close();
}
console.log(`page: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
