group-broken = I can no longer write to the group { $group }: { $why }. The alerts of this group are waiting. Put me back into the group and they will be sent at once.
group-broken-removed = I was removed from it, or it was deleted
group-broken-not-found = its number does not exist. Check the minus sign, and that I am in it
group-broken-no-rights = I am not allowed to write there
group-broken-blocked = this person has blocked me or has never written to me
group-places = Here is what I am missing in groups:
group-long-wait = Telegram makes me wait until { $until } before it takes a message for { $group }. Nothing is lost, everything leaves after that.
