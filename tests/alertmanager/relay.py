"""What people see of alerts that a healthy Alertmanager sends."""

import re

from network import BRUNO, NASTY, TECHNICAL, local, name, relay
from processes import wait
from stack import alert, steady

DOWN, OVER = "🔴 Injoignable", "✅ Rétabli"


def main_relay(stack):
    stack.post(alert("main-silo"))
    text = stack.seen(local("main"), lambda text: DOWN in text, "card of a main relay")["text"]
    assert "Silo main" in text and "Relais principal, secteur Secteur main" in text, text


def secondary_relay(stack):
    stack.post(alert(relay("second")))
    text = stack.seen(local("second"), lambda text: DOWN in text, "card of a secondary relay")["text"]
    assert name("second") in text and "Relais secondaire" in text and "Plus de réponse" in text, text
    assert not stack.chat(TECHNICAL), "relays of a sector are not for the technical group"


def backbone(stack):
    stack.post(alert("core-collecte"))
    stack.seen(TECHNICAL, lambda text: DOWN in text and "Collecte core" in text, "card in the technical group")
    assert not stack.chat(local("core")), "backbone alone is not for the local group"
    stack.post(alert("core-collecte", ended=1))
    stack.seen(TECHNICAL, lambda text: OVER in text and "Collecte core" in text, "its end")


def partial_resolve(stack):
    chat, one, two = local("partial"), relay("partial", 1), relay("partial", 2)
    stack.post(alert(one, "partial"), alert(two, "partial"))
    stack.seen_all(chat, lambda texts: len(texts) == 2 and all(DOWN in text for text in texts), "two cards")
    before = stack.delivered()
    stack.post(alert(one, "partial", ended=1))

    def states(texts):
        ended = [text for text in texts if OVER in text and name("partial", 1) in text]
        still = [text for text in texts if DOWN in text and name("partial", 2) in text]
        return len(texts) == 2 and ended and still

    stack.seen_all(chat, states, "one over, the other not")
    assert stack.delivered() > before, "Alertmanager told it"
    stack.post(alert(two, "partial", ended=1))
    stack.seen_all(chat, lambda texts: len(texts) == 2 and all(OVER in text for text in texts), "both over")


def resolved_in_place(stack):
    chat = local("quiet")
    stack.post(alert(relay("quiet"), since=25))
    first = stack.seen(chat, lambda text: DOWN in text, "card")
    stack.post(alert(relay("quiet"), since=25, ended=1))
    last = stack.seen(chat, lambda text: OVER in text, "its end on the same card")
    assert last["message_id"] == first["message_id"]
    # The post arrives a moment after the alert's start was computed.
    assert "après 24 min" in last["text"] or "après 25 min" in last["text"], last["text"]
    steady(lambda: len(stack.chat(chat)) == 1, "no reply where nobody took it")


def taken_gets_a_reply(stack):
    chat = local("taken")
    stack.post(alert(relay("taken")))
    card = stack.seen(chat, lambda text: DOWN in text, "card")
    told = stack.sim("tap", chat=chat, message_id=card["message_id"], button="Je prends", **{"from": BRUNO})
    assert told["answered"] and told["answer"], told
    stack.seen(chat, lambda text: "Pris par Bruno" in text, "who took it")
    stack.post(alert(relay("taken"), ended=1))

    def thanked(texts):
        return len(texts) == 2 and OVER in texts[0] and "Pris par Bruno" in texts[0] and "Bruno" in texts[1]

    messages = stack.seen_all(chat, thanked, "the card over and a reply")
    assert messages[1].get("reply_to_message_id") == card["message_id"], messages[1]


def parent_and_children(stack):
    chat = local("tree")
    relays = [relay("tree", number) for number in range(1, 5)]
    stack.post(*(alert(each, "tree") for each in ["tree-silo", *relays]))
    names = [name("tree", number) for number in range(1, 5)]

    def fits(text):
        one = f"{DOWN} : Silo tree" in text and "errière : 4" in text and "2 pannes" not in text
        return one and all(each in text for each in names)

    stack.seen(chat, fits, "one card with all that is behind")
    stack.post(*(alert(each, "tree", ended=1) for each in ["tree-silo", *relays]))
    stack.seen(chat, lambda text: OVER in text and "🔴" not in text and "Encore muets" not in text, "its end")


def children_first(stack):
    chat = local("covered")
    relays = [relay("covered", 1), relay("covered", 2)]
    stack.post(*(alert(each, "covered") for each in relays))
    stack.seen_all(chat, lambda texts: len(texts) == 2 and all(DOWN in text for text in texts), "two cards")
    stack.post(alert("covered-silo", "covered"))

    def one_is_live(texts):
        live = [text for text in texts if "🔴" in text]
        one = len(texts) == 2 and len(live) == 1 and f"{DOWN} : Silo covered" in live[0]
        return one and "errière : 2" in live[0] and "2 pannes" not in live[0]

    stack.seen_all(chat, one_is_live, "cards of children become one of the parent, no third message")
    stack.post(*(alert(each, "covered", ended=1) for each in ["covered-silo", *relays]))
    stack.seen_all(chat, lambda texts: len(texts) == 2 and not any("🔴" in text for text in texts), "all over")


