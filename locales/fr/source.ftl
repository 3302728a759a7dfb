# Ce que disent les sources d'alertes et qui n'est pas une alerte.

source-test = Essai reçu de la source { $source } : « { $text } ». La liaison marche. Ceci n'est pas une alerte.
source-says = La source { $source } signale : { $text }
source-endless = La source { $source } annonce « { $text } », mais ne dirait jamais que c'est fini : aucune alerte n'est ouverte. Dans SmokePing, ajoutez edgetrigger = yes à cette alerte.
source-left-out = Entre-temps, cette source a dit trop de choses à la fois : { $count } messages ne sont pas montrés.

### Une source dont on n'entend plus rien

source-silent = 🔴 Supervision « { $name } » muette
source-back = ✅ Supervision « { $name } » de retour après { $lasting } de silence (de { $from } à { $to })
source-means = Ce qu'elle surveille n'est plus connu : ni en panne, ni rétabli.
source-expected = Elle doit donner signe de vie toutes les { $every } au moins. Vérifiez qu'elle tourne et qu'elle joint Vigie.
source-never = La supervision { $source } n'a jamais été entendue depuis qu'elle est déclarée, le { $since }. Vérifiez son adresse et son jeton, ou essayez-la avec /sources.
