"""Counts ballots a second time, from the single papers, and compares with `vigie recount`.

Shares no code with Vigie: the rules are written anew from their description in
bot/ARCHITECTURE.md, with the fractions of Python.

    recount.py VIGIE [HOW_MANY [SEED]]   random ballots
    recount.py --file FILE               one published file
"""

import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from fractions import Fraction

HALF = Fraction(1, 2)


def reaches(bar, part):
    wanted = Fraction(bar["part"])
    return part >= wanted if bar["reach"] == ">=" else part > wanted


def shown(part):
    return None if part is None else f"{part.numerator}/{part.denominator}"


def needed(bar, of):
    """The least whole number that reaches a bar, by trying."""
    low, high = 0, of + 2
    while low < high:
        middle = (low + high) // 2
        if reaches(bar, Fraction(middle, of) if of else Fraction(middle)):
            high = middle
        else:
            low = middle + 1
    return low


def turnout(head, abstained):
    """`abstained`: by college, or a number for all, or None where nothing is known."""
    rules, colleges = head["rules"]["quorum"], head["colleges"]
    counts = {}
    for college in colleges:
        count = college["voted"]
        if rules is None or rules["represented"]:
            count += college["represented"]
        if rules and not rules["abstentions"] and isinstance(abstained, dict):
            count -= abstained.get(college["id"], 0)
        counts[college["id"]] = count
    total, electorate = sum(counts.values()), sum(c["eligible"] for c in colleges)
    weighed = sum((Fraction(counts[c["id"]], c["eligible"]) * c["weight"] / 100 for c in colleges), Fraction(0))
    if rules and not rules["abstentions"] and isinstance(abstained, int):
        total, weighed = total - abstained, None
    heads = Fraction(total, electorate)
    told = {
        "count": total,
        "heads": shown(heads),
        "colleges": shown(weighed),
        "heads_reach": reaches(rules["bar"], heads) if rules else None,
        "colleges_reach": reaches(rules["bar"], weighed) if rules and weighed is not None else None,
        "missing": max(0, needed(rules["bar"], electorate) - total) if rules and rules["by"] == "heads" else None,
    }
    if rules is None:
        enough = True
    else:
        enough = told["heads_reach"] if rules["by"] == "heads" else told["colleges_reach"]
    return told, bool(enough)


def base_of(rule, eligible, marks):
    cast = marks["for"] + marks["against"]
    return {
        "cast": cast,
        "cast-and-blank": cast + marks["blank"],
        "present": cast + marks["blank"] + marks["abstain"],
        "electorate": eligible,
    }[rule]


def parts(favour, against, unused, reached):
    return {"for": shown(favour), "against": shown(against), "unused": shown(unused), "reached": reached}


def needs_colleges(rules):
    quorum = rules["quorum"]
    return rules["majority"]["by"] == "colleges" or bool(
        quorum and quorum["by"] == "colleges" and not quorum["abstentions"]
    )


def for_or_against(head, groups):
    """`groups`: {college or None: Counter of marks}, or None where the urn stays closed."""
    rules = head["rules"]
    majority, colleges = rules["majority"], head["colleges"]
    together = groups is None or None in groups
    sums = sum((groups or {}).values(), Counter())
    heads = by_weight = None
    base = base_of(majority["base"], sum(c["eligible"] for c in colleges), sums)
    if base:
        favour, against = Fraction(sums["for"], base), Fraction(sums["against"], base)
        heads = parts(favour, against, Fraction(0), reaches(majority["bar"], favour) and favour > against)
    if not together:
        favour = against = unused = Fraction(0)
        for college in colleges:
            marks = groups[college["id"]]
            base = base_of(majority["base"], college["eligible"], marks)
            weight = Fraction(college["weight"], 100)
            if base:
                favour += weight * marks["for"] / base
                against += weight * marks["against"] / base
            else:
                unused += weight
        if unused != 1:
            compared = favour if majority["silent"] == "in-the-whole" else favour / (1 - unused)
            by_weight = parts(favour, against, unused, reaches(majority["bar"], compared) and favour > against)
    return heads, by_weight, sums


def abstentions(groups):
    if groups is None:
        return None
    if None in groups:
        return groups[None]["abstain"]
    return {college: marks["abstain"] for college, marks in groups.items()}


def question_result(head, question, groups, lines):
    kind, rules = question["kind"], head["rules"]
    told, enough = turnout(head, abstentions(groups))
    hidden = groups is None or (None in groups and needs_colleges(rules))
    if kind == "for-or-against":
        heads, by_weight, sums = for_or_against(head, groups)
        decides = heads if rules["majority"]["by"] == "heads" else by_weight
        if hidden:
            decision = "too-few"
        elif not enough:
            decision = "no-quorum"
        elif sums["for"] + sums["against"] == 0:
            decision = "nobody-chose"
        else:
            decision = "adopted" if decides and decides["reached"] else "rejected"
        outcome = {"for-or-against": {"decision": decision, "heads": heads, "colleges": by_weight}}
    else:
        outcome = {"choose": choose(head, question["number"], kind["choose"], groups, enough, hidden, lines)}
    return {"question": question["number"], "outcome": outcome, "turnout": told}


