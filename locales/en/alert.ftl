card-over-reply = { $equipment } is back after { $lasted }. Thank you { $person }.
card-reminder = { $more ->
    [0] Still down for { $lasting }: { $names }. Nobody has taken it yet.
   *[other] Still down for { $lasting }: { $names } and { $more } more. Nobody has taken them yet.
}
card-taken-now = Noted, you are taking care of this outage.
card-taken-already = Already taken by { $person } ({ $at }).
card-silenced-now = Silent until { $until }. New outages behind this point will not be announced; the recovery will.
card-over-already = This outage is over, nothing is left to do.
card-button-take = I take it
card-button-silence = Silence 1 h
card-button-details = Details
tap-unknown = This button is no longer valid. Ask for a new list with /etat.
tap-not-yours = Somebody else opened this menu. Open your own with the same command.
card-again = { $more ->
    [0] Down again since { $at }: { $names }.
   *[other] Down again since { $at }: { $names } and { $more } others.
}
tap-copy = This message is a copy. Use the card that is kept up to date, in this group.
