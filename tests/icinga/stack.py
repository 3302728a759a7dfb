"""Vigie, the local Telegram, and a monitoring program that calls `vigie notify`; also for Nagios."""

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from processes import TARGET, Process, free_port, http, wait

BOT, BRUNO = 700200, 1002
TOKEN = "700200:AAEhBP0av28FrZ3uc0TyTfaUZlzQ7cTestX"
HOOK_TOKEN = "checks-of-monitors"
TECHNICAL, LOCAL = -1001000000001, -1001000000002
DOWN, OVER = "🔴 Injoignable", "✅ Rétabli"

CONFIG = """
[telegram]
token_file = "token"
api_url = "{telegram}"
[store]
path = "store"
ballast_mib = 0
[web]
listen = "{listen}"
[network]
files = ["network.toml"]
[[groups]]
chat = {technical}
kind = "technique"
[[groups]]
chat = {local}
kind = "local"
sector = "nord"
[[sources]]
name = "{source}"
format = "{source}"
token_sha256 = "{hash}"
"""

NETWORK = """
[alerts]
delay_s = 0
[[sector]]
id = "nord"
name = "Nord"
[[equipment]]
id = "nord-collecte"
name = "Collecte du nord"
class = "backbone"
sector = "nord"
[[equipment]]
id = "rly-north-01"
name = "Relais du nord"
class = "main-relay"
parent = "nord-collecte"
sector = "nord"
aliases = ["rly_north_01"]
[[equipment]]
id = "rly-north-02"
name = "Relais du bois"
class = "secondary-relay"
parent = "nord-collecte"
sector = "nord"
[[person]]
member = "1"
first_name = "Bruno"
account = 1002
sector = "nord"
roles = ["member", "administrator"]
"""

# A check reads what it shall say: the first word is its code, the rest its output.
PLUGIN = """#!/bin/sh
read -r code output < "$1"
echo "$output"
exit "$code"
"""

HOSTILE = "CRITICAL - rly_north_01 <BH> loss 100% & rta n/a, *cost* $ 5 é🛰️"


class Stack:
    """What both checks need; `source` is the word of the monitoring program."""

    def __init__(self, vigie, source):
        self.source = source
        self.folder = Path(tempfile.mkdtemp(prefix=f"vigie-{source}-"))
        self.folder.chmod(0o755)
        # Where the user of the monitoring program may run it.
        self.binary = self.folder / "vigie-bin"
        shutil.copy(vigie, self.binary)
        self.binary.chmod(0o755)
        ports = [free_port(), free_port()]
        self.telegram_url, self.vigie_url = (f"http://127.0.0.1:{port}" for port in ports)
        self.listen = [f"127.0.0.1:{port}" for port in ports]
        self.processes = []
        self.starts = 0
        self.vigie = None
        self.write("vigie.toml", CONFIG.format(
            telegram=self.telegram_url, listen=self.listen[1], technical=TECHNICAL, local=LOCAL, source=source,
            hash=hashlib.sha256(HOOK_TOKEN.encode()).hexdigest()))
        self.write("network.toml", NETWORK)
        self.write("token", TOKEN, 0o600)
        self.write("plugin", PLUGIN, 0o755)
        self.user = self.find_user()
        self.hook_token = self.write("hook-token", HOOK_TOKEN, 0o600)
        self.checks = self.mine("checks")
        self.spool = self.mine("spool")
        os.chown(self.hook_token, self.user.pw_uid, self.user.pw_gid)
        for name in ("rly_north_01", "rly-north-02", "rly_north_01-ping"):
            self.says(name, 0, "OK")

    @staticmethod
    def find_user():
        for name in ("nagios", "nobody"):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                continue
        raise AssertionError("no user to run the monitoring program")

    def write(self, name, text, mode=0o644):
        path = self.folder / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def mine(self, name):
        """A folder of the monitoring program's user."""
        path = self.folder / name
        path.mkdir(mode=0o755, parents=True, exist_ok=True)
        os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path

    def sample(self, path):
        """A sample of deploy/ with our addresses and files."""
        text = (Path(__file__).resolve().parent.parent.parent / "deploy" / path).read_text()
        for there, here in [
            ("/usr/local/bin/vigie", self.binary),
            ("http://127.0.0.1:8787", self.vigie_url),
            (f"/etc/vigie/{self.source}-token", self.hook_token),
            (f"/var/spool/vigie/{self.source}", self.spool),
        ]:
            assert there in text, f"{there} is not in {path}"
            text = text.replace(there, str(here))
        return text

    def says(self, check, code, output):
        """What a check will say from now on."""
        draft = self.checks / "draft"
        draft.write_text(f"{code} {output}\n")
        draft.chmod(0o644)
        draft.rename(self.checks / check)

    def process(self, name, command):
        started = Process(name, command)
        self.processes.append(started)
        return started

    def start(self):
        telegram = self.process("telegram", [self.binary, "emulator", "--listen", self.listen[0]])
        wait("telegram", lambda: telegram.check() and answers(self.telegram_url + "/sim/world"))
        self.sim("bots", token=TOKEN, username="vigie_essai_bot", first_name="Vigie")
        self.sim("users", id=BRUNO, first_name="Bruno", language_code="fr")
        for chat, title in ((TECHNICAL, "Backbone"), (LOCAL, "Secteur Nord")):
            self.sim("chats", id=chat, title=title, type="supergroup", members=[BRUNO], admins=[BRUNO], bots=[BOT])
        self.start_vigie()

    def start_vigie(self):
        self.starts += 1
        command = [self.binary, "run", "--config", self.folder / "vigie.toml"]
        self.vigie = self.process(f"vigie-{self.starts}", command)
        wait("vigie", lambda: self.vigie.check() and answers(self.vigie_url + "/healthz"), 20)

    def flush(self):
        """What the timer does."""
        subprocess.run(
            [self.binary, "notify", "--flush", "--url", f"{self.vigie_url}/hooks/{self.source}",
             "--token-file", self.hook_token, "--spool", self.spool], check=True, capture_output=True)

    def waiting(self):
        return sorted(path.name for path in self.spool.glob("*-*.json"))

    def events(self):
        """What waits, in order."""
        return [json.loads((self.spool / name).read_text()) for name in self.waiting()]

    def metric(self, name):
        """Sum of a metric of Vigie since its start."""
        lines = http("GET", self.vigie_url + "/metrics")[1].decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    def close(self):
        for process in reversed(self.processes):
            # Monitoring programs have children, which they end themselves when they are asked to.
            try:
                process.stop(10)
            except AssertionError as error:
                print(error, file=sys.stderr)
        for log in self.folder.glob("*/*.log"):
            shutil.copy(log, TARGET / "logs" / f"{log.parent.name}-own.log")
        shutil.rmtree(self.folder, ignore_errors=True)

    def sim(self, action, **body):
        code, answer = http("POST", f"{self.telegram_url}/sim/{action}", body)
        assert code == 200, f"{action}: {code} {answer[:300]}"

    def cards(self, chat=LOCAL):
        code, body = http("GET", f"{self.telegram_url}/sim/chats/{chat}/messages?limit=200")
        assert code == 200, code
        found = json.loads(body)["messages"]
        return [(m["message_id"], m["text"]) for m in found if m.get("from", {}).get("is_bot")]

    def sees(self, what, fits, limit=25):
        """A card that fits; how many there are is the matter of the relay, and few."""

        def look():
            cards = self.cards()
            assert len(cards) <= 3, f"{len(cards)} messages: {cards}"
            return next((card for card in cards if fits(card[1])), None)

        try:
            return wait(what, look, limit)
        except AssertionError as error:
            raise AssertionError(f"{error}; there is: {self.cards()}") from None


