### Silences, maintenances, et ce qui attend le lendemain.

subject-equipment = { $name }
subject-sector = secteur { $name }
subject-alert = alertes { $name }
subject-all = tout le réseau

## Silences

silence-usage = Par exemple : /silence migennes-silo 2 h, /silence secteur migennes jusqu'à 8h, /silence alerte RelayDown 1 jour, /silence fai=amont 2 h (un label des alertes), /silence source zabbix 1 h, /silence tout 30 min. Sept jours au plus. Sans rien derrière, je montre la liste.
silence-noted = C'est noté : { $subject }, silence jusqu'à { $until }. Les nouvelles pannes ne seront pas annoncées ; ce qui l'est déjà reste à jour.
silence-end-button = Arrêter ce silence
silence-end-line = Arrêter le { $number }
silence-none = Aucun silence en cours.
silence-list = Silences en cours
silence-line = { $number }. { $subject }, jusqu'à { $until }, demandé par { $who }
silence-ended = Silence arrêté. Ce qui est encore en panne va être annoncé.
silence-over-already = Ce silence est déjà terminé.

## Maintenances

maintenance-usage = Par exemple : /maintenance migennes-silo demain 22h-23h30 antenne, /maintenance secteur joigny 28/11 de 1h30 à 3h30, /maintenance tout chaque mardi 2h-4h. Sans rien derrière, je montre la liste.
maintenance-noted = C'est noté. Maintenance de { $subject } : début { $from }, fin { $to }. Les groupes concernés sont prévenus, et rien ne sera annoncé pendant.
maintenance-soon = 🔧 Maintenance de { $subject } : début { $from }, fin { $to }. Pendant ce temps, des coupures sont normales.
maintenance-what = Travaux : { $what }
maintenance-over = ✅ Maintenance terminée : { $subject }. Rien de nouveau en panne.
maintenance-over-remains = { $more ->
    [0] 🔧 Maintenance terminée : { $subject }. Reste en panne : { $names }.
   *[other] 🔧 Maintenance terminée : { $subject }. Restent en panne : { $names } et { $more } autres.
}
maintenance-called-off = Maintenance annulée : { $subject }, qui était prévue { $from }.
maintenance-called-off-now = Maintenance annulée.
maintenance-call-off = Annuler cette maintenance
maintenance-call-off-line = Annuler la { $number }
maintenance-none = Aucune maintenance prévue.
maintenance-list = Maintenances prévues
maintenance-line = { $number }. { $subject } : début { $from }, fin { $to }, prévue par { $who }
maintenance-gone = Cette maintenance n'est plus prévue.

## Secours

bypass-nothing-down = { $name } n'est pas en panne : il n'y a pas de secours à noter.

## Sous le seuil du groupe

digest-below = { $more ->
    [0] Depuis hier, sans gravité : { $names }.
   *[other] Depuis hier, sans gravité : { $names } et { $more } autres.
}
subject-label = alertes avec { $name } = { $value }
