# What sources of alerts say that is no alert.

source-test = Test received from the source { $source }: “{ $text }”. The way works. This is not an alert.
source-says = The source { $source } says: { $text }
source-endless = The source { $source } announces “{ $text }”, but would never say that it is over: no alert is opened. In SmokePing, add edgetrigger = yes to this alert.
source-left-out = Meanwhile this source said too much at once: { $count } messages are not shown.

### A source of which nothing is heard any more

source-silent = 🔴 Monitoring “{ $name }” is silent
source-back = ✅ Monitoring “{ $name }” is back after { $lasting } of silence (from { $from } to { $to })
source-means = What it watches is not known any more: neither down nor up.
source-expected = It should give a sign of life at least once in { $every }. Check that it runs and reaches Vigie.
source-never = The monitoring { $source } was never heard; it is expected since { $since }. Check its address and its token, or test it with /sources.

### The sources (/sources) and their test

source-none = The configuration declares no source.
source-list = Sources of alerts:
source-line-heard = 🟢 { $source }: heard { $at } ({ $age } ago), no sign of life expected
source-line-expected = 🟢 { $source }: heard { $at } ({ $age } ago), silent after { $after }
source-line-silent = 🔴 { $source }: silent since { $at } ({ $age }), expected at least once in { $after }
source-line-never = 🟠 { $source }: never heard, expected since { $at }, at least once in { $after }
source-line-unheard = ⚪ { $source }: never heard, no sign of life expected
source-test-button = Test { $source }
source-trial-begun = Test begun: the card “{ $equipment }” will come to the technical group after { $delay }, then end.
source-trial-runs = A test of this source is running already.
source-trial-gone = This source is not declared any more, or sends nothing by itself. Open /sources again.
source-trial-seen = ✅ Test of { $source } passed: { $count ->
    [one] the card { $equipment } arrived
   *[other] the card { $equipment } arrived in { $count } groups
}, and its end was sent.
source-trial-lost = 🔴 Test of { $source }: the alert was read, but no card arrived. Check that a group is bound to the technical kind (/groupe) and that no silence covers everything (/silence).
source-trial-unreadable = 🔴 Test of { $source }: its alert could not be read. Check the declared format.
source-reminder = { $more ->
    [0] Still silent after { $lasting }: { $names }. Nobody looks after it yet.
   *[other] Still silent after { $lasting }: { $names } and { $more } more. Nobody looks after them yet.
}
source-over-reply = { $equipment }: heard again after { $lasted }. Thank you { $person }.

### A source that says too much

source-strays = Source { $source } reports more than { $most } outages at once under names that nobody declared. Further ones open nothing. Check its labels, or declare this equipment in the network file.
source-swamps = Source { $source } reports more than { $most } alerts at once about { $equipment }. Further ones open nothing. Check what differs from one alert to the next.
