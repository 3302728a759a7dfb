"""What is measured. Every phase gives rows: what, unit, Vigie, Alertmanager, target or None."""

import datetime
import json
import os
import re
import statistics
import time
from collections import defaultdict, namedtuple

import rig
from http1 import Connection, flood

Row = namedtuple("Row", "what unit vigie alertmanager target")
# Stands for the number of a request in a request that is written once.
MARK = "n" * 12


def alert(equipment, number, ended=False):
    """An alert; `number` (16 characters at most) makes its labels and its fingerprint unlike any other's."""
    now = datetime.datetime.now(datetime.timezone.utc)
    body = {
        "labels": {"alertname": "RelaisMuet", "equipment": equipment, "severity": "critical", "check": str(number)},
        "annotations": {"summary": "Plus de réponse"},
        "startsAt": (now - datetime.timedelta(minutes=5)).isoformat(),
        "fingerprint": str(number).rjust(16, "0"),
    }
    if ended:
        body["endsAt"] = (now - datetime.timedelta(seconds=1)).isoformat()
    return body


def percentile(values, share):
    """Nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, -(-len(ranked) * share // 100) - 1))]


def disk(bench, quick):
    """What the disk alone needs for one durable write: nothing on disk before an answer can be faster."""
    took = []
    descriptor = os.open(bench.folder / "disk", os.O_CREAT | os.O_WRONLY, 0o600)
    for number in range(100 if quick else 400):
        os.pwrite(descriptor, bytes(512), number * 512)
        at = time.perf_counter()
        os.fdatasync(descriptor)
        took.append((time.perf_counter() - at) * 1e3)
    os.close(descriptor)
    what = "one fdatasync of this disk"
    return [Row(f"{what}, {name}", "ms", percentile(took, share), None, None) for name, share in (("median", 50), ("p99", 99))]


def start(bench, quick):
    """From the start of the process to the first 200 of /readyz, in contact with Telegram, or of /-/ready; then
    memory at rest."""
    times = defaultdict(list)
    folder, port, _ = bench.configured(None)
    for _ in range(3 if quick else 7):
        vigie = bench.vigie_at(folder, port)
        alertmanager = bench.alertmanager()
        for name, peer in (("vigie", vigie), ("alertmanager", alertmanager)):
            times[name].append(peer.ready_after)
        time.sleep(2)
        rests = vigie.memory("VmRSS"), alertmanager.memory("VmRSS")
        vigie.process.stop()
        alertmanager.process.stop()
    later = statistics.median(times["vigie"][1:]), statistics.median(times["alertmanager"][1:])
    return [
        Row("ready, first start (demo network is imported)", "s", times["vigie"][0], times["alertmanager"][0], 0.1),
        Row("ready, later starts, median", "s", *later, 0.1),
        Row("memory at rest (RSS)", "MiB", *rests, 32),
    ]


def latency(bench, quick):
    """One alert at a time, to both in turn. Each of Vigie's alerts is a new card in a group of its own, and both
    get ten a second: so no sending limit (one a second and group, 18 a minute and group, 25 a second in all) hides
    the path itself. The time is from just before the request is written to the arrival of the call at the local
    Telegram, in microseconds of the same clock."""
    count = 60 if quick else 300
    sectors = {f"p{number:03}": 1 for number in range(count)}
    vigie, _ = bench.vigie(sectors)
    alertmanager = bench.alertmanager()
    bench.forget_calls()
    sent, answered = {}, defaultdict(list)
    lines = {"v": (vigie, Connection(vigie.port)), "a": (alertmanager, Connection(alertmanager.port))}
    for number, sector in enumerate(sectors):
        for which, (peer, connection) in lines.items():
            name = rig.relay(sector, 0)
            request = peer.request([alert(name, number)])
            at = time.time_ns()
            status = connection.ask(request)
            answered[which].append((time.time_ns() - at) / 1e6)
            assert status == 200, f"{peer.process.name}: {status}"
            sent[which, name] = at
            time.sleep(max(0, 0.05 - (time.time_ns() - at) / 1e9))
    wait_for(lambda: bench.count() >= 2 * count, "all calls")
    took = defaultdict(list)
    for call in bench.calls():
        which = "v" if "🔴" in call["params"]["text"] else "a"
        name = re.search(r"p\d+-relais-\d+", call["params"]["text"])[0]
        took[which].append((call["at_us"] - sent[which, name] / 1e3) / 1e3)
    assert len(took["v"]) == len(took["a"]) == count, {which: len(times) for which, times in took.items()}
    stop(vigie, alertmanager)
    both = lambda of, share: (percentile(of["v"], share), percentile(of["a"], share))
    return [
        Row("hook to Bot API call, median", "ms", *both(took, 50), both(took, 50)[1]),
        Row("hook to Bot API call, p99", "ms", *both(took, 99), 10),
        Row("hook to its 200, median (Vigie: on disk)", "ms", *both(answered, 50), None),
        Row("hook to its 200, p99", "ms", *both(answered, 99), None),
    ]


def throughput(bench, quick):
    """Alerts acknowledged in a second over 64 kept connections; Vigie's are on disk by then. Clients are two
    processes that write ready-made bytes; their share of CPU is told, because two cores carry everything."""
    rows = []
    seconds = 2 if quick else 6
    sectors = {f"t{number}": 20 for number in range(10)}
    names = [rig.relay(sector, number) for sector in sectors for number in range(20)]
    for size, target in ((1, 2000), (50, 20000)):
        rates, shares = [], []
        for make in (lambda: bench.vigie(sectors)[0], bench.alertmanager):
            peer = make()
            rate, share = load(bench, peer, names, size, seconds)
            rates.append(rate)
            shares.append(share)
            peer.process.kill()
            bench.forget_calls()
        rows.append(Row(f"alerts accepted, {size} a request, 64 connections", "/s", *rates, -target))
        for number, what in enumerate(("its own", "the local Telegram's", "the clients'")):
            rows.append(Row(f"  CPU meanwhile, {what}", "cores", shares[0][number], shares[1][number], None))
    return rows


def load(bench, peer, names, size, seconds):
    numbers = range(size)
    many = [peer.request([alert(name, f"{MARK}{number:04}") for number in numbers]) for name in names]
    make = lambda number: many[number % len(many)].replace(MARK.encode(), b"%012d" % number)
    before = peer.cpu(), rig.cpu(bench.emulator.child.pid)
    good, bad, clients = flood(peer.port, make, 64, seconds)
    own, telegram = peer.cpu() - before[0], rig.cpu(bench.emulator.child.pid) - before[1]
    assert not bad, f"{peer.process.name}: {bad} refused"
    return good * size / seconds, (own / seconds, telegram / seconds, clients / seconds)


def storm(bench, quick):
    """10,000 alerts over 200 relays in batches of 50, over one connection."""
    total = 2000 if quick else 10000
    sectors = {f"s{number}": 20 for number in range(10)}
    names = [rig.relay(sector, number) for sector in sectors for number in range(20)]
    seen = []
    vigie, groups = bench.vigie(sectors)
    seen.append(one_storm(bench, vigie, names, total, vigie.at_rest))
    newest = busiest_minute(bench.calls(), set(groups.values()))
    cards_tell(bench, groups, "🔴", ())
    accept(vigie, batches(names, total, ended=True))
    wait_for(vigie.at_rest, "everything sent", 90)
    wait_for(lambda: cards_tell(bench, groups, "✅", ("🔴",), ask=True), "every card over", 90)
    vigie.process.kill()
    bench.forget_calls()
    alertmanager = bench.alertmanager()
    seen.append(one_storm(bench, alertmanager, names, total, lambda: bench.count() >= total))
    alertmanager.process.kill()
    ours, theirs = seen
    row = lambda what, unit, key, target=None: Row(f"storm of {total}: {what}", unit, ours[key], theirs[key], target)
    return [
        row("accepted after", "s", "accepted"),
        row("last call after", "s", "last"),
        row("new messages", "", "new"),
        row("edits", "", "edits"),
        row("bytes of all calls", "KiB", "bytes"),
        Row(f"storm of {total}: new messages in the busiest minute of a group", "", newest, None, 2),
        row("CPU", "s", "cpu"),
        row("memory, most (RSS)", "MiB", "memory", theirs["memory"]),
        Row(f"storm of {total}: every card true, then over", "", "yes", None, None),
    ]


def batches(names, total, ended=False):
    """Lists of 50 alerts; neighbours are of different relays."""
    alerts = [alert(names[number % len(names)], number, ended) for number in range(total)]
    return [alerts[at : at + 50] for at in range(0, total, 50)]


def accept(peer, lists):
    requests = [peer.request(alerts) for alerts in lists]
    connection = Connection(peer.port)
    for request in requests:
        status = connection.ask(request)
        assert status == 200, f"{peer.process.name}: {status}"
    connection.close()


def one_storm(bench, peer, names, total, over):
    bench.forget_calls()
    lists, before = batches(names, total), peer.cpu()
    begun = time.time()
    accept(peer, lists)
    accepted = time.time() - begun
    wait_for(over, f"{peer.process.name}: everything sent", 120)
    calls = bench.calls()
    return {
        "accepted": accepted,
        "last": max(call["at_us"] for call in calls) / 1e6 - begun,
        "new": sum(call["method"].startswith("send") for call in calls),
        "edits": sum(call["method"].startswith("edit") for call in calls),
        "bytes": sum(len(json.dumps(call["params"], ensure_ascii=False).encode()) for call in calls) / 1024,
        "cpu": peer.cpu() - before,
        "memory": peer.memory("VmHWM"),
    }


def busiest_minute(calls, chats):
    """Most new messages in one group within any 60 seconds."""
    times = defaultdict(list)
    for call in calls:
        if call["method"].startswith("send") and call["params"]["chat_id"] in chats:
            times[call["params"]["chat_id"]].append(call["at_us"] / 1e6)
    return max(sum(at <= each < at + 60 for each in all_of) for all_of in times.values() for at in all_of)


def cards_tell(bench, groups, sign, never, ask=False):
    """Every relay is named in its group with this sign, and none of the other signs is there."""
    for sector, chat in groups.items():
        texts = [message["text"] for message in bench.messages(chat)]
        text = "\n".join(text for text in texts if sign in text)
        missing = [rig.relay(sector, number) for number in range(20) if rig.relay(sector, number) not in text]
        wrong = [other for other in never if any(other in text for text in texts)]
        if ask and (missing or wrong):
            return False
        assert not missing and not wrong, f"{sector}: {sign} misses {missing}, has {wrong}: {texts}"
    return True


def wait_for(condition, what, limit=60):
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, f"not seen within {limit} s: {what}"
        time.sleep(0.1)


def stop(*peers):
    for peer in peers:
        peer.process.kill()


PHASES = [disk, start, latency, throughput, storm]
