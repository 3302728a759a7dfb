"""The bot of the client checks, written with aiogram."""

import asyncio
import logging
import os
import signal

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandStart
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BufferedInputFile,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

BUTTONS = InlineKeyboardMarkup(
    inline_keyboard=[
        [
            InlineKeyboardButton(text="Oui", callback_data="oui"),
            InlineKeyboardButton(text="Alerte", callback_data="alerte"),
        ],
        [InlineKeyboardButton(text="Site", url="https://example.org/")],
    ]
)

logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
router = Dispatcher()


@router.message(CommandStart())
async def start(message):
    await message.answer(f"Bonjour {message.from_user.first_name}", reply_markup=BUTTONS)


@router.callback_query()
async def pressed(query):
    if query.data == "alerte":
        await query.answer("Attention", show_alert=True)
    else:
        await query.answer("Noté")
        await query.message.edit_text("Choix : <b>oui</b>", parse_mode="HTML", reply_markup=BUTTONS)


@router.message(Command("photo"))
async def photo(message):
    await message.answer_photo(FSInputFile(os.environ["PICTURE"]), caption="Le <b>mât</b>", parse_mode="HTML")


@router.message(Command("document"))
async def document(message):
    file = BufferedInputFile(b"nom;etat\nsilo;ok\n", "etat.csv")
    await message.answer_document(file, caption="Tableau")


@router.message(F.photo)
async def received(message, bot):
    data = await bot.download(message.photo[-1])
    await message.answer(f"Reçu {len(data.read())} octets")


@router.edited_message()
async def edited(message):
    await message.answer(f"Modifié : {message.text}")


@router.message(Command("sujet"))
async def topic(message, command, bot):
    made = await bot.create_forum_topic(message.chat.id, command.args)
    await bot.send_message(message.chat.id, "Sujet ouvert", message_thread_id=made.message_thread_id)


@router.message(Command("ici"))
async def here(message):
    await message.reply("Ici")


@router.message(Command("lien"))
async def link(message, bot):
    made = await bot.create_chat_invite_link(message.chat.id, name="essai", creates_join_request=True)
    await message.answer(made.invite_link)


@router.chat_join_request()
async def asked(request, bot):
    await request.approve()
    await bot.send_message(request.user_chat_id, f"Bienvenue dans {request.chat.title}")


@router.message_reaction()
async def reacted(reaction, bot):
    if reaction.new_reaction:
        await bot.send_message(reaction.chat.id, f"Réaction {reaction.new_reaction[0].emoji}")


@router.message(Command("refus"))
async def refused(message):
    sent = await message.answer("Même texte")
    texts = []
    for attempt in (sent.edit_text("Même texte"), message.answer("x" * 4097)):
        try:
            await attempt
        except TelegramBadRequest as error:
            texts.append(error.message)
    await message.answer("\n".join(texts))


async def ready(bot):
    await bot.set_my_commands(
        [BotCommand(command="start", description="Commencer"), BotCommand(command="photo", description="Une image")],
        language_code="fr",
    )
    await bot.set_my_commands([BotCommand(command="start", description="Begin")])
    await bot.set_my_commands(
        [BotCommand(command="sujet", description="Ouvrir un sujet")], scope=BotCommandScopeAllGroupChats()
    )


async def serve(bot):
    port = int(os.environ["HOOK_PORT"])
    secret = os.environ["SECRET"]
    app = web.Application()
    SimpleRequestHandler(router, bot, secret_token=secret).register(app, path="/hook")
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await bot.set_webhook(
        f"http://127.0.0.1:{port}/hook", secret_token=secret, allowed_updates=router.resolve_used_update_types()
    )
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()
    await bot.session.close()


async def main():
    server = TelegramAPIServer.from_base(os.environ["API"])
    bot = Bot(os.environ["TOKEN"], session=AiohttpSession(api=server))
    await ready(bot)
    if os.environ["MODE"] == "poll":
        await router.start_polling(bot, polling_timeout=5, allowed_updates=router.resolve_used_update_types())
    else:
        await serve(bot)


asyncio.run(main())
