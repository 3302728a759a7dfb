# Ce qui demande deux personnes.

second-asked = { $name } demande votre accord, comme seconde personne, jusqu'à { $until }.
second-waits = { $count ->
    [0] C'est noté, et rien ne se passe encore : une seconde personne doit confirmer avant { $until }, et il n'y en a pas que je puisse joindre. Ajoutez un administrateur dans la configuration, ou demandez à l'un d'eux de m'écrire.
    [one] C'est noté, et rien ne se passe encore : une seconde personne doit confirmer avant { $until }. Elle est prévenue.
   *[other] C'est noté, et rien ne se passe encore : une seconde personne doit confirmer avant { $until }. { $count } personnes sont prévenues.
}
second-why = Raison : { $why }
second-line = { $number }. { $name } demande l'accord d'une seconde personne, depuis { $at }.
second-give = { $member } reçoit le rôle : { $role }
second-expel = { $member } est exclu de la coopérative, et tous ses liens sont terminés.
second-link = Le compte { $account } est rattaché à { $member }.
second-remove = Retirer { $name } de tous les groupes.
second-yes = Je suis d'accord
second-no = Je refuse
second-withdraw = Retirer ma demande
second-yes-number = Confirmer { $number }
second-no-number = Refuser { $number }
second-withdraw-number = Retirer ma demande { $number }
second-over = Cette demande n'attend plus : elle a eu sa réponse, ou elle a expiré.
second-over-done = Cette demande n'attend plus : { $name } a donné son accord { $at }. C'est fait.
second-over-refused = Cette demande n'attend plus : { $name } l'a refusée { $at }. Rien n'a changé.
second-over-withdrawn = Cette demande n'attend plus : { $name } l'a retirée { $at }. Rien n'a changé.
second-same = Il faut une autre personne que celle qui a demandé.
second-own = Personne ne décide de ce qui le concerne : d'autres doivent le faire.
second-not-yours = Seule la personne qui a demandé peut retirer sa demande. Vous pouvez la refuser.
second-taken-over = La personne qui l'avait demandé n'en a plus le droit. La demande est maintenant la vôtre : une autre personne doit confirmer.
second-done-now = C'est confirmé, et c'est valable dès maintenant.
second-noted = C'est noté : rien ne change.
second-done = { $name } a donné son accord. C'est fait.
second-refused = { $name } a refusé. Rien n'a changé.
second-void = Ce n'est plus possible : la fiche a changé entre-temps. Rien n'a été fait.
second-withdrawn = { $name } a retiré la demande. Rien n'a changé.
second-withdrawn-now = Votre demande est retirée. Rien n'a changé.
second-expired = Personne n'a confirmé à temps : la demande est abandonnée, et rien n'a changé. Vous pouvez la refaire.
second-help = /rattacher : relier un compte à un membre, après un appel ou une visite. /demandes : ce qui attend votre accord, comme seconde personne.
