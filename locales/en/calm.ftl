### Silences, maintenance, and what waits for the next day.

subject-equipment = { $name }
subject-sector = sector { $name }
subject-alert = alerts { $name }
subject-all = the whole network

## Silences

silence-usage = For example: /silence migennes-silo 2 h, /silence sector migennes until 8:00, /silence alert RelayDown 1 day, /silence isp=upstream 2 h (a label of the alerts), /silence source zabbix 1 h, /silence all 30 min. Seven days at most. With nothing behind it, I show the list.
silence-noted = Noted: { $subject }, silent until { $until }. New outages will not be announced; what was announced stays up to date.
silence-end-button = End this silence
silence-end-line = End { $number }
silence-none = No silence at present.
silence-list = Silences
silence-line = { $number }. { $subject }, until { $until }, asked for by { $who }
silence-ended = Silence ended. What is still down will be announced.
silence-over-already = This silence is over already.

## Maintenance

maintenance-usage = For example: /maintenance migennes-silo tomorrow 22:00-23:30 antenna, /maintenance sector joigny 28/11 from 1:30 to 3:30, /maintenance all every tuesday 2:00-4:00. With nothing behind it, I show the list.
maintenance-noted = Noted. Maintenance of { $subject }: starts { $from }, ends { $to }. The groups concerned are told, and nothing will be announced during it.
maintenance-soon = 🔧 Maintenance of { $subject }: starts { $from }, ends { $to }. During this time, interruptions are normal.
maintenance-what = Work: { $what }
maintenance-over = ✅ Maintenance over: { $subject }. Nothing new is down.
maintenance-over-remains = { $more ->
    [0] 🔧 Maintenance over: { $subject }. Still down: { $names }.
   *[other] 🔧 Maintenance over: { $subject }. Still down: { $names } and { $more } others.
}
maintenance-called-off = Maintenance called off: { $subject }, which was planned for { $from }.
maintenance-called-off-now = Maintenance called off.
maintenance-call-off = Call this maintenance off
maintenance-call-off-line = Call off { $number }
maintenance-none = No maintenance planned.
maintenance-list = Planned maintenance
maintenance-line = { $number }. { $subject }: starts { $from }, ends { $to }, planned by { $who }
maintenance-gone = This maintenance is not planned any more.

## Backup

bypass-nothing-down = { $name } is not down: there is no backup to note.

## Below the threshold of the group

digest-below = { $more ->
    [0] Since yesterday, nothing serious: { $names }.
   *[other] Since yesterday, nothing serious: { $names } and { $more } others.
}
subject-label = alerts with { $name } = { $value }
