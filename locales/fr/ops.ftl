# Ligne de commande, configuration, sauvegardes.

ops-config-unreadable = ce fichier ne se lit pas : { $why }
ops-config-syntax = ceci n'est pas du TOML valable : { $what }
ops-config-unknown-key-near = la clé { $key } n'existe pas. Vouliez-vous dire { $near } ?
ops-config-unknown-key = la clé { $key } n'existe pas ici. Clés connues : { $known }
ops-config-unknown-word = le mot { $value } n'est pas connu ici. Mots connus : { $known }
ops-config-wrong-type = il faut { $wanted }, et c'est { $found }
ops-config-bad-value = cette valeur ne convient pas : { $what }
ops-config-missing = il manque { $key }
ops-config-range = la valeur doit aller de { $least } à { $most }
ops-config-listen = { $value } n'est pas une adresse d'écoute. Écrivez par exemple 127.0.0.1:8787
ops-config-url = { $value } n'est pas une adresse complète ({ $schemes })
ops-config-secret-unreadable = le fichier secret { $path } ne se lit pas : { $why }
ops-config-secret-open = le fichier secret { $path } est ouvert à d'autres (droits { $mode }). Faites chmod 600 dessus
ops-config-secret-empty = le fichier secret { $path } est vide
ops-config-no-token = aucun jeton de robot. Donnez telegram.token_file, ou le credential systemd { $credential }. Pour essayer sans jeton : vigie demo
ops-config-token-shape = ce n'est pas un jeton de robot. @BotFather en donne de la forme 123456789:AAE…
ops-config-webhook-secret = ce secret doit avoir de 16 à 256 lettres, chiffres, tirets ou traits bas
ops-config-source-name = le nom d'une source s'écrit en minuscules, chiffres et tirets, 40 au plus
ops-config-source-twice = deux sources portent le nom { $name }
ops-config-source-token = une source a besoin de token_sha256 ou de token_file, un des deux
ops-config-token-hash = il faut l'empreinte SHA-256 du jeton, 64 chiffres hexadécimaux. Obtenez-la avec printf %s JETON | sha256sum
ops-config-id-decimal = { $value } a perdu des chiffres. Écrivez le numéro en entier, par exemple -1001234567890
ops-config-id-words = { $value } n'est pas un numéro. Écrivez le numéro en entier, par exemple -1001234567890
ops-config-group-minus = le numéro d'un groupe commence par un signe moins. { $value } est une personne ; écrivez { $minus } ou le numéro que montre /groupe
ops-config-not-a-person = { $value } n'est pas le numéro d'une personne : il est positif et tient en une dizaine de chiffres

ops-kind-text = un texte entre guillemets
ops-kind-number = un nombre entier
ops-kind-decimal = un nombre décimal
ops-kind-truth = true ou false
ops-kind-list = une liste entre crochets
ops-kind-table = une section

ops-help = La vigie d'une coopérative d'accès à Internet, dans Telegram
ops-help-log = Ce qui est journalisé : error, warn, info, debug, ou un filtre comme info,vigie=debug
ops-help-log-format = Forme du journal : text ou json
ops-help-demo = Tout essayer : un Telegram local, une coopérative inventée, aucun jeton
ops-help-demo-listen = Adresse de la page et des alertes entrantes
ops-help-demo-data = Dossier où tout est gardé d'un démarrage à l'autre (sans lui, un dossier temporaire)
ops-help-emulator = Lancer le Telegram local seul, pour essayer n'importe quel robot
ops-help-emulator-listen = Adresse de la page et de la Bot API
ops-help-emulator-data = Dossier où son monde est gardé d'un démarrage à l'autre
ops-help-emulator-pace = Limiter le rythme des envois comme le fait Telegram
ops-help-run = Travailler avec Telegram, ou avec un autre serveur de la Bot API
ops-help-config = Fichier de configuration
ops-help-check = Vérifier une configuration et les fichiers qu'elle nomme, et dire ce qui a été compris
ops-help-export = Écrire toutes les données dans un fichier (une ligne JSON par entrée), service arrêté
ops-help-export-file = Fichier à écrire. Un fichier existant n'est remplacé que par un fichier complet
ops-help-import = Remplir des données vides à partir d'un tel fichier
ops-help-import-file = Fichier à lire
ops-help-store-config = Configuration qui dit où sont les données
ops-help-store-data = Dossier donné à la démonstration

ops-port-taken = l'adresse { $listen } est déjà prise. Arrêtez l'autre programme, ou choisissez une autre adresse
ops-listen-failed = impossible d'écouter sur { $listen } : { $why }
ops-folder = impossible d'écrire dans le dossier { $path } : { $why }
ops-store-in-use = les données dans { $path } sont ouvertes par une autre instance de vigie. Arrêtez-la d'abord
ops-store-damaged = les données dans { $path } sont abîmées : { $why }. Restaurez une sauvegarde avec vigie import
ops-store-too-new = les données dans { $path } ont été écrites par une version plus récente : { $why }
ops-store-failed = le stockage dans { $path } ne répond pas : { $why }
ops-store-reopen = le stockage s'est arrêté et peut être rouvert : le service redémarre
ops-internal = faute du programme : { $why }
ops-network-file = le fichier du réseau { $path } ne se lit pas : { $why }
ops-network-ending = le fichier du réseau { $path } doit finir par .toml, .csv ou .json

ops-check-ok = { $file } : la configuration est bonne.
ops-check-telegram-poll = Telegram : { $server }, relève par interrogation
ops-check-telegram-webhook = Telegram : { $server }, relève par webhook à { $url }
ops-check-store = Données : { $path }
ops-check-listen = Alertes entrantes et santé : http://{ $listen }
ops-check-source = Source { $name } au format { $format } : POST /hooks/{ $name }
ops-check-no-source = Aucune source d'alertes
ops-check-network = Réseau : secteurs { $sectors }, équipements { $equipment }, personnes { $people }
ops-check-groups = Groupes fixés dans le fichier : { $count }
ops-check-backup = Sauvegardes : { $path }, { $keep } gardées

ops-transfer-unreadable = le fichier { $file } ne se lit pas : { $why }
ops-transfer-failed = { $file } : { $why }
ops-transfer-not-empty = ces données ne sont pas vides. L'import ne remplit que des données vides : donnez un dossier neuf
ops-config-source-reserved = Le nom { "vigie" } est celui des sondes de Vigie : donnez un autre nom à cette source.
ops-help-probe = Essayer une sonde et expliquer le résultat
ops-help-probe-probe = La sonde, comme dans le fichier du réseau, entre guillemets : ping 10.1.2.3
