"""A client of HTTP/1.1 over kept connections that is cheap enough not to be what is measured."""

import multiprocessing
import select
import socket
import time


class Connection:
    """One kept connection, one request at a time."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.got = b""
        self.body = b""

    def close(self):
        self.socket.close()

    def ask(self, request):
        """The status of the answer."""
        self.socket.sendall(request)
        while True:
            status = self.take()
            if status:
                return status

    def take(self):
        """Reads what is there; the status once the answer is complete."""
        some = self.socket.recv(65536)
        if not some:
            raise ConnectionError("closed by the server")
        self.got += some
        head, end, rest = self.got.partition(b"\r\n\r\n")
        if not end:
            return None
        lower = head.lower()
        at = lower.find(b"content-length:")
        if at >= 0:
            if len(rest) < int(lower[at + 15 :].split(b"\r\n", 1)[0]):
                return None
        elif b"transfer-encoding: chunked" in lower and not rest.endswith(b"0\r\n\r\n"):
            return None
        self.got, self.body = b"", rest
        return int(head.split(b" ", 2)[1])


def flood(port, make, connections, seconds, workers=2):
    """Requests answered with 200 within the time, others, and the CPU seconds of the clients.

    `make(number)` gives the bytes of the request with that number; numbers are not used twice."""
    context = multiprocessing.get_context("fork")
    gate, results = context.Barrier(workers), context.SimpleQueue()
    share = connections // workers
    numbers = [range(worker, 1 << 40, workers) for worker in range(workers)]
    # Daemons end with this process, whatever happens.
    children = [
        context.Process(target=_worker, args=(port, make, share, seconds, iter(each), gate, results), daemon=True)
        for each in numbers
    ]
    for child in children:
        child.start()
    told = [results.get() for _ in children]
    for child in children:
        child.join()
    return tuple(map(sum, zip(*told)))


def _worker(port, make, connections, seconds, numbers, gate, results):
    poll = select.epoll()
    open_ones = {}
    for _ in range(connections):
        connection = Connection(port)
        open_ones[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
    gate.wait()
    used, end, good, bad = time.process_time(), time.monotonic() + seconds, 0, 0
    for connection in open_ones.values():
        connection.socket.sendall(make(next(numbers)))
    while time.monotonic() < end:
        for descriptor, _ in poll.poll(0.1):
            connection = open_ones[descriptor]
            status = connection.take()
            if status:
                good, bad = good + (status == 200), bad + (status != 200)
                connection.socket.sendall(make(next(numbers)))
    results.put((good, bad, time.process_time() - used))
