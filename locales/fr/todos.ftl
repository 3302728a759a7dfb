### À faire : qui fait quoi, pour quand.

todo-usage = Une ligne par chose à faire. Par exemple : /todo (Bruno / Fred) documenter le travail pour le 15 décembre. Ensuite : /todo 12 fait c'est en ligne, /todo 12 pour le 20 décembre, /todo 12 attend 11, /todo 12 reporté, /todo 12 rouvrir. /todos montre la liste.
todo-noted = C'est noté :
todo-noted-already = C'est déjà noté.
todo-line = { $number }. { $what }
todo-line-owned = { $number }. { $what } ({ $who })
todo-due = — pour le { $day }
todo-overdue = — en retard, c'était pour le { $day }
todo-carried = — { $count ->
    [one] reporté une fois
   *[other] reporté { $count } fois
}
todo-waits = — attend le n° { $numbers }
todo-nobody-known = Je ne connais pas { $who } dans ce groupe : le nom est gardé, mais je ne pourrai rien rappeler.
todo-who = « { $what } » : plusieurs personnes s'appellent { $name }. Laquelle ?
todo-who-button = { $who }
todo-who-other = Quelqu'un d'autre
todo-done-button = Fait
todo-undo-button = Annuler
todo-undone = Le n° { $number } est retiré.
todo-too-old = C'est noté depuis plus de dix minutes : dites plutôt « Fait », avec une explication (/todo).
todo-done = ✅ { $number }. { $what } : fait ({ $who })
todo-done-note = ✅ { $number }. { $what } : fait ({ $who }). { $note }
todo-done-already = C'était déjà fait.
todo-waits-no-more = Le n° { $number } n'attend plus rien : { $what }
todo-reopen-button = Rouvrir
todo-reopened = C'est rouvert :
todo-changed = C'est noté :
todo-unknown = Je ne trouve pas ce numéro ici. /todos montre ce qui est à faire.
todo-waits-for-itself = Ces choses s'attendraient l'une l'autre. /todo suivi d'un numéro montre ce que chacune attend.
todo-noted-by = Noté par { $who }, { $at }
todo-closed-by = ✅ Fait ({ $who }), { $at }
todo-closed-note = ✅ Fait ({ $who }), { $at } : { $note }
todo-sheet-hint = Pour clore avec une explication : { $command }
todo-none = Rien n'est à faire dans ce groupe. Par exemple : /todo (Bruno) documenter le travail
todo-none-of-you = Vous n'avez rien à faire. Pour vous noter quelque chose : /todo ranger le local
todo-list = À faire, page { $page } sur { $pages } :
todo-list-of-you = À faire par vous, page { $page } sur { $pages } :
todo-list-button = La liste
todo-number-button = n° { $number }
todo-recall = { $count ->
    [one] Vous avez une chose à faire :
   *[other] Vous avez { $count } choses à faire :
}
todo-recall-short = Ce que vous avez à faire
todo-recall-hint = Je vous l'écris une fois par semaine au plus. Pour clore : /todo, le numéro, puis « fait » et ce qu'il y a à en dire. /todos montre tout.
todo-more = { $count ->
    [one] et une autre
   *[other] et { $count } autres
}
todo-owner-left = { $who } n'est plus membre de la coopérative. Qui reprend le n° { $number } : { $what } ?
