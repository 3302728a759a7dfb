### Alert cards: one message per group and cause, kept up to date.

## First line: a sign for the state, always with the word

card-critical = 🔴 Unreachable: { $name }
card-warning = 🟠 Degraded: { $name }
card-info = 🔵 For information: { $name }
card-ended = ✅ Back: { $name } after { $lasting } (from { $from } to { $to })
card-covered = ⚪ { $name }: part of the outage of { $parent }
card-many = 🔴 { $count ->
    [one] { $count } outage
   *[other] { $count } outages
}
card-many-mixed = 🔴 { $count ->
    [one] { $count } ongoing outage
   *[other] { $count } ongoing outages
}, { $ended } resolved
card-many-ended = ✅ { $count ->
    [one] { $count } outage resolved
   *[other] { $count } outages resolved
}
card-repetition = (repeated)

## What, where, since when, what we do

card-where = { $class }, sector { $sector }
card-class-backbone = Backbone
card-class-main-relay = Main relay
card-class-secondary-relay = Secondary relay
card-class-access = Access point
card-class-link = A member's link
card-since = Since { $at }
card-since-lasting = Since { $at }, that is { $lasting } at { $now }
card-open = Nobody is on it yet: press “I take it” if you are.
card-taken = Taken by { $who } since { $at }
card-silenced = Silenced until { $until }
card-hint = Look first at: { $hint }
card-unknown = This equipment is not declared. To declare it, add { $name } to the network file, or as another name of known equipment.
card-behind = Behind it: { $count }
card-remains = Still silent: { $count }
card-alert = { $name }: { $summary }
card-link = link
card-more-alerts = { $count ->
    [one] and { $count } more alert
   *[other] and { $count } more alerts
}
card-left-out = { $count ->
    [one] The source left out { $count } alert.
   *[other] The source left out { $count } alerts.
}

## One line per cause, where several share a card

card-part-sector = , { $sector }
card-part-since = , since { $at }
card-part-behind = , behind it: { $count }
card-part-taken = , taken by { $who }
card-part-silenced = , silenced until { $until }
card-all-critical = 🔴 Unreachable: { $count }
card-all-warning = 🟠 Degraded: { $count }
card-all-info = 🔵 For information: { $count }
card-all-covered = ⚪ Part of another outage: { $count }
card-all-ended = ✅ Back: { $count }

## What did not fit into the message

card-more-lines = { $count ->
    [one] + { $count } line
   *[other] + { $count } lines
}
card-more-names = { $count ->
    [one] … and { $count } more, see the file
   *[other] … and { $count } more, see the file
}
card-gone = This outage is not known any more.

## Unstable, backup in use, maintenance, what depends on it

card-unstable = 🟠 Unstable: { $name }
card-unstable-since = Since { $at }: { $changes } changes, seen at { $now }. Nothing more will be sent while this lasts.
card-bypassed = 🟠 Degraded, backup in use: { $name }
card-bypass = Backup in use since { $at }, says { $who }
card-bypass-via = Backup by { $via } since { $at }, says { $who }
card-maintained = In maintenance until { $until }
card-carries-links = Depending on it: { $links ->
    [one] { $links } link
   *[other] { $links } links
}
card-carries-relays = Depending on it: { $relays ->
    [one] { $relays } device
   *[other] { $relays } devices
}
card-carries = Depending on it: { $links ->
    [one] { $links } link
   *[other] { $links } links
} and { $relays ->
    [one] { $relays } device
   *[other] { $relays } devices
}
card-all-unstable = 🟠 Unstable: { $count }
card-all-bypassed = 🟠 Backup in use: { $count }
card-many-span = From { $from } to { $to }
card-part-unknown = , not declared
card-all-unknown = Of these, not declared: { $count }
card-copy-above = Copy: the card that is kept up to date is further down. State at { $now }:
card-copy-below = Copy: the card that is kept up to date is further up. State at { $now }:
card-many-calmer = 🟠 Unstable or degraded: { $count }, over: { $ended }

## What members report

card-possible = 🟠 Possible outage behind { $name } ({ $count ->
    [one] { $count } report
   *[other] { $count } reports
})
card-declared = { $count ->
    [one] { $count } report of a member
   *[other] { $count } reports of members
}
card-all-possible = 🟠 Possible outages: { $count }
card-unsaid = ⚪ No more reports behind { $name } (from { $from } to { $to })
