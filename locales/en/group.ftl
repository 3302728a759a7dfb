group-broken = I can no longer write to the group { $group }: { $why }. The alerts of this group are waiting. Put me back into the group and they will be sent at once.
group-broken-removed = I was removed from it, or it was deleted
group-broken-not-found = there is no group with this number. Check the minus sign, and that I am a member of the group
group-broken-no-rights = I am not allowed to post there
group-broken-blocked = this person has blocked me or has never written to me
group-places = Here is what I am missing in groups:
group-long-wait = Telegram makes me wait until { $until } before it takes a message for { $group }. Nothing is lost, everything leaves after that.
group-kind-sectors = { $kind }…
group-which-sector = A group of kind { $kind } belongs to a sector. An administrator chooses:
group-somebody = a private conversation
group-missed = { $count ->
    [one] You had blocked me: { $count } message could not reach you
   *[other] You had blocked me: { $count } messages could not reach you
} since { $since }. /etat shows what is down now.
