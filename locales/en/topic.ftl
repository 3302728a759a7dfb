### Topics: in a forum, each outage has its own.

topic-down = 🔴 { $more ->
    [0] { $name }
   *[other] { $name } (+{ $more })
}
topic-degraded = 🟠 { $more ->
    [0] { $name }
   *[other] { $name } (+{ $more })
}
topic-over = ✅ { $more ->
    [0] { $name }
   *[other] { $name } (+{ $more })
}
topic-is-on = Each new outage will have a topic of its own in this group: opened with the card, closed when everything is back. I need the right “Manage topics”. To stop: /groupe topics off
topic-is-off = In this group outages have no topics of their own. To open one for each outage (the group must be a forum): /groupe topics on
topic-is-refused = Topics are asked for, but this group is not a forum, or I lack the right “Manage topics”. Once that is mended: /groupe topics on
topic-which = I do not understand. /groupe topics on opens a topic for each outage, /groupe topics off stops.
topic-refused = I cannot open topics in { $group }: it is not a forum, or I lack the right “Manage topics”. Outages are told where they were before. Once that is mended, write there: /groupe topics on
