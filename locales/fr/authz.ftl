# Refus : pourquoi, et que faire maintenant.

authz-not-known = Votre compte n'est relié à aucun membre de la coopérative. Demandez à un administrateur de le relier, puis réessayez. L'état du réseau reste lisible par tous avec /etat.
authz-active-only = C'est réservé aux membres actifs et aux référents du secteur. Demandez à l'un d'eux, dans le groupe du secteur.
authz-other-sector = Vous êtes référent d'un autre secteur. Ici, demandez à un référent du secteur { $sector } ou à un membre actif.
authz-no-sector = Vous êtes référent d'un secteur, et ceci n'appartient à aucun. Demandez à un membre actif ou à un administrateur.
authz-settings-only = Les alertes d'un équipement sont réglées par les référents de son secteur et par les administrateurs. Demandez à l'un d'eux, dans le groupe du secteur.
authz-administrators-only = C'est réservé aux administrateurs. Demandez à l'un d'eux de le faire.
authz-oversight-only = C'est réservé aux auditeurs et aux administrateurs. Demandez à l'un d'eux ce que vous cherchez.
authz-auditor-reads-only = Un auditeur lit tout et ne change rien. Demandez à un membre actif ou à un administrateur.
authz-referents-only = Les maintenances sont prévues par les référents du secteur et par les administrateurs. Demandez à l'un d'eux, dans le groupe du secteur.
authz-other-sector-settings = Vous êtes référent d'un autre secteur. Ici, les alertes sont réglées par un référent du secteur { $sector } ou par un administrateur. Demandez à l'un d'eux.
authz-no-sector-settings = Vous êtes référent d'un secteur, et ceci n'appartient à aucun. Demandez le réglage à un administrateur.
authz-door-only = Les demandes d'entrée dans un groupe sont décidées par les administrateurs et par les référents de son secteur. Demandez à l'un d'eux.
authz-touched-only = Écrire aux membres touchés est réservé aux référents du secteur et aux administrateurs. Demandez à l'un d'eux.
authz-proof-old = La preuve de votre rattachement est trop ancienne pour ceci, ou votre compte est resté longtemps sans servir. /lier pour la renouveler : cela prend une minute, puis réessayez.
