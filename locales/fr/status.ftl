### La liste de ce qui est en panne (/etat)

status-none = ✅ Aucune panne en cours.
status-none-sector = ✅ Aucune panne en cours, secteur { $sector }.
status-title = 🔴 { $count ->
    [one] { $count } panne en cours
   *[other] { $count } pannes en cours
}
status-title-sector = 🔴 { $count ->
    [one] { $count } panne en cours
   *[other] { $count } pannes en cours
}, secteur { $sector }
status-since = , depuis { $at } ({ $lasting })
status-page = Page { $page } sur { $pages }
status-read = État lu à { $at }.
status-none-known = ⚪ Aucune panne connue.
status-none-known-sector = ⚪ Aucune panne connue, secteur { $sector }.
status-hidden = ⚪ { $count ->
    [one] { $count } équipement inconnu
   *[other] { $count } équipements inconnus
} : la source { $source } est muette depuis { $at }
status-hidden-more = ⚪ Plus de { $count } équipements inconnus : la source { $source } est muette depuis { $at }
status-stale = , dernier état connu
