### The list of what is down (/etat)

status-none = ✅ Nothing is down.
status-none-sector = ✅ Nothing is down, sector { $sector }.
status-title = 🔴 { $count ->
    [one] { $count } outage
   *[other] { $count } outages
}
status-title-sector = 🔴 { $count ->
    [one] { $count } outage
   *[other] { $count } outages
}, sector { $sector }
status-since = , since { $at } ({ $lasting })
status-page = Page { $page } of { $pages }
status-read = Read at { $at }.
status-none-known = ⚪ No outage known.
status-none-known-sector = ⚪ No outage known, sector { $sector }.
status-hidden = ⚪ { $count ->
    [one] { $count } device unknown
   *[other] { $count } devices unknown
}: the source { $source } is silent since { $at }
status-hidden-more = ⚪ More than { $count } devices unknown: the source { $source } is silent since { $at }
status-stale = , last known state
