# Asking for a new group, step by step.

founding-dialogue = asking for a new group
founding-dialogue-over = I no longer wait for your answer about the new group: too much time has passed. Nothing was passed on. /new_group to start again.
founding-what = Say for which sector, or which kind of group. I will then ask why, and who will look after it. /cancel stops.
founding-what-button = { $what }
founding-what-known = I know neither such a sector nor such a kind of group. I know: { $known }
founding-why = Group "{ $what }". Why this group, and for about how many people?
founding-who = Who will look after it? Give two names.
founding-who-two = It takes two, so that nothing stops when one is away. For example: Claire and Jules
founding-sure = Group "{ $what }".
    Why: { $why }
    Looked after by: { $who }
    Shall I pass it on to the administrators?
founding-send = Pass it on
founding-again = Start again
founding-over = This question no longer waits for an answer. /new_group to start again.
founding-keepers = Looked after by: { $who }
founding-where = How far is it?
founding-checklist-done = Your group "{ $what }" is ready.
founding-step-approved = { $sign } accepted by an administrator
founding-step-added = { $sign } group made, and I am in it
founding-step-invite = { $sign } I may invite
founding-step-pin = { $sign } I may pin
founding-step-remove = { $sign } I may ban
founding-step-alerts = { $sign } outages of the sector { $what } arrive there
founding-step-told = { $sign } members were told
founding-step-first = What is left to you is to pin a first text: what the group is for, and who looks after it.
