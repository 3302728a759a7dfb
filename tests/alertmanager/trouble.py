"""What people see when one of the three dies, or when Telegram refuses."""

from network import local, name, relay
from processes import wait
from relay import DOWN, OVER
from stack import alert, answers, steady


def vigie_killed_before_delivery(stack):
    chat = local("killed")
    stack.fault("too_many_requests", chat, retry_after=3)
    _fire(stack, "killed")
    wait("the refused call", lambda: stack.calls("sendMessage", chat))
    stack.vigie.kill()
    assert not stack.chat(chat)
    stack.vigie.start()
    card = stack.seen(chat, lambda text: DOWN in text, "card after the restart")
    _end(stack, "killed", card)


def vigie_killed_while_sending(stack):
    chat = local("slow")
    stack.fault("slow", chat, ms=1500)
    _fire(stack, "slow")
    wait("the call is under way", lambda: not stack.faults())
    stack.vigie.kill()
    stack.vigie.start()
    stack.seen_all(chat, lambda texts: DOWN in texts[-1], "card after the restart")
    stack.post(alert(relay("slow"), ended=1))
    messages = stack.seen_all(chat, lambda texts: OVER in texts[-1], "its end")
    assert len(messages) <= 2, f"{len(messages)} messages"
    print(f"    the message in flight is there {len(messages)} times")


def vigie_killed_while_alerts_come(stack):
    chat, numbers = local("wave"), range(1, 7)
    stack.post(*(alert(relay("wave", number)) for number in numbers))
    stack.vigie.kill()
    stack.vigie.start()
    all_there = lambda texts: all(any(name("wave", number) in text for text in texts) for number in numbers)
    messages = stack.seen_all(chat, all_there, "all names", 20)
    assert len(messages) <= 3, f"{len(messages)} messages: two, and at most one double"
    stack.post(*(alert(relay("wave", number), ended=1) for number in numbers))
    lasting = lambda texts: sum("🔴" in text for text in texts)
    stack.seen_all(chat, lambda texts: lasting(texts) <= len(messages) - 2, "all over", 20)


def alertmanager_killed(stack):
    chat = local("amkill")
    _fire(stack, "amkill")
    card = stack.seen(chat, lambda text: DOWN in text, "card")
    stack.alertmanager.kill()
    stack.alertmanager.start()
    _fire(stack, "amkill")
    steady(lambda: len(stack.chat(chat)) == 1, "told twice, seen once")
    _end(stack, "amkill", card)


def telegram_killed(stack):
    chat, one, two = local("emulator"), relay("emulator", 1), relay("emulator", 2)
    stack.post(alert(one))
    card = stack.seen(chat, lambda text: DOWN in text, "card")
    stack.telegram.kill()
    before = stack.delivered()
    stack.post(alert(one, ended=1), alert(two))
    wait("Vigie has both", lambda: stack.delivered() >= before + 2)
    stack.telegram.start()
    states = lambda texts: len(texts) == 2 and OVER in texts[0] and DOWN in texts[1] and name("emulator", 2) in texts[1]
    messages = stack.seen_all(chat, states, "the edit and the new card", 15)
    assert messages[0]["message_id"] == card["message_id"]
    stack.post(alert(two, ended=1))
    stack.seen_all(chat, lambda texts: len(texts) == 2 and OVER in texts[1], "its end")


def too_many_requests(stack):
    chat = local("limited")
    stack.fault("too_many_requests", chat, retry_after=2, times=2)
    _fire(stack, "limited")
    card = stack.seen(chat, lambda text: DOWN in text, "card, late")
    times = [call["at_us"] for call in stack.calls("sendMessage", chat)]
    assert len(times) == 3, f"{len(times)} calls"
    pauses = [(later - earlier) / 1e6 for earlier, later in zip(times, times[1:])]
    assert all(2 <= pause < 4 for pause in pauses), f"retry_after is 2 s, pauses were {pauses}"
    _end(stack, "limited", card)


def server_errors(stack):
    chat = local("broken")
    stack.fault("server_error", chat)
    stack.fault("html_502", chat)
    stack.fault("drop_before", chat)
    _fire(stack, "broken")
    card = stack.seen(chat, lambda text: DOWN in text, "card, late", 20)
    _end(stack, "broken", card)


def lost_answer(stack):
    """The message was sent and its answer lost: Telegram gives no way to ask, so one double may come."""
    chat = local("lost")
    stack.fault("drop_after", chat)
    _fire(stack, "lost")
    stack.seen_all(chat, lambda texts: DOWN in texts[-1], "card")
    stack.post(alert(relay("lost"), ended=1))
    messages = stack.seen_all(chat, lambda texts: OVER in texts[-1], "its end")
    assert len(messages) <= 2, f"{len(messages)} messages"
    print(f"    the message whose answer was lost is there {len(messages)} times")


def ready_after_a_restart(stack):
    stack.vigie.kill()
    stack.vigie.start()
    ready = stack.at["vigie"] + "/readyz"
    wait("/readyz is 200", lambda: answers(ready), 3)
    steady(lambda: answers(ready), "/readyz stays 200 while nothing happens", 2.5)


def vigie_down_for_a_while(stack):
    stack.vigie.kill()
    before = stack.refused()
    stack.post(alert(relay("down")))
    wait("Alertmanager tries again and again", lambda: stack.refused() >= before + 3)
    stack.vigie.start()
    card = stack.seen(local("down"), lambda text: DOWN in text, "card after the restart", 20)
    _end(stack, "down", card)


def _fire(stack, sector):
    """An alert that Vigie has acknowledged."""
    before = stack.delivered()
    stack.post(alert(relay(sector)))
    wait("Vigie has the alert", lambda: stack.delivered() > before)


def _end(stack, sector, card):
    """The end comes onto the same message, and there is no other."""
    stack.post(alert(relay(sector), ended=1))
    last = stack.seen(local(sector), lambda text: OVER in text, "its end", 15)
    assert last["message_id"] == card["message_id"]


CHECKS = [
    vigie_killed_before_delivery,
    vigie_killed_while_sending,
    vigie_killed_while_alerts_come,
    alertmanager_killed,
    telegram_killed,
    too_many_requests,
    server_errors,
    lost_answer,
    ready_after_a_restart,
    vigie_down_for_a_while,
]
