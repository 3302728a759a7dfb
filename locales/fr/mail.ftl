mail-refused = Le courriel du membre n° { $member } est refusé par son serveur (envoi demandé { $asked }). Vérifiez l'adresse dans le dossier.
mail-code-subject = Votre code pour Telegram
mail-code = Bonjour, voici votre code : { $code }
mail-code-until = Écrivez-le à l'assistant de la coopérative sur Telegram, en privé, avant { $until }.
mail-code-warning = Si vous n'avez rien demandé, ne donnez ce code à personne, pas même à quelqu'un qui dit appeler de la coopérative. Sans lui, rien ne se passe.
mail-linked-subject = Un compte Telegram a été rattaché à votre dossier
mail-linked = Bonjour, un compte Telegram vient d'être rattaché à { $member }, { $at }. Si c'est vous ou quelqu'un de votre foyer, il n'y a rien à faire.
mail-linked-dispute = Si ce n'était pas vous, ouvrez ce lien : { $link }
