### Une connexion qui ne marche pas : ce que dit le membre, et ce qu'on lui répond.

declaring-in-private = Je vous réponds en privé, c'est plus discret.
declaring-button-private = Déclarer en privé

## Ce qui est connu

declaring-known = 🔴 Panne connue : { $name } ne répond plus depuis { $since }. Votre connexion passe par là.
declaring-degraded = 🟠 Connu : { $name } marche mal depuis { $since }. Votre connexion passe par là.
declaring-unstable = 🟠 Connu : { $name } est instable depuis { $since }. Votre connexion passe par là.
declaring-bypassed = 🟠 Connu : { $name } est en panne depuis { $since }, un secours est en service. C'est plus lent que d'habitude.
declaring-possible = 🟠 Panne possible derrière { $name } depuis { $since }. Votre connexion passe par là.
declaring-reports = { $count ->
    [one] { $count } membre la déclare, vous compris.
   *[other] { $count } membres la déclarent, vous compris.
}
declaring-links = { $count ->
    [one] { $count } connexion est touchée.
   *[other] { $count } connexions sont touchées.
}
declaring-taken = Quelqu'un s'en occupe depuis { $at }.
declaring-told = L'équipe est prévenue, personne n'est encore en route.
declaring-news = Prochaine nouvelle avant { $at }.
declaring-no-news = Je vous écris ici quand c'est terminé.
declaring-works = 🔧 Travaux prévus sur { $name } jusqu'à { $until }. Votre connexion passe par là.
declaring-own-down = 🔴 Votre connexion ne répond pas depuis { $since }.
declaring-own-bad = 🟠 Votre connexion répond mal depuis { $since }.
declaring-measured = Mesuré : { $what }
declaring-above-well = { $name }, qui la porte, répond : c'est sans doute chez vous ou entre les deux antennes.
declaring-nothing = Je ne connais aucune panne sur le chemin de votre connexion, qui passe par { $name }.
declaring-no-link = Votre fiche ne dit pas par où passe votre connexion.
declaring-sector-well = Aucune panne connue dans le secteur { $sector }.
declaring-sector-down = { $count ->
    [one] Une panne est en cours dans le secteur { $sector } : { $names }.
   *[other] { $count } pannes sont en cours dans le secteur { $sector } : { $names }.
}
declaring-stranger = Je ne vous connais pas encore : /lier me permettra de retrouver votre connexion. Je peux déjà transmettre votre demande.
declaring-button-tell-me = Me prévenir au retour
declaring-button-other = Ce n'est pas cela
declaring-will-tell = C'est noté : je vous préviens au retour, même la nuit.

## À vérifier soi-même

declaring-check = À regarder chez vous en attendant :
declaring-check-power = • L'alimentation de l'antenne est-elle allumée ? Débranchez-la 30 secondes, puis rebranchez-la.
declaring-check-devices = • Tous vos appareils sont-ils touchés, ou un seul ?
declaring-check-changed = • Avez-vous changé quelque chose : nouvelle box Wi-Fi, travaux, coupure de courant ?
declaring-check-neighbours = • Vos voisins sont-ils touchés aussi ?
declaring-check-line = • { $line }

## Les questions : quatre au plus

declaring-ask-link = Quelle connexion est touchée ?
declaring-ask-place = Dans quelle commune, et quelle adresse ? Votre réponse n'est lue que par l'équipe.
declaring-ask-what = Que se passe-t-il ?
declaring-ask-since = Depuis quand ? Par exemple : hier soir, 18h30.
declaring-ask-more = Une photo, un message vocal ou quelques mots à ajouter ? Puis appuyez sur « Envoyer ».
declaring-button-link = { $link }
declaring-button-gone = Plus rien
declaring-button-slow = C'est lent
declaring-button-cuts = Ça coupe
declaring-button-now = À l'instant
declaring-button-today = Aujourd'hui
declaring-button-yesterday = Hier
declaring-button-skip = Passer
declaring-button-send = Envoyer
declaring-file-kept = C'est bien reçu.
declaring-noted = C'est noté, n° { $number }. Une personne de l'équipe va regarder et vous répondra ici.
declaring-answered = Vous avez déjà répondu.
declaring-over = Cette question n'est plus ouverte. Pour recommencer : /panne.
declaring-dialogue = votre déclaration de panne
declaring-dialogue-over = Je n'ai plus eu de réponse : j'ai transmis ce que vous aviez dit.

## Le retour

declaring-back = ✅ { $name } est rétabli. C'est revenu chez vous ({ $link }) ?
declaring-button-yes = Oui, c'est revenu
declaring-button-no = Non, toujours rien
declaring-thanks = Merci, c'est noté. Bonne connexion !
declaring-not-back = C'est noté, n° { $number } : l'équipe va regarder votre connexion.
declaring-stays = { $back } est rétabli, mais { $name } reste en panne : votre déclaration continue. Je vous écris quand c'est terminé.
declaring-own-stays = { $back } est rétabli, mais votre connexion ne répond toujours pas.
declaring-back-perhaps = Plus personne ne déclare de panne derrière { $name }. C'est revenu chez vous ({ $link }) ?
