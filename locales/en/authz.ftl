# Refusals: why, and what to do now.

authz-not-known = Your account is not linked to any member of the cooperative. Ask an administrator to link it, then try again. Everybody can read the state of the network with /etat.
authz-active-only = This is for active members and the sector's referents. Ask one of them in the sector's group.
authz-other-sector = You are a referent of another sector. Here, ask a referent of the sector { $sector } or an active member.
authz-no-sector = You are a referent of a sector, and this belongs to none. Ask an active member or an administrator.
authz-settings-only = Alerts of a piece of equipment are set by its sector's referents and by administrators. Ask one of them in the sector's group.
authz-administrators-only = This is for administrators. Ask one of them to do it.
authz-oversight-only = This is for auditors and administrators. Ask one of them for what you are looking for.
authz-auditor-reads-only = An auditor reads everything and changes nothing. Ask an active member or an administrator.
authz-referents-only = Maintenance is planned by the sector's referents and by administrators. Ask one of them in the sector's group.
authz-other-sector-settings = You are a referent of another sector. Here, alerts are set by a referent of the sector { $sector } or by an administrator. Ask one of them.
authz-no-sector-settings = You are a referent of a sector, and this belongs to none. Ask an administrator to change the setting.
authz-door-only = Requests to join a group are decided by administrators and by the referents of its sector. Ask one of them.
authz-touched-only = Writing to the members affected is for the referents of the sector and administrators. Ask one of them.
authz-proof-old = The proof of your link is too old for this, or your account was not used for long. /link to renew it: it takes a minute, then try again.
