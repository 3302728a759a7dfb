# Entrer dans un groupe.

## À la personne qui demande

joining-hello = Bonjour { $name }, j'ai bien reçu votre demande pour le groupe { $group }.
joining-wait-proof = Ce groupe est réservé aux membres de la coopérative. Écrivez-moi /moi ici : dès que je vous aurai reconnu, vous entrerez sans rien redemander.
joining-wait-words = { $count ->
    [one] Je demande à des personnes du groupe si elles vous connaissent : il en faut une.
   *[other] Je demande à des personnes du groupe si elles vous connaissent : il en faut { $count }.
} Si vous êtes membre de la coopérative, écrivez-moi /moi, cela va plus vite.
joining-wait-officers = Un administrateur va regarder votre demande.
joining-wait-wave = Beaucoup de demandes arrivent en ce moment : un administrateur va regarder la vôtre. Si vous êtes membre de la coopérative, écrivez-moi /moi, cela va plus vite.
joining-wait-until = { $days ->
    [one] Réponse dans un jour au plus. Vous pouvez m'écrire ici.
   *[other] Réponse dans { $days } jours au plus. Vous pouvez m'écrire ici.
}
joining-admitted = C'est d'accord : vous pouvez entrer dans le groupe { $group }.
joining-refused = Votre demande pour le groupe { $group } n'a pas été acceptée. Vous pourrez redemander à partir de { $until }, ou en parler à un administrateur de la coopérative.
joining-silence = Personne n'a pu répondre à votre demande pour le groupe { $group }. Ce n'est pas un refus : demandez à une personne du groupe de vous inviter avec /inviter, puis recommencez.
joining-too-early = Votre demande pour le groupe { $group } n'a pas été acceptée récemment. Vous pourrez redemander à partir de { $until }.
joining-removed = Je ne peux pas vous faire entrer dans le groupe { $group } : vous avez été retiré des groupes de la coopérative. Si vous n'êtes pas d'accord, demandez à être entendu.
joining-removed-all = Vous avez été retiré des groupes de la coopérative, par décision de deux administrateurs. Vos droits de membre n'en dépendent pas. Si vous n'êtes pas d'accord, demandez à être entendu.
joining-appeal = Demander à être entendu
joining-appealed = C'est noté : un administrateur qui n'a pas confirmé la décision va vous répondre.
joining-return = Vous pouvez revenir dans les groupes de la coopérative : { $command } montre lesquels.

## À celles et ceux qui peuvent donner leur parole

joining-card = { $name } demande à entrer dans le groupe { $group } (depuis { $at }). Connaissez-vous cette personne ?
joining-card-invited = { $name } a utilisé votre invitation pour le groupe { $group } (demande de { $at }). Connaissez-vous cette personne ?
joining-knows = Je la connais
joining-knows-not = Je ne la connais pas
joining-unsure = Ne sais pas
joining-thanks = Merci, c'est noté.
joining-said-knows = Vous avez dit connaître { $name }, pour le groupe { $group }.
joining-said-knows-not = Vous avez dit ne pas connaître { $name }, pour le groupe { $group }. Cette personne n'en saura rien.
joining-said-unsure = Vous n'êtes pas sûr de connaître { $name }, pour le groupe { $group }. D'autres sont aussi interrogés.
joining-take-back = Retirer ma parole
joining-taken-back = Votre parole est retirée. Un administrateur regarde ce qu'il faut faire.
joining-decided = C'est déjà décidé.
joining-no-word-proof = Pour donner votre parole, je dois d'abord savoir quel membre vous êtes : écrivez-moi /moi en privé.
joining-no-word-near = Vous n'êtes ni dans ce groupe ni dans son secteur : demandez à quelqu'un qui y est.
joining-no-word-new = Vous êtes là depuis peu : vous pourrez donner votre parole à partir de { $until }.
joining-no-word-barred = Une personne que vous aviez fait entrer a été retirée : vous pourrez de nouveau donner votre parole à partir de { $until }.
joining-no-word-spent = Vous avez déjà donné votre parole plusieurs fois cette semaine : la prochaine fois à partir de { $until }.

