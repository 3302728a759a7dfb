### To do: who does what, until when.

todo-usage = One line for each thing to do. For example: /todo (Bruno / Fred) document the work by 15 December. Then: /todo 12 done it is online, /todo 12 by 20 December, /todo 12 waits 11, /todo 12 carried, /todo 12 reopen. /todos shows the list.
todo-noted = Noted:
todo-noted-already = That is noted already.
todo-line = { $number }. { $what }
todo-line-owned = { $number }. { $what } ({ $who })
todo-due = — by { $day }
todo-overdue = — late, it was due on { $day }
todo-carried = — { $count ->
    [one] put off once
   *[other] put off { $count } times
}
todo-waits = — waits for no. { $numbers }
todo-nobody-known = I do not know { $who } in this group: the name is kept, but I cannot remind anybody.
todo-who = “{ $what }”: several people are called { $name }. Which one?
todo-who-button = { $who }
todo-who-other = Somebody else
todo-done-button = Done
todo-undo-button = Undo
todo-undone = No. { $number } is taken back.
todo-too-old = It was noted more than ten minutes ago: rather say “Done”, with a word about it (/todo).
todo-done = ✅ { $number }. { $what }: done ({ $who })
todo-done-note = ✅ { $number }. { $what }: done ({ $who }). { $note }
todo-done-already = It was done already.
todo-waits-no-more = No. { $number } waits for nothing any more: { $what }
todo-reopen-button = Reopen
todo-reopened = Reopened:
todo-changed = Noted:
todo-unknown = I do not find that number here. /todos shows what is to be done.
todo-waits-for-itself = These would wait for each other. /todo with a number shows what each waits for.
todo-noted-by = Noted by { $who }, { $at }
todo-closed-by = ✅ Done ({ $who }), { $at }
todo-closed-note = ✅ Done ({ $who }), { $at }: { $note }
todo-sheet-hint = To close it with a word about it: { $command }
todo-none = Nothing is to be done in this group. For example: /todo (Bruno) document the work
todo-none-of-you = You have nothing to do. To note something for yourself: /todo tidy the workshop
todo-list = To do, page { $page } of { $pages }:
todo-list-of-you = For you to do, page { $page } of { $pages }:
todo-list-button = The list
todo-number-button = no. { $number }
todo-recall = { $count ->
    [one] You have one thing to do:
   *[other] You have { $count } things to do:
}
todo-recall-short = What you have to do
todo-recall-hint = I write this once a week at most. To close one: /todo, its number, then “done” and what there is to say. /todos shows everything.
todo-more = { $count ->
    [one] and one more
   *[other] and { $count } more
}
todo-owner-left = { $who } is no longer a member of the cooperative. Who takes over no. { $number }: { $what }?
