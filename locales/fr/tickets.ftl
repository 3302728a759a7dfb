### Tickets : ce que les personnes demandent à la coopérative.

## Mots

tickets-state-new = nouveau
tickets-state-taken = pris
tickets-state-waits-for-member = attend le membre
tickets-state-waits-for-field = attend le terrain
tickets-state-resolved = résolu
tickets-state-closed = clos
tickets-state-reopened = rouvert
tickets-category-outage = Plus de connexion
tickets-category-slow = Connexion lente
tickets-category-equipment = Matériel
tickets-category-invoice = Facture
tickets-category-membership = Adhésion
tickets-category-other = Autre
tickets-no-sector = secteur non connu
tickets-by-program = Vigie

## La carte, dans le groupe qui s'occupe des tickets

tickets-card = 🎫 Ticket n° { $number }, { $state } : { $category }
tickets-card-merged = Réuni avec le n° { $target } : la suite est là-bas.
tickets-card-who = { $name }, { $sector }
tickets-card-who-unknown = { $name } (compte non relié à un membre), { $sector }
tickets-card-equipment = Lien : { $equipment }
tickets-card-outage = Panne liée : { $outage }
tickets-card-since = Reçu : { $at }
tickets-card-owner = Pris par { $person }, { $at }
tickets-card-files = { $count ->
    [one] { $count } pièce jointe
   *[other] { $count } pièces jointes
}
tickets-line-said = { $by }, { $at } : { $text }
tickets-line-note = Note de { $by }, { $at } (non envoyée) : { $text }
tickets-line-reply = { $by } au membre, { $at } : { $text }
tickets-button-take = Je prends
tickets-button-take-over = Reprendre
tickets-button-reply = Répondre
tickets-button-resolve = Résolu
tickets-button-reopen = Rouvrir
tickets-button-more = Tout voir
tickets-taken-now = C'est noté, ce ticket est à vous.
tickets-taken-already = { $person } l'a déjà pris ({ $at }).
tickets-yours = Ce ticket est déjà à vous.
tickets-over = Le ticket n° { $number } est déjà terminé. Rouvrez-le pour continuer.
tickets-not-over = Le ticket n° { $number } est encore ouvert.
tickets-resolved-now = C'est noté. La personne est prévenue et peut le rouvrir.
tickets-reopened-now = Le ticket est rouvert.
tickets-see-private = Je vous écris en privé.
tickets-open-private = { $name }, ouvrez d'abord une conversation privée avec moi : la réponse se prépare là.
tickets-no-account = Cette personne n'a pas de compte relié : il faut la rappeler.
tickets-reminder = { $hours ->
    [one] Le ticket n° { $number } attend depuis { $hours } heure d'ouverture : { $subject }
   *[other] Le ticket n° { $number } attend depuis { $hours } heures d'ouverture : { $subject }
}

## En privé, pour qui s'occupe d'un ticket

tickets-ask-reply = Écrivez votre réponse à { $name } (ticket n° { $number }). Elle part dès que vous l'envoyez ici. /annuler pour renoncer.
tickets-ask-reply-reopens = Ce ticket est terminé : votre réponse à { $name } (n° { $number }) va le rouvrir. Écrivez-la ici, ou /annuler pour renoncer.
tickets-ask-reason = { $person } s'occupe du n° { $number }. Pourquoi le reprendre ? Un mot suffit.
tickets-reply-sent = Envoyé à { $name } (n° { $number }).
tickets-note-kept = Gardé entre nous, rien n'a été envoyé à { $name } (n° { $number }). Pour lui écrire : bouton « Répondre ».
tickets-taken-over = Le ticket n° { $number } est à vous.
tickets-taken-over-from = { $person } reprend le ticket n° { $number } : { $reason }
tickets-to-owner = { $name } a écrit sur le ticket n° { $number }.
tickets-quote = « { $text } »
tickets-reopened-team = { $name } a rouvert le ticket n° { $number }.
tickets-solved-team = { $name } dit que le ticket n° { $number } est réglé.
tickets-edited = { $name } a modifié un message du ticket n° { $number } ({ $at }). L'ancien texte est gardé.
tickets-thread-before = { $count ->
    [one] { $count } message plus ancien
   *[other] { $count } messages plus anciens
}
tickets-dialogue-team = votre message sur un ticket
tickets-dialogue-team-over = Votre message sur un ticket n'a pas été envoyé : le temps est passé. Reprenez depuis la carte quand vous voudrez.

## Pour la personne

