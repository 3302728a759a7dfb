### Menu of commands and check at start-up

telegram-menu-status = What is down
telegram-menu-help = What I can do
telegram-menu-equipment = The sheet of a piece of equipment
telegram-menu-group = What this group is for
telegram-menu-cancel = Give up what is under way
telegram-place-out = I am not in the group { $group } any more. Add me again so that it gets its alerts.
telegram-place-silenced = I am not allowed to post in the group { $group }. Please let me send messages there.
telegram-place-privacy = In the group { $group }, I can only see commands and replies to my messages. To let me see everything, make me an administrator of the group.
telegram-place-unknown = I could not read my place in the group { $group }: { $why }
telegram-menu-silence = Hold back notices for a while
telegram-menu-maintenance = Plan a maintenance
telegram-menu-on-call = Who is on call
telegram-menu-history = Past outages
telegram-menu-map = The map of the sector
telegram-menu-join = Groups that I can join
telegram-menu-invite = Invite somebody whom I know
telegram-menu-new-group = Ask for a new group
telegram-menu-sources = The sources of alerts
telegram-menu-me = Your records, links and settings
telegram-menu-link = Say who you are
telegram-menu-remind = Remind me of something
telegram-menu-reminders = Reminders that are planned
telegram-menu-todo = Note something to do
telegram-menu-todos = What is to be done
telegram-menu-declare = My connection does not work
telegram-menu-incident = Follow an outage: news, cause, report
