# What sources of alerts say that is no alert.

source-test = Test received from the source { $source }: “{ $text }”. The way works. This is not an alert.
source-says = The source { $source } says: { $text }
source-endless = The source { $source } announces “{ $text }”, but would never say that it is over: no alert is opened. In SmokePing, add edgetrigger = yes to this alert.
source-left-out = Meanwhile this source said too much at once: { $count } messages are not shown.

### A source of which nothing is heard any more

source-silent = 🔴 Monitoring “{ $name }” is silent
source-back = ✅ Monitoring “{ $name }” is back after { $lasting } of silence (from { $from } to { $to })
source-means = What it watches is not known any more: neither down nor up.
source-expected = It should give a sign of life every { $every } at least. Check that it runs and reaches Vigie.
source-never = The monitoring { $source } was never heard since it was declared, { $since }. Check its address and its token, or test it with /sources.
