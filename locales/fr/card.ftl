### Cartes d'alerte : un message par groupe et par cause, tenu à jour.

## Première ligne : un signe d'état, toujours avec le mot

card-critical = 🔴 Injoignable : { $name }
card-warning = 🟠 Dégradé : { $name }
card-info = 🔵 À savoir : { $name }
card-ended = ✅ Rétabli : { $name } après { $lasting } (de { $from } à { $to })
card-covered = ⚪ { $name } : compris dans la panne de { $parent }
card-many = 🔴 { $count ->
    [one] { $count } panne
   *[other] { $count } pannes
}
card-many-mixed = 🔴 { $count ->
    [one] { $count } panne en cours
   *[other] { $count } pannes en cours
}, { $ended ->
    [one] { $ended } terminée
   *[other] { $ended } terminées
}
card-many-ended = ✅ { $count ->
    [one] { $count } panne terminée
   *[other] { $count } pannes terminées
}
card-repetition = (répétition)

## Quoi, où, depuis quand, ce que nous faisons

card-where = { $class }, secteur { $sector }
card-class-backbone = Cœur du réseau
card-class-main-relay = Relais principal
card-class-secondary-relay = Relais secondaire
card-class-access = Point d'accès
card-class-link = Lien d'un membre
card-since = Depuis { $at }
card-since-lasting = Depuis { $at }, soit { $lasting } à { $now }
card-open = Personne ne s'en occupe encore : appuyez sur « Je prends » si vous y allez.
card-taken = Pris par { $who } depuis { $at }
card-silenced = Silence jusqu'à { $until }
card-hint = À voir d'abord : { $hint }
card-unknown = Cet équipement n'est pas déclaré. Pour le déclarer, ajoutez { $name } au fichier du réseau, ou comme autre nom d'un équipement connu.
card-behind = Derrière : { $count }
card-remains = Encore muets : { $count }
card-alert = { $name } : { $summary }
card-link = lien
card-more-alerts = { $count ->
    [one] et { $count } autre alerte
   *[other] et { $count } autres alertes
}
card-left-out = { $count ->
    [one] La source a laissé de côté { $count } alerte.
   *[other] La source a laissé de côté { $count } alertes.
}

## Une ligne par cause, quand plusieurs partagent une carte

card-part-sector = , { $sector }
card-part-since = , depuis { $at }
card-part-behind = , derrière : { $count }
card-part-taken = , pris par { $who }
card-part-silenced = , silence jusqu'à { $until }
card-all-critical = 🔴 Injoignables : { $count }
card-all-warning = 🟠 Dégradés : { $count }
card-all-info = 🔵 À savoir : { $count }
card-all-covered = ⚪ Compris dans une autre panne : { $count }
card-all-ended = ✅ Rétablis : { $count }

## Ce qui n'a pas tenu dans le message

card-more-lines = { $count ->
    [one] + { $count } ligne
   *[other] + { $count } lignes
}
card-more-names = { $count ->
    [one] … et { $count } autre, voir le fichier
   *[other] … et { $count } autres, voir le fichier
}
card-gone = Cette panne n'est plus connue.

## Instable, secours en service, maintenance, ce qui en dépend

card-unstable = 🟠 Instable : { $name }
card-unstable-since = Depuis { $at } : { $changes } changements, vu à { $now }. Rien de plus ne sera envoyé tant que cela dure.
card-bypassed = 🟠 Dégradé, secours en service : { $name }
card-bypass = Secours en service depuis { $at }, dit { $who }
card-bypass-via = Secours par { $via } depuis { $at }, dit { $who }
card-maintained = En maintenance jusqu'à { $until }
card-carries-links = En dépendent : { $links ->
    [one] { $links } lien
   *[other] { $links } liens
}
card-carries-relays = En dépendent : { $relays ->
    [one] { $relays } équipement
   *[other] { $relays } équipements
}
card-carries = En dépendent : { $links ->
    [one] { $links } lien
   *[other] { $links } liens
} et { $relays ->
    [one] { $relays } équipement
   *[other] { $relays } équipements
}
card-all-unstable = 🟠 Instables : { $count }
card-all-bypassed = 🟠 Secours en service : { $count }
card-many-span = De { $from } à { $to }
card-part-unknown = , non déclaré
card-all-unknown = Dont non déclarés : { $count }
card-copy-above = Copie : la carte tenue à jour est plus bas. État à { $now } :
card-copy-below = Copie : la carte tenue à jour est plus haut. État à { $now } :
card-many-calmer = 🟠 Instables ou dégradés : { $count }, terminés : { $ended }

## Ce que les membres déclarent

card-possible = 🟠 Panne possible derrière { $name } ({ $count ->
    [one] { $count } déclaration
   *[other] { $count } déclarations
})
card-declared = { $count ->
    [one] { $count } déclaration de membre
   *[other] { $count } déclarations de membres
}
card-all-possible = 🟠 Pannes possibles : { $count }
card-unsaid = ⚪ Plus de déclaration derrière { $name } (de { $from } à { $to })
