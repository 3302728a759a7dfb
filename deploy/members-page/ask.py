#!/usr/bin/env python3
"""Asks Vigie on behalf of the members' site: ask.py URL SECRET_FILE begin MEMBER
                                            ask.py URL SECRET_FILE state CODE
                                            ask.py URL SECRET_FILE number CODE DIGITS
                                            ask.py URL SECRET_FILE refuse CODE

Prints the answer. Exit 0: done; 1: Vigie said no; 2: it could not be asked, or the answer is not
its own. In a program of yours, import `ask`.
"""
import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.error
import urllib.request

PATHS = {
    "begin": ("/si/links", ("member",)),
    "state": ("/si/links/state", ("code",)),
    "number": ("/si/links/number", ("code", "number")),
    "refuse": ("/si/links/refuse", ("code",)),
}


def _signature(secret, *lines):
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


def ask(url, secret, path, told):
    """The status and the answer. Raises OSError where Vigie cannot be asked, ValueError where the
    answer is not its own."""
    body = json.dumps(told).encode()
    now, nonce = str(int(time.time())), secrets.token_urlsafe(16)
    digest = hashlib.sha256(body).hexdigest()
    signature = _signature(secret, "vigie-request-1", "POST", path, now, nonce, digest)
    request = urllib.request.Request(
        url.rstrip("/") + path,
        body,
        {
            "Content-Type": "application/json",
            "Vigie-Time": now,
            "Vigie-Nonce": nonce,
            "Vigie-Signature": signature,
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            status, headers, said = answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        status, headers, said = error.code, error.headers, error.read()
    digest = hashlib.sha256(said).hexdigest()
    ours = _signature(secret, "vigie-answer-1", nonce, str(status), digest)
    if status != 401 and not hmac.compare_digest(ours, headers.get("Vigie-Signature", "")):
        raise ValueError(f"the answer ({status}) is not signed by Vigie")
    return status, json.loads(said)


def main(arguments):
    if len(arguments) < 3 or arguments[2] not in PATHS:
        print(__doc__, file=sys.stderr)
        return 2
    url, file, what, *values = arguments
    path, names = PATHS[what]
    if len(values) != len(names):
        print(__doc__, file=sys.stderr)
        return 2
    with open(file, encoding="ascii") as lines:
        secret = lines.readline().strip().encode()
    try:
        status, told = ask(url, secret, path, dict(zip(names, values)))
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(told, ensure_ascii=False))
    return 0 if status < 300 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
