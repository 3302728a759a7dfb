### A connection that does not work: what the member says, and what they are answered.

declaring-in-private = I answer in private, that is more discreet.
declaring-button-private = Report in private

## What is known

declaring-known = 🔴 Known outage: { $name } has not answered since { $since }. Your connection goes that way.
declaring-degraded = 🟠 Known: { $name } has worked badly since { $since }. Your connection goes that way.
declaring-unstable = 🟠 Known: { $name } has been unstable since { $since }. Your connection goes that way.
declaring-bypassed = 🟠 Known: { $name } has been down since { $since }, a backup carries the traffic. It is slower than usual.
declaring-possible = 🟠 Possible outage behind { $name } since { $since }. Your connection goes that way.
declaring-reports = { $count ->
    [one] { $count } member reports it, you included.
   *[other] { $count } members report it, you included.
}
declaring-links = { $count ->
    [one] { $count } connection is affected.
   *[other] { $count } connections are affected.
}
declaring-taken = Somebody has been looking after it since { $at }.
declaring-told = The team has been told, nobody is on the way yet.
declaring-news = Next news before { $at }.
declaring-no-news = I will write to you here when it is over.
declaring-works = 🔧 Planned work on { $name } until { $until }. Your connection goes that way.
declaring-own-down = 🔴 Your connection has not answered since { $since }.
declaring-own-bad = 🟠 Your connection has answered badly since { $since }.
declaring-measured = Measured: { $what }
declaring-above-well = { $name }, which carries it, answers: the trouble is probably at your home or between the two antennas.
declaring-nothing = I know of no outage on the way of your connection, which goes through { $name }.
declaring-no-link = Your record does not say which way your connection goes.
declaring-sector-well = No known outage in the sector { $sector }.
declaring-sector-down = { $count ->
    [one] There is an outage in the sector { $sector }: { $names }.
   *[other] There are { $count } outages in the sector { $sector }: { $names }.
}
declaring-stranger = I do not know you yet: /link will let me find your connection. I can already pass on your request.
declaring-button-tell-me = Tell me when it is back
declaring-button-other = That is not it
declaring-will-tell = Noted: I will tell you when it is back, at night too.

## What to check oneself

declaring-check = To look at in the meantime:
declaring-check-power = • Is the power supply of the antenna lit? Unplug it for 30 seconds, then plug it in again.
declaring-check-devices = • Are all your devices affected, or only one?
declaring-check-changed = • Did anything change: a new Wi-Fi box, building works, a power cut?
declaring-check-neighbours = • Are your neighbours affected too?
declaring-check-line = • { $line }

## The questions: four at most

declaring-ask-link = Which connection is affected?
declaring-ask-place = In which place, and at which address? Only the team reads your answer.
declaring-ask-what = What is wrong?
declaring-ask-since = Since when? For example: yesterday, 18:30.
declaring-ask-more = A photo, a voice message or a few words to add? Then press “Send”.
declaring-button-link = { $link }
declaring-button-gone = Nothing works
declaring-button-slow = It is slow
declaring-button-cuts = It keeps cutting
declaring-button-now = Just now
declaring-button-today = Today
declaring-button-yesterday = Yesterday
declaring-button-skip = Skip
declaring-button-send = Send
declaring-file-kept = Well received.
declaring-noted = Noted, no. { $number }. Somebody of the team will look and answer you here.
declaring-answered = You have answered already.
declaring-over = This question is no longer open. To begin again: /outage.
declaring-dialogue = your outage report
declaring-dialogue-over = I had no further answer: I have passed on what you said.

## The return

declaring-back = ✅ { $name } is back. Is it back at your place ({ $link })?
declaring-button-yes = Yes, it is back
declaring-button-no = No, still nothing
declaring-thanks = Thank you, noted. Enjoy your connection!
declaring-not-back = Noted, no. { $number }: the team will look at your connection.
declaring-stays = { $back } is back, but { $name } is still down: your report goes on. I will write to you when it is over.
declaring-own-stays = { $back } is back, but your connection still does not answer.
declaring-back-perhaps = Nobody reports an outage behind { $name } any more. Is it back at your place ({ $link })?
