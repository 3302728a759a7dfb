### Reminders: what will be said, when and where.

reminder-usage = Say when, then what. For example: /remind tomorrow 9am call Orange, or /remind every Tuesday at 7pm weekly sync, or /remind the first Tuesday of the month meeting. /reminders shows what is planned.
reminder-of-what = I understood when, but not what. For example: /remind tomorrow 9am call Orange
reminder-no-time = I did not understand when. For example: tomorrow 9am, in 20 minutes, every Tuesday at 7pm, the first Tuesday of the month, every 15th of the month.
reminder-no-such-day = There is no such day. For example: 28 February at 9:00, or the last day of the month.
reminder-no-such-hour = There is no such time. For example: tomorrow at 18:30.
reminder-other-weekday = Day and date do not go together: { $day } is a { $weekday }. Give one or the other, for example: Tuesday 7pm.
reminder-past = That is in the past ({ $day }). Give a date to come, for example: tomorrow 9am.
reminder-too-far = That is too far away: I remember ten years at most. For example: 31 January at 9:00, or every year on 31 January.
reminder-too-often = That is too often: a reminder comes back once a day at most. For example: every day at 9am.
reminder-not-every-month = Some months have no fifth week. Say for example: the last Tuesday of the month at 7pm.
reminder-unknown-zone = I do not know the time zone “{ $zone }”. For example: tomorrow 9am Indian/Reunion.
reminder-preview = This is what I will say: “{ $text }”
reminder-when = When: { $at }
reminder-dates = { $count ->
    [one] The next time:
   *[other] The next { $count } times:
}
reminder-date = · { $at }
reminder-first = The first time: { $at }
reminder-hour-assumed = You gave no time: it will be 09:00.
reminder-skipped-hour = In the night of { $day } the clock skips that time: I will say it at the end of the gap.
reminder-hour-twice = In the night of { $day } the clock shows that time twice: I will say it the first time.
reminder-zone = The time is that of the zone { $zone }; dates are shown in local time.
reminder-here = I will say it here, to you alone.
reminder-in-group = I will say it to this whole group.
reminder-keep-button = That is right
reminder-rather-button = Rather { $at }
reminder-leave-button = Never mind
reminder-kept = Noted: “{ $text }”
reminder-noted = Noted.
reminder-hint = /reminders shows what is planned, and stops it.
reminder-kept-already = That is noted already.
reminder-left = Nothing is noted.
reminder-too-late = That moment has passed meanwhile. Use /remind again with a date to come.
reminder-too-many = There are a hundred reminders here already. Stop one with /reminders, then try again.
reminder-said = ⏰ { $text }
reminder-skipped = Reminder that has passed: { $text }
reminder-was = It was for { $at }, and I could not write.
reminder-late = { $missed ->
    [0] Planned for { $at }: I could not write.
    [one] Planned for { $at }: I could not write. One time before it was missed, too.
   *[other] Planned for { $at }: I could not write. { $missed } times before it were missed, too.
}
reminder-next = The next time: { $at }
reminder-done-button = Done
reminder-hour-button = In 1 h
reminder-tomorrow-button = Tomorrow
reminder-stop-button = Stop
reminder-list-button = The list
reminder-number-button = { $number }
reminder-done = Noted.
reminder-done-by = ✅ Done ({ $who })
reminder-stopped = This reminder is stopped.
reminder-stopped-by = Stopped ({ $who })
reminder-later = Noted, I will say it again.
reminder-again = I will say it again: { $at }
reminder-gone = This reminder is gone. /reminders shows what is planned.
reminder-none = No reminder is planned here. For example: /remind tomorrow 9am call Orange
reminder-list = Reminders, page { $page } of { $pages }:
reminder-line = { $number }. { $text } · { $at }
reminder-line-back = { $number }. { $text } · { $at }, then regularly
reminder-sheet = “{ $text }”, noted by { $who }
reminder-monday = Monday
reminder-tuesday = Tuesday
reminder-wednesday = Wednesday
reminder-thursday = Thursday
reminder-friday = Friday
reminder-saturday = Saturday
reminder-sunday = Sunday