def choose(head, number, rule, groups, enough, hidden, lines):
    by_college = head["rules"]["majority"]["by"] == "colleges"
    sums = sum((groups or {}).values(), Counter())
    scores = []
    for candidate in rule["among"]:
        weighed = None
        if groups is not None and None not in groups:
            weighed = Fraction(0)
            for college in head["colleges"]:
                marks = groups[college["id"]]
                if marks["naming"]:
                    weighed += Fraction(marks[candidate["id"],] * college["weight"], 100 * marks["naming"])
        scores.append((candidate["id"], sums[candidate["id"],], weighed))
    value = (lambda one: one[2]) if by_college and not hidden else (lambda one: one[1])
    if not (by_college and hidden):
        scores.sort(key=value, reverse=True)
    elected, tied, seed = [], [], None
    if hidden:
        decision = "too-few"
    elif not enough:
        decision = "no-quorum"
    elif not sums["naming"]:
        decision = "nobody-chose"
    else:
        named, places = [one for one in scores if one[1]], rule["places"]
        if len(named) > places and value(named[places - 1]) == value(named[places]):
            bar = value(named[places])
            elected = [one[0] for one in named if value(one) > bar]
            tied = [one[0] for one in named if value(one) == bar]
            left, ties = places - len(elected), rule["ties"]
            if ties == "first-listed":
                elected = elected + tied[:left]
            elif isinstance(ties, dict) and ties["draw"]["value"] is not None:
                urn = hashlib.sha256(lines).hexdigest()
                text = f"vigie draw 1\n{head['ballot']}\n{number}\n{urn}\n{ties['draw']['value']}"
                seed = hashlib.sha256(text.encode()).hexdigest()
                order = sorted(tied, key=lambda one: hashlib.sha256(f"{seed}\n{one}".encode()).hexdigest())
                elected = elected + order[:left]
        else:
            elected = [one[0] for one in named[:places]]
        decision = "complete" if len(elected) == places else "incomplete"
    return {
        "decision": decision,
        "scores": [{"id": one[0], "votes": one[1], "colleges": shown(one[2])} for one in scores],
        "elected": elected,
        "tied": tied,
        "seed": seed,
    }


