"""The persons' side of the local Telegram, and a list of what was checked."""

import json
import time

from processes import Process, free_port, http, wait

TOKEN = "700100:AAEhBP0av28FrZ3uc0TyTfaUZlzQ7cTestX"
BOT = 700100
CLAIRE, DENIS = 101, 102


class Telegram:
    """An emulator process with two persons, a bot and a forum."""

    def __init__(self, command, name):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.process = Process(f"{name}-telegram", [*command, "--listen", f"127.0.0.1:{port}"])
        try:
            self.furnish()
        except BaseException:
            self.process.kill()
            raise

    def furnish(self):
        wait("the local Telegram", lambda: self.process.check() and self.up(), 20)
        self.post("users", id=CLAIRE, first_name="Claire", username="claire_m", language_code="fr")
        self.post("users", id=DENIS, first_name="Denis", language_code="fr")
        self.post("bots", token=TOKEN, first_name="Essai", username="essai_bot")

    def up(self):
        try:
            return http("GET", f"{self.url}/sim/world")[0] == 200
        except OSError:
            return False

    def get(self, path):
        code, body = http("GET", f"{self.url}/sim/{path}")
        assert code == 200, f"GET /sim/{path}: {code} {body[:300]}"
        return json.loads(body)

    def post(self, action, **body):
        code, answer = http("POST", f"{self.url}/sim/{action}", body)
        assert code == 200, f"POST /sim/{action} {body}: {code} {answer[:300]}"
        return json.loads(answer)

    def bot(self, method, **body):
        """A call of the Bot API with the same token."""
        code, answer = http("POST", f"{self.url}/bot{TOKEN}/{method}", body)
        assert code == 200, f"{method}: {code} {answer[:300]}"
        return json.loads(answer)["result"]

    def group(self, title, forum=False):
        return self.post(
            "chats", type="supergroup", title=title, is_forum=forum, creator=CLAIRE, members=[CLAIRE], bots=[BOT]
        )["id"]

    def messages(self, chat, after=0):
        return self.get(f"chats/{chat}/messages?after={after}")["messages"]

    def last(self, chat):
        messages = self.messages(chat)
        return messages[-1]["message_id"] if messages else 0

    def heard(self, chat, after, fits, what, limit=15):
        """The first message of a bot after `after` that fits."""

        def look():
            own = (m for m in self.messages(chat, after) if m.get("from", {}).get("is_bot"))
            return next((m for m in own if fits(m)), None)

        return wait(what, look, limit)

    def ask(self, chat, text, fits, sender=CLAIRE, **more):
        """A person writes; the bot's answer."""
        sent = self.post("send", **{"from": sender}, chat=chat, text=text, **more)
        return self.heard(chat, sent["message_id"], fits, f"answer to {text!r}")

    def stop(self):
        """It still runs, and ends by itself when asked to."""
        self.process.check()
        code = self.process.stop()
        assert code == 0, f"exit code {code}: {self.process.text()[-800:]}"

    def file(self, url):
        code, body = http("GET", self.url + url)
        assert code == 200, f"GET {url}: {code}"
        return body


class Checks:
    """Counts what passed; one failure does not hide the next."""

    def __init__(self, name):
        self.name = name
        self.passed = 0
        self.failures = []

    def step(self, title, action, *args):
        started = time.monotonic()
        try:
            result = action(*args)
        except (AssertionError, OSError, KeyError, TypeError, ValueError, IndexError) as error:
            self.failures.append(title)
            print(f"{self.name}: {title}: FAILED: {type(error).__name__}: {error}", flush=True)
            return None
        self.passed += 1
        print(f"{self.name}: {title}: ok ({time.monotonic() - started:.2f} s)", flush=True)
        return result

    def close(self):
        print(f"{self.name}: {self.passed} passed, {len(self.failures)} failed", flush=True)
        return not self.failures
