### La fiche d'un équipement (/equipement)

sheet-title = { $name } ({ $id })
sheet-gone = Cet équipement n'est plus dans le réseau.
sheet-up = ✅ Aucune alerte en cours
sheet-down = 🔴 En panne depuis { $at } ({ $lasting })
sheet-parent = Derrière : { $name }
sheet-site = Lieu : { $name }
sheet-aliases = Autres noms : { $names }
sheet-alerts-off = Alertes : coupées
sheet-scope-none = Alertes : à personne
sheet-scope-backbone = Alertes : au groupe technique
sheet-scope-sector = Alertes : au groupe du secteur
sheet-scope-both = Alertes : au groupe technique et à celui du secteur
sheet-delay = Premier message après { $lasting }
sheet-repeat = Répété au bout de { $every }, tant que personne ne l'a pris
sheet-repeat-never = Jamais répété
sheet-quiet = Sans bruit de { $from } à { $to } dans les groupes locaux
sheet-degraded = 🟠 Dégradé depuis { $at } ({ $lasting })
sheet-unstable = 🟠 Instable depuis { $at } ({ $lasting })
sheet-bypassed = 🟠 En panne depuis { $at } ({ $lasting }), secours en service
sheet-on-backup = 🟠 Porté par un chemin de secours : son chemin habituel est en panne
sheet-unknown-state = ⚪ On ne peut pas savoir : { $cause } est en panne
sheet-backups = Chemins de secours : { $names }
sheet-renamed = Connu d'abord sous le nom { $id }
sheet-several = { $count } équipements répondent à « { $name } ». Lequel ?
sheet-nearest = Je ne connais pas d'équipement « { $name } ». Les noms les plus proches :
sheet-choice = { $name }
sheet-history = Historique
sheet-map = Carte du secteur
sheet-delay-less = Délai ↓ { $delay }
sheet-delay-more = Délai ↑ { $delay }
sheet-repeat-less = Rappel ↓ { $every }
sheet-repeat-more = Rappel ↑ { $every }
sheet-repeat-none = Jamais de rappel
sheet-quiet-from = Nuit dès { $from }
sheet-quiet-to = Nuit jusqu'à { $to }
sheet-quiet-none = Jamais sans bruit
sheet-quiet-usual = Nuit { $from } à { $to }
sheet-default = Comme la coopérative
sheet-told = { $count ->
    [one] ⚙️ { $people } a réglé { $name }.
   *[other] ⚙️ { $people } ont réglé { $name }.
}
sheet-told-scope = Alertes : { $before } → { $now }
sheet-told-delay = Délai : { $before } → { $now }
sheet-told-repeat = Rappel : { $before } → { $now }
sheet-told-quiet = Sans bruit : { $before } → { $now }
sheet-told-off = coupées
sheet-told-nobody = à personne
sheet-told-backbone = au groupe technique
sheet-told-sector = au groupe du secteur
sheet-told-both = aux deux
sheet-told-never = jamais
sheet-muted = { $person } a coupé les alertes de { $name } : cette carte ira jusqu'à la fin de la panne, sans rappel.
sheet-unknown-source = ⚪ On ne peut pas savoir : { $source }, qui le surveille, est muette
sheet-declarations = { $count ->
    [0] Les déclarations de membres ne sont pas annoncées au groupe
    [one] Panne possible annoncée dès { $count } déclaration de membre
   *[other] Panne possible annoncée dès { $count } déclarations de membres
}
sheet-incident = Incident
