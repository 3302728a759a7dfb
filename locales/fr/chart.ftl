### Les images et ce qu'elles disent : jours d'un équipement, carte d'un secteur, mois en chiffres

chart-strip = { $days ->
    [one] Sur { $days } jour
   *[other] Sur { $days } jours
} : disponible { $percent }, { $outages ->
    [0] jamais en panne
    [one] { $outages } panne, { $lasting }
   *[other] { $outages } pannes, { $lasting } en tout
}
chart-strip-none = Pas encore de recul sur les 30 derniers jours
chart-days = Jours touchés : { $days }
chart-days-more = Jours touchés : { $days } et { $count } de plus
chart-key-unknown = Pas encore surveillé
chart-key-up = Jamais en panne
chart-key-degraded = Fonctionne mal
chart-key-short = Moins d'une heure en panne
chart-key-long = Une heure ou plus
chart-key-whole-day = Presque toute la journée
chart-no-sector = Hors secteur
map-title = Carte, secteur { $sector }
map-title-all = Carte de tout le réseau
map-facts = { $total ->
    [one] { $total } équipement
   *[other] { $total } équipements
}
map-facts-down = { $count } en panne
map-facts-covered = { $count ->
    [one] { $count } coupé par l'amont
   *[other] { $count } coupés par l'amont
}
map-facts-degraded = { $count ->
    [one] { $count } fonctionne mal
   *[other] { $count } fonctionnent mal
}
map-facts-well = { $total ->
    [one] { $total } équipement
   *[other] { $total } équipements
}, tous en service
map-empty = Aucun relais à montrer ici.
map-cut = Le réseau est trop grand pour une seule carte. Pour un secteur : { $command }
map-behind = { $count } derrière
map-line = { $sign } { $name } : { $state }
map-line-since = , depuis { $at }
map-line-behind = , { $count } derrière
map-folded = { $count ->
    [one] et { $count } autre en service
   *[other] et { $count } autres en service
}
map-folded-covered = { $count ->
    [one] et { $count } autre coupé par l'amont
   *[other] et { $count } autres coupés par l'amont
}
map-folded-both = et { $covered } coupés par l'amont, { $well } en service
map-state-up = en service
map-state-degraded = fonctionne mal
map-state-covered = coupé par l'amont
map-state-down = en panne
month-title = Pannes en { $month }
month-title-sector = Pannes en { $month }, secteur { $sector }
month-facts = { $count ->
    [0] Aucune panne
    [one] { $count } panne, { $lasting }
   *[other] { $count } pannes, { $lasting } en tout
}
month-facts-so-far = { $count ->
    [0] Aucune panne jusqu'ici
    [one] { $count } panne jusqu'ici, { $lasting }
   *[other] { $count } pannes jusqu'ici, { $lasting } en tout
}
month-taken = Prises en moyenne après { $after } ({ $taken } sur { $count })
month-taken-none = Aucune n'a été prise
month-restored = Rétablies en moyenne après { $after }
month-before = Le mois d'avant : { $count ->
    [0] aucune panne
    [one] { $count } panne, { $lasting }
   *[other] { $count } pannes, { $lasting } en tout
}
month-since = Mesuré depuis { $at }
month-bar = { $name } : { $words }
month-bar-words = { $count ->
    [0] aucune panne
    [one] { $count } panne, { $lasting }
   *[other] { $count } pannes, { $lasting }
}
month-bar-taken = , prises après { $after }
month-bar-restored = , rétablies après { $after }
month-left-out = et { $count } de plus
month-counted = Une panne et ce qu'elle coupe comptent pour une.
map-facts-unstable = { $count ->
    [one] { $count } instable
   *[other] { $count } instables
}
map-facts-bypassed = { $count } par un secours
map-facts-unknown = { $count ->
    [one] { $count } inconnu
   *[other] { $count } inconnus
}
map-state-unstable = instable
map-state-bypassed = par un secours
map-state-unknown = inconnu
map-line-others = , aussi derrière { $names }
map-others = (aussi derrière { $names })
