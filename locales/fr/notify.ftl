# Programmes de supervision qui appellent vigie, essais d'une source, UISP.

notify-help = Annoncer un événement à une vigie en marche : pour les programmes de supervision qui lancent une commande
notify-help-caller = Qui appelle
notify-help-flush = Remettre seulement ce qui attend dans le dossier
notify-help-url = Adresse de la source, par exemple http://127.0.0.1:8787/hooks/icinga2
notify-help-token-file = Fichier qui contient le jeton de la source
notify-help-spool = Dossier où les événements attendent quand personne ne les prend
notify-help-timeout = Secondes que cet appel peut durer
notify-help-severity = Gravité, si le programme ne la dit pas : critical, warning ou info
notify-help-arguments = Ce que le programme ajoute : nom=valeur, ou les arguments de SmokePing
notify-help-name-word = NOM
notify-help-word-word = MOT
notify-help-seconds-word = SECONDES
notify-help-test = Envoyer une alerte d'essai par tout le chemin, puis la terminer
notify-help-test-name = Nom de la source
notify-help-test-url = Adresse de la source, si ce n'est pas celle de la configuration
notify-help-test-format = Format de la source, si aucune configuration ne le dit
notify-help-test-hold = Secondes avant la fin de l'essai
notify-help-uisp = Écrire un fichier du réseau d'après ce que sait UISP, à relire par une personne
notify-help-uisp-url = Adresse de UISP
notify-help-uisp-token = Fichier qui contient le jeton de UISP
notify-help-uisp-ca = Certificat de l'autorité de UISP, si elle n'est pas publique

notify-delivered = Événements remis : { $count }
notify-kept = Événements en attente dans { $path } : { $waiting }. { $why }
notify-why-unreachable = Vigie ne répond pas : { $why }
notify-why-just-tried = Un autre appel vient d'essayer en vain.
notify-why-busy = Un autre appel les remet en ce moment.
notify-why-late = Le temps de cet appel est écoulé.
notify-event = cet appel ne dit pas ce qui se passe : { $why }
notify-refused = Vigie ne sait pas lire cet événement, il est mis de côté dans { $path } : { $why }
notify-token = Vigie refuse l'adresse ou le jeton, les événements attendent dans { $path } : { $why }
notify-spool = l'événement n'est ni remis ni gardé : { $why }

notify-test-sending = Alerte d'essai envoyée à { $url }
notify-test-taken = Vigie l'a prise : { $answer }
notify-test-where = Cherchez une carte pour l'équipement inconnu « { $equipment } » dans le groupe technique, après un délai de { $delay } s. Le texte doit s'y lire tel quel, sans mise en forme, et coupé proprement.
notify-test-sent = Un message a été pris par Telegram.
notify-test-not-sent = Aucun message n'a été pris par Telegram.
notify-test-not-seen = D'ici, on ne voit pas les compteurs de Vigie (/metrics) : vérifiez dans le groupe.
notify-test-ended = L'essai est terminé : la carte doit dire « Rétabli ».
notify-test-lost = l'alerte est prise, mais rien n'est parti. Y a-t-il un groupe technique (/groupe), et Telegram répond-il (/readyz) ?
notify-test-token = le jeton dans { $path } n'est pas celui de cette source
notify-test-refused = Vigie refuse l'essai : { $why }
notify-uisp = UISP ne peut pas être lu : { $why }
