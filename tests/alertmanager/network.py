"""The network of the checks: a sector with its own group for each of them, so that none sees another's cards."""

import json

NASTY = "Relais <b>d'_Été_* & Co`[x](y) 🛰️"
# One more sector is one line here: its id and how many secondary relays hang on its main relay.
SECTORS = {
    "main": 1,
    "second": 1,
    "core": 1,
    "partial": 2,
    "taken": 1,
    "quiet": 1,
    "tree": 4,
    "covered": 2,
    "forty": 40,
    "many": 200,
    "cut": 5,
    "silence": 1,
    "nasty": 1,
    "slow": 1,
    "killed": 1,
    "wave": 6,
    "amkill": 1,
    "emulator": 2,
    "limited": 1,
    "broken": 1,
    "lost": 1,
    "down": 1,
}


def relay(sector, number=1):
    """Id of a secondary relay."""
    return f"{sector}-relais-{number:03}"


def name(sector, number=1):
    """How people read it."""
    return NASTY if sector == "nasty" else f"Relais {sector} {number:03}"


def network():
    """The network file."""
    lines = ["[alerts]", "delay_s = 0"]

    def table(kind, **values):
        lines.append(f"[[{kind}]]")
        lines.extend(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items())

    for sector, relays in SECTORS.items():
        table("sector", id=sector, name=f"Secteur {sector}")
        head = f"{sector}-collecte"
        table("equipment", id=head, name=f"Collecte {sector}", **{"class": "backbone"}, sector=sector)
        silo = f"{sector}-silo"
        table("equipment", id=silo, name=f"Silo {sector}", **{"class": "main-relay"}, parent=head, sector=sector)
        for number in range(1, relays + 1):
            secondary = {"class": "secondary-relay", "parent": silo, "sector": sector}
            table("equipment", id=relay(sector, number), name=name(sector, number), **secondary)
    roles = ["member", "active-member", "administrator"]
    table("person", member="1", first_name="Bruno", account=BRUNO, sector="main", roles=roles)
    return "\n".join(lines) + "\n"


BRUNO = 1002
TECHNICAL = -1001000000001


def local(sector):
    """Number of a sector's group."""
    return -1001000000100 - list(SECTORS).index(sector)
