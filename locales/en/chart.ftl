### Pictures and what they say: days of a piece of equipment, map of a sector, a month in numbers

chart-strip = { $days ->
    [one] In { $days } day
   *[other] In { $days } days
}: available { $percent }, { $outages ->
    [0] never down
    [one] { $outages } outage, { $lasting }
   *[other] { $outages } outages, { $lasting } in all
}
chart-strip-none = Not watched long enough to tell of the last 30 days
chart-days = Days touched: { $days }
chart-days-more = Days touched: { $days } and { $count } more
chart-key-unknown = Not yet watched
chart-key-up = Never down
chart-key-degraded = Works badly
chart-key-short = Down for less than an hour
chart-key-long = An hour or more
chart-key-whole-day = Nearly all day
chart-no-sector = Without a sector
map-title = Map, sector { $sector }
map-title-all = Map of the whole network
map-facts = { $total ->
    [one] { $total } piece of equipment
   *[other] { $total } pieces of equipment
}
map-facts-down = { $count } down
map-facts-covered = { $count } cut off from above
map-facts-degraded = { $count ->
    [one] { $count } works badly
   *[other] { $count } work badly
}
map-facts-well = { $total ->
    [one] { $total } piece of equipment
   *[other] { $total } pieces of equipment
}, all up
map-empty = No relay to show here.
map-cut = The network is too large for one map. For a sector: { $command }
map-behind = { $count } behind
map-line = { $sign } { $name }: { $state }
map-line-since = , since { $at }
map-line-behind = , { $count } behind
map-folded = { $count ->
    [one] and { $count } other that is up
   *[other] and { $count } others that are up
}
map-folded-covered = { $count ->
    [one] and { $count } other cut off from above
   *[other] and { $count } others cut off from above
}
map-folded-both = and { $covered } cut off from above, { $well } up
map-state-up = up
map-state-degraded = works badly
map-state-covered = cut off from above
map-state-down = down
month-title = Outages in { $month }
month-title-sector = Outages in { $month }, sector { $sector }
month-facts = { $count ->
    [0] No outage
    [one] { $count } outage, { $lasting }
   *[other] { $count } outages, { $lasting } in all
}
month-facts-so-far = { $count ->
    [0] No outage so far
    [one] { $count } outage so far, { $lasting }
   *[other] { $count } outages so far, { $lasting } in all
}
month-taken = Taken on average after { $after } ({ $taken } of { $count })
month-taken-none = None was taken
month-restored = Restored on average after { $after }
month-before = The month before: { $count ->
    [0] no outage
    [one] { $count } outage, { $lasting }
   *[other] { $count } outages, { $lasting } in all
}
month-since = Measured since { $at }
month-bar = { $name }: { $words }
month-bar-words = { $count ->
    [0] no outage
    [one] { $count } outage, { $lasting }
   *[other] { $count } outages, { $lasting }
}
month-bar-taken = , taken after { $after }
month-bar-restored = , restored after { $after }
month-left-out = and { $count } more
month-counted = An outage and what it cuts off count as one.
map-facts-unstable = { $count } unstable
map-facts-bypassed = { $count } by another way
map-facts-unknown = { $count } unknown
map-state-unstable = unstable
map-state-bypassed = by another way
map-state-unknown = unknown
map-line-others = , also behind { $names }
map-others = (also behind { $names })
