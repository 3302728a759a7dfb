# Ce que disent les sources d'alertes et qui n'est pas une alerte.

source-test = Essai reçu de la source { $source } : « { $text } ». La liaison marche. Ceci n'est pas une alerte.
source-says = La source { $source } signale : { $text }
source-endless = La source { $source } annonce « { $text } », mais ne dirait jamais que c'est fini : aucune alerte n'est ouverte. Dans SmokePing, ajoutez edgetrigger = yes à cette alerte.
source-left-out = Entre-temps, cette source a dit trop de choses à la fois : { $count } messages ne sont pas montrés.

### Une source dont on n'entend plus rien

source-silent = 🔴 Supervision « { $name } » muette
source-back = ✅ Supervision « { $name } » de retour après { $lasting } de silence (de { $from } à { $to })
source-means = Ce qu'elle surveille n'est plus connu : ni en panne, ni rétabli.
source-expected = Elle doit donner signe de vie au moins une fois en { $every }. Vérifiez qu'elle tourne et qu'elle joint Vigie.
source-never = La supervision { $source } n'a jamais été entendue ; elle est attendue depuis { $since }. Vérifiez son adresse et son jeton, ou essayez-la avec /sources.

### Les sources (/sources) et leur essai

source-none = Aucune source n'est déclarée dans la configuration.
source-list = Sources d'alertes :
source-line-heard = 🟢 { $source } : entendue { $at } (il y a { $age }), aucun signe de vie attendu
source-line-expected = 🟢 { $source } : entendue { $at } (il y a { $age }), muette au bout de { $after }
source-line-silent = 🔴 { $source } : muette depuis { $at } ({ $age }), attendue au moins une fois en { $after }
source-line-never = 🟠 { $source } : jamais entendue, attendue depuis { $at }, au moins une fois en { $after }
source-line-unheard = ⚪ { $source } : jamais entendue, aucun signe de vie attendu
source-test-button = Tester { $source }
source-trial-begun = Essai lancé : la carte « { $equipment } » viendra dans le groupe technique après { $delay }, puis se terminera.
source-trial-runs = Un essai de cette source est déjà en cours.
source-trial-gone = Cette source n'est plus déclarée, ou elle n'envoie rien d'elle-même. Rouvrez /sources.
source-trial-seen = ✅ Essai de { $source } réussi : { $count ->
    [one] la carte { $equipment } est arrivée
   *[other] la carte { $equipment } est arrivée dans { $count } groupes
}, et sa fin a été envoyée.
source-trial-lost = 🔴 Essai de { $source } : l'alerte a été lue, mais aucune carte n'est arrivée. Vérifiez qu'un groupe est lié au genre technique (/groupe) et qu'aucun silence ne couvre tout (/silence).
source-trial-unreadable = 🔴 Essai de { $source } : son alerte n'a pas pu être lue. Vérifiez le format déclaré.
source-reminder = { $more ->
    [0] Toujours muette après { $lasting } : { $names }. Personne ne s'en occupe encore.
   *[other] Toujours muettes après { $lasting } : { $names } et { $more } autres. Personne ne s'en occupe encore.
}
source-over-reply = { $equipment } : de nouveau entendue après { $lasted }. Merci { $person }.

### Une source qui en dit trop

source-strays = La source { $source } annonce plus de { $most } pannes à la fois sous des noms que personne n'a déclarés. Les suivantes n'ouvrent rien. Vérifiez ses étiquettes, ou déclarez ces équipements dans le fichier du réseau.
source-swamps = La source { $source } annonce plus de { $most } alertes à la fois sur { $equipment }. Les suivantes n'ouvrent rien. Vérifiez ce qui change d'une alerte à l'autre.
