//! The words of an imported file: fields and values, in French and English.

use crate::names::fold;

use super::source::Kind;

/// A word, and every way to write it, folded.
pub(super) type Words = &'static [(&'static str, &'static [&'static str])];

const ID: (&str, &[&str]) = (
    "id",
    &["id", "identifiant", "code", "equipement", "equipment"],
);
const NAME: (&str, &[&str]) = ("name", &["name", "nom", "libelle"]);
const SECTOR: (&str, &[&str]) = ("sector", &["sector", "secteur", "plaque"]);
const SITE: (&str, &[&str]) = ("site", &["site", "lieu"]);
const DELAY: (&str, &[&str]) = ("delay_s", &["delay_s", "delai_s", "delai", "delay"]);
const REPEAT: (&str, &[&str]) = (
    "repeat_min",
    &["repeat_min", "rappel_min", "rappel", "repeat"],
);
const QUIET: (&str, &[&str]) = ("quiet", &["quiet", "silence"]);
const ENABLED: (&str, &[&str]) = (
    "enabled",
    &["enabled", "alert", "alerte", "active", "actives"],
);
const SCOPE: (&str, &[&str]) = ("scope", &["scope", "portee"]);

const REPORTS: (&str, &[&str]) = ("declarations", &["declarations", "signalements", "reports"]);

const DEFAULTS: Words = &[DELAY, REPEAT, QUIET];
const SECTORS: Words = &[ID, NAME];
const SITES: Words = &[ID, NAME, ("hint", &["hint", "conseil", "indice", "a-voir"])];
const EQUIPMENT: Words = &[
    ID,
    NAME,
    ("class", &["class", "classe", "type"]),
    ("parent", &["parent", "amont"]),
    (
        "backups",
        &["backups", "backup", "secours", "autres-parents", "parents"],
    ),
    SECTOR,
    SITE,
    ("aliases", &["aliases", "alias", "autres-noms"]),
    ("alerts", &["alerts", "alertes"]),
    ("probe", &["probe", "probes", "sonde", "sondes"]),
    ENABLED,
    SCOPE,
    DELAY,
    REPEAT,
    QUIET,
    REPORTS,
];
/// Fields of the `alerts` table of a piece of equipment.
const SETTINGS: Words = &[ENABLED, SCOPE, DELAY, REPEAT, QUIET, REPORTS];
const GROUPS: Words = &[
    ID,
    ("alerts", &["alerts", "alertes"]),
    ("local", &["local"]),
    ("quiet", &["quiet", "silence", "calme"]),
    ("severity", &["severity", "gravite", "seuil"]),
];
const PEOPLE: Words = &[
    ("member", &["member", "membre", "numero", "id"]),
    ("first_name", &["first_name", "prenom", "nom", "name"]),
    ("account", &["account", "compte", "telegram"]),
    SECTOR,
    ("roles", &["roles", "role"]),
    ("lang", &["lang", "langue"]),
    (
        "last_name",
        &["last_name", "nom_de_famille", "nom-de-famille"],
    ),
    (
        "organisation",
        &["organisation", "organization", "structure"],
    ),
    ("kind", &["kind", "genre", "type"]),
    ("email", &["email", "e-mail", "mail", "courriel"]),
    ("phone", &["phone", "telephone", "tel"]),
    ("college", &["college"]),
    ("since", &["since", "depuis"]),
    ("links", &["links", "liens", "raccordements"]),
    ("status", &["status", "statut"]),
    ("mandates", &["mandates", "mandats"]),
];

