### What an import of the network changed

import-title = 📋 Network updated: { $changes }
import-added = { $count } added
import-renamed = { $count } renamed
import-changed = { $count } changed
import-removed = { $count } removed
import-line-added = Added: { $name } ({ $id }), { $class }
import-line-renamed = Renamed: { $before } → { $name } ({ $id })
import-line-changed = Changed: { $name } ({ $id }), { $fields }
import-line-removed = Removed: { $name } ({ $id })
import-also = , { $fields }
import-field-class = kind
import-field-parent = parent
import-field-sector = sector
import-field-site = site
import-field-aliases = other names
import-field-alerts = alert settings
import-more = and { $count } more
import-verify = Checked
import-verified = ✅ Checked by { $person }, { $at }
import-verified-now = Noted: checked.
import-verified-already = Already checked by { $person }, { $at }.
import-gone = This update is too old, it is kept no longer.
