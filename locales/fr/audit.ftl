### Journal

# Qui.
audit-by-account = compte
audit-by-program = programme

# Ce que le journal appelle d'un mot fixe.
audit-agree = accord du second
audit-appeal = recours
audit-ask-correction = correction demandée
audit-bind-group = groupe réglé
audit-call-off-maintenance = maintenance annulée
audit-change-alert-settings = réglages d'alerte changés
audit-decide-group = groupe décidé
audit-dispute-link = rattachement contesté
audit-end-bond = rattachement fermé
audit-end-silence = fin d'un silence
audit-erase = effacement
audit-export-history = historique exporté
audit-give-role = rôle donné
audit-import-members = membres importés
audit-keep = entrée confirmée
audit-let-in = entrée admise
audit-lift-suspension = suspension levée
audit-link = compte rattaché
audit-link-by-hand = rattachement par deux administrateurs
audit-plan-maintenance = maintenance prévue
audit-propose = proposition
audit-propose-group = groupe demandé
audit-propose-removal = exclusion proposée
audit-read-audit = journal lu
audit-read-member = fiche lue
audit-readmit = retour admis
audit-refuse = refus du second
audit-refuse-entry = entrée refusée
audit-refuse-wave = vague refusée
audit-remove = exclusion
audit-rota = astreinte changée
audit-set-bypass = secours
audit-set-topics = sujets réglés
audit-set-welcome = accueil changé
audit-silence = mise en silence
audit-silence-outage = panne mise en silence
audit-suspend-member = membre suspendu
audit-take-outage = panne prise
audit-take-role = rôle retiré
audit-take-word-back = parole reprise
audit-test-source = essai d'une source
audit-undo-import-members = import de membres annulé
audit-unlink = compte détaché
audit-verify-import = import vérifié
audit-vouch = parole donnée
