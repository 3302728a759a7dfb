// The page of an invented members' site: what a real one does after a member has signed in. It
// speaks to its own server only, which signs what it asks Vigie.

const TEXTS = {
  fr: {
    title: "Espace membre : Telegram",
    invented: "Cette page joue le système d'information d'une coopérative. Choisir un membre tient lieu de connexion.",
    signedIn: "Vous êtes :",
    ask: "Rattacher mon Telegram",
    open: "Ouvrez ce lien avec votre téléphone, ou écrivez ce code au robot :",
    openAs: "Dans la démonstration, ouvrir comme",
    opens: "Ouvrir",
    account: "Compte Telegram qui a ouvert le lien :",
    number: "Nombre que le robot vous a dit :",
    confirm: "C'est mon compte",
    refuse: "Ce n'est pas mon compte",
    waiting: "En attente : personne n'a encore ouvert le lien.",
    opened: "Est-ce votre compte ? Alors recopiez le nombre.",
    asked: "Bien. Répondez maintenant dans Telegram.",
    linked: "C'est fait, ce compte est rattaché.",
    refused: "Rien n'a été rattaché. Vous pouvez recommencer.",
    over: "Trop de temps a passé. Vous pouvez recommencer.",
    wrong: "Ce n'est pas ce nombre.",
    failed: "Cela n'a pas marché : ",
    other: "English",
  },
  en: {
    title: "Members' site: Telegram",
    invented: "This page plays the information system of a cooperative. Choosing a member stands for signing in.",
    signedIn: "You are:",
    ask: "Link my Telegram",
    open: "Open this link with your telephone, or write this code to the bot:",
    openAs: "In the demo, open it as",
    opens: "Open",
    account: "Telegram account that opened the link:",
    number: "Number that the bot told you:",
    confirm: "This is my account",
    refuse: "This is not my account",
    waiting: "Waiting: nobody has opened the link yet.",
    opened: "Is this your account? Then copy the number.",
    asked: "Good. Now answer in Telegram.",
    linked: "Done, this account is linked.",
    refused: "Nothing was linked. You can start again.",
    over: "Too much time has passed. You can start again.",
    wrong: "That is not the number.",
    failed: "That did not work: ",
    other: "Français",
  },
};

const at = (id) => document.getElementById(id);
let lang = navigator.language.startsWith("fr") ? "fr" : "en";
let code;
let shown = "";

const t = (key) => TEXTS[lang][key] ?? key;

function words() {
  document.documentElement.lang = lang;
  for (const node of document.querySelectorAll("[data-text]")) node.textContent = t(node.dataset.text);
  at("lang").textContent = t("other");
  if (shown) at("state").textContent = t(shown);
}

async function ask(what, body) {
  const response = await fetch(`members-page/ask/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, ...(await response.json()) };
}

function show(answer) {
  if (answer.error) {
    shown = "";
    at("state").textContent = answer.error === "wrong number" ? t("wrong") : t("failed") + answer.error;
    return;
  }
  shown = answer.state;
  at("state").textContent = t(shown);
  at("link").hidden = shown !== "waiting";
  at("opened").hidden = shown !== "opened";
  at("name").textContent = answer.account?.name ?? "";
  if (["linked", "refused", "over"].includes(shown)) code = undefined;
}

async function watch() {
  const watched = code;
  while (code && code === watched) {
    await new Promise((done) => setTimeout(done, 1500));
    if (code !== watched) return;
    const answer = await ask("state", { code: watched }).catch(() => undefined);
    if (code === watched && answer && answer.state !== shown) show(answer);
  }
}

at("begin").onsubmit = async (event) => {
  event.preventDefault();
  const answer = await ask("begin", { member: at("member").value });
  if (answer.error) return show(answer);
  code = answer.code;
  at("code").textContent = `/start L_${code}`;
  const picture = document.createElement("img");
  picture.alt = answer.link;
  picture.src = `data:image/svg+xml;utf8,${encodeURIComponent(answer.qr_svg)}`;
  at("qr").replaceChildren(picture);
  show({ state: "waiting" });
  watch();
};

at("opens").onclick = async () => {
  const from = Number(at("account").value);
  await fetch("sim/send", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ from, chat: bot, text: at("code").textContent }),
  });
};

at("typed").onsubmit = async (event) => {
  event.preventDefault();
  show(await ask("number", { code, number: at("number").value }));
  at("number").value = "";
};

at("refuse").onclick = async () => show(await ask("refuse", { code }));

at("lang").onclick = () => {
  lang = lang === "fr" ? "en" : "fr";
  words();
};

words();
const { members, accounts, bot } = await (await fetch("members-page/people")).json();
at("member").replaceChildren(...members.map((one) => new Option(`${one.name} (${one.number})`, one.number)));
at("account").replaceChildren(...accounts.map((one) => new Option(one.name, one.id)));
at("member").value = "104";
