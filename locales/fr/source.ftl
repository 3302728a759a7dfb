# Ce que disent les sources d'alertes et qui n'est pas une alerte.

source-test = Essai reçu de la source { $source } : « { $text } ». La liaison marche. Ceci n'est pas une alerte.
source-says = La source { $source } signale : { $text }
source-endless = La source { $source } annonce « { $text } », mais ne dirait jamais que c'est fini : aucune alerte n'est ouverte. Dans SmokePing, ajoutez edgetrigger = yes à cette alerte.
source-left-out = Entre-temps, cette source a dit trop de choses à la fois : { $count } messages ne sont pas montrés.
