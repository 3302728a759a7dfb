### When Vigie could see or say nothing.

absence-down-time = 👁 I saw nothing from { $from } to { $to }: Vigie was not running.
absence-asleep = 👁 I saw nothing from { $from } to { $to }: the machine of Vigie was asleep.
absence-cut-off = 👁 I saw nothing from { $from } to { $to }: Vigie was cut off from the network, even the reference target did not answer. No outage was announced meanwhile.
absence-cut-off-now = 👁 I have seen nothing since { $from }: no probe answers any more, nor does the reference target. While this lasts no outage seen by probes is announced.
absence-mute = 👁 I could say nothing from { $from } to { $to }: Telegram did not answer.
absence-missed = Unnoticed: { $name }, from { $from } to { $to }
absence-missed-more = { $count ->
    [one] and { $count } other outage that ended meanwhile
   *[other] and { $count } other outages that ended meanwhile
}
absence-nothing-down = Now: nothing is down.
absence-down = Now: { $count ->
    [one] { $count } outage
   *[other] { $count } outages
} (see all: /etat)
absence-cause = 🔴 { $name }, since { $at }
