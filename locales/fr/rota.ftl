### Astreinte : qui est d'astreinte, les tours, et qui est appelé quand personne ne prend une panne.

rota-scope-sector = le secteur { $sector }
rota-scope-all = toute la coopérative
rota-title = Astreinte pour { $scope }
rota-now = Cette semaine : { $who }, jusqu'à { $until }
rota-line = À partir de { $from } : { $who }
rota-people = Se relaient : { $names }
rota-nobody = Personne n'est d'astreinte pour { $scope }. « Je m'inscris » ouvre le tour : une personne par semaine, à tour de rôle.
rota-of-all-stands-in = En attendant, { $who } est d'astreinte pour toute la coopérative.
rota-join-button = Je m'inscris
rota-leave-button = Je me retire
rota-take-button = Je prends { $from }
rota-offer-button = Céder { $from }
rota-take-this-button = Je prends cette semaine
rota-joined = C'est noté, vous prenez votre tour après les autres. Écrivez-moi une fois en privé (/start) : sans cela, je ne pourrai pas vous appeler.
rota-joined-first = C'est noté, vous êtes d'astreinte dès maintenant. Écrivez-moi une fois en privé (/start) : sans cela, je ne pourrai pas vous appeler.
rota-joined-already = Vous êtes déjà du tour.
rota-left = C'est noté, vous n'êtes plus du tour.
rota-not-in = Vous n'êtes pas du tour.
rota-taken = C'est noté, cette semaine est à vous.
rota-week-is-yours = Cette semaine est déjà la vôtre.
rota-not-your-week = Cette semaine n'est pas la vôtre : seule la personne d'astreinte peut la céder.
rota-week-over = Cette semaine est passée. /astreinte montre les suivantes.
rota-offered = C'est demandé dans le groupe. La semaine reste la vôtre tant que personne ne la prend.
rota-no-group = Aucun groupe ne suit cette astreinte : personne ne lirait la demande. Demandez à un administrateur de rattacher un groupe (/groupe).
rota-week-offered = { $who } cherche quelqu'un pour l'astreinte à partir de { $from }.
rota-week-taken = Astreinte à partir de { $from } : { $who }.
rota-week-taken-from = Astreinte à partir de { $from } : { $who } remplace { $before }.
rota-handover = Astreinte pour { $scope } : { $from } passe la main à { $to }, jusqu'à { $until }.
rota-goes-on = Astreinte pour { $scope } : { $to }, jusqu'à { $until }.
rota-your-turn = Vous êtes d'astreinte pour { $scope }, jusqu'à { $until }. Quand une panne reste sans réponse, je vous écris ici ; « Je prends » la met à votre nom.
rota-nothing-open = Rien n'est en panne.
rota-open = { $more ->
    [0] En cours : { $names }.
    [one] En cours : { $names } et { $more } autre.
   *[other] En cours : { $names } et { $more } autres.
}

## Personne ne prend une panne

escalation-you = { $more ->
    [0] Vous êtes d'astreinte. En panne depuis { $lasting } : { $names }. Personne ne s'en occupe.
    [one] Vous êtes d'astreinte. En panne depuis { $lasting } : { $names } et { $more } autre. Personne ne s'en occupe.
   *[other] Vous êtes d'astreinte. En panne depuis { $lasting } : { $names } et { $more } autres. Personne ne s'en occupe.
}
escalation-cannot = Je ne peux pas
escalation-passed-on = C'est noté, j'appelle d'autres personnes.
escalation-too-late = Cette panne est finie, ou quelqu'un s'en occupe.
escalation-group = { $more ->
    [0] En panne depuis { $lasting } : { $names }. Personne ne s'en occupe. Qui peut y aller ?
    [one] En panne depuis { $lasting } : { $names } et { $more } autre. Personne ne s'en occupe. Qui peut y aller ?
   *[other] En panne depuis { $lasting } : { $names } et { $more } autres. Personne ne s'en occupe. Qui peut y aller ?
}
escalation-group-on-call = { $more ->
    [0] En panne depuis { $lasting } : { $names }. Personne ne s'en occupe. D'astreinte : { $who }. Qui peut y aller ?
    [one] En panne depuis { $lasting } : { $names } et { $more } autre. Personne ne s'en occupe. D'astreinte : { $who }. Qui peut y aller ?
   *[other] En panne depuis { $lasting } : { $names } et { $more } autres. Personne ne s'en occupe. D'astreinte : { $who }. Qui peut y aller ?
}
escalation-everybody = { $more ->
    [0] Appel à tous. En panne depuis { $lasting } : { $names }. Personne ne s'en occupe. Si vous pouvez y aller, appuyez sur « Je prends ».
    [one] Appel à tous. En panne depuis { $lasting } : { $names } et { $more } autre. Personne ne s'en occupe. Si vous pouvez y aller, appuyez sur « Je prends ».
   *[other] Appel à tous. En panne depuis { $lasting } : { $names } et { $more } autres. Personne ne s'en occupe. Si vous pouvez y aller, appuyez sur « Je prends ».
}
