card-over-reply = { $equipment } : de nouveau joignable après { $lasted }. Merci { $person }.
card-reminder = { $more ->
    [0] Toujours en panne après { $lasting } : { $names }. Personne ne l'a encore pris en charge.
   *[other] Toujours en panne après { $lasting } : { $names } et { $more } autres. Personne ne les a encore pris en charge.
}
card-taken-now = C'est noté, vous prenez en charge cette panne.
card-taken-already = Déjà pris en charge par { $person } ({ $at }).
card-silenced-now = Silence jusqu'à { $until }. Les nouvelles pannes derrière ce point ne seront pas annoncées ; le retour, si.
card-over-already = Cette panne est terminée, il n'y a plus rien à faire.
card-button-take = Je prends
card-button-silence = Silence 1 h
card-button-details = Détails
tap-unknown = Ce bouton n'est plus valable. Demandez une nouvelle liste avec /etat.
tap-not-yours = Ce menu a été ouvert par une autre personne. Ouvrez le vôtre avec la même commande.
card-again = { $more ->
    [0] De nouveau en panne depuis { $at } : { $names }.
   *[other] De nouveau en panne depuis { $at } : { $names } et { $more } autres.
}
tap-copy = Ce message est une copie. Servez-vous de la carte tenue à jour, dans ce groupe.
