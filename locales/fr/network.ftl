# Import du réseau et des personnes : ce qui ne va pas, où, et comment le corriger.

network-syntax = { $place } : le fichier ne se lit pas à cet endroit. { $value }
network-headings = { $place } : aucune colonne connue dans la première ligne. { $value }
network-cells = { $place } : cette ligne a { $value } cellules, ce n'est pas le nombre de colonnes.
network-open-quote = { $place } : le guillemet ouvert dans { $value } n'est pas fermé ; une cellule tient sur une seule ligne.
network-unknown-field = { $place } : le champ { $value } est inconnu.
network-missing = { $place } : il manque le champ { $field }.
network-repeated = { $place } : le champ { $field } est donné deux fois.
network-wrong-type = { $place } : la valeur { $value } ne convient pas au champ { $field }.
network-unknown-word = { $place } : le champ { $field } ne connaît pas { $value }.
network-out-of-range = { $place } : le nombre { $value } dépasse les bornes du champ { $field }.
network-hours = { $place } : les heures { $value } ne se lisent pas.
network-short-name = { $place } : { $value } n'est pas un nom court (lettres, chiffres, tirets, points).
network-too-long = { $place } : le champ { $field } est trop long. { $value }
network-duplicate = { $place } : { $value } est déjà pris (champ { $field }).
network-unknown-reference = { $place } : { $value } n'est déclaré nulle part (champ { $field }).
network-cycle = { $place } : { $value } dépend de lui-même.
network-more = { $place } : et encore { $value } problèmes.

network-hint-perhaps = Vouliez-vous dire { $value } ?
network-hint-one-of = Attendu : { $values }.
network-hint-first-at = Le premier est ici : { $place }.
network-hint-path = Le tour complet : { $path }.
network-hint-limit = La limite est { $limit }.
