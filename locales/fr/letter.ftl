letter-title = La coopérative sur Telegram
letter-hello = Bonjour, cette lettre permet de relier votre compte Telegram à votre dossier de membre n° { $number } : état du réseau et groupes de la coopérative.
letter-scan = Visez ce carré avec l'appareil photo de votre téléphone, puis appuyez sur « Démarrer ». Ou cherchez @{ $bot } dans Telegram et écrivez-lui le code ci-dessous.
letter-until = Ce code sert une seule fois, jusqu'au { $until }.
letter-secret = Gardez-le pour vous : ne l'écrivez pas dans un groupe et ne le donnez à personne au téléphone. Les personnes de votre foyer demandent leur propre lettre.
letter-address = Adresse du carré : { $address }
letter-done = { $count ->
    [one] { $count } lettre écrite dans { $file }. Imprimez-la puis supprimez ce fichier.
   *[other] { $count } lettres écrites dans { $file }. Imprimez-les puis supprimez ce fichier.
}
letter-left-out = pas de membre actif n° { $member } : pas de lettre
letter-list-unreadable = la liste { $file } ne se lit pas : { $why }
letter-not-written = { $file } ne s'écrit pas : { $why }
ops-help-letters = Préparer des lettres à imprimer, avec leur code et son QR code, service arrêté
ops-help-letters-list = Fichier des numéros de membre, un par ligne
ops-help-letters-out = Document PDF à écrire
ops-help-letters-bot = Nom du robot sur Telegram, sans @
