# Monitoring programs that call vigie, tests of a source, UISP.

notify-help = Tell a running Vigie of an event: for monitoring programs that call a command
notify-help-caller = Who calls
notify-help-flush = Only deliver what waits in the folder
notify-help-url = Address of the source, such as http://127.0.0.1:8787/hooks/icinga2
notify-help-token-file = File that holds the token of the source
notify-help-spool = Folder in which events wait while nobody takes them
notify-help-timeout = Seconds that this call may take
notify-help-severity = How bad it is, where the program does not tell: critical, warning or info
notify-help-arguments = What the program adds: name=value, or the arguments of SmokePing
notify-help-name-word = NAME
notify-help-word-word = WORD
notify-help-seconds-word = SECONDS
notify-help-test = Send a test alert the whole way, then end it
notify-help-test-name = Name of the source
notify-help-test-url = Address of the source, where it is not the one of the configuration
notify-help-test-format = Format of the source, where no configuration tells it
notify-help-test-hold = Seconds until the test is ended
notify-help-uisp = Write a network file from what UISP knows, for a person to read over
notify-help-uisp-url = Address of UISP
notify-help-uisp-token = File that holds the token of UISP
notify-help-uisp-ca = Certificate of the authority of UISP, where it is not a public one

notify-delivered = Events delivered: { $count }
notify-kept = Events that wait in { $path }: { $waiting }. { $why }
notify-why-unreachable = Vigie does not answer: { $why }
notify-why-just-tried = Another call has just tried in vain.
notify-why-busy = Another call delivers them at present.
notify-why-late = The time of this call is over.
notify-event = this call does not say what happens: { $why }
notify-refused = Vigie cannot read this event, it is put aside in { $path }: { $why }
notify-token = Vigie refuses the address or the token, the events wait in { $path }: { $why }
notify-spool = the event is neither delivered nor kept: { $why }

notify-test-sending = Test alert sent to { $url }
notify-test-taken = Vigie has taken it: { $answer }
notify-test-where = Look for a card about the unknown equipment “{ $equipment }” in the technical group, after a delay of { $delay } s. Its text must stand there as it is, without formatting, and cut off cleanly.
notify-test-sent = Telegram has taken a message.
notify-test-not-sent = Telegram has taken no message.
notify-test-not-seen = The counters of Vigie (/metrics) cannot be seen from here: look into the group.
notify-test-ended = The test is ended: the card must say that it is over.
notify-test-lost = the alert is taken, but nothing was sent. Is there a technical group (/groupe), and does Telegram answer (/readyz)?
notify-test-token = the token in { $path } is not that of this source
notify-test-refused = Vigie refuses the test: { $why }
notify-uisp = UISP cannot be read: { $why }
