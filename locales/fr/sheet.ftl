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