/// Classes of equipment.
pub(super) const CLASSES: Words = &[
    (
        "backbone",
        &[
            "backbone",
            "coeur",
            "coeur-de-reseau",
            "dorsale",
            "collecte",
            "porte-de-collecte",
        ],
    ),
    (
        "main-relay",
        &[
            "main-relay",
            "main",
            "primary",
            "relais-principal",
            "principal",
        ],
    ),
    (
        "secondary-relay",
        &[
            "secondary-relay",
            "secondary",
            "relais-secondaire",
            "secondaire",
        ],
    ),
    (
        "access",
        &["access", "access-point", "acces", "point-d-acces"],
    ),
    ("link", &["link", "lien", "liaison", "station", "abonne"]),
];
/// Classes of a table's rows that declare something else than equipment.
pub(super) const DECLARATIONS: Words = &[("sector", &["sector", "secteur"]), ("site", &["site"])];
/// Which groups are told.
pub(super) const SCOPES: Words = &[
    (
        "none",
        &["none", "aucun", "aucune", "aucune-portee", "personne"],
    ),
    ("backbone", &["backbone", "technique", "dorsale"]),
    ("sector", &["sector", "secteur", "local"]),
    ("both", &["both", "deux", "les-deux"]),
];
/// Which alerts a kind of group receives.
pub(super) const WANTED: Words = &[
    ("none", &["none", "aucune", "aucun"]),
    ("backbone", &["backbone", "dorsale", "technique"]),
    ("sector", &["sector", "secteur"]),
];
/// How bad an alert is.
pub(super) const SEVERITIES: Words = &[
    ("info", &["info", "information"]),
    ("warning", &["warning", "avertissement", "degrade"]),
    ("critical", &["critical", "critique"]),
];
/// Yes and no.
pub(super) const FLAGS: Words = &[
    ("yes", &["yes", "oui", "true", "vrai", "1", "x", "on"]),
    ("no", &["no", "non", "false", "faux", "0", "off"]),
];
/// Roles of people; a referent's sector may follow a colon.
pub(super) const ROLES: Words = &[
    (
        "member",
        &[
            "member",
            "membre",
            "cooperateur",
            "cooperatrice",
            "adherent",
            "adherente",
        ],
    ),
    (
        "active-member",
        &[
            "active-member",
            "active",
            "actif",
            "active-membre",
            "membre-actif",
        ],
    ),
    (
        "referent",
        &[
            "referent",
            "sector-referent",
            "referente",
            "referent-de-secteur",
        ],
    ),
    ("board", &["board", "ca", "conseil-d-administration"]),
    (
        "trainee",
        &["trainee", "stagiaire", "administrateur-stagiaire"],
    ),
    (
        "supervisory-council",
        &["supervisory-council", "cs", "conseil-de-surveillance"],
    ),
    (
        "administrator",
        &[
            "administrator",
            "admin",
            "administrateur",
            "administratrice",
        ],
    ),
    ("auditor", &["auditor", "auditeur", "auditrice"]),
];
/// Languages.
pub(super) const LANGS: Words = &[
    ("fr", &["fr", "francais", "french"]),
    ("en", &["en", "anglais", "english"]),
];
/// Words for "no quiet hours".
pub(super) const NEVER: Words = &[(
    "never",
    &["never", "none", "jamais", "aucun", "aucune", "non"],
)];

/// The fields of a kind of record.
pub(super) const fn fields(kind: Kind) -> Words {
    match kind {
        Kind::Defaults => DEFAULTS,
        Kind::Sector => SECTORS,
        Kind::Site => SITES,
        Kind::Equipment => EQUIPMENT,
        Kind::Group => GROUPS,
        Kind::Person => PEOPLE,
    }
}

/// The fields of the alert settings of a piece of equipment.
pub(super) const fn settings() -> Words {
    SETTINGS
}

/// The field that this heading names.
pub(super) fn field(kind: Kind, heading: &str) -> Option<&'static str> {
    word(fields(kind), heading)
}

/// The word that this text is a way to write.
pub(super) fn word(words: Words, text: &str) -> Option<&'static str> {
    let written = |text: &str| {
        let found = words.iter().find(|(_, ways)| ways.contains(&text));
        found.map(|(word, _)| *word)
    };
    // Most texts are written as the list has them.
    written(text).or_else(|| written(&fold(text)))
}

/// The words themselves, for a hint.
pub(super) fn listed(words: Words) -> String {
    words
        .iter()
        .map(|(word, _)| *word)
        .collect::<Vec<_>>()
        .join(", ")
}

/// The word that was perhaps meant.
pub(super) fn nearest(words: Words, text: &str) -> Option<String> {
    let ways = words.iter().flat_map(|(_, ways)| ways.iter().copied());
    super::suggest::nearest(&fold(text), ways)
}
