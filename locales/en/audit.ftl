### Log

# Who.
audit-by-account = account
audit-by-program = program

# What the log calls by a fixed word.
audit-agree = second agreed
audit-appeal = appeal
audit-ask-correction = correction asked for
audit-bind-group = group set
audit-call-off-maintenance = maintenance called off
audit-change-alert-settings = alert settings changed
audit-decide-group = group decided
audit-dispute-link = link disputed
audit-end-bond = link ended
audit-end-silence = end of a silence
audit-erase = erasure
audit-export-history = history exported
audit-give-role = role given
audit-import-members = members imported
audit-keep = entry confirmed
audit-let-in = entry allowed
audit-lift-suspension = suspension lifted
audit-link = account linked
audit-link-by-hand = link by two administrators
audit-plan-maintenance = maintenance planned
audit-propose = proposal
audit-propose-group = group asked for
audit-propose-removal = removal proposed
audit-read-audit = log read
audit-read-member = record read
audit-readmit = return allowed
audit-refuse = second refused
audit-refuse-entry = entry refused
audit-refuse-wave = wave refused
audit-remove = removal
audit-rota = rota changed
audit-set-bypass = bypass
audit-set-topics = topics set
audit-set-welcome = welcome changed
audit-silence = silence
audit-silence-outage = outage silenced
audit-suspend-member = member suspended
audit-take-outage = outage taken
audit-take-role = role taken
audit-take-word-back = word taken back
audit-test-source = test of a source
audit-undo-import-members = import of members undone
audit-unlink = account unlinked
audit-verify-import = import checked
audit-vouch = word given
