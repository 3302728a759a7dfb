# L'assemblée permanente : scrutins, décomptes, fichiers publiés.

assembly-help-recount = Recompter un scrutin publié, et dire si son fichier est bien ce qui découle de ses votes
assembly-help-recount-file = Fichier publié d'un scrutin
assembly-help-recount-out = Fichier où écrire ce qui a été compté. Un fichier existant n'est remplacé que par un fichier complet

assembly-recount-title = { $title } ({ $ballot }, tour { $round }) : { $papers } bulletins pour { $eligible } membres
assembly-recount-question = { $number }. { $title } : { $decision }
assembly-recount-turnout = Participation : { $heads } par personne, { $colleges } au poids des collèges
assembly-recount-turnout-heads = Participation : { $heads }
assembly-recount-missing = Pour le quorum, { $missing ->
    [one] il manquait une voix
   *[other] il manquait { $missing } voix
}
assembly-recount-heads = Par personne : pour { $favour }, contre { $against }
assembly-recount-colleges = Au poids des collèges : pour { $favour }, contre { $against }, non utilisé { $unused }
assembly-recount-score = { $name } : { $votes ->
    [one] { $votes } voix
   *[other] { $votes } voix
}
assembly-recount-elected = Choix retenu : { $name }
assembly-recount-same = Le fichier est le même, octet pour octet : tous ses résultats découlent de ses votes.
assembly-recount-finished = Le fichier n'avait pas encore de résultats. Ils ont été comptés.
assembly-recount-differs = la ligne { $line } n'est pas ce qui découle des votes. Ne vous fiez pas aux résultats de ce fichier

assembly-part = { $part } ({ $whole },{ $hundredths } %)

assembly-adopted = adoptée
assembly-rejected = pas adoptée, rien ne change
assembly-no-quorum = pas valable, le quorum n'est pas atteint
assembly-nobody-chose = sans décision, personne n'a choisi
assembly-too-few = pas ouverte, trop peu de bulletins pour rester discrets
assembly-complete = toutes les places sont pourvues
assembly-incomplete = des places restent à pourvoir

assembly-file-unreadable = la ligne ne se lit pas comme une ligne de scrutin : { $why }
assembly-file-format = le format { $format } n'est pas connu ici. Connu : { $known }
assembly-file-order = la ligne n'est pas à sa place, ou s'y trouve deux fois
assembly-file-ends = le fichier s'arrête trop tôt : il n'a aucune question
assembly-file-rules = les règles se contredisent, ou une égalité suffirait à adopter
assembly-file-colleges = les collèges ne conviennent pas : il faut des noms différents, un total des poids de 100, des membres dans chacun, et pas plus de bulletins que de membres
assembly-file-choose = le choix ne convient pas : il faut des noms différents et au moins une place
assembly-file-votes = la ligne nomme une question, un collège ou une marque qui n'existe pas ici
assembly-file-papers = question { $question } : { $papers } bulletins, et l'émargement en compte { $roll }
assembly-file-papers-college = question { $question }, collège { $college } : { $papers } bulletins, et l'émargement en compte { $roll }
assembly-file-receipts = { $receipts } reçus pour { $papers } bulletins
assembly-file-exposed = le fichier montre les choix de si peu de personnes qu'il les nomme, et le vote est discret
assembly-file-sectors = le total des secteurs ne correspond pas, ou la ligne d'un petit secteur pourrait se calculer
