# La fin d'une adhésion.

farewell-left = D'après le registre, { $member } ne fait plus partie de la coopérative. Merci du chemin fait ensemble. Si c'est une erreur, répondez au courriel de la coopérative : tout revient avec la fiche.
farewell-expelled = { $member } ne fait plus partie de la coopérative : c'est une exclusion. Rien n'en est dit dans les groupes. Ce compte n'est plus rattaché à la fiche et quitte les groupes de membres ; le groupe local reste ouvert tant que personne n'en décide autrement. Si vous n'êtes pas d'accord, demandez à être entendu.
farewell-deceased = Nous apprenons le décès de { $member }. Toutes nos condoléances. Je n'écrirai plus à son compte.
farewell-household = { $member } ne fait plus partie de la coopérative, d'après le registre. Ce compte y était rattaché comme foyer.
farewell-groups = Ce compte quitte les groupes de membres. Le groupe local reste ouvert tant que personne n'en décide autrement.
farewell-links = Il ne peut plus rien demander ni décider au nom de cette fiche dès maintenant, et il en sera détaché { $at }.
farewell-data = /mes_donnees montre ce que je garde ; « /mes_donnees effacer » l'efface, hors ce que la loi demande de garder, et dit quoi. /confidentialite explique.
farewell-reinstated = La décision d'exclusion est levée : la fiche est de nouveau active. Écrivez /lier pour y rattacher ce compte, puis /rejoindre pour revenir dans les groupes.
farewell-link-ended = Un administrateur a mis fin au rattachement de ce compte à la fiche de { $member }. Si c'est une erreur, écrivez /lier pour le prouver à nouveau, ou parlez-en à un administrateur.
