### Tickets: what people ask of the cooperative.

## Words

tickets-state-new = new
tickets-state-taken = taken
tickets-state-waits-for-member = waiting for the member
tickets-state-waits-for-field = waiting for a visit
tickets-state-resolved = resolved
tickets-state-closed = closed
tickets-state-reopened = reopened
tickets-category-outage = No connection
tickets-category-slow = Slow connection
tickets-category-equipment = Equipment
tickets-category-invoice = Invoice
tickets-category-membership = Membership
tickets-category-other = Other
tickets-no-sector = sector not known
tickets-by-program = Vigie

## The card, in the group that works on tickets

tickets-card = 🎫 Ticket no. { $number }, { $state }: { $category }
tickets-card-merged = Merged into no. { $target }: read on there.
tickets-card-who = { $name }, { $sector }
tickets-card-who-unknown = { $name } (account not linked to a member), { $sector }
tickets-card-equipment = Link: { $equipment }
tickets-card-outage = Outage: { $outage }
tickets-card-since = Received: { $at }
tickets-card-owner = Taken by { $person }, { $at }
tickets-card-files = { $count ->
    [one] { $count } file attached
   *[other] { $count } files attached
}
tickets-line-said = { $by }, { $at }: { $text }
tickets-line-note = Note by { $by }, { $at } (not sent): { $text }
tickets-line-reply = { $by } to the member, { $at }: { $text }
tickets-button-take = I take it
tickets-button-take-over = Take over
tickets-button-reply = Reply
tickets-button-resolve = Resolved
tickets-button-reopen = Reopen
tickets-button-more = See all
tickets-taken-now = Noted, this ticket is yours.
tickets-taken-already = { $person } has already taken it ({ $at }).
tickets-yours = This ticket is yours already.
tickets-over = Ticket no. { $number } is over already. Reopen it to go on.
tickets-not-over = Ticket no. { $number } is still open.
tickets-resolved-now = Noted. The person is told and can reopen it.
tickets-reopened-now = The ticket is open again.
tickets-see-private = I write to you in private.
tickets-open-private = { $name }, please open a private chat with me first: the reply is written there.
tickets-no-account = This person has no linked account: please call them back.
tickets-reminder = { $hours ->
    [one] Ticket no. { $number } has waited for { $hours } opening hour: { $subject }
   *[other] Ticket no. { $number } has waited for { $hours } opening hours: { $subject }
}

## In private, for who works on a ticket

tickets-ask-reply = Write your reply to { $name } (ticket no. { $number }). It goes out as soon as you send it here. /annuler to give up.
tickets-ask-reply-reopens = This ticket is over: your reply to { $name } (no. { $number }) will reopen it. Write it here, or /annuler to give up.
tickets-ask-reason = { $person } is working on no. { $number }. Why take it over? A word is enough.
tickets-reply-sent = Sent to { $name } (no. { $number }).
tickets-note-kept = Kept among us, nothing was sent to { $name } (no. { $number }). To write to them: the “Reply” button.
tickets-taken-over = Ticket no. { $number } is yours.
tickets-taken-over-from = { $person } takes over ticket no. { $number }: { $reason }
tickets-to-owner = { $name } wrote on ticket no. { $number }.
tickets-quote = “{ $text }”
tickets-reopened-team = { $name } reopened ticket no. { $number }.
tickets-solved-team = { $name } says that ticket no. { $number } is solved.
tickets-edited = { $name } changed a message of ticket no. { $number } ({ $at }). The old text is kept.
tickets-thread-before = { $count ->
    [one] { $count } older message
   *[other] { $count } older messages
}
tickets-dialogue-team = your message about a ticket
tickets-dialogue-team-over = Your message about a ticket was not sent: time ran out. Start again from the card whenever you like.

## For the person

