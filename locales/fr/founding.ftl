# Demander un nouveau groupe, pas à pas.

founding-dialogue = demander un nouveau groupe
founding-dialogue-over = Je n'attends plus votre réponse pour le nouveau groupe : trop de temps a passé. Rien n'a été transmis. /nouveau_groupe pour reprendre.
founding-what = Dites pour quel secteur, ou quel genre de groupe. Je vous demanderai ensuite pourquoi, et qui s'en occupera. /annuler arrête.
founding-what-button = { $what }
founding-what-known = Je ne connais pas ce secteur ni ce genre de groupe. Je connais : { $known }
founding-why = Groupe « { $what } ». Pourquoi ce groupe, et pour combien de personnes à peu près ?
founding-who = Qui s'en occupera ? Donnez deux noms.
founding-who-two = Il en faut deux, pour qu'une absence n'arrête rien. Par exemple : Claire et Jules
founding-sure = Groupe « { $what } ».
    Pourquoi : { $why }
    S'en occuperont : { $who }
    Je transmets aux administrateurs ?
founding-send = Transmettre
founding-again = Recommencer
founding-over = Cette question n'attend plus de réponse. /nouveau_groupe pour reprendre.
founding-keepers = S'en occuperont : { $who }
founding-where = Où en est-on ?
founding-checklist-done = Votre groupe « { $what } » est prêt.
founding-step-approved = { $sign } accepté par un administrateur
founding-step-added = { $sign } groupe créé, et moi dedans
founding-step-invite = { $sign } j'ai le droit d'inviter
founding-step-pin = { $sign } j'ai le droit d'épingler
founding-step-remove = { $sign } j'ai le droit de bannir
founding-step-alerts = { $sign } les pannes du secteur { $what } y arrivent
founding-step-told = { $sign } annoncé aux membres
founding-step-first = Il vous reste à épingler un premier texte : à quoi sert le groupe, et qui s'en occupe.
