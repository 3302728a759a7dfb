// The bot of the client checks, written with grammY.

import { createServer } from "node:http";
import { Bot, GrammyError, InlineKeyboard, InputFile, webhookCallback } from "grammy";

const { API, TOKEN, MODE, HOOK_PORT, SECRET, PICTURE } = process.env;
const UPDATES = ["message", "edited_message", "callback_query", "chat_join_request", "message_reaction"];

const bot = new Bot(TOKEN, { client: { apiRoot: API } });
const buttons = new InlineKeyboard().text("Oui", "oui").text("Alerte", "alerte").row().url("Site", "https://example.org/");

bot.command("start", (ctx) => ctx.reply(`Bonjour ${ctx.from.first_name}`, { reply_markup: buttons }));

bot.callbackQuery("alerte", (ctx) => ctx.answerCallbackQuery({ text: "Attention", show_alert: true }));

bot.callbackQuery("oui", async (ctx) => {
  await ctx.answerCallbackQuery("Noté");
  await ctx.editMessageText("Choix : <b>oui</b>", { parse_mode: "HTML", reply_markup: buttons });
});

bot.command("photo", (ctx) => ctx.replyWithPhoto(new InputFile(PICTURE), { caption: "Le <b>mât</b>", parse_mode: "HTML" }));

bot.command("document", (ctx) => {
  const file = new InputFile(Buffer.from("nom;etat\nsilo;ok\n"), "etat.csv");
  return ctx.replyWithDocument(file, { caption: "Tableau" });
});

bot.command("sujet", async (ctx) => {
  const made = await ctx.api.createForumTopic(ctx.chat.id, ctx.match);
  await ctx.api.sendMessage(ctx.chat.id, "Sujet ouvert", { message_thread_id: made.message_thread_id });
});

bot.command("ici", (ctx) => {
  const message = ctx.msg;
  return ctx.reply("Ici", {
    reply_parameters: { message_id: message.message_id },
    message_thread_id: message.is_topic_message ? message.message_thread_id : undefined,
  });
});

bot.command("lien", async (ctx) => {
  const made = await ctx.createChatInviteLink({ name: "essai", creates_join_request: true });
  await ctx.reply(made.invite_link);
});

bot.command("refus", async (ctx) => {
  const sent = await ctx.reply("Même texte");
  const texts = [];
  for (const attempt of [() => ctx.api.editMessageText(ctx.chat.id, sent.message_id, "Même texte"), () => ctx.reply("x".repeat(4097))]) {
    try {
      await attempt();
    } catch (error) {
      if (!(error instanceof GrammyError)) throw error;
      texts.push(error.description);
    }
  }
  await ctx.reply(texts.join("\n"));
});

bot.on("message:photo", async (ctx) => {
  const file = await ctx.getFile();
  const answer = await fetch(`${API}/file/bot${TOKEN}/${file.file_path}`);
  if (!answer.ok) throw new Error(`download: ${answer.status}`);
  await ctx.reply(`Reçu ${(await answer.arrayBuffer()).byteLength} octets`);
});

bot.on("edited_message:text", (ctx) => ctx.reply(`Modifié : ${ctx.editedMessage.text}`));

bot.on("chat_join_request", async (ctx) => {
  const request = ctx.chatJoinRequest;
  await ctx.approveChatJoinRequest(request.from.id);
  await ctx.api.sendMessage(request.user_chat_id, `Bienvenue dans ${request.chat.title}`);
});

bot.on("message_reaction", async (ctx) => {
  const reaction = ctx.messageReaction.new_reaction[0];
  if (reaction) await ctx.api.sendMessage(ctx.chat.id, `Réaction ${reaction.emoji}`);
});

bot.catch((error) => console.error("ERROR", error));

await bot.api.setMyCommands(
  [
    { command: "start", description: "Commencer" },
    { command: "photo", description: "Une image" },
  ],
  { language_code: "fr" },
);
await bot.api.setMyCommands([{ command: "start", description: "Begin" }]);
await bot.api.setMyCommands([{ command: "sujet", description: "Ouvrir un sujet" }], { scope: { type: "all_group_chats" } });

if (MODE === "poll") {
  process.once("SIGTERM", () => bot.stop());
  await bot.start({ timeout: 5, allowed_updates: UPDATES });
} else {
  await bot.init();
  const handle = webhookCallback(bot, "http", { secretToken: SECRET });
  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      console.error("ERROR", error);
      response.writeHead(500).end();
    });
  });
  server.listen(Number(HOOK_PORT), "127.0.0.1");
  await bot.api.setWebhook(`http://127.0.0.1:${HOOK_PORT}/hook`, { secret_token: SECRET, allowed_updates: UPDATES });
  process.once("SIGTERM", () => {
    server.closeAllConnections();
    server.close();
  });
}
