"""The bot of the client checks, written with python-telegram-bot."""

import logging
import os

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatJoinRequestHandler,
    CommandHandler,
    MessageHandler,
    MessageReactionHandler,
    filters,
)

API = os.environ["API"]
PICTURE = os.environ["PICTURE"]
BUTTONS = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Oui", callback_data="oui"), InlineKeyboardButton("Alerte", callback_data="alerte")],
        [InlineKeyboardButton("Site", url="https://example.org/")],
    ]
)

logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


async def start(update, context):
    name = update.effective_user.first_name
    await update.message.reply_text(f"Bonjour {name}", reply_markup=BUTTONS)


async def pressed(update, context):
    query = update.callback_query
    if query.data == "alerte":
        await query.answer("Attention", show_alert=True)
    else:
        await query.answer("Noté")
        await query.edit_message_text("Choix : <b>oui</b>", parse_mode="HTML", reply_markup=BUTTONS)


async def photo(update, context):
    with open(PICTURE, "rb") as file:
        await update.message.reply_photo(file, caption="Le <b>mât</b>", parse_mode="HTML")


async def document(update, context):
    await update.message.reply_document(b"nom;etat\nsilo;ok\n", filename="etat.csv", caption="Tableau")


async def received(update, context):
    file = await update.message.photo[-1].get_file()
    data = await file.download_as_bytearray()
    await update.message.reply_text(f"Reçu {len(data)} octets")


async def edited(update, context):
    await update.edited_message.reply_text(f"Modifié : {update.edited_message.text}")


async def topic(update, context):
    made = await context.bot.create_forum_topic(update.effective_chat.id, " ".join(context.args))
    await context.bot.send_message(update.effective_chat.id, "Sujet ouvert", message_thread_id=made.message_thread_id)


async def here(update, context):
    message = update.message
    await message.reply_text(
        "Ici", do_quote=True, message_thread_id=message.message_thread_id if message.is_topic_message else None
    )


async def link(update, context):
    made = await context.bot.create_chat_invite_link(update.effective_chat.id, name="essai", creates_join_request=True)
    await update.message.reply_text(made.invite_link)


async def asked(update, context):
    request = update.chat_join_request
    await request.approve()
    await context.bot.send_message(request.user_chat_id, f"Bienvenue dans {request.chat.title}")


async def reacted(update, context):
    reaction = update.message_reaction
    if reaction.new_reaction:
        await context.bot.send_message(reaction.chat.id, f"Réaction {reaction.new_reaction[0].emoji}")


async def refused(update, context):
    sent = await update.message.reply_text("Même texte")
    texts = []
    for attempt in (sent.edit_text("Même texte"), update.message.reply_text("x" * 4097)):
        try:
            await attempt
        except BadRequest as error:
            texts.append(error.message)
    await update.message.reply_text("\n".join(texts))


async def ready(app):
    await app.bot.set_my_commands([BotCommand("start", "Commencer"), BotCommand("photo", "Une image")], language_code="fr")
    await app.bot.set_my_commands([BotCommand("start", "Begin")])
    await app.bot.set_my_commands([BotCommand("sujet", "Ouvrir un sujet")], scope=BotCommandScopeAllGroupChats())


async def failed(update, context):
    logging.error("handler failed: %r", context.error)


def main():
    app = (
        Application.builder()
        .token(os.environ["TOKEN"])
        .base_url(f"{API}/bot")
        .base_file_url(f"{API}/file/bot")
        .post_init(ready)
        .build()
    )
    app.add_handler(CommandHandler("start", start, filters.UpdateType.MESSAGE))
    app.add_handler(CommandHandler("photo", photo, filters.UpdateType.MESSAGE))
    app.add_handler(CommandHandler("document", document))
    app.add_handler(CommandHandler("sujet", topic))
    app.add_handler(CommandHandler("ici", here))
    app.add_handler(CommandHandler("lien", link))
    app.add_handler(CommandHandler("refus", refused))
    app.add_handler(CallbackQueryHandler(pressed))
    app.add_handler(ChatJoinRequestHandler(asked))
    app.add_handler(MessageReactionHandler(reacted))
    app.add_handler(MessageHandler(filters.PHOTO, received))
    app.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, edited))
    app.add_error_handler(failed)
    if os.environ["MODE"] == "poll":
        app.run_polling(allowed_updates=Update.ALL_TYPES, timeout=5)
    else:
        app.run_webhook(
            listen="127.0.0.1",
            port=int(os.environ["HOOK_PORT"]),
            url_path="hook",
            webhook_url=f"http://127.0.0.1:{os.environ['HOOK_PORT']}/hook",
            secret_token=os.environ["SECRET"],
            allowed_updates=Update.ALL_TYPES,
        )


main()
