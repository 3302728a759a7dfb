### Sujets : dans un forum, chaque panne a le sien.

topic-down = 🔴 { $more ->
    [0] { $name }
   *[other] { $name } (+{ $more })
}
topic-degraded = 🟠 { $more ->
    [0] { $name }
   *[other] { $name } (+{ $more })
}
topic-over = ✅ { $more ->
    [0] { $name }
   *[other] { $name } (+{ $more })
}
topic-is-on = Chaque nouvelle panne aura son sujet dans ce groupe : ouvert avec la carte, fermé quand tout est rétabli. Il me faut le droit « Gérer les sujets ». Pour arrêter : /groupe sujets non
topic-is-off = Dans ce groupe, les pannes n'ont pas de sujet à elles. Pour en ouvrir un par panne (le groupe doit être un forum) : /groupe sujets oui
topic-is-refused = Les sujets sont demandés, mais ce groupe n'est pas un forum ou il me manque le droit « Gérer les sujets ». Une fois réparé : /groupe sujets oui
topic-which = Je ne comprends pas. /groupe sujets oui ouvre un sujet par panne, /groupe sujets non arrête.
topic-refused = Je ne peux pas ouvrir de sujet dans { $group } : ce n'est pas un forum, ou il me manque le droit « Gérer les sujets ». Les pannes y sont dites au même endroit qu'avant. Une fois réparé, écrivez-y : /groupe sujets oui
