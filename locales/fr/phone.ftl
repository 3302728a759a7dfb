### Le téléphone : /appel, la messagerie, les rappels.

phone-help = /appel : répondre au téléphone, question par question, et écrire le ticket. /rappels : qui attend d'être rappelé.
phone-dialogue = l'appel en cours
phone-dialogue-over = L'appel que vous preniez en note n'est pas devenu un ticket. Recommencez avec /appel.
phone-over = Cet appel est terminé. Le suivant : /appel

## La fiche d'appel

phone-call = ☎️ Appel de { $at }
phone-who = { $name }, membre n° { $number }
phone-unknown = { $name } : pas dans le fichier des membres, ou pas retrouvé.
phone-which-one = Qui est-ce, pour « { $name } » ?
phone-link-down = Son lien est coupé par une panne connue : { $outage }, depuis { $since }. Vous pouvez le lui dire.
phone-link-well = Rien d'anormal mesuré sur ce qui porte son lien.
phone-link-unknown = On ne sait pas encore ce qui porte son lien.
phone-sector = Secteur { $sector } : { $count ->
    [0] aucune panne connue.
    [one] { $count } panne connue.
   *[other] { $count } pannes connues.
}
phone-answered = { $question } { $answer }
phone-next = Question { $number } sur { $count } : { $question }
phone-all-asked = Tout est demandé. Écrivez le ticket quand vous voulez.

## Les questions

phone-ask-who = Qui appelle ? Un numéro de membre, un nom ou un téléphone.
phone-ask-since = Depuis quand ?
phone-ask-devices = Est-ce sur tous les appareils, ou un seul ?
phone-ask-power = Le boîtier de l'antenne est-il allumé ? L'a-t-on débranché 30 secondes ?
phone-ask-changed = Quelque chose a-t-il changé à la maison : nouvelle box Wi-Fi, travaux, coupure de courant ?
phone-ask-neighbours = Les voisins ont-ils le même souci ?
phone-ask-site = Peut-on accéder au lieu du relais ?
phone-ask-number = À quel numéro rappeler ?
phone-ask-own = { $question }

## Boutons et réponses

phone-button-who = { $name }, n° { $number }
phone-button-nobody = Personne de ceux-là
phone-button-skip = Passer
phone-button-write = Écrire le ticket
phone-button-call-back = Écrire, et rappeler
phone-button-drop = C'était rien
phone-button-i-call = Je rappelle
phone-button-called-back = C'est rappelé
phone-dropped = C'est effacé.
phone-written = C'est écrit : ticket n° { $number }.
phone-written-back = C'est écrit : ticket n° { $number }. La personne est dans /rappels.
phone-called-back = C'est noté, merci.
phone-called-back-already = C'était déjà noté.
phone-card-caller = Message sur la messagerie, numéro { $name }, { $sector }
phone-card-who = { $name } (par téléphone), { $sector }
phone-card-call-back = À rappeler
