### The telephone: /appel, the answering machine, calling back.

phone-help = /call: answer the phone, question by question, and write the ticket. /callbacks: who waits to be called back.
phone-dialogue = the call in hand
phone-dialogue-over = The call that you were taking down did not become a ticket. Start again with /call.
phone-over = This call is over. The next one: /call

## The card of a call

phone-call = ☎️ Call of { $at }
phone-who = { $name }, member no. { $number }
phone-unknown = { $name }: not in the record of members, or not found.
phone-which-one = Who is it, for “{ $name }”?
phone-link-down = Their link is cut by a known outage: { $outage }, since { $since }. You can tell them.
phone-link-well = Nothing wrong is measured on what carries their link.
phone-link-unknown = It is not known yet what carries their link.
phone-sector = Sector { $sector }: { $count ->
    [0] no known outage.
    [one] { $count } known outage.
   *[other] { $count } known outages.
}
phone-answered = { $question } { $answer }
phone-next = Question { $number } of { $count }: { $question }
phone-all-asked = All is asked. Write the ticket whenever you like.

## The questions

phone-ask-who = Who is calling? A member number, a name or a telephone number.
phone-ask-since = Since when?
phone-ask-devices = Is it on all devices, or on one?
phone-ask-power = Is the power supply of the antenna on? Was it unplugged for 30 seconds?
phone-ask-changed = Did anything change at home: a new Wi-Fi box, building works, a power cut?
phone-ask-neighbours = Do the neighbours have the same trouble?
phone-ask-site = Can one get to the site of the relay?
phone-ask-number = Which number may we call back?
phone-ask-own = { $question }

## Buttons and answers

phone-button-who = { $name }, no. { $number }
phone-button-nobody = None of these
phone-button-skip = Skip
phone-button-write = Write the ticket
phone-button-call-back = Write, and call back
phone-button-drop = It was nothing
phone-button-i-call = I call back
phone-button-called-back = Called back
phone-dropped = It is erased.
phone-written = Written: ticket no. { $number }.
phone-written-back = Written: ticket no. { $number }. The person is in /callbacks.
phone-called-back = Noted, thank you.
phone-called-back-already = It was noted already.
phone-card-caller = Message on the answering machine, number { $name }, { $sector }
phone-card-who = { $name } (by telephone), { $sector }
phone-card-call-back = To be called back
