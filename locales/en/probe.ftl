### Vigie's own probes: why a target does not answer, and what was measured.

probe-timeout = no answer in time
probe-refused = connection refused
probe-unreachable = no way to it
probe-no-name = the name has no address
probe-tls = certificate or encryption refused
probe-broken = answer broken off or unreadable
probe-status = answer { $code } instead of the expected one
probe-no-text = the expected text is not there
probe-dns-code = the server of names answers with error { $code }
probe-no-record = the server of names knows no such address
probe-loss = { $lost } of { $asked } without an answer
probe-rtt = round trip { $rtt } ms
probe-sheet = Probe: { $target }

## vigie probe: one try, explained

probe-rules = Probe { $target }: one question every { $every }, lost after { $timeout } ms; down after { $failures } losses in a row, up again after { $successes } answers in a row.
probe-answered = { $number }: answer in { $rtt } ms
probe-answered-from = { $number }: answer from { $address } in { $rtt } ms
probe-failed = { $number }: { $why }
probe-own = The question cannot be sent from here.
probe-own-why = The system says: { $why }
probe-good = The target answers. In the network file: { $line }
probe-mixed = The target does not always answer well: { $good } times of { $asked }.
probe-bad = The target never answered well.
probe-not-permitted = The system does not let Vigie send ICMP echoes (ping). To do once, as root: sysctl -w net.ipv4.ping_group_range='0 2147483647', and the same line in /etc/sysctl.d/vigie.conf (without the quotes) to keep it after a reboot.
probe-hint-timeout = Neither an answer nor a refusal: equipment without power, a wrong address, or a firewall that drops the question.
probe-hint-refused = The machine is there, but nothing listens on this port.
probe-hint-unreachable = The network says that there is no way: a missing route, or equipment unplugged behind the last router.
probe-hint-no-name = Check the spelling of the name, or give the address: a probe by address does not depend on the server of names.
probe-hint-tls = A certificate that has expired, is of another name or signed by itself; or this port does not speak HTTPS.
probe-hint-broken = The connection was cut, or this port speaks another protocol.
probe-hint-status = The page answers, but not as expected; a redirection is not followed. The setting status=200-399 says what is well.
probe-hint-no-text = The page came without the text of the setting text=.
probe-hint-dns-code = The server of names is there, but refuses or fails: perhaps it does not answer the address from which Vigie asks.
probe-hint-no-record = The server of names answers, but this name has no address of this family (A, or AAAA with "dns aaaa").