tickets-ask-what = What is wrong? Write it in one sentence, or send a picture or a voice message. /annuler to give up.
tickets-received = Noted, no. { $number } ({ $sector }). Somebody will take it. You can add a picture or more words here. What is it about?
tickets-sorted = Noted: { $category }.
tickets-added = Added to no. { $number }.
tickets-added-thanks = Thank you, passed on (no. { $number }).
tickets-too-many = You have already opened many tickets today. Please add to one of them by answering my message, or call us.
tickets-reply = { $person } answers you (no. { $number }): { $text }
tickets-button-solved = It is solved
tickets-ask-solved = We think that your request no. { $number } is solved: { $subject }. Is it?
tickets-button-solved-yes = Yes, it is solved
tickets-button-solved-no = No, it goes on
tickets-thanks = Thank you!
tickets-ask-rating = How did it go (no. { $number })? Only totals are shown.
tickets-rating-good = Well
tickets-rating-fair = So so
tickets-rating-bad = Badly
tickets-rated = Thank you, it is counted.
tickets-rated-already = Your opinion is counted already.
tickets-still-open = It is still open. Write here what is wrong.
tickets-too-late = That was long ago: please open a new request with /ticket.
tickets-reopened = No. { $number } is open again. Write here what is wrong.
tickets-sequel = No. { $before } was closed long ago: this is noted under a new number, { $number }.
tickets-file-alone = I can keep this file with a request: begin with /ticket, or answer my message about yours.
tickets-dialogue = your request
tickets-dialogue-over = I do not wait for more about your request. What you sent is kept; to add to it, answer my message.

## Menu and help

tickets-menu = Tell of a problem or follow your request
tickets-help = /ticket and what is wrong: a request to the cooperative, with a picture if you like. /my_tickets: how your requests stand.
tickets-help-team = /tickets: open tickets; with words, a sector or “mine”, those.

## Lists

tickets-list = { $count ->
    [0] No ticket.
    [one] { $count } ticket
   *[other] { $count } tickets
}
tickets-list-many = { $count } tickets and more: add a word, a sector or a state.
tickets-list-words = { $count ->
    [0] No ticket with “{ $words }”.
    [one] { $count } ticket with “{ $words }”
   *[other] { $count } tickets with “{ $words }”
}
tickets-list-line = no. { $number }, { $state }, { $category }, { $sector }: { $subject }
tickets-list-line-owned = no. { $number }, { $state } by { $person }, { $category }, { $sector }: { $subject }
tickets-list-how = Examples: /tickets antenna, /tickets joigny new, /tickets mine, /tickets all, /tickets 12
tickets-page = page { $page } of { $pages }
tickets-button-open = no. { $number }
tickets-filter-mine = Mine
tickets-filter-new = New
tickets-filter-open = All open
tickets-mine = { $count ->
    [one] You have { $count } request.
   *[other] You have { $count } requests.
}
tickets-mine-line = no. { $number }, { $state }, { $at }: { $subject }
tickets-mine-none = You have no request yet. To make one: /ticket and what is wrong.
tickets-own = Your request no. { $number }, { $state }: { $category }. Received: { $at }
tickets-own-owner = { $person } is working on it.
tickets-ask-more = Write here what you want to add to no. { $number }, or send a picture.
tickets-button-add = Add

## The sheet of a ticket, in private

tickets-button-note = Note
tickets-button-watch = Follow
tickets-button-unwatch = Unfollow
tickets-button-sort = Sort
tickets-button-files = Files
tickets-button-phone = Number to call
tickets-button-merge = Merge
tickets-button-wait-member = Waits for the member
tickets-button-wait-field = Waits for a visit
tickets-ask-note = Write the note (no. { $number }). It stays among us.
tickets-ask-merge = Into which ticket does no. { $number } go? Write its number.
tickets-ask-category = What is it about (no. { $number })?
tickets-state-now = Noted: { $state }.
tickets-watched = I will tell you what follows.
tickets-unwatched = I will not tell you any more.
tickets-phone = { $name } (no. { $number }): { $phone }
tickets-phone-owner-only = The number is given to the person who took the ticket.
tickets-phone-none = I know no number for this person.
tickets-no-such-ticket = I cannot find this ticket, or it is the same. Write another number, or /annuler.
tickets-merged = No. { $number } is merged into no. { $target }.
tickets-merged-person = Your request no. { $number } goes on with no. { $target }: it is about the same.
