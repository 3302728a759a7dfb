### Ce qu'un import du réseau a changé

import-title = 📋 Réseau mis à jour : { $changes }
import-added = { $count ->
    [one] { $count } ajouté
   *[other] { $count } ajoutés
}
import-renamed = { $count ->
    [one] { $count } renommé
   *[other] { $count } renommés
}
import-changed = { $count ->
    [one] { $count } modifié
   *[other] { $count } modifiés
}
import-removed = { $count ->
    [one] { $count } retiré
   *[other] { $count } retirés
}
import-line-added = Ajouté : { $name } ({ $id }), { $class }
import-line-renamed = Renommé : { $before } → { $name } ({ $id })
import-line-changed = Modifié : { $name } ({ $id }), { $fields }
import-line-removed = Retiré : { $name } ({ $id })
import-also = , { $fields }
import-field-class = genre
import-field-parent = amont
import-field-sector = secteur
import-field-site = lieu
import-field-aliases = autres noms
import-field-alerts = réglages des alertes
import-more = et { $count } de plus
import-verify = Vérifié
import-verified = ✅ Vérifié par { $person }, { $at }
import-verified-now = C'est noté : vérifié.
import-verified-already = Déjà vérifié par { $person }, { $at }.
import-gone = Cette mise à jour est trop ancienne, elle n'est plus gardée.
