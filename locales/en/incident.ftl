### The life of an incident: declaring, giving news, telling people, closing, learning from it.

incident-usage = With a name: /incident migennes-silo, then if needed down or degraded; news 1h; ref 12345; cause storm; message your words; close your words; reopen; report.
incident-unknown = I do not know { $name }. Write /incident and the short name of a piece of equipment.
incident-of-link = The link of a member has no incident: it has a ticket.
incident-list = { $count ->
    [one] { $count } outage lasts.
   *[other] { $count } outages last.
}
incident-list-none = No outage lasts.
incident-nothing = Nothing is out of order on { $name }.
incident-not-over = { $name } has no incident that ended less than 7 days ago.
incident-lasts = 🔴 { $name }: out of order since { $since }
incident-possible = 🟠 { $name }: possible outage, reported since { $since }
incident-none = { $name }: no outage now
incident-last = Last incident: from { $from } to { $to }
incident-declarations = { $count ->
    [one] { $count } report of a member
   *[other] { $count } reports of members
}
incident-kept = Noted.
incident-in-private = I am writing to you in private.
incident-closed = ✅ { $name }: the incident is closed.
incident-still-seen = { $name }: your note is kept, but monitoring still sees it out of order. The card will close when it is back.
incident-news-bounds = Promise news within 7 days at most, for example: news 2h.
incident-news-soon = ⏰ You promised news of { $name } for { $at }. Put it off, or write to the members affected.
incident-news-late = ⏰ News of { $name } were promised for { $at }. Who has some?
incident-ask-message = Which message is to go to the members affected by { $name }? Write it here: you will see how many get it before it is sent.
incident-ask-reference = Which number did the operator give for { $name }?
incident-ask-note = What did you find and do on { $name }? The incident will be closed with these words.
incident-preview = { $count ->
    [one] To be sent to { $count } person whose connection goes through { $name }:
   *[other] To be sent to { $count } people whose connections go through { $name }:
}
incident-to-touched = 📣 { $name }: { $text }
incident-to-touched-news = 📣 { $name }: { $text } Next news before { $at }.
incident-nobody = Nobody who can be reached here has a connection behind { $name }.
incident-too-many = More than { $most } people: choose equipment further down.
incident-sent = { $count ->
    [one] On its way to { $count } person.
   *[other] On its way to { $count } people.
}
incident-sent-already = This message has been sent already.
incident-dialogue = the text of an incident
incident-dialogue-over = I had no further answer: nothing was sent or changed. To begin again: /incident.

## Buttons

incident-button-down = Declare down
incident-button-degraded = Declare degraded
incident-button-news = News in { $in }
incident-button-message = Message to members affected
incident-button-reference = Operator's number
incident-button-close = Close
incident-button-close-note = Close with a note
incident-button-reopen = Reopen
incident-button-report = Report
incident-button-open = { $name }
incident-button-send = { $count ->
    [one] Send to { $count } person
   *[other] Send to { $count } people
}

## Causes

incident-origin-power = power cut
incident-origin-equipment = hardware
incident-origin-radio = radio
incident-origin-operator = operator
incident-origin-cable = cable
incident-origin-weather = weather
incident-origin-works = works
incident-origin-other = other

## On the card

incident-card-declared = Declared by { $who }
incident-card-origin = Cause: { $origin }
incident-card-reference = Operator's number: { $reference }
incident-card-news = Next news before { $at }
incident-card-news-late = News promised for { $at }, late
incident-card-note = { $note }
incident-card-answers = Back for those who had reported it: { $back } yes, { $not_back } no

## The report

incident-report-caption = Report as of { $at }: a draft to be completed.
incident-report-title = Incident: { $name }, { $began }
incident-report-facts = Facts
incident-report-lasted = From { $from } to { $to }, that is { $lasting }
incident-report-lasts = Since { $from }, still going on
incident-report-links = { $count ->
    [one] { $count } connection behind
   *[other] { $count } connections behind
}
incident-report-timeline = Timeline
incident-report-at = { $at }:
incident-report-left-out = { $count ->
    [one] ({ $count } line in the middle was not kept.)
   *[other] ({ $count } lines in the middle were not kept.)
}
incident-report-well = What went well
incident-report-well-ask = (to be completed)
incident-report-badly = What was missing
incident-report-badly-ask = (to be completed: who did not know, what took time?)
incident-report-next = What we change
incident-report-next-ask = (to be completed: what, who, by when)
incident-what-by = { $who }: { $what }
incident-what-began = begin
incident-what-down = unreachable
incident-what-taken = taken by { $who }
incident-what-declared = declared down
incident-what-degraded = declared degraded
incident-what-news = news promised for { $at }
incident-what-news-late = no news at { $at }
incident-what-reference = operator's number { $reference }
incident-what-origin = cause: { $origin }
incident-what-message = { $count ->
    [one] message to { $count } person: { $text }
   *[other] message to { $count } people: { $text }
}
incident-what-closed = closed
incident-what-closed-note = closed: { $note }
incident-what-reopened = reopened
incident-what-ended = back
