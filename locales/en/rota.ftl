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
rota-joined = Noted: your turn comes after the others'.
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
rota-your-turn = You are on call for { $scope } until { $until }. When an outage goes unanswered, I will write to you here.
rota-nothing-open = Nothing is down.
rota-open = { $more ->
    [0] Open: { $names }.
   *[other] Open: { $names } and { $more } more.
}

## Nobody takes an outage

escalation-you = You are on call. { $name } has been down for { $lasting } and nobody is looking after it.
escalation-cannot = I cannot
escalation-passed-on = Noted, I am calling on.
escalation-too-late = This outage is over, or somebody is looking after it.
escalation-group = Nobody has taken { $name }, down for { $lasting }. Who can go?
escalation-group-on-call = Nobody has taken { $name }, down for { $lasting }. On call: { $who }. Who can go?
escalation-everybody = { $name } has been down for { $lasting } and nobody is looking after it. If you can help, “I take it” is below the alert, in the technical group or that of the { $sector } sector.
