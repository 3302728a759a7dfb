### Outages that are over (/historique)

history-title = History of the whole network
history-title-sector = History, sector { $name }
history-title-equipment = History of { $name }
history-none = No outage that is over is kept.
history-running = 🔴 Down since { $at }
history-total = { $count ->
    [one] { $count } outage kept
   *[other] { $count } outages kept
}
history-total-more = The last { $count } outages; the file holds more
history-means = This month: { $count ->
    [0] no outage is over
    [one] { $count } outage is over
   *[other] { $count } outages are over
}
history-means-taken = , taken on average after { $after }
history-means-restored = , restored on average after { $after }
history-line = { $name }: { $at }, { $lasting }
history-line-degraded = , worked badly
history-line-covered = , cut off by { $name }
history-line-taken = , taken by { $person } after { $after }
history-month = This month in numbers
history-csv = CSV file
history-json = JSON file
history-file-comes = The file is coming.
history-file = { $count ->
    [one] { $count } outage
   *[other] { $count } outages
}, the newest first.
history-file-more = The { $count } newest outages; the others are in the backup.
