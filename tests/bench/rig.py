"""What the benchmark runs against: one local Telegram, and Vigie and Alertmanager started as often as needed."""

import hashlib
import json
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

from http1 import Connection
from processes import Process, free_port, http, wait

HOOK_TOKEN = "benchmark"
DEMO = Path(__file__).resolve().parent.parent.parent / "data" / "demo"

ALERTMANAGER = """
route:
  receiver: telegram
  group_by: ['...']
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 24h
receivers:
- name: telegram
  telegram_configs:
  - api_url: {telegram}
    bot_token: "{token}"
    chat_id: {chat}
    parse_mode: HTML
    send_resolved: true
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
files = {network}
[[sources]]
name = "alertmanager"
format = "alertmanager"
token_sha256 = "{hash}"
"""


class Peer:
    """A started program under measurement."""

    def __init__(self, process, port, path, headers):
        self.process = process
        self.port = port
        self.path = path
        self.headers = headers

    @property
    def pid(self):
        return self.process.child.pid

    def cpu(self):
        """Seconds of CPU used so far."""
        return cpu(self.pid)

    def memory(self, field):
        """VmRSS or VmHWM in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith(field)).split()[1]) / 1024

    def request(self, alerts):
        """The bytes that post these alerts."""
        body = json.dumps(self.body(alerts), ensure_ascii=False).encode()
        head = f"POST {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{self.headers}"
        return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body

    def get(self, path):
        return http("GET", f"http://127.0.0.1:{self.port}{path}")


class Vigie(Peer):
    # Ready is more than an answer: it is in contact with Telegram.
    ready_says = b'"telegram":"ok"'

    def __init__(self, process, port):
        super().__init__(process, port, "/hooks/alertmanager", f"Authorization: Bearer {HOOK_TOKEN}\r\n")

    def body(self, alerts):
        """Alerts as Alertmanager's webhook sends them."""
        told = [{"status": "resolved" if "endsAt" in alert else "firing", **alert} for alert in alerts]
        return {"version": "4", "status": told[0]["status"], "receiver": "vigie", "groupKey": "{}", "alerts": told}

    def at_rest(self):
        """Whether everything accepted is decided and sent."""
        says = json.loads(self.get("/readyz")[1])
        waiting = says["hooks_waiting"]
        return not (waiting["alerts_in_memory"] or waiting["more_on_disk"] or says["outbox"]["rows"])


class Alertmanager(Peer):
    ready_says = b""

    def __init__(self, process, port):
        super().__init__(process, port, "/api/v2/alerts", "")

    def body(self, alerts):
        return [{key: value for key, value in alert.items() if key != "fingerprint"} for alert in alerts]


