"""A member asks for a code; a server of electronic mail receives it; the code links the account.

The server first says "later", then takes the letter, and refuses another address for good.
"""

import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from email import message_from_bytes, policy
from pathlib import Path

from aiosmtpd.controller import Controller

TOKEN = "100200300:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
PATIENCE = 60


class Post:
    """Keeps letters; answers "later" once, and refuses one address."""

    def __init__(self):
        self.letters, self.later, self.refused = [], 1, 0
        self.lock = threading.Lock()

    async def handle_RCPT(self, server, session, envelope, address, options):
        with self.lock:
            if address.startswith("gone@"):
                self.refused += 1
                return "550 no such mailbox"
            if self.later:
                self.later -= 1
                return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        with self.lock:
            self.letters.append(letter)
        return "250 taken"


def port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def waits(what, found):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.05)
    sys.exit(f"not seen in {PATIENCE} s: {what}")


class World:
    def __init__(self, url):
        self.url = url

    def post(self, action, **body):
        request = urllib.request.Request(f"{self.url}/sim/{action}", json.dumps(body).encode(), {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=10))

    def said(self, chat, words):
        def found():
            answer = json.load(urllib.request.urlopen(f"{self.url}/sim/chats/{chat}/messages", timeout=10))
            ours = [one for one in answer["messages"] if one["from"]["id"] != chat and words in (one.get("text") or "")]
            return ours[-1] if ours else None

        return waits(words, found)


def up(url):
    try:
        urllib.request.urlopen(url, timeout=2)
        return True
    except OSError:
        return False


def main(vigie):
    post = Post()
    mail = Controller(post, hostname="127.0.0.1", port=port())
    mail.start()
    started = []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            telegram = f"http://127.0.0.1:{port()}"
            started.append(subprocess.Popen([vigie, "emulator", "--listen", telegram.removeprefix("http://")]))
            waits("the local Telegram", lambda: up(f"{telegram}/sim/world"))
            world = World(telegram)
            world.post("bots", token=TOKEN, username="vigie_bot", first_name="Vigie")
            for number, name in ((104, "Denis"), (105, "Rosa"), (1, "Bruno")):
                world.post("users", id=number, first_name=name, language_code="fr")
            started.append(program(vigie, home, telegram, mail.port))
            walk(world, post)
            print("3 passed, 0 failed")
        finally:
            for process in reversed(started):
                process.terminate()
                process.wait(30)
            mail.stop()


def program(vigie, home, telegram, smtp):
    (home / "token").write_text(TOKEN)
    (home / "token").chmod(0o600)
    (home / "people.toml").write_text(
        '[[person]]\nmember = "104"\nfirst_name = "Denis"\nemail = "denis@example.org"\nroles = ["member"]\n'
        '[[person]]\nmember = "105"\nfirst_name = "Rosa"\nemail = "gone@example.org"\nroles = ["member"]\n'
    )
    (home / "vigie.toml").write_text(
        f'administrators = [1]\n[telegram]\ntoken_file = "token"\napi_url = "{telegram}"\n'
        f'[store]\npath = "{home}/store"\n[web]\nlisten = "127.0.0.1:{port()}"\n[network]\nfiles = ["people.toml"]\n'
        f'[mail]\nfrom = "Coopérative <vigie@example.coop>"\nhost = "127.0.0.1"\nport = {smtp}\nencryption = "none"\n'
    )
    return subprocess.Popen([vigie, "run", "--config", str(home / "vigie.toml")])


def walk(world, post):
    # An administrator must have written to us before we can write to them.
    world.post("send", **{"from": 1, "chat": 1, "text": "/aide"})
    world.said(1, "/etat")
    world.post("send", **{"from": 104, "chat": 104, "text": "/lier 104"})
    world.said(104, "un code à six chiffres")
    letter = waits("the letter, after the server said later", lambda: post.letters and post.letters[0])
    assert letter["To"] == "denis@example.org" and "vigie@example.coop" in letter["From"], letter.as_string()
    text = letter.get_content()
    code = re.search(r"\b\d{6}\b", text)
    assert code, text
    world.post("send", **{"from": 104, "chat": 104, "text": f"{code[0][:3]} {code[0][3:]}"})
    card = world.said(104, "Voici la fiche")
    world.post("tap", **{"from": 104, "chat": 104, "message_id": card["message_id"], "button": "C'est moi"})
    world.said(104, "est rattaché à")
    notice = waits("the notice to the address on file", lambda: len(post.letters) > 1 and post.letters[1])
    assert "t.me/vigie_bot?start=n_" in notice.get_content(), notice.as_string()
    # Another address is refused for good: the person is told what everybody is told, and whoever
    # mends addresses is told whose it is.
    world.post("send", **{"from": 105, "chat": 105, "text": "/lier 105"})
    world.said(105, "un code à six chiffres")
    world.said(1, "membre n° 105")
    assert post.refused == 1, post.refused
    assert len(post.letters) == 2, [one.as_string() for one in post.letters]


main(sys.argv[1])
