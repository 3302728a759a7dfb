### La vie d'un incident : déclarer, donner des nouvelles, prévenir, fermer, en tirer un bilan.

incident-usage = Avec un nom : /incident migennes-silo, puis au besoin panne ou dégradé ; nouvelles 1h ; ref 12345 ; cause orage ; message vos mots ; fin vos mots ; rouvrir ; bilan.
incident-unknown = Je ne connais pas { $name }. Écrivez /incident et le nom court d'un équipement.
incident-of-link = Le lien d'un membre n'a pas d'incident : il a un ticket.
incident-list = { $count ->
    [one] { $count } panne en cours.
   *[other] { $count } pannes en cours.
}
incident-list-none = Aucune panne en cours.
incident-nothing = Rien n'est en panne sur { $name }.
incident-not-over = { $name } n'a pas d'incident terminé depuis moins de 7 jours.
incident-lasts = 🔴 { $name } : en panne depuis { $since }
incident-possible = 🟠 { $name } : panne possible, déclarée depuis { $since }
incident-none = { $name } : aucune panne en cours
incident-last = Dernier incident : de { $from } à { $to }
incident-declarations = { $count ->
    [one] { $count } déclaration de membre
   *[other] { $count } déclarations de membres
}
incident-kept = C'est noté.
incident-in-private = Je vous écris en privé.
incident-closed = ✅ { $name } : l'incident est fermé.
incident-still-seen = { $name } : votre note est gardée, mais la supervision le voit encore en panne. La carte se fermera au rétablissement.
incident-news-bounds = Promettez des nouvelles d'ici 7 jours au plus, par exemple : nouvelles 2h.
incident-news-soon = ⏰ Vous avez promis des nouvelles de { $name } pour { $at }. Repoussez, ou écrivez aux membres touchés.
incident-news-late = ⏰ Les nouvelles de { $name } étaient promises pour { $at }. Qui en a ?
incident-ask-message = Quel message envoyer aux membres touchés par { $name } ? Écrivez-le ici : vous verrez combien le reçoivent avant l'envoi.
incident-ask-reference = Quel est le numéro donné par l'opérateur pour { $name } ?
incident-ask-note = Qu'avez-vous trouvé et fait sur { $name } ? L'incident sera fermé avec ces mots.
incident-preview = { $count ->
    [one] À envoyer à { $count } personne dont la connexion passe par { $name } :
   *[other] À envoyer à { $count } personnes dont la connexion passe par { $name } :
}
incident-to-touched = 📣 { $name } : { $text }
incident-to-touched-news = 📣 { $name } : { $text } Prochaine nouvelle avant { $at }.
incident-nobody = Personne de joignable ici n'a sa connexion derrière { $name }.
incident-too-many = Plus de { $most } personnes : choisissez un équipement plus bas.
incident-sent = { $count ->
    [one] C'est parti pour { $count } personne.
   *[other] C'est parti pour { $count } personnes.
}
incident-sent-already = Ce message est déjà parti.
incident-dialogue = le texte d'un incident
incident-dialogue-over = Je n'ai plus eu de réponse : rien n'a été envoyé ni changé. Pour recommencer : /incident.

## Boutons

incident-button-down = Déclarer en panne
incident-button-degraded = Déclarer dégradé
incident-button-news = Nouvelles dans { $in }
incident-button-message = Message aux membres touchés
incident-button-reference = Numéro de l'opérateur
incident-button-close = Fermer
incident-button-close-note = Fermer avec un mot
incident-button-reopen = Rouvrir
incident-button-report = Bilan
incident-button-open = { $name }
incident-button-send = { $count ->
    [one] Envoyer à { $count } personne
   *[other] Envoyer à { $count } personnes
}

## Causes

incident-origin-power = courant coupé
incident-origin-equipment = matériel
incident-origin-radio = radio
incident-origin-operator = opérateur
incident-origin-cable = câble
incident-origin-weather = météo
incident-origin-works = travaux
incident-origin-other = autre

## Sur la carte

incident-card-declared = Déclaré par { $who }
incident-card-origin = Cause : { $origin }
incident-card-reference = Numéro de l'opérateur : { $reference }
incident-card-news = Prochaine nouvelle avant { $at }
incident-card-news-late = Nouvelle promise pour { $at }, en retard
incident-card-note = { $note }
incident-card-answers = Retour chez ceux qui l'avaient déclaré : { $back } oui, { $not_back } non

## Le bilan

incident-report-caption = Bilan au { $at } : un brouillon à compléter.
incident-report-title = Incident : { $name }, { $began }
incident-report-facts = Les faits
incident-report-lasted = De { $from } à { $to }, soit { $lasting }
incident-report-lasts = Depuis { $from }, toujours en cours
incident-report-links = { $count ->
    [one] { $count } connexion derrière
   *[other] { $count } connexions derrière
}
incident-report-timeline = Le déroulé
incident-report-at = { $at } :
incident-report-left-out = { $count ->
    [one] ({ $count } ligne du milieu n'a pas été gardée.)
   *[other] ({ $count } lignes du milieu n'ont pas été gardées.)
}
incident-report-well = Ce qui a bien marché
incident-report-well-ask = (à compléter)
incident-report-badly = Ce qui a manqué
incident-report-badly-ask = (à compléter : qui ne savait pas, qu'est-ce qui a pris du temps ?)
incident-report-next = Ce que nous changeons
incident-report-next-ask = (à compléter : quoi, qui, pour quand)
incident-what-by = { $who } : { $what }
incident-what-began = début
incident-what-down = injoignable
incident-what-taken = pris en charge par { $who }
incident-what-declared = déclaré en panne
incident-what-degraded = déclaré dégradé
incident-what-news = nouvelles promises pour { $at }
incident-what-news-late = pas de nouvelles à { $at }
incident-what-reference = numéro de l'opérateur { $reference }
incident-what-origin = cause : { $origin }
incident-what-message = { $count ->
    [one] message à { $count } personne : { $text }
   *[other] message à { $count } personnes : { $text }
}
incident-what-closed = fermé
incident-what-closed-note = fermé : { $note }
incident-what-reopened = rouvert
incident-what-ended = rétabli