class Rig:
    def __init__(self, binary):
        self.binary = binary
        # On the disk of the project: the store's barrier must be a real one.
        parent = Path(os.environ["VIGIE_CHECKS_DIR"])
        parent.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="bench-", dir=parent))
        self.started = []
        self.bots = 700300
        self.chats = -1002000000000

    def start(self):
        port = free_port()
        self.telegram = f"http://127.0.0.1:{port}"
        self.emulator = self._start("telegram", [self.binary, "emulator", "--listen", f"127.0.0.1:{port}"])
        wait("the local Telegram", lambda: reachable(port), 20)

    def _start(self, name, command):
        process = Process(f"{name}-{len(self.started) + 1}", command)
        self.started.append(process)
        return process

    def close(self):
        for process in self.started:
            process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    # The local Telegram

    def sim(self, action, method="POST", **body):
        code, answer = http(method, f"{self.telegram}/sim/{action}", body if method == "POST" else None)
        assert code == 200, f"{action}: {code} {answer[:300]}"
        return json.loads(answer)

    def forget_calls(self):
        self.sim("calls", "DELETE")

    def calls(self):
        """Every message call since the last forgetting."""
        calls = self.sim("calls?limit=50000", "GET")["calls"]
        return [call for call in calls if call["method"].startswith(("send", "edit"))]

    def count(self):
        counts = self.sim("calls?limit=1", "GET")["counts"]
        return sum(number for method, number in counts.items() if method.startswith(("send", "edit")))

    def messages(self, chat):
        found = self.sim(f"chats/{chat}/messages?limit=1000", "GET")["messages"]
        return [message for message in found if message["from"]["is_bot"]]

    def bot(self):
        """A new bot: its number and token."""
        self.bots += 1
        token = f"{self.bots}:AAEhBP0av28FrZ3uc0TyTfaUZlzQ7cTestX"
        self.sim("bots", token=token, username=f"essai_{self.bots}_bot", first_name="Essai")
        return self.bots, token

    def group(self, title, bot):
        self.chats -= 1
        return self.sim("chats", id=self.chats, title=title, type="supergroup", bots=[bot])["id"]

    # The programs under measurement

    def alertmanager(self):
        bot, token = self.bot()
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        config = folder / "alertmanager.yml"
        chat = self.group("Alertmanager", bot)
        config.write_text(ALERTMANAGER.format(telegram=self.telegram, token=token, chat=chat))
        port = free_port()
        command = [
            shutil.which("prometheus-alertmanager") or shutil.which("alertmanager"),
            f"--config.file={config}",
            f"--storage.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            "--log.level=error",
        ]
        return self._peer(Alertmanager, "alertmanager", command, port, "/-/ready")

    def configured(self, sectors):
        """Folder, port and groups of a Vigie whose network has these sectors, each with its relays; `None` is
        the network of the demo."""
        bot, token = self.bot()
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        files = [str(DEMO / "network.toml"), str(DEMO / "people.toml")]
        if sectors is not None:
            (folder / "network.toml").write_text(network(sectors))
            files = ["network.toml"]
        (folder / "token").touch(0o600)
        (folder / "token").write_text(token)
        port = free_port()
        config = VIGIE.format(
            telegram=self.telegram,
            listen=f"127.0.0.1:{port}",
            network=json.dumps(files),
            hash=hashlib.sha256(HOOK_TOKEN.encode()).hexdigest(),
        )
        groups = {sector: self.group(f"Secteur {sector}", bot) for sector in sectors or {}}
        for sector, chat in groups.items():
            config += f'[[groups]]\nchat = {chat}\nkind = "local"\nsector = "{sector}"\n'
        (folder / "vigie.toml").write_text(config)
        return folder, port, groups

    def vigie(self, sectors):
        folder, port, groups = self.configured(sectors)
        vigie = self.vigie_at(folder, port)
        self._settled()
        return vigie, groups

    def vigie_at(self, folder, port):
        command = [self.binary, "run", "--config", folder / "vigie.toml", "--log", "error"]
        return self._peer(Vigie, "vigie", command, port, "/readyz")

    def _peer(self, kind, name, command, port, ready):
        begun = time.monotonic()
        peer = kind(self._start(name, command), port)
        until_ready(peer, ready)
        peer.ready_after = time.monotonic() - begun
        return peer

    def _settled(self):
        """The checks that Vigie makes of each group at its start are over."""
        last = []

        def quiet():
            last.append(self.sim("calls?limit=1", "GET")["last"])
            return len(last) > 10 and last[-1] == last[-10]

        wait("calls of the start are over", quiet, 30)


def until_ready(peer, path):
    end = time.monotonic() + 30
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    while time.monotonic() < end:
        try:
            connection = Connection(peer.port)
        except OSError:
            peer.process.check()
            time.sleep(0.001)
            continue
        try:
            if connection.ask(request) == 200 and peer.ready_says in connection.body:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.001)
    raise AssertionError(f"{peer.process.name} is not ready after 30 s")


def reachable(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def cpu(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def network(sectors):
    """A network file: each sector with its backbone, main relay and so many secondary relays."""
    lines = ["[alerts]", "delay_s = 0", "[[person]]", 'member = "1"', 'first_name = "Bruno"']
    for sector, relays in sectors.items():
        lines += [f'[[sector]]\nid = "{sector}"\nname = "Secteur {sector}"']
        lines += [equipment(f"{sector}-collecte", "backbone", None, sector)]
        lines += [equipment(f"{sector}-silo", "main-relay", f"{sector}-collecte", sector)]
        numbers = range(relays)
        lines += [equipment(relay(sector, number), "secondary-relay", f"{sector}-silo", sector) for number in numbers]
    return "\n".join(lines) + "\n"


def equipment(name, kind, parent, sector):
    above = f'parent = "{parent}"\n' if parent else ""
    return f'[[equipment]]\nid = "{name}"\nname = "{name}"\nclass = "{kind}"\n{above}sector = "{sector}"'


def relay(sector, number):
    return f"{sector}-relais-{number:02}"
