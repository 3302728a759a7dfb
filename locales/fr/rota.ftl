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
rota-joined = C'est noté, vous prenez votre tour après les autres.
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
rota-week-taken = { $who } prend l'astreinte à partir de { $from }.
rota-week-taken-from = { $who } prend l'astreinte à partir de { $from }, à la place de { $before }.
rota-handover = Astreinte pour { $scope } : { $from } passe la main à { $to }, jusqu'à { $until }.
rota-goes-on = Astreinte pour { $scope } : { $to }, jusqu'à { $until }.
rota-your-turn = Vous êtes d'astreinte pour { $scope }, jusqu'à { $until }. Quand une panne reste sans réponse, je vous écris ici.
rota-nothing-open = Rien n'est en panne.
rota-open = { $more ->
    [0] En cours : { $names }.
   *[other] En cours : { $names } et { $more } autres.
}

## Personne ne prend une panne

escalation-you = Vous êtes d'astreinte. { $name } ne répond plus depuis { $lasting } et personne ne s'en occupe.
escalation-cannot = Je ne peux pas
escalation-passed-on = C'est noté, j'appelle plus loin.
escalation-too-late = Cette panne est finie, ou quelqu'un s'en occupe.
escalation-group = Personne n'a pris { $name }, en panne depuis { $lasting }. Qui peut y aller ?
escalation-group-on-call = Personne n'a pris { $name }, en panne depuis { $lasting }. D'astreinte : { $who }. Qui peut y aller ?
escalation-everybody = { $name } est en panne depuis { $lasting } et personne ne s'en occupe. Si vous pouvez aider, « Je prends » est sous l'alerte, dans le groupe technique ou celui du secteur { $sector }.
