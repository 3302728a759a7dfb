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
