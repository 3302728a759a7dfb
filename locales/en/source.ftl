# What sources of alerts say that is no alert.

source-test = Test received from the source { $source }: “{ $text }”. The way works. This is not an alert.
source-says = The source { $source } says: { $text }
source-endless = The source { $source } announces “{ $text }”, but would never say that it is over: no alert is opened. In SmokePing, add edgetrigger = yes to this alert.
source-left-out = Meanwhile this source said too much at once: { $count } messages are not shown.