def answers(url):
    try:
        return http("GET", url)[0] == 200
    except OSError:
        return False


def checks(stack):
    """The same for every monitoring program: what people see of what it tells."""
    name = f'vigie_source_last_use_timestamp_seconds{{source="{stack.source}"}}'
    wait("a sign of life", lambda: name in http("GET", stack.vigie_url + "/metrics")[1].decode(), 20)
    print("it shows that it is there: ok", flush=True)

    stack.says("rly_north_01", 2, HOSTILE)
    card = stack.sees("a host that goes down", lambda text: DOWN in text and "Relais du nord" in text)
    assert HOSTILE in card[1], card[1]
    stack.says("rly_north_01", 0, "PING OK - 3 ms")
    over = stack.sees("that it is back, on the same card", lambda text: OVER in text)
    assert over[0] == card[0]
    print("a host goes down and comes back: ok", flush=True)

    stack.says("rly_north_01-ping", 2, "CRITICAL - 80% lost")
    card = stack.sees("a service that fails", lambda text: "🔴" in text and "80% lost" in text)
    stack.says("rly_north_01-ping", 0, "OK - 0% lost")
    wait("that it works again", lambda: dict(stack.cards())[card[0]].count(OVER) or "🔴" not in dict(stack.cards())[card[0]])
    print("a service fails and works again: ok", flush=True)

    stack.vigie.kill()
    stack.says("rly-north-02", 2, "away: down")
    wait("the first event waits", lambda: len(stack.waiting()) == 1, 25)
    stack.says("rly-north-02", 0, "away: up")
    wait("the second event waits", lambda: len(stack.waiting()) == 2, 25)
    stack.says("rly-north-02", 2, "away: down again")
    wait("the third event waits", lambda: len(stack.waiting()) == 3, 25)
    events = stack.events()
    assert [event["state"] for event in events] == ["DOWN", "UP", "DOWN"], events
    since = [float(event["since"]) for event in events]
    assert since == sorted(since) and since[0] > 1_700_000_000, f"the time of each change: {events}"
    stack.start_vigie()
    stack.flush()
    assert not stack.waiting(), stack.waiting()
    # It goes up and down quickly: the relay may call that unstable.
    stack.sees("the last word of what was told later", lambda text: "Relais du bois" in text and "down again" in text)
    stack.says("rly-north-02", 0, "back")
    wait("its end is told", lambda: stack.metric("vigie_alerts_total") >= 4, 25)
    assert not stack.waiting(), "with Vigie there nothing waits"
    print("what happened while Vigie was away is told later, in order: ok", flush=True)
