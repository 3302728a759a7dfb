### Quand Vigie n'a rien pu voir ou rien pu dire.

absence-down-time = 👁 Je n'ai rien vu de { $from } à { $to } : Vigie était arrêtée.
absence-asleep = 👁 Je n'ai rien vu de { $from } à { $to } : la machine de Vigie était en veille.
absence-cut-off = 👁 Je n'ai rien vu de { $from } à { $to } : Vigie était coupée du réseau, même la cible de référence ne répondait plus. Aucune panne n'a été annoncée pendant ce temps.
absence-cut-off-now = 👁 Je ne vois plus rien depuis { $from } : plus aucune sonde ne répond, la cible de référence non plus. Tant que cela dure, aucune panne vue par les sondes n'est annoncée.
absence-mute = 👁 Je n'ai rien pu dire de { $from } à { $to } : Telegram ne répondait pas.
absence-missed = Passé inaperçu : { $name }, de { $from } à { $to }
absence-missed-more = { $count ->
    [one] et { $count } autre panne terminée entre-temps
   *[other] et { $count } autres pannes terminées entre-temps
}
absence-nothing-down = Maintenant : aucune panne en cours.
absence-down = Maintenant : { $count ->
    [one] { $count } panne en cours
   *[other] { $count } pannes en cours
} (tout voir : /etat)
absence-cause = 🔴 { $name }, depuis { $at }
