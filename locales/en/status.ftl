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
