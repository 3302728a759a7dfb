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
probe-sheet = Sonde : { $target }

## vigie probe : un essai, expliqué

probe-rules = Sonde { $target } : une question toutes les { $every }, perdue après { $timeout } ms ; en panne après { $failures } pertes de suite, rétablie après { $successes } réponses de suite.
probe-answered = { $number } : réponse en { $rtt } ms
probe-answered-from = { $number } : réponse de { $address } en { $rtt } ms
probe-failed = { $number } : { $why }
probe-own = La question ne peut pas partir d'ici.
probe-own-why = Le système répond : { $why }
probe-good = La cible répond. Dans le fichier du réseau : { $line }
probe-mixed = La cible ne répond pas toujours bien : { $good } fois sur { $asked }.
probe-bad = La cible n'a jamais bien répondu.
probe-not-permitted = Le système ne laisse pas Vigie envoyer d'échos ICMP (ping). À faire une fois, en root : sysctl -w net.ipv4.ping_group_range='0 2147483647', et la même ligne dans /etc/sysctl.d/vigie.conf (sans les apostrophes) pour la garder après un redémarrage.
probe-hint-timeout = Ni réponse ni refus : équipement éteint, adresse fausse, ou pare-feu qui jette la question.
probe-hint-refused = La machine est là, mais rien n'écoute sur ce port.
probe-hint-unreachable = Le réseau dit qu'il n'y a pas de chemin : route absente, ou équipement débranché derrière le dernier routeur.
probe-hint-no-name = Vérifiez l'orthographe du nom, ou donnez l'adresse : une sonde par adresse ne dépend pas du serveur de noms.
probe-hint-tls = Certificat expiré, d'un autre nom ou signé par soi-même ; ou ce port ne parle pas HTTPS.
probe-hint-broken = La connexion a été coupée, ou ce port parle un autre protocole.
probe-hint-status = La page répond, mais pas comme attendu ; une redirection n'est pas suivie. Le réglage status=200-399 dit ce qui convient.
probe-hint-no-text = La page est venue sans le texte du réglage text=.
probe-hint-dns-code = Le serveur de noms est là, mais refuse ou échoue : il ne répond peut-être pas à cette adresse d'où Vigie demande.
probe-hint-no-record = Le serveur de noms répond, mais ce nom n'a pas d'adresse de cette famille (A, ou AAAA avec « dns aaaa »).
