"""Starting and ending the processes of the checks; standard library only."""

import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("VIGIE_CHECKS_DIR") or HERE.parent.parent / "target" / "clients")
# Two runs at the same time start far from each other, below the ports that the system gives out.
PORTS = iter(range(int(os.environ.get("VIGIE_CHECKS_PORT") or 20000 + os.getpid() * 37 % 10000), 32000))


def free_port():
    """The next port of our range that nobody listens on."""
    for port in PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port")


def wait(what, condition, limit=15.0):
    """Asks until the condition gives something true; fails with what was waited for."""
    end = time.monotonic() + limit
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"not seen within {limit:.0f} s: {what}")
        time.sleep(0.05)


def http(method, url, body=None, timeout=40):
    """One JSON request; refusals come back as (code, body)."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()


class Process:
    """A child process with its output in a file; ended by its pid."""

    def __init__(self, name, command, env=None, cwd=None):
        logs = TARGET / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.log = logs / f"{name}.log"
        with open(self.log, "wb") as output:
            self.child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                cwd=cwd,
            )

    def text(self):
        return self.log.read_text(errors="replace")

    def check(self):
        """Fails when the process has ended by itself."""
        code = self.child.poll()
        if code is not None:
            raise AssertionError(f"{self.name} ended with {code}:\n{self.text()[-1500:]}")
        return True

    def stop(self, limit=15):
        """SIGTERM, and the exit code."""
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.child.wait(limit)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(f"{self.name} did not stop within {limit} s") from None

    def kill(self):
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait()


def _digest(*files):
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _once(folder, digest, make):
    """Runs `make` unless the folder was made for the same requirements."""
    mark = folder / ".made-for"
    if mark.exists() and mark.read_text() == digest:
        return
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    make()
    mark.write_text(digest)


def python():
    """A Python with the pinned requirements."""
    folder = TARGET / "venv"
    wanted = HERE / "requirements.txt"

    def make():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([folder / "bin" / "pip", "install", "-q", "--disable-pip-version-check", "-r", wanted], check=True)

    _once(folder, _digest(wanted), make)
    return folder / "bin" / "python"


def node():
    """A folder with grammY in its node_modules."""
    folder = TARGET / "node"
    files = [HERE / "package.json", HERE / "package-lock.json"]

    def make():
        for file in files:
            shutil.copy(file, folder)
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=folder, check=True)

    _once(folder, _digest(*files), make)
    shutil.copy(HERE / "bots" / "grammy.mjs", folder)
    return folder
