"""Alertmanager, Vigie and the local Telegram, each a process that can be killed and started again."""

import datetime
import hashlib
import json
import shutil
import tempfile
import time
import urllib.parse
from pathlib import Path

import network
from network import BRUNO, SECTORS, TECHNICAL, local
from processes import Process, free_port, http, wait

TOKEN = "700200:AAEhBP0av28FrZ3uc0TyTfaUZlzQ7cTestX"
HOOK_TOKEN = "checks-of-alertmanager"
BOT = 700200

ALERTMANAGER = """
route:
  receiver: vigie
  group_by: [group]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
  routes:
  - matchers: [group="cut"]
    receiver: cut
receivers:
- name: vigie
  webhook_configs:
  - url: {hook}
    send_resolved: true
    http_config: &auth
      authorization:
        credentials: {token}
- name: cut
  webhook_configs:
  - url: {hook}
    max_alerts: 2
    http_config: *auth
"""

VIGIE = """
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

[[sources]]
name = "alertmanager"
format = "alertmanager"
token_sha256 = "{hash}"
"""


class Part:
    """One of the three: how to start it and how to see that it is there."""

    def __init__(self, name, ready, command):
        self.name = name
        self.ready = ready
        self.command = command
        self.starts = 0
        self.process = None

    def start(self):
        self.starts += 1
        self.process = Process(f"{self.name}-{self.starts}", self.command)
        wait(f"{self.name} is ready", lambda: self.process.check() and answers(self.ready), 20)

    def kill(self):
        """SIGKILL, by its pid."""
        if self.process:
            self.process.kill()


def answers(url):
    try:
        return http("GET", url)[0] == 200
    except OSError:
        return False


