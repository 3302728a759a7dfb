### Menu des commandes et contrôle au démarrage

telegram-menu-status = Ce qui est en panne
telegram-menu-help = Ce que je sais faire
telegram-menu-equipment = La fiche d'un équipement
telegram-menu-group = À quoi sert ce groupe
telegram-menu-cancel = Abandonner ce qui est en cours
telegram-place-out = Je ne suis plus dans le groupe { $group }. Ajoutez-moi de nouveau pour qu'il reçoive ses alertes.
telegram-place-silenced = Je n'ai pas le droit d'écrire dans le groupe { $group }. Donnez-moi le droit d'envoyer des messages.
telegram-place-privacy = Dans le groupe { $group }, je ne vois que les commandes et les réponses à mes messages. Pour que je voie tout, nommez-moi administrateur du groupe.
telegram-place-unknown = Je n'ai pas pu lire l'état du groupe { $group } : { $why }
telegram-menu-silence = Retenir les annonces un moment
telegram-menu-maintenance = Prévoir une maintenance
telegram-menu-on-call = Qui est d'astreinte
telegram-menu-history = Les pannes passées
telegram-menu-map = La carte du secteur
telegram-menu-join = Les groupes où je peux entrer
telegram-menu-invite = Inviter quelqu'un que je connais
telegram-menu-new-group = Demander un nouveau groupe
telegram-menu-sources = Les sources d'alertes
telegram-menu-me = Vos dossiers, vos rattachements et vos réglages
telegram-menu-link = Dire qui vous êtes
telegram-menu-remind = Me rappeler quelque chose
telegram-menu-reminders = Les rappels prévus
telegram-menu-todo = Noter une chose à faire
telegram-menu-todos = Ce qui est à faire
telegram-menu-declare = Ma connexion ne marche pas
telegram-menu-incident = Suivre une panne : nouvelles, cause, bilan
