# Command line, configuration, backups.

ops-config-unreadable = this file cannot be read: { $why }
ops-config-syntax = this is not valid TOML: { $what }
ops-config-unknown-key-near = there is no key { $key }. Did you mean { $near }?
ops-config-unknown-key = there is no key { $key } here. Known keys: { $known }
ops-config-unknown-word = the word { $value } is not known here. Known words: { $known }
ops-config-wrong-type = expected { $wanted }, found { $found }
ops-config-bad-value = this value does not fit: { $what }
ops-config-missing = { $key } is missing
ops-config-range = the value must be from { $least } to { $most }
ops-config-listen = { $value } is not an address to listen on. Write for example 127.0.0.1:8787
ops-config-url = { $value } is not a complete address ({ $schemes })
ops-config-secret-unreadable = the secret file { $path } cannot be read: { $why }
ops-config-secret-open = the secret file { $path } is open to others (mode { $mode }). Do chmod 600 on it
ops-config-secret-empty = the secret file { $path } is empty
ops-config-no-token = no bot token. Give telegram.token_file, or the systemd credential { $credential }. To try without a token: vigie demo
ops-config-token-shape = this is not a bot token. @BotFather gives them like 123456789:AAE…
ops-config-webhook-secret = this secret must have 16 to 256 letters, digits, dashes or underscores
ops-config-source-name = the name of a source has lower-case letters, digits and dashes, 40 at most
ops-config-source-twice = two sources have the name { $name }
ops-config-source-token = a source needs token_sha256 or token_file, one of the two
ops-config-token-hash = give the SHA-256 of the token, 64 hexadecimal digits. Get it with printf %s TOKEN | sha256sum
ops-config-id-decimal = { $value } has lost digits. Write the number in full, for example -1001234567890
ops-config-id-words = { $value } is not a number. Write the number in full, for example -1001234567890
ops-config-group-minus = the number of a group begins with a minus. { $value } is a person; write { $minus } or the number that /groupe shows
ops-config-not-a-person = { $value } is not the number of a person: it is positive, with some ten digits

ops-kind-text = a text in quotes
ops-kind-number = a whole number
ops-kind-decimal = a decimal number
ops-kind-truth = true or false
ops-kind-list = a list in brackets
ops-kind-table = a section

ops-help = The lookout of a cooperative Internet provider, in Telegram
ops-help-log = What is logged: error, warn, info, debug, or a filter such as info,vigie=debug
ops-help-log-format = How the log is written: text or json
ops-help-demo = Try everything: a local Telegram, an invented cooperative, no token
ops-help-demo-listen = Address of the page and of incoming alerts
ops-help-demo-data = Folder in which everything is kept over restarts (without it, a temporary one)
ops-help-emulator = Run the local Telegram alone, to try any bot
ops-help-emulator-listen = Address of the page and of the Bot API
ops-help-emulator-data = Folder in which its world is kept over restarts
ops-help-emulator-pace = Limit the pace of sending as Telegram does
ops-help-run = Work with Telegram, or with another server of the Bot API
ops-help-config = The configuration
ops-help-check = Check a configuration and the files it names, and tell what was understood
ops-help-export = Write all data to a file of JSON lines, with the service stopped
ops-help-export-file = File to write. An existing file is replaced only by a complete one
ops-help-import = Fill an empty store from such a file
ops-help-import-file = File to read
ops-help-store-config = Configuration that tells where the data is
ops-help-store-data = Folder that was given to the demo

ops-port-taken = the address { $listen } is taken. Stop the other program, or choose another address
ops-listen-failed = cannot listen on { $listen }: { $why }
ops-folder = cannot write to the folder { $path }: { $why }
ops-store-in-use = the data in { $path } is opened by another instance of vigie. Stop it first
ops-store-damaged = the data in { $path } is damaged: { $why }. Restore a backup with vigie import
ops-store-too-new = the data in { $path } was written by a newer version: { $why }
ops-store-failed = the storage in { $path } does not answer: { $why }
ops-store-reopen = the storage has stopped and can be opened again: the service restarts
ops-internal = fault of the program: { $why }
ops-network-file = the network file { $path } cannot be read: { $why }
ops-network-ending = the network file { $path } must end with .toml, .csv or .json

ops-check-ok = { $file }: the configuration is good.
ops-check-telegram-poll = Telegram: { $server }, updates by polling
ops-check-telegram-webhook = Telegram: { $server }, updates by webhook at { $url }
ops-check-store = Data: { $path }
ops-check-listen = Incoming alerts and health: http://{ $listen }
ops-check-source = Source { $name } in format { $format }: POST /hooks/{ $name }
ops-check-no-source = No source of alerts
ops-check-network = Network: sectors { $sectors }, equipment { $equipment }, people { $people }
ops-check-groups = Groups set in the file: { $count }
ops-check-backup = Backups: { $path }, { $keep } kept

ops-transfer-unreadable = the file { $file } cannot be read: { $why }
ops-transfer-failed = { $file }: { $why }
ops-transfer-not-empty = this store is not empty. An import fills only an empty one: give a new folder
ops-config-source-reserved = The name { "vigie" } is that of Vigie's own probes: give this source another name.
ops-help-probe = Try one probe and explain the result
ops-help-probe-probe = The probe as in the network file, in quotes: ping 10.1.2.3
