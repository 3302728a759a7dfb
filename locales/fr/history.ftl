### Les pannes passées (/historique)

history-title = Historique de tout le réseau
history-title-sector = Historique, secteur { $name }
history-title-equipment = Historique de { $name }
history-none = Aucune panne terminée n'est gardée.
history-running = 🔴 En panne depuis { $at }
history-total = { $count ->
    [one] { $count } panne gardée
   *[other] { $count } pannes gardées
}
history-total-more = Les { $count } dernières pannes ; le fichier en contient davantage
history-means = Ce mois-ci : { $count ->
    [0] aucune panne terminée
    [one] { $count } panne terminée
   *[other] { $count } pannes terminées
}
history-means-taken = , prises en moyenne après { $after }
history-means-restored = , rétablies en moyenne après { $after }
history-line = { $name } : { $at }, { $lasting }
history-line-degraded = , fonctionnait mal
history-line-covered = , coupé par { $name }
history-line-taken = , pris par { $person } après { $after }
history-month = Ce mois en chiffres
history-csv = Fichier CSV
history-json = Fichier JSON
history-file-comes = Le fichier arrive.
history-file = { $count ->
    [one] { $count } panne
   *[other] { $count } pannes
}, les plus récentes d'abord.
history-file-more = Les { $count } pannes les plus récentes ; les autres sont dans la sauvegarde.
