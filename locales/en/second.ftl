# What takes two persons.

second-asked = { $name } asks for your consent, as the second person, until { $until }.
second-waits = { $count ->
    [0] Noted, and nothing happens yet: a second person has to confirm before { $until }, and there is none that I can reach. Add an administrator in the configuration, or ask one of them to write to me.
    [one] Noted, and nothing happens yet: a second person has to confirm before { $until }. They have been told.
   *[other] Noted, and nothing happens yet: a second person has to confirm before { $until }. { $count } people have been told.
}
second-why = Reason: { $why }
second-line = { $number }. { $name } asks for the consent of a second person, since { $at }.
second-give = { $member } gets the role: { $role }
second-expel = { $member } is expelled from the cooperative, and all their links are ended.
second-link = Account { $account } is linked to { $member }.
second-remove = Remove { $name } from every group.
second-yes = I agree
second-no = I refuse
second-withdraw = Take my request back
second-yes-number = Confirm { $number }
second-no-number = Refuse { $number }
second-withdraw-number = Take my request { $number } back
second-over = This request no longer waits: it was answered, or it has expired.
second-over-done = This request no longer waits: { $name } agreed { $at }. It is done.
second-over-refused = This request no longer waits: { $name } refused it { $at }. Nothing has changed.
second-over-withdrawn = This request no longer waits: { $name } took it back { $at }. Nothing has changed.
second-same = It takes another person than the one who asked.
second-own = Nobody decides about what concerns them: others have to.
second-not-yours = Only the person who asked can take the request back. You can refuse it.
second-taken-over = Who had asked for it may not any more. The request is yours now: another person has to confirm it.
second-done-now = Confirmed; it holds from now on.
second-noted = Noted: nothing changes.
second-done = { $name } has agreed. It is done.
second-refused = { $name } has refused. Nothing has changed.
second-void = It is not possible any more: the record changed meanwhile. Nothing was done.
second-withdrawn = { $name } has taken the request back. Nothing has changed.
second-withdrawn-now = Your request is taken back. Nothing has changed.
second-expired = Nobody confirmed in time: the request is dropped, and nothing has changed. You can make it again.
second-help = /link_by_hand: link an account to a member, after a call or a visit. /requests: what waits for your consent, as the second person.
