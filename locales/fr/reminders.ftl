### Rappels : ce qui sera dit, quand et où.

reminder-usage = Dites quand, puis quoi. Par exemple : /rappel demain 9h appeler Orange, ou /rappel chaque mardi à 19 h calage, ou /rappel le 1er mardi du mois réunion. /rappels montre ce qui est prévu.
reminder-of-what = J'ai compris quand, pas quoi. Par exemple : /rappel demain 9h appeler Orange
reminder-no-time = Je n'ai pas compris quand. Par exemple : demain 9h, dans 20 minutes, chaque mardi à 19 h, le 1er mardi du mois, tous les 15 du mois.
reminder-no-such-day = Ce jour n'existe pas. Par exemple : le 28 février à 9h, ou le dernier jour du mois.
reminder-no-such-hour = Cette heure n'existe pas. Par exemple : demain 18h30.
reminder-other-weekday = Le jour et la date ne vont pas ensemble : le { $day } est un { $weekday }. Donnez l'un ou l'autre, par exemple : mardi 19h.
reminder-past = Ce moment est passé ({ $day }). Donnez une date à venir, par exemple : demain 9h.
reminder-too-far = C'est trop loin : je retiens dix ans au plus. Par exemple : le 31 janvier à 9h, ou chaque année le 31 janvier.
reminder-too-often = C'est trop souvent : un rappel revient au plus une fois par jour. Par exemple : chaque jour à 9h.
reminder-not-every-month = Certains mois n'ont pas de cinquième semaine. Dites par exemple : le dernier mardi du mois à 19h.
reminder-unknown-zone = Je ne connais pas le fuseau « { $zone } ». Par exemple : demain 9h Indian/Reunion.
reminder-preview = Voici ce que je dirai : « { $text } »
reminder-when = Quand : { $at }
reminder-dates = { $count ->
    [one] La prochaine fois :
   *[other] Les { $count } prochaines fois :
}
reminder-date = · { $at }
reminder-first = La première fois : { $at }
reminder-hour-assumed = Vous n'avez pas dit l'heure : ce sera 9 h.
reminder-skipped-hour = La nuit du { $day }, l'horloge saute cette heure : je le dirai à la fin du saut.
reminder-hour-twice = La nuit du { $day }, l'horloge montre cette heure deux fois : je le dirai la première fois.
reminder-zone = L'heure est celle du fuseau { $zone } ; les dates sont montrées à l'heure d'ici.
reminder-here = Je vous le dirai ici, à vous seul.
reminder-in-group = Je le dirai à tout ce groupe.
reminder-keep-button = C'est bon
reminder-rather-button = Plutôt { $at }
reminder-leave-button = Laisser tomber
reminder-kept = C'est noté : « { $text } »
reminder-noted = C'est noté.
reminder-hint = /rappels montre ce qui est prévu, et l'arrête.
reminder-kept-already = C'est déjà noté.
reminder-left = Rien n'est noté.
reminder-too-late = Ce moment est passé entre-temps. Refaites /rappel avec une date à venir.
reminder-too-many = Il y a déjà cent rappels ici. Arrêtez-en un avec /rappels, puis recommencez.
reminder-said = ⏰ { $text }
reminder-skipped = Rappel passé : { $text }
reminder-was = C'était pour { $at }, et je ne pouvais pas écrire.
reminder-late = { $missed ->
    [0] Prévu { $at } : je ne pouvais pas écrire.
    [one] Prévu { $at } : je ne pouvais pas écrire. Une fois avant celle-ci a été manquée aussi.
   *[other] Prévu { $at } : je ne pouvais pas écrire. { $missed } fois avant celle-ci ont été manquées aussi.
}
reminder-next = La prochaine fois : { $at }
reminder-done-button = Fait
reminder-hour-button = Dans 1 h
reminder-tomorrow-button = Demain
reminder-stop-button = Arrêter
reminder-list-button = La liste
reminder-number-button = { $number }
reminder-done = C'est noté.
reminder-done-by = ✅ Fait ({ $who })
reminder-stopped = Ce rappel est arrêté.
reminder-stopped-by = Arrêté ({ $who })
reminder-later = C'est noté, je le redirai.
reminder-again = Je le redirai : { $at }
reminder-gone = Ce rappel n'existe plus. /rappels montre ce qui est prévu.
reminder-none = Aucun rappel n'est prévu ici. Par exemple : /rappel demain 9h appeler Orange
reminder-list = Rappels, page { $page } sur { $pages } :
reminder-line = { $number }. { $text } · { $at }
reminder-line-back = { $number }. { $text } · { $at }, puis régulièrement
reminder-sheet = « { $text } », noté par { $who }
reminder-monday = lundi
reminder-tuesday = mardi
reminder-wednesday = mercredi
reminder-thursday = jeudi
reminder-friday = vendredi
reminder-saturday = samedi
reminder-sunday = dimanche
