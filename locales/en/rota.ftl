### On call: who it is, the turns, and who is called when nobody takes an outage.

rota-scope-sector = the { $sector } sector
rota-scope-all = the whole cooperative
rota-title = On call for { $scope }
rota-now = This week: { $who }, until { $until }
rota-line = From { $from }: { $who }
rota-people = Taking turns: { $names }
rota-nobody = Nobody is on call for { $scope }. “Count me in” starts the rota: one person a week, in turn.
rota-of-all-stands-in = Until then { $who } is on call for the whole cooperative.
rota-join-button = Count me in
rota-leave-button = Count me out
rota-take-button = I take { $from }
rota-offer-button = Give away { $from }
rota-take-this-button = I take this week
rota-joined = Noted: your turn comes after the others'. Write to me once in private (/start), or I cannot call you.
rota-joined-first = Noted: you are on call from now on. Write to me once in private (/start), or I cannot call you.
rota-joined-already = You are in the rota already.
rota-left = Noted: you are no longer in the rota.
rota-not-in = You are not in the rota.
rota-taken = Noted: this week is yours.
rota-week-is-yours = This week is yours already.
rota-not-your-week = This week is not yours: only the person on call can give it away.
rota-week-over = This week is over. /oncall shows the next ones.
rota-offered = Asked in the group. The week stays yours until somebody takes it.
rota-no-group = No group follows this rota, so nobody would read the question. Ask an administrator to bind a group (/group).
rota-week-offered = { $who } is looking for somebody to be on call from { $from }.
rota-week-taken = { $who } is on call from { $from }.
rota-week-taken-from = { $who } is on call from { $from } instead of { $before }.
rota-handover = On call for { $scope }: { $from } hands over to { $to }, until { $until }.
rota-goes-on = On call for { $scope }: { $to }, until { $until }.
rota-your-turn = You are on call for { $scope } until { $until }. When an outage goes unanswered, I write to you here; “I take it” puts your name on it.
rota-nothing-open = Nothing is down.
rota-open = { $more ->
    [0] Open: { $names }.
   *[other] Open: { $names } and { $more } more.
}

## Nobody takes an outage

escalation-you = { $more ->
    [0] You are on call. Down for { $lasting }: { $names }. Nobody is looking after it.
   *[other] You are on call. Down for { $lasting }: { $names } and { $more } more. Nobody is looking after them.
}
escalation-cannot = I cannot
escalation-passed-on = Noted, I am calling others.
escalation-too-late = This outage is over, or somebody is looking after it.
escalation-group = { $more ->
    [0] Down for { $lasting }: { $names }. Nobody is looking after it. Who can go?
   *[other] Down for { $lasting }: { $names } and { $more } more. Nobody is looking after them. Who can go?
}
escalation-group-on-call = { $more ->
    [0] Down for { $lasting }: { $names }. Nobody is looking after it. On call: { $who }. Who can go?
   *[other] Down for { $lasting }: { $names } and { $more } more. Nobody is looking after them. On call: { $who }. Who can go?
}
escalation-everybody = { $more ->
    [0] Calling everybody. Down for { $lasting }: { $names }. Nobody is looking after it. If you can go, press “I take it”.
   *[other] Calling everybody. Down for { $lasting }: { $names } and { $more } more. Nobody is looking after them. If you can go, press “I take it”.
}
