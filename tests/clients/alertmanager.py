"""Debian's Alertmanager with its own Telegram receiver."""

import datetime
import json
import shutil
import tempfile
from pathlib import Path

from processes import Process, free_port, http, wait
from telegram import TOKEN, Checks, Telegram

CONFIG = """
route:
  receiver: local
  group_by: [group]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1h
receivers:
- name: local
  telegram_configs:
  - api_url: {url}
    bot_token: "{token}"
    chat_id: {chat}
    parse_mode: HTML
    send_resolved: true
"""


def program():
    return shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")


def _post(url, alerts):
    code, body = http("POST", f"{url}/api/v2/alerts", alerts)
    assert code == 200, f"Alertmanager: {code} {body[:300]}"


def _alert(group, name, resolved=False, **labels):
    now = datetime.datetime.now(datetime.timezone.utc)
    alert = {
        "labels": {"alertname": "LienCoupe", "group": group, "equipment": name, **labels},
        "annotations": {"summary": "Plus de réponse"},
        "startsAt": (now - datetime.timedelta(minutes=5)).isoformat(),
    }
    if resolved:
        alert["endsAt"] = (now - datetime.timedelta(seconds=1)).isoformat()
    return alert


def firing(tg, am, chat):
    last = tg.last(chat)
    _post(am, [_alert("a", "silo"), _alert("a", "eglise")])
    # With no waiting time the first alert may leave alone, and both a second later.
    both = ("Alerts Firing", "silo", "eglise")
    tg.heard(chat, last, lambda m: all(word in m["text"] for word in both), "message with both alerts")


def partial(tg, am, chat):
    last = tg.last(chat)
    _post(am, [_alert("a", "eglise", resolved=True)])
    both = "message with one firing and one resolved"
    tg.heard(chat, last, lambda m: "Alerts Firing" in m["text"] and "Alerts Resolved" in m["text"], both)


def resolved(tg, am, chat):
    last = tg.last(chat)
    _post(am, [_alert("a", "silo", resolved=True)])
    seen = tg.heard(chat, last, lambda m: "Alerts Resolved" in m["text"], "resolved message")
    assert "Alerts Firing" not in seen["text"], seen["text"]


def marks(tg, am, chat):
    last = tg.last(chat)
    _post(am, [_alert("b", "013-PRV_x & <fils>")])
    tg.heard(chat, last, lambda m: "013-PRV_x & <fils>" in m["text"], "message with special characters")


def storm(tg, am, chat):
    last = tg.last(chat)
    _post(am, [_alert("c", f"relais-{n:03}") for n in range(40)])
    seen = tg.heard(chat, last, lambda m: m["text"].count("relais-") >= 20, "message of a storm")
    length = len(seen["text"].encode("utf-16-le")) // 2
    assert length <= 4096, length


def run(command):
    """All steps; True when everything passed."""
    checks = Checks("alertmanager")
    tg = Telegram(command, "alertmanager")
    folder = Path(tempfile.mkdtemp(prefix="vigie-alertmanager-"))
    process = None
    try:
        chat = tg.group("Backbone")
        config = folder / "alertmanager.yml"
        config.write_text(CONFIG.format(url=tg.url, token=TOKEN, chat=chat))
        port = free_port()
        am = f"http://127.0.0.1:{port}"
        process = Process(
            "alertmanager",
            [
                program(),
                f"--config.file={config}",
                f"--storage.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
        )

        def up():
            process.check()
            try:
                return http("GET", f"{am}/-/ready")[0] == 200
            except OSError:
                return False

        wait("Alertmanager", up)
        checks.step("firing", firing, tg, am, chat)
        checks.step("partial resolve", partial, tg, am, chat)
        checks.step("resolved", resolved, tg, am, chat)
        checks.step("special characters", marks, tg, am, chat)
        checks.step("storm of 40", storm, tg, am, chat)
        checks.step("no error logged", lambda: _quiet(process))
        checks.step("no call refused", lambda: _accepted(tg))
        checks.step("clean stop of the local Telegram", tg.stop)
    finally:
        if process:
            process.kill()
        tg.process.kill()
        shutil.rmtree(folder, ignore_errors=True)
    return checks.close()


def _quiet(process):
    lines = (line for line in process.text().splitlines() if "Truncated message" not in line)
    bad = [line for line in lines if "level=error" in line or "level=warn" in line]
    assert not bad, "\n".join(bad[-3:])


def _accepted(tg):
    calls = tg.get("calls?method=sendMessage")["calls"]
    assert calls, "no call seen"
    refused = [c for c in calls if (c.get("error_code") or c.get("status") or 200) != 200]
    assert not refused, json.dumps(refused[-1])[:500]