def forty_in_one_group(stack):
    chat, numbers = local("forty"), range(1, 41)
    names = [name("forty", number) for number in numbers]
    stack.post(*(alert(relay("forty", number), "forty") for number in numbers))
    messages = stack.seen_all(chat, lambda texts: _named(texts, names) == 40, "all 40 names", 20)
    assert len(messages) <= 2, f"{len(messages)} messages"
    stack.post(*(alert(relay("forty", number), "forty", ended=1) for number in numbers))
    messages = stack.seen_all(chat, _all_over, "all over", 20)
    assert len(messages) <= 2, f"{len(messages)} messages"


def two_hundred_groups(stack):
    """Names that do not fit are counted here; `names_that_did_not_fit` looks for them a minute later."""
    chat, numbers = local("many"), range(1, 201)
    stack.post(*(alert(relay("many", number), f"many-{number}") for number in numbers))

    def all_told(texts):
        more = re.search(r"et (\d+) autres?, voir le fichier", "\n".join(texts))
        return _named(texts, _many()) + int(more[1] if more else 0) == 200

    messages = stack.seen_all(chat, all_told, "200 names, or how many more", 20)
    calls = stack.calls("sendMessage", chat) + stack.calls("editMessageText", chat)
    assert len(messages) <= 2, f"{len(messages)} messages"
    assert len(calls) <= 10, f"{len(calls)} calls"


def names_that_did_not_fit(stack):
    """Goes on from `two_hundred_groups`."""
    chat, numbers = local("many"), range(1, 201)

    def texts():
        return [message["text"] + _attached(stack, message) for message in stack.chat(chat)]

    wait("200 names in messages and files", lambda: _named(texts(), _many()) == 200, 75)
    # A killed Alertmanager tells no end of what it has not seen firing since.
    stack.alertmanager.kill()
    stack.alertmanager.start()
    stack.post(*(alert(relay("many", number), f"many-{number}") for number in numbers))
    wait("Alertmanager knows them", lambda: stack.delivered() >= 200)
    stack.post(*(alert(relay("many", number), f"many-{number}", ended=1) for number in numbers))
    stack.seen_all(chat, _all_over, "all over", 20)


def _many():
    return [name("many", number) for number in range(1, 201)]


def _named(texts, names):
    """How many of the names are there."""
    return sum(any(each in text for text in texts) for each in names)


def _all_over(texts):
    return not any("🔴" in text for text in texts)


def _attached(stack, message):
    document = message.get("document")
    return stack.file(document["file_id"]) if document else ""


def alerts_left_out_by_the_source(stack):
    """With max_alerts Alertmanager sends two of five, and says that three are missing."""
    stack.post(*(alert(relay("cut", number), "cut") for number in range(1, 6)))

    def told(texts):
        named = [number for number in range(1, 6) if any(name("cut", number) in text for text in texts)]
        return len(named) == 2 and any("laissé de côté 3 alertes" in text for text in texts)

    stack.seen_all(local("cut"), told, "two names, and that three are missing")


def silence_then_resolve(stack):
    """Alertmanager tells no end that lies in a silence, and no next episode either, since it believes
    to have told it: only the end of that one. It must end the card of the first."""
    chat, equipment = local("silence"), relay("silence")
    stack.post(alert(equipment))
    first = stack.seen(chat, lambda text: DOWN in text, "card")
    number = stack.silence(equipment=equipment)
    told = stack.delivered()
    stack.post(alert(equipment, ended=1))
    steady(lambda: stack.delivered() == told, "Alertmanager says nothing of an end in a silence", 2.5)
    stack.unsilence(number)
    steady(lambda: stack.delivered() == told, "nor after it", 1.5)
    stack.post(alert(equipment, since=0))
    steady(lambda: len(stack.chat(chat)) == 1, "no second card", 1.2)
    stack.post(alert(equipment, since=0, ended=0))
    last = stack.seen(chat, lambda text: OVER in text, "its end", 15)
    assert last["message_id"] == first["message_id"]


def unknown_equipment(stack):
    unknown = "inconnu_<b>&*.example.net"
    stack.post(alert(unknown))
    fits = lambda texts: any(unknown in text and "pas déclaré" in text and DOWN in text for text in texts)
    stack.seen_all(TECHNICAL, fits, "card with a hint how to declare it")
    stack.post(alert(unknown, ended=1))
    ended = lambda texts: any(unknown in text and OVER in text for text in texts)
    stack.seen_all(TECHNICAL, ended, "its end")


def hostile_characters(stack):
    chat = local("nasty")
    summary = "< 10 % & <b>gras</b> _a_ *b* `c` [d](http://e.example) 🔒 \\ $SECRET {{x}}"
    description = "gauche\u202eetiord <script>alert('x')</script>"
    stack.post(alert(relay("nasty"), summary=summary, description=description))
    card = stack.seen(chat, lambda text: DOWN in text, "card")
    for part in (NASTY, summary, "<script>alert('x')</script>"):
        assert part in card["text"], f"{part!r} is not in {card['text']!r}"
    assert "\u202e" not in card["text"], "the reading direction is not for alerts to turn"
    foreign = [entity for entity in card["entities"] if entity["type"] in ("text_link", "code", "italic")]
    assert not foreign, foreign


CHECKS = [
    two_hundred_groups,
    main_relay,
    secondary_relay,
    backbone,
    partial_resolve,
    resolved_in_place,
    taken_gets_a_reply,
    parent_and_children,
    children_first,
    forty_in_one_group,
    alerts_left_out_by_the_source,
    silence_then_resolve,
    unknown_equipment,
    hostile_characters,
]
