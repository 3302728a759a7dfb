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
