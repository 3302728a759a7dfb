### The sheet of a piece of equipment (/equipement)

sheet-title = { $name } ({ $id })
sheet-gone = This equipment is not in the network any more.
sheet-up = ✅ No alert at present
sheet-down = 🔴 Down since { $at } ({ $lasting })
sheet-parent = Behind: { $name }
sheet-site = Site: { $name }
sheet-aliases = Other names: { $names }
sheet-alerts-off = Alerts: off
sheet-scope-none = Alerts: to nobody
sheet-scope-backbone = Alerts: to the technical group
sheet-scope-sector = Alerts: to the sector's group
sheet-scope-both = Alerts: to the technical group and the sector's group
sheet-delay = First message after { $lasting }
sheet-repeat = Repeated every { $every } until somebody takes it
sheet-repeat-never = Not repeated
sheet-quiet = No sound from { $from } to { $to } in local groups
sheet-degraded = 🟠 Degraded since { $at } ({ $lasting })
sheet-unstable = 🟠 Unstable since { $at } ({ $lasting })
sheet-bypassed = 🟠 Down since { $at } ({ $lasting }), backup in use
sheet-on-backup = 🟠 Carried by a backup path: its usual path is down
sheet-unknown-state = ⚪ Nobody can tell: { $cause } is down
sheet-backups = Backup paths: { $names }
sheet-renamed = First known as { $id }
sheet-several = { $count } pieces of equipment answer to “{ $name }”. Which one?
sheet-nearest = I know no equipment “{ $name }”. The nearest names:
sheet-choice = { $name }
sheet-history = History
sheet-map = Map of the sector
sheet-delay-less = Delay ↓ { $delay }
sheet-delay-more = Delay ↑ { $delay }
sheet-repeat-less = Repeat ↓ { $every }
sheet-repeat-more = Repeat ↑ { $every }
sheet-repeat-none = No repeat
sheet-quiet-from = Night from { $from }
sheet-quiet-to = Night until { $to }
sheet-quiet-none = Sound all night
sheet-quiet-usual = Night { $from } to { $to }
sheet-default = As the cooperative
sheet-told = { $count ->
    [one] ⚙️ { $people } has set { $name }.
   *[other] ⚙️ { $people } have set { $name }.
}
sheet-told-scope = Alerts: { $before } → { $now }
sheet-told-delay = Delay: { $before } → { $now }
sheet-told-repeat = Repeat: { $before } → { $now }
sheet-told-quiet = No sound: { $before } → { $now }
sheet-told-off = off
sheet-told-nobody = to nobody
sheet-told-backbone = to the technical group
sheet-told-sector = to the sector's group
sheet-told-both = to both
sheet-told-never = never
sheet-muted = { $person } turned the alerts of { $name } off: this card goes on to the end of the outage, without reminders.
sheet-unknown-source = ⚪ Nobody can tell: { $source }, which watches it, is silent
sheet-declarations = { $count ->
    [0] Reports of members are not told to the group
    [one] A possible outage is told from { $count } report of members
   *[other] A possible outage is told from { $count } reports of members
}
sheet-incident = Incident