def line(kind, what):
    return json.dumps({kind: what}, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def file_results(lines):
    """Results of a published file, from its votes."""
    head, questions, votes, raw = None, [], {}, {}
    for text in lines:
        (kind, what), = json.loads(text).items()
        if kind == "head":
            head = what
        elif kind == "question":
            questions.append(what)
        elif kind == "votes":
            mark = what["mark"]
            mark = mark if isinstance(mark, str) else (mark["named"],)
            votes.setdefault(what["question"], {}).setdefault(what["college"], Counter())[mark] = what["count"]
            raw[what["question"]] = raw.get(what["question"], b"") + text
    papers = sum(c["voted"] + c["represented"] for c in head["colleges"])
    results = []
    for question in questions:
        if question["kind"] == "withdrawn":
            continue
        groups = votes.get(question["number"])
        if groups is None and not (papers and head["level"] == "discreet"):
            groups = {}
        if groups is not None and None not in groups:
            groups = {c["id"]: groups.get(c["id"], Counter()) for c in head["colleges"]}
        results.append(question_result(head, question, groups, raw.get(question["number"], b"")))
    return results


def random_rules(chance):
    bar = lambda: {"reach": chance.choice([">=", ">"]), "part": f"1/{chance.choice([2, 3, 4, 10])}"}
    quorum = None
    if chance.random() < 0.8:
        quorum = {
            "bar": bar(),
            "by": chance.choice(["heads", "colleges"]),
            "represented": chance.random() < 0.8,
            "abstentions": True,
        }
        quorum["abstentions"] = not quorum["represented"] or chance.random() < 0.7
    strict = chance.random() < 0.6
    majority = {
        "bar": {"reach": ">", "part": "1/2"} if strict else {"reach": chance.choice([">=", ">"]), "part": "2/3"},
        "base": chance.choice(["cast", "cast-and-blank", "present", "electorate"]),
        "by": chance.choice(["heads", "colleges"]),
        "silent": chance.choice(["in-the-whole", "left-out"]),
    }
    return {"quorum": quorum, "majority": majority, "on_missed": chance.choice(["repeat", "reopen-debate", "close"])}


def random_ballot(chance):
    """A ballot as a file without results, made of single papers, and its results."""
    names = [("vol", 40), ("priv", 25), ("pro", 25), ("supp", 10)]
    if chance.random() < 0.2:
        names = [("all", 100)]
    level = chance.choice(["open", "discreet"])
    colleges, papers = [], []
    largest = chance.choice([3, 8, 40, 300])
    for name, weight in names:
        eligible = chance.randint(10 if level == "discreet" else 1, max(10, largest))
        took = chance.choice([0, eligible, chance.randint(0, eligible)])
        represented = chance.randint(0, took)
        colleges.append({"id": name, "name": name, "weight": weight, "eligible": eligible,
                         "voted": took - represented, "represented": represented})
        papers += [name] * took
    head = {
        "format": "vigie-ballot-1", "ballot": f"b{chance.randint(1, 99)}", "round": 1, "title": "Répartition du budget",
        "level": level, "opened": "2018-09-03T06:30:00Z", "closed": "2018-09-17T18:00:00Z",
        "rules": random_rules(chance), "roll": "0" * 64, "colleges": colleges,
    }
    few = lambda count: level == "discreet" and 0 < count < 5
    closed = few(len(papers))
    together = any(few(c["voted"] + c["represented"]) for c in colleges)
    questions, votes, results = [], b"", []
    for number in range(1, chance.randint(2, 5)):
        kind = chance.choice(["for-or-against", "for-or-against", "choose", "withdrawn"])
        if kind == "choose":
            among = [f"c{at}" for at in range(chance.randint(1, 5))]
            ties = chance.choice(["status-quo", "first-listed", {"draw": {"from": "loto", "value": chance.choice([None, "1 2 3"])}}])
            kind = {"choose": {"most": chance.randint(1, len(among)), "places": chance.randint(1, len(among)),
                               "among": [{"id": one, "name": one.upper()} for one in among], "ties": ties}}
        question = {"number": number, "title": f"Question {number}", "kind": kind}
        questions.append(question)
        if kind == "withdrawn":
            continue
        groups = {None: Counter()} if together and papers else {c["id"]: Counter() for c in colleges}
        lean, twins = chance.random(), chance.random() < 0.4
        for college in papers:
            marks = groups[None if together else college]
            if kind == "for-or-against":
                side = "for" if chance.random() < lean else "against"
                marks[side if chance.random() < 0.8 else chance.choice(["abstain", "blank"])] += 1
            elif chance.random() < 0.2:
                marks[chance.choice(["abstain", "blank"])] += 1
            else:
                marks["naming"] += 1
                named = chance.sample(among, chance.randint(1, kind["choose"]["most"]))
                # Two who are always named together have as many votes: a tie.
                if twins and kind["choose"]["most"] > 1:
                    named = among[:2]
                for one in named:
                    marks[one,] += 1
        lines = b""
        if closed:
            groups = None
        for college in [None] if together else [c["id"] for c in colleges]:
            marks = (groups or {}).get(college, Counter())
            order = ["for", "against", "abstain", "blank", "naming"] + sorted(m for m in marks if isinstance(m, tuple))
            for mark in order:
                if marks[mark]:
                    told = mark if isinstance(mark, str) else {"named": mark[0]}
                    lines += line("votes", {"question": number, "college": college, "mark": told, "count": marks[mark]})
        votes += lines
        results.append(question_result(head, question, groups, lines))
    body = line("head", head) + b"".join(line("question", q) for q in questions) + votes
    body += b"".join(line("receipt", f"{at:064x}") for at in range(len(papers)) if papers)
    return body, results


def whole(body, results):
    body += b"".join(line("result", one) for one in results)
    return body + line("sha256", hashlib.sha256(body).hexdigest())


def main():
    if sys.argv[1] == "--file":
        with open(sys.argv[2], "rb") as file:
            text = file.read()
        lines = text.splitlines(keepends=True)
        body = b"".join(one for one in lines if not one.startswith((b'{"result"', b'{"sha256"')))
        ok = whole(body, file_results(lines)) == text
        print("the same" if ok else "NOT the same")
        sys.exit(0 if ok else 1)
    vigie, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    seed = sys.argv[3] if len(sys.argv) > 3 else str(random.randrange(10**9))
    decisions, failed = Counter(), 0
    with tempfile.TemporaryDirectory() as folder:
        for at in range(count):
            body, results = random_ballot(random.Random(f"{seed}/{at}"))
            expected = whole(body, results)
            path, out = os.path.join(folder, "ballot"), os.path.join(folder, "counted")
            with open(path, "wb") as file:
                file.write(body)
            ran = subprocess.run([vigie, "recount", path, "--out", out], capture_output=True, text=True)
            told = open(out, "rb").read() if ran.returncode == 0 else ran.stderr.encode()
            if told != expected:
                failed += 1
                print(f"ballot {seed}/{at} differs")
                for mine, theirs in zip(expected.splitlines(), told.splitlines()):
                    if mine != theirs:
                        print(" script:", mine.decode(), "\n vigie: ", theirs.decode())
            else:
                for one in [one for result in results for one in result["outcome"].values()]:
                    decisions.update([one["decision"]] + ["drawn"] * bool(one.get("seed")))
    # A count that never meets a case has not been compared in it.
    missing = {"adopted", "rejected", "no-quorum", "too-few", "complete", "incomplete", "drawn"} - set(decisions)
    if missing and count >= 100:
        failed += 1
        print(f"never met: {sorted(missing)}")
    print(f"seed {seed}: {dict(decisions)}")
    print(f"{count - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