class Stack:
    """The three together, and what the checks ask of them."""

    def __init__(self, vigie):
        self.folder = Path(tempfile.mkdtemp(prefix="vigie-alertmanager-"))
        ports = {name: free_port() for name in ("telegram", "vigie", "alertmanager")}
        self.at = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        listen = {name: f"127.0.0.1:{port}" for name, port in ports.items()}
        self.telegram = Part(
            "telegram",
            self.at["telegram"] + "/sim/world",
            [vigie, "emulator", "--listen", listen["telegram"], "--data", self.folder / "telegram"],
        )
        self.vigie = Part(
            "vigie",
            self.at["vigie"] + "/healthz",
            [vigie, "run", "--config", self.folder / "vigie.toml"],
        )
        self.alertmanager = Part(
            "alertmanager",
            self.at["alertmanager"] + "/-/ready",
            [
                shutil.which("prometheus-alertmanager") or shutil.which("alertmanager"),
                f"--config.file={self.folder / 'alertmanager.yml'}",
                f"--storage.path={self.folder / 'alertmanager'}",
                f"--web.listen-address={listen['alertmanager']}",
                "--cluster.listen-address=",
            ],
        )
        self.parts = [self.telegram, self.vigie, self.alertmanager]
        self._write(listen["vigie"])

    def _write(self, listen):
        groups = [(TECHNICAL, 'kind = "technique"')]
        groups += [(local(sector), f'kind = "local"\nsector = "{sector}"') for sector in SECTORS]
        config = VIGIE.format(
            telegram=self.at["telegram"],
            listen=listen,
            hash=hashlib.sha256(HOOK_TOKEN.encode()).hexdigest(),
        )
        config += "".join(f"\n[[groups]]\nchat = {chat}\n{what}\n" for chat, what in groups)
        (self.folder / "vigie.toml").write_text(config)
        (self.folder / "network.toml").write_text(network.network())
        token = self.folder / "token"
        token.touch(0o600)
        token.write_text(TOKEN)
        hook = self.at["vigie"] + "/hooks/alertmanager"
        (self.folder / "alertmanager.yml").write_text(ALERTMANAGER.format(hook=hook, token=HOOK_TOKEN))

    def start(self):
        self.telegram.start()
        self.sim("bots", token=TOKEN, username="vigie_essai_bot", first_name="Vigie")
        self.sim("users", id=BRUNO, first_name="Bruno", language_code="fr")
        titles = {TECHNICAL: "Backbone", **{local(sector): f"Secteur {sector}" for sector in SECTORS}}
        for chat, title in titles.items():
            self.sim("chats", id=chat, title=title, type="supergroup", members=[BRUNO], admins=[BRUNO], bots=[BOT])
        self.vigie.start()
        self.alertmanager.start()

    def close(self):
        for part in self.parts:
            part.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The local Telegram

    def sim(self, action, **body):
        return self._json("POST", f"{self.at['telegram']}/sim/{action}", body)

    def chat(self, chat):
        """What the bot wrote there."""
        found = self._json("GET", f"{self.at['telegram']}/sim/chats/{chat}/messages?limit=200")["messages"]
        return [message for message in found if message.get("from", {}).get("is_bot")]

    def file(self, number):
        code, body = http("GET", f"{self.at['telegram']}/sim/files/{number}")
        assert code == 200, f"file {number}: {code}"
        return body.decode()

    def calls(self, method, chat):
        query = urllib.parse.urlencode({"method": method, "chat": chat, "limit": 1000})
        return self._json("GET", f"{self.at['telegram']}/sim/calls?{query}")["calls"]

    def fault(self, kind, chat, method="sendMessage", **more):
        return self.sim("faults", kind=kind, chat=chat, method=method, **more)

    def faults(self):
        """Faults that no call has met yet."""
        return self._json("GET", f"{self.at['telegram']}/sim/faults")["faults"]

    def seen(self, chat, fits, what, limit=10):
        """The only message of the bot in a group, once it fits."""

        def look():
            found = self.chat(chat)
            assert len(found) <= 1, f"{len(found)} messages: {[m['text'] for m in found]}"
            return next((message for message in found if fits(message["text"])), None)

        return self._told(what, look, chat, limit)

    def seen_all(self, chat, fits, what, limit=10):
        """All messages of the bot in a group, once they fit together."""

        def look():
            found = self.chat(chat)
            return found if found and fits([message["text"] for message in found]) else None

        return self._told(what, look, chat, limit)

    def _told(self, what, look, chat, limit):
        try:
            return wait(what, look, limit)
        except AssertionError as error:
            raise AssertionError(f"{error}; there is: {[m['text'][:300] for m in self.chat(chat)]}") from None

    # Alertmanager

    def post(self, *alerts):
        self._json("POST", f"{self.at['alertmanager']}/api/v2/alerts", list(alerts))

    def silence(self, **labels):
        """Silences in Alertmanager; the silence's number."""
        now = datetime.datetime.now(datetime.timezone.utc)
        matchers = [{"name": n, "value": v, "isRegex": False, "isEqual": True} for n, v in labels.items()]
        body = {
            "matchers": matchers,
            "startsAt": now.isoformat(),
            "endsAt": (now + datetime.timedelta(hours=1)).isoformat(),
            "createdBy": "essai",
            "comment": "essai",
        }
        return self._json("POST", f"{self.at['alertmanager']}/api/v2/silences", body)["silenceID"]

    def unsilence(self, number):
        self._json("DELETE", f"{self.at['alertmanager']}/api/v2/silence/{number}")

    def metric(self, part, name):
        """Sum of a metric of one of the three."""
        code, body = http("GET", f"{self.at[part]}/metrics")
        assert code == 200, f"metrics of {part}: {code}"
        lines = (line for line in body.decode().splitlines() if line.startswith(name))
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)

    def delivered(self):
        """Webhooks of Alertmanager that were answered with 2xx."""
        return self._requests("requests_total") - self.refused()

    def refused(self):
        """Webhooks of Alertmanager that failed."""
        return self._requests("requests_failed_total")

    def _requests(self, kind):
        return self.metric("alertmanager", f'alertmanager_notification_{kind}{{integration="webhook"}}')

    @staticmethod
    def _json(method, url, body=None):
        code, answer = http(method, url, body)
        assert code == 200, f"{method} {url}: {code} {answer[:300]}"
        return json.loads(answer) if answer else None


def alert(equipment, group=None, since=5, ended=None, severity="critical", summary="Plus de réponse", **annotations):
    """An alert that fires since so many minutes, or has ended so many seconds ago."""
    now = datetime.datetime.now(datetime.timezone.utc)
    body = {
        "labels": {
            "alertname": "RelaisMuet",
            "group": group or equipment,
            "equipment": equipment,
            "severity": severity,
        },
        "annotations": {"summary": summary, **annotations},
        "startsAt": (now - datetime.timedelta(minutes=since)).isoformat(),
    }
    if ended is not None:
        body["endsAt"] = (now - datetime.timedelta(seconds=ended)).isoformat()
    return body


def steady(condition, what, seconds=1.5):
    """That something does not happen is seen by looking for a while."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert condition(), what
        time.sleep(0.1)