## À celles et ceux qui décident

joining-door = { $count ->
    [one] { $count } demande d'entrée attend :
   *[other] { $count } demandes d'entrée attendent :
}
joining-door-group = { $group } : { $count }
joining-door-wave = { $group } : { $count }, dont { $wave } arrivées en vague. Personne n'est interrogé à leur sujet avant votre regard.
joining-door-removals = { $count ->
    [one] { $count } demande ou appel attend une seconde personne.
   *[other] { $count } demandes ou appels attendent une seconde personne.
}
joining-door-quiet = Plus aucune demande d'entrée n'attend.
joining-door-button = Voir en privé
joining-in-private-now = Je vous réponds en privé, c'est plus discret.
joining-list = { $count ->
    [one] { $count } décision attend :
   *[other] { $count } décisions attendent :
}
joining-list-empty = Rien n'attend de décision.
joining-line = { $number }. { $name } → { $group }, depuis { $at }. Personne n'a encore répondu.
joining-line-words = { $number }. { $name } → { $group }, depuis { $at }. Paroles : { $words }
joining-line-inside = { $number }. { $name } est dans { $group }, et une parole qui l'y avait fait entrer a été retirée { $at }. Reste : { $words }
joining-line-appeal = { $number }. { $name }, retiré de tous les groupes, demande à être entendu depuis { $at }. Raison donnée : { $reason }
joining-line-appeal-member = { $number }. { $name }, exclu de la coopérative, demande à être entendu depuis { $at }. Raison donnée : { $reason }
joining-admit = Accepter { $number }
joining-refuse = Refuser { $number }
joining-readmit = Laisser revenir { $number }
joining-refuse-wave = Refuser la vague…
joining-refuse-wave-ask = { $count ->
    [one] Refuser { $count } demande arrivée en vague ? La personne en est avertie et pourra redemander plus tard.
   *[other] Refuser { $count } demandes arrivées en vague ? Les personnes en sont averties et pourront redemander plus tard.
}
joining-refuse-wave-now = Refuser les { $count }
joining-refuse-wave-done = La vague est refusée.
joining-no = Non
joining-admit-now = Accepté.
joining-refuse-now = Refusé.
joining-no-right = Je n'ai pas le droit de faire entrer ou sortir quelqu'un dans le groupe { $group }. Donnez-moi les droits d'inviter et de bannir ; ce qui attend sera fait aussitôt.
joining-cannot-remove = Je n'ai pas pu retirer une personne du groupe { $group }, sans doute parce qu'elle l'administre. Faites-le à la main.
joining-record-ended-local = Une personne du groupe { $group } n'est plus membre de la coopérative. Elle reste dans ce groupe local tant que personne n'en décide autrement.
joining-remove-how = Dites qui et pourquoi : /exclure 123 raison, avec le numéro de membre, ou /exclure #4567 raison, avec le numéro du compte.
joining-remove-nobody = Aucun compte ne répond à ce numéro.
joining-remove-done = C'est fait : la personne quitte tous les groupes.
joining-two-persons = Une autre personne que vous doit en décider.
joining-readmitted = La personne peut revenir.

## /rejoindre et /inviter

