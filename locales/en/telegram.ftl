### Menu of commands and check at start-up

telegram-menu-status = What is down
telegram-menu-help = What I can do
telegram-menu-equipment = The sheet of a piece of equipment
telegram-menu-group = What this group is for
telegram-menu-cancel = Give up what is under way
telegram-place-out = I am not in the group { $group } any more. Add me again so that it gets its alerts.
telegram-place-silenced = I have no right to write in the group { $group }. Give me the right to send messages.
telegram-place-privacy = In the group { $group } I only see commands and replies to my messages. Make me an administrator of the group if I should see everything.
telegram-place-unknown = I could not read my place in the group { $group }: { $why }
telegram-menu-silence = Hold back notices for a while
telegram-menu-maintenance = Plan a maintenance
telegram-menu-on-call = Who is on call
