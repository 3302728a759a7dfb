# Import du réseau et des personnes : ce qui ne va pas, où, et comment le corriger.

network-syntax = le fichier ne se lit pas à cet endroit. { $value }
network-headings = aucune colonne connue dans la première ligne. { $value }
network-cells = cette ligne a { $value } cellules, ce n'est pas le nombre de colonnes.
network-open-quote = le guillemet ouvert dans { $value } n'est pas fermé ; une cellule tient sur une seule ligne.
network-unknown-field = le champ { $value } est inconnu.
network-missing = il manque le champ { $field }.
network-repeated = le champ { $field } est donné deux fois.
network-wrong-type = la valeur { $value } ne convient pas au champ { $field }.
network-unknown-word = le champ { $field } ne connaît pas { $value }.
network-out-of-range = le nombre { $value } dépasse les bornes du champ { $field }.
network-hours = les heures { $value } ne se lisent pas.
network-short-name = { $value } n'est pas un nom court (lettres, chiffres, tirets, points).
network-too-long = le champ { $field } est trop long. { $value }
network-duplicate = { $value } est déjà pris (champ { $field }).
network-unknown-reference = { $value } n'est déclaré nulle part (champ { $field }).
network-cycle = { $value } dépend de lui-même.
network-more = et encore { $value } problèmes.

network-hint-perhaps = Vouliez-vous dire { $value } ?
network-hint-one-of = Attendu : { $values }.
network-hint-first-at = Le premier est ici : { $place }.
network-hint-path = Le tour complet : { $path }.
network-hint-limit = La limite est { $limit }.