joining-may = Voici les groupes de la coopérative :
joining-may-in = { $group } : vous y êtes.
joining-may-now = { $group } : vous entrez aussitôt.
joining-may-proof = { $group } : réservé aux membres ; écrivez-moi d'abord /moi.
joining-may-officers = { $group } : un administrateur décide.
joining-may-words = { $count ->
    [one] { $group } : il faut qu'une personne du groupe vous connaisse.
   *[other] { $group } : il faut que { $count } personnes du groupe vous connaissent, ou un administrateur.
}
joining-may-nothing = Il n'y en a pas d'autre pour le moment.
joining-join = Rejoindre { $group }
joining-link = Voici de quoi demander à entrer dans le groupe { $group }.
joining-link-comes = Le lien arrive en privé.
joining-no-link = Je n'ai pas le droit de faire des liens dans ce groupe : les administrateurs le savent.
joining-invite-where = Pour quel groupe voulez-vous inviter quelqu'un ?
joining-invite-to = { $group }
joining-invite-nowhere = Je ne vous vois dans aucun groupe. Écrivez /inviter dans le groupe même.
joining-invite-link = Votre invitation pour le groupe { $group }, valable jusqu'à { $until } : { $link }
    Envoyez-la à une personne que vous connaissez : je vous demanderai si c'est bien elle. Demandes : { $asked }, entrées : { $came }.

## L'accueil

joining-welcome = Bienvenue { $name } dans le groupe { $group } !
joining-welcome-default = /aide montre ce que je sais faire, /etat ce qui est en panne. Ce qui vous concerne, vous seul, écrivez-le-moi ici et non dans le groupe.
joining-welcome-text = { $text }
joining-welcome-here = Bienvenue ! Ouvrez une conversation privée avec moi et écrivez /aide : je vous dirai ce que je sais faire.
joining-welcome-how = Dites pour quel genre de groupe et quel texte : /bienvenue membres Bonjour… Un document envoyé avec cette légende s'y ajoute ; « effacer » remet tout à zéro. Genres : { $known }.
joining-welcome-set = Accueil des groupes de genre { $kind }, { $count ->
    [0] sans document
    [one] avec { $count } document
   *[other] avec { $count } documents
} : { $text }

## /nouveau_groupe

joining-found-how = Dites pour quel secteur, ou quel genre de groupe, et pourquoi. Par exemple : /nouveau_groupe Joigny : nous sommes dix et Claire et Jules s'en occuperont
joining-found-asked = Un nouveau groupe est demandé : { $what }. Pourquoi : { $why }
joining-found-yes = D'accord
joining-found-no = Non
joining-found-noted = Votre demande de groupe « { $what } » est transmise aux administrateurs. Je vous écris dès qu'ils ont répondu.
joining-found-approved = Le groupe « { $what } » est accepté. La personne qui l'a demandé a reçu la marche à suivre.
joining-found-declined = Le groupe « { $what } » n'est pas accepté.
joining-found-refused = Votre demande de groupe « { $what } » n'a pas été acceptée. Parlez-en à un administrateur.
joining-found-steps = Votre groupe « { $what } » est accepté. Il reste à faire : créez le groupe dans Telegram et donnez-lui un nom, puis ajoutez-moi avec le bouton ci-dessous, en me laissant administrateur.
joining-found-add = Ajouter Vigie au groupe
joining-found-unknown = Je ne connais pas ce groupe, ou ce n'est pas à vous de m'y ajouter. Commencez par /nouveau_groupe, en privé.
joining-found-bound = Ce groupe a déjà un rôle : /groupe le montre.
joining-found-here = Me voici dans le groupe « { $what } ».
joining-found-right-invite = Il me manque le droit d'inviter, pour faire entrer les personnes.
joining-found-right-pin = Il me manque le droit d'épingler des messages.
joining-found-right-remove = Il me manque le droit de bannir, pour retirer une personne exclue.
joining-found-complete = Tout est en place. On entre avec /rejoindre, on invite avec /inviter.
joining-found-announced = Nouveau groupe : { $group } ({ $what }). On peut y entrer avec /rejoindre.
joining-found-expired = Le groupe « { $what } » n'a pas été terminé à temps : sa demande est abandonnée. Recommencez avec /nouveau_groupe quand vous voudrez.
joining-welcome-help = /bienvenue : ce que lisent les nouveaux venus, par genre de groupe ; un document envoyé avec cette légende s'y ajoute.
