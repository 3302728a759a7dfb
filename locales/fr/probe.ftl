### Les sondes de Vigie : pourquoi une cible ne répond pas, et ce qui a été mesuré.

probe-timeout = pas de réponse à temps
probe-refused = connexion refusée
probe-unreachable = aucun chemin vers elle
probe-no-name = ce nom n'a pas d'adresse
probe-tls = certificat ou chiffrement refusé
probe-broken = réponse incompréhensible ou coupée
probe-status = réponse { $code } au lieu de celle attendue
probe-no-text = le texte attendu n'y est pas
probe-dns-code = le serveur de noms répond par l'erreur { $code }
probe-no-record = le serveur de noms ne connaît pas cette adresse
probe-loss = { $lost } sur { $asked } sans réponse
probe-rtt = aller-retour { $rtt } ms
