"""What a person does with the test bot, whatever library the bot is written with."""

import base64
import re

from processes import HERE, Process, free_port, http, node, python, wait
from telegram import CLAIRE, DENIS, TOKEN, Checks, Telegram

PICTURE = HERE / "picture.png"
SECRET = "un-secret-de-test"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
WRONG = re.compile(r"\b(ERROR|CRITICAL|WARNING|Traceback|Unhandled|UnhandledPromise)\b")

EXPECTED = re.compile(r"Received SIGTERM signal")


def _bot(client, name, env):
    if client == "grammy":
        folder = node()
        return Process(name, ["node", folder / "grammy.mjs"], env, folder)
    return Process(name, [python(), HERE / "bots" / f"{client}.py"], env)


def start(tg):
    card = tg.ask(CLAIRE, "/start", lambda m: m["text"] == "Bonjour Claire")
    assert card["keyboard"] == [["Oui", "Alerte"], ["Site"]], card["keyboard"]
    return card


def alert(tg, card):
    answer = tg.post("tap", **{"from": CLAIRE}, chat=CLAIRE, message_id=card["message_id"], button="Alerte")
    assert answer["answered"] and answer["alert"] and answer["answer"] == "Attention", answer


def edit_by_button(tg, card):
    answer = tg.post("tap", **{"from": CLAIRE}, chat=CLAIRE, message_id=card["message_id"], button="Oui")
    assert answer["answered"] and not answer["alert"] and answer["answer"] == "Noté", answer

    def changed():
        now = [m for m in tg.messages(CLAIRE) if m["message_id"] == card["message_id"]][0]
        return now if now["text"] == "Choix : oui" else None

    now = wait("the edited card", changed)
    assert [e["text"] for e in now["edits"]] == ["Bonjour Claire"], now["edits"]
    assert now["entities"] == [{"type": "bold", "offset": 8, "length": 3}] or [
        (e["type"], e["offset"], e["length"]) for e in now["entities"]
    ] == [("bold", 8, 3)], now["entities"]


def photo_from_bot(tg):
    seen = tg.ask(CLAIRE, "/photo", lambda m: m.get("photo"))
    assert seen["text"] == "Le mât" or seen.get("caption") == "Le mât", seen
    sizes = seen["photo"] if isinstance(seen["photo"], list) else [seen["photo"]]
    assert tg.file(sizes[-1]["url"]) == PICTURE.read_bytes(), "the picture changed on its way"


def document(tg):
    seen = tg.ask(CLAIRE, "/document", lambda m: m.get("document"))
    assert seen["document"]["file_name"] == "etat.csv", seen["document"]
    assert tg.file(seen["document"]["url"]) == b"nom;etat\nsilo;ok\n"


def photo_to_bot(tg):
    data = PICTURE.read_bytes()
    photo = {"name": "picture.png", "mime_type": "image/png", "base64": base64.b64encode(data).decode()}
    tg.ask(CLAIRE, "Une image", lambda m: m["text"] == f"Reçu {len(data)} octets", photo=photo)


def person_edits(tg):
    sent = tg.post("send", **{"from": CLAIRE}, chat=CLAIRE, text="premier")
    tg.post("send", **{"from": CLAIRE}, chat=CLAIRE, text="second", edit_of=sent["message_id"])
    tg.heard(CLAIRE, sent["message_id"], lambda m: m["text"] == "Modifié : second", "answer to the edit")


def refusals(tg):
    answer = tg.ask(CLAIRE, "/refus", lambda m: "too long" in m["text"])["text"].lower()
    assert NOT_MODIFIED in answer, answer
    assert "message is too long" in answer, answer


def commands(tg, forum):
    def named(path):
        return [c["command"] for c in tg.get(f"commands?{path}")["commands"]]

    assert named(f"chat={CLAIRE}&user={CLAIRE}") == ["start", "photo"]
    assert named(f"chat={forum}&user={CLAIRE}") == ["sujet"]


def topic(tg, forum):
    seen = tg.ask(forum, "/sujet Travaux", lambda m: m["text"] == "Sujet ouvert")
    thread = seen["message_thread_id"]
    made = [m for m in tg.messages(forum) if m.get("forum_topic_created")]
    assert [m["forum_topic_created"]["name"] for m in made] == ["Travaux"], made
    return thread


