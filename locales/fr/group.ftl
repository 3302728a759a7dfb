group-broken = Je ne peux plus écrire dans le groupe { $group } : { $why }. Les alertes de ce groupe attendent. Remettez-moi dans le groupe, elles partiront aussitôt.
group-broken-removed = on m'en a retiré, ou il a été supprimé
group-broken-not-found = son numéro n'existe pas. Vérifiez le signe moins, et que j'y suis bien
group-broken-no-rights = je n'ai pas le droit d'y écrire
group-broken-blocked = cette personne m'a bloqué ou ne m'a jamais écrit
group-places = Dans certains groupes, il me manque quelque chose :
group-long-wait = Telegram me fait attendre jusqu'à { $until } avant d'accepter un message pour { $group }. Rien n'est perdu, tout partira ensuite.
group-kind-sectors = { $kind }…
group-which-sector = Un groupe de genre { $kind } appartient à un secteur. Un administrateur choisit :
group-somebody = une conversation privée
group-missed = { $count ->
    [one] Vous m'aviez bloqué : { $count } message n'a pas pu vous parvenir
   *[other] Vous m'aviez bloqué : { $count } messages n'ont pas pu vous parvenir
} depuis { $since }. /etat montre ce qui est en panne maintenant.