tickets-ask-what = Que se passe-t-il ? Écrivez-le en une phrase, ou envoyez une photo ou un message vocal. /annuler pour renoncer.
tickets-received = C'est noté, n° { $number } ({ $sector }). Une personne va le prendre. Vous pouvez ajouter une photo ou une précision ici. De quoi s'agit-il ?
tickets-sorted = C'est noté : { $category }.
tickets-added = Ajouté au n° { $number }.
tickets-added-thanks = Merci, c'est transmis (n° { $number }).
tickets-too-many = Vous avez déjà ouvert beaucoup de tickets aujourd'hui. Ajoutez plutôt à l'un d'eux en répondant à mon message, ou appelez-nous.
tickets-reply = { $person } vous répond (n° { $number }) : { $text }
tickets-button-solved = C'est réglé
tickets-ask-solved = Votre demande n° { $number } est réglée, pensons-nous : { $subject }. Est-ce bien le cas ?
tickets-button-solved-yes = Oui, c'est réglé
tickets-button-solved-no = Non, ça continue
tickets-thanks = Merci !
tickets-ask-rating = Comment cela s'est-il passé (n° { $number }) ? Seuls les totaux sont montrés.
tickets-rating-good = Bien
tickets-rating-fair = Moyen
tickets-rating-bad = Mal
tickets-rated = Merci, c'est compté.
tickets-rated-already = Votre avis est déjà compté.
tickets-still-open = Il est encore ouvert. Écrivez ici ce qui ne va pas.
tickets-too-late = C'était il y a longtemps : ouvrez une nouvelle demande avec /ticket.
tickets-reopened = Le n° { $number } est rouvert. Écrivez ici ce qui ne va pas.
tickets-sequel = Le n° { $before } est clos depuis longtemps : c'est noté sous un nouveau numéro, le { $number }.
tickets-file-alone = Je peux garder ce fichier avec une demande : commencez par /ticket, ou répondez à mon message sur la vôtre.
tickets-dialogue = votre demande
tickets-dialogue-over = Je n'attends plus de précision sur votre demande. Ce que vous avez envoyé est gardé ; pour ajouter, répondez à mon message.

## Menu et aide

tickets-menu = Signaler un problème ou suivre sa demande
tickets-help = /ticket et ce qui ne va pas : une demande à la coopérative, avec une photo si vous voulez. /mes_tickets : où en sont vos demandes.
tickets-help-team = /tickets : les tickets ouverts ; avec des mots, un secteur ou « miens », ceux-là.

## Listes

tickets-list = { $count ->
    [0] Aucun ticket.
    [one] { $count } ticket
   *[other] { $count } tickets
}
tickets-list-many = { $count } tickets et plus : ajoutez un mot, un secteur ou un état.
tickets-list-words = { $count ->
    [0] Aucun ticket avec « { $words } ».
    [one] { $count } ticket avec « { $words } »
   *[other] { $count } tickets avec « { $words } »
}
tickets-list-line = n° { $number }, { $state }, { $category }, { $sector } : { $subject }
tickets-list-line-owned = n° { $number }, { $state } par { $person }, { $category }, { $sector } : { $subject }
tickets-list-how = Exemples : /tickets antenne, /tickets joigny nouveau, /tickets miens, /tickets tout, /tickets 12
tickets-page = page { $page } sur { $pages }
tickets-button-open = n° { $number }
tickets-filter-mine = Les miens
tickets-filter-new = Nouveaux
tickets-filter-open = Tous les ouverts
tickets-mine = { $count ->
    [one] Vous avez { $count } demande.
   *[other] Vous avez { $count } demandes.
}
tickets-mine-line = n° { $number }, { $state }, { $at } : { $subject }
tickets-mine-none = Vous n'avez pas encore de demande. Pour en faire une : /ticket et ce qui ne va pas.
tickets-own = Votre demande n° { $number }, { $state } : { $category }. Reçue : { $at }
tickets-own-owner = { $person } s'en occupe.
tickets-ask-more = Écrivez ici ce que vous voulez ajouter au n° { $number }, ou envoyez une photo.
tickets-button-add = Ajouter

## La fiche d'un ticket, en privé

tickets-button-note = Note
tickets-button-watch = Suivre
tickets-button-unwatch = Ne plus suivre
tickets-button-sort = Classer
tickets-button-files = Pièces jointes
tickets-button-phone = Numéro à appeler
tickets-button-merge = Réunir
tickets-button-wait-member = Attend le membre
tickets-button-wait-field = Attend le terrain
tickets-ask-note = Écrivez la note (n° { $number }). Elle reste entre nous.
tickets-ask-merge = Dans quel ticket mettre le n° { $number } ? Écrivez son numéro.
tickets-ask-category = De quoi s'agit-il (n° { $number }) ?
tickets-state-now = C'est noté : { $state }.
tickets-watched = Je vous préviendrai de la suite.
tickets-unwatched = Je ne vous préviendrai plus.
tickets-phone = { $name } (n° { $number }) : { $phone }
tickets-phone-owner-only = Le numéro est donné à la personne qui a pris le ticket.
tickets-phone-none = Je ne connais pas de numéro pour cette personne.
tickets-no-such-ticket = Je ne trouve pas ce ticket, ou c'est le même. Écrivez un autre numéro, ou /annuler.
tickets-merged = Le n° { $number } est réuni avec le n° { $target }.
tickets-merged-person = Votre demande n° { $number } continue avec le n° { $target } : c'est le même sujet.