def reply_in_topic(tg, forum, thread):
    sent = tg.post("send", **{"from": CLAIRE}, chat=forum, text="/ici", thread=thread)
    seen = tg.heard(forum, sent["message_id"], lambda m: m["text"] == "Ici", "answer in the topic")
    assert seen["message_thread_id"] == thread, seen
    assert seen["reply_to_message_id"] == sent["message_id"], seen


def reply_in_general(tg, forum):
    sent = tg.post("send", **{"from": CLAIRE}, chat=forum, text="/ici")
    seen = tg.heard(forum, sent["message_id"], lambda m: m["text"] == "Ici", "answer in General")
    assert not seen.get("is_topic_message"), seen


def join_request(tg, forum):
    link = tg.ask(forum, "/lien", lambda m: m["text"].startswith("https://t.me/"))["text"]
    answer = tg.post("join", **{"from": DENIS}, invite_link=link)
    assert answer["status"] == "requested", answer

    def member():
        chats = [c for c in tg.get("world")["chats"] if c["id"] == forum]
        return any(m["user_id"] == DENIS and m["status"] == "member" for m in chats[0]["members"])

    wait("Denis as a member", member)
    tg.heard(DENIS, 0, lambda m: m["text"] == "Bienvenue dans Essai", "welcome in private")


def reaction(tg, forum):
    last = tg.last(forum)
    tg.post("react", **{"from": CLAIRE}, chat=forum, message_id=last, emoji="👍")
    tg.heard(forum, last, lambda m: m["text"] == "Réaction 👍", "answer to the reaction")


def webhook(tg, port):
    # The bot's last 200 may still be on its way.
    wait("no update pending", lambda: tg.bot("getWebhookInfo")["pending_update_count"] == 0)
    info = tg.bot("getWebhookInfo")
    assert info["url"] == f"http://127.0.0.1:{port}/hook", info
    # Some libraries ask for the webhook a moment before they listen.
    assert info.get("last_error_message") in (None, "Connection refused"), info
    code, _ = http("POST", info["url"], {"update_id": 1, "message": {}})
    assert code in (401, 403), f"the bot took an update without the secret: {code}"


def calls(tg):
    """Nothing was refused but what the scenario asked for."""
    wanted = {"editMessageText": 1, "sendMessage": 1}
    for call in tg.get("calls")["calls"]:
        code = call.get("error_code") or call.get("status") or 200
        if code == 200:
            continue
        method = next((m for m in wanted if m.lower() == call["method"].lower()), None)
        assert code == 400 and method and wanted[method] > 0, call
        wanted[method] -= 1


def stop(bot):
    code = bot.stop()
    assert code == 0, f"exit code {code}: {bot.text()[-800:]}"
    lines = (line for line in bot.text().splitlines() if not EXPECTED.search(line))
    wrong = [line for line in lines if WRONG.search(line)]
    assert not wrong, "\n".join(wrong)[:1500]


def run(command, client, mode):
    """All steps for one library in one mode; True when everything passed."""
    name = f"{client}-{mode}"
    checks = Checks(name)
    tg = Telegram(command, name)
    port = free_port()
    env = {
        "API": tg.url,
        "TOKEN": TOKEN,
        "MODE": mode,
        "HOOK_PORT": str(port),
        "SECRET": SECRET,
        "PICTURE": str(PICTURE),
    }
    bot = None
    try:
        forum = tg.group("Essai", forum=True)
        bot = _bot(client, name, env)
        card = checks.step("command", start, tg)
        if card is None:
            # Nothing else can work; what the bot said tells why.
            print(bot.text()[-2000:], flush=True)
            return checks.close()
        checks.step("alert by button", alert, tg, card)
        checks.step("answer and edit by button", edit_by_button, tg, card)
        checks.step("photo from the bot", photo_from_bot, tg)
        checks.step("document from the bot", document, tg)
        checks.step("photo to the bot", photo_to_bot, tg)
        checks.step("edit by the person", person_edits, tg)
        checks.step("refusals", refusals, tg)
        checks.step("command lists", commands, tg, forum)
        thread = checks.step("topic", topic, tg, forum)
        checks.step("reply in the topic", reply_in_topic, tg, forum, thread)
        checks.step("reply in General", reply_in_general, tg, forum)
        checks.step("join request", join_request, tg, forum)
        checks.step("reaction", reaction, tg, forum)
        if mode == "webhook":
            checks.step("webhook", webhook, tg, port)
        checks.step("calls", calls, tg)
        checks.step("clean stop", stop, bot)
        checks.step("clean stop of the local Telegram", tg.stop)
    finally:
        if bot:
            bot.kill()
        tg.process.kill()
    return checks.close()
