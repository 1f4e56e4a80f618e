"""Files that were made to break the check: it always answers, and what it does for that is bounded."""

from __future__ import annotations

import random
from copy import deepcopy

import pytest
from lxml import etree

from processes.engine.check import Surroundings, check_diagram, is_deployable
from processes.engine.spiff import compile_program
from tests.effort import MOST_CALLS, calls_of
from tests.engine.check.test_rules import ERRORS, VALID, drawn
from tests.engine.conformance.playing import xml_of
from tests.engine.conformance.test_patterns import RUN
from tests.engine.spiff.drawn import HEAD, chain, document, flow, node, user

START, END = node("startEvent", "s"), node("endEvent", "e")


def row(kind: str, number: int) -> str:
    names = [f"n{index}" for index in range(number)]
    return START + END + "".join(node(kind, name) for name in names) + chain("s", *names, "e")


def wide(split: str, join: str, number: int) -> str:
    condition = None if split == "parallelGateway" else "x"
    body = START + END + node(split, "g") + node(join, "h") + chain("s", "g") + chain("h", "e")
    for index in range(number):
        body += user(f"u{index}") + flow("g", f"u{index}", condition)
        body += flow(f"u{index}", "h")
    return body


def nested(depth: int) -> str:
    body = node("startEvent", "s") + node("endEvent", "e") + flow("s", "e")
    for level in range(depth):
        body = node("startEvent", f"s{level}") + node("endEvent", f"e{level}") + node("subProcess", f"p{level}", body)
        body += chain(f"s{level}", f"p{level}", f"e{level}")
    return body


def tangle(number: int) -> str:
    chance = random.Random(7)
    kinds = ["parallelGateway", "exclusiveGateway", "inclusiveGateway", "userTask"]
    names = [f"n{index}" for index in range(number)]
    body = START + END + "".join(node(kinds[index % 4], name) for index, name in enumerate(names)) + flow("s", "n0")
    ends = [(chance.choice(names), chance.choice(names)) for _ in range(3 * number)]
    return body + "".join(flow(source, target, None, f"f{index}") for index, (source, target) in enumerate(ends))


def scripts(number: int) -> str:
    """Tasks whose scripts are as long as a script may be."""
    names = [f"n{index}" for index in range(number)]
    lines = [f"<script>{'a = b + 1 ' + chr(10)}{(f'v{name} = b * 2' + chr(10)) * 1_500}</script>" for name in names]
    tasks = [node("scriptTask", name, text) for name, text in zip(names, lines, strict=True)]
    return START + END + "".join(tasks) + chain("s", *names, "e")


HOSTILE = {
    "10,000 tasks in a row": lambda: document(row("userTask", 10_000)),
    "10,000 gateways in a row": lambda: document(row("exclusiveGateway", 10_000)),
    "10,000 inclusive gateways": lambda: document(row("inclusiveGateway", 10_000)),
    "3,000 branches joined": lambda: document(wide("parallelGateway", "parallelGateway", 3_000)),
    "3,000 branches not joined": lambda: document(wide("parallelGateway", "exclusiveGateway", 3_000)),
    "3,000 inclusive branches": lambda: document(wide("inclusiveGateway", "inclusiveGateway", 3_000)),
    "1,900 tasks in a row": lambda: document(row("userTask", 1_900)),
    "1,900 gateways in a row": lambda: document(row("exclusiveGateway", 1_900)),
    "990 branches joined": lambda: document(wide("parallelGateway", "parallelGateway", 990)),
    "990 branches not joined": lambda: document(wide("parallelGateway", "exclusiveGateway", 990)),
    "990 inclusive branches": lambda: document(wide("inclusiveGateway", "inclusiveGateway", 990)),
    "a tangle of 1,900": lambda: document(tangle(1_900)),
    "1,900 events defined elsewhere": lambda: document(
        row("intermediateCatchEvent", 1_900).replace(
            "></intermediateCatchEvent>", "><eventDefinitionRef>t</eventDefinitionRef></intermediateCatchEvent>"
        ),
        before='<timerEventDefinition id="t"><timeDuration>P1D</timeDuration></timerEventDefinition>' * 200,
    ),
    "sub-processes in each other": lambda: document(nested(120)),
    "deep nonsense": lambda: document("<a>" * 250 + "</a>" * 250),
    "too deep nonsense": lambda: document("<a>" * 400 + "</a>" * 400),
    "a tangle": lambda: document(tangle(2_500)),
    "100,000 attributes": lambda: document("<task " + " ".join(f'a{index}=""' for index in range(100_000)) + "/>"),
    "200,000 empty tags": lambda: document("<task/>" * 200_000),
    "5,000 processes": lambda: (HEAD + '<process id="p"/>' * 5_000 + "</definitions>").encode(),
    "a long condition": lambda: document(
        START + END + node("exclusiveGateway", "g") + chain("s", "g") + flow("g", "e", "a and " * 100_000 + "a")
    ),
    "parentheses": lambda: document(
        START + END + node("exclusiveGateway", "g") + chain("s", "g") + flow("g", "e", "(" * 1_500 + "a" + ")" * 1_500)
    ),
    "as many scripts as are read": lambda: document(scripts(10)),
    "more scripts than are read": lambda: document(scripts(100)),
    "no text at all": lambda: bytes(range(256)) * 20,
    "zero bytes": lambda: b"\0" * 1_000,
    "an unknown encoding": lambda: b'<?xml version="1.0" encoding="nonsense"?><a/>',
    "a laugh": lambda: b'<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_check_answers_without_much_work_whatever_it_is_given(name):
    xml = HOSTILE[name]()
    problems, calls = calls_of(lambda: check_diagram(xml, Surroundings(portable=False)))
    assert calls < MOST_CALLS
    assert problems
    assert "internal" not in {problem.code for problem in problems}


def test_many_problems_of_one_kind_are_counted_and_not_all_told():
    problems = check_diagram(document(START + END + chain("s", "e") + "".join(user(f"u{n}") for n in range(500))))
    assert sum(problem.code == "no-incoming-flow" for problem in problems) == 200
    assert any(problem.code == "more-alike" and "300" in problem.message_zh for problem in problems)


def spoilt(root: etree._Element, chance: random.Random, parts: list[etree._Element]) -> None:
    """Change one thing of a diagram at random."""
    elements = [each for each in root.iter(etree.Element) if each is not root]
    if not elements:
        return
    chosen = chance.choice(elements)
    change = chance.randrange(6)
    if change == 0:
        chosen.getparent().remove(chosen)
    elif change == 1:
        chosen.tag = chance.choice(parts).tag
    elif change == 2:
        chosen.append(deepcopy(chance.choice(parts)))
    elif change == 3:
        chosen.text = chance.choice(["", "x", "PT1H", "${a}", "a == 1", "1 +", "P", '"PT5M"'])
    elif change == 4:
        name = chance.choice(
            ["isForCompensation", "triggeredByEvent", "default", "isExecutable", "startQuantity", "id"]
        )
        chosen.set(name, chance.choice(["true", "false", "1", "q", ""]))
    elif chosen.attrib:
        del chosen.attrib[chance.choice(list(chosen.attrib))]


@pytest.mark.parametrize("seed", range(8))
def test_rules_foresee_every_refusal_of_the_engine_however_a_diagram_is_spoilt(seed):
    chance = random.Random(seed)
    sources = [body for _, _, body in ERRORS.values() if isinstance(body, str)]
    sources += [body for body in VALID.values() if isinstance(body, str)]
    documents = [drawn(body) for body in sources] + [xml_of(body) for body, *_ in RUN.values()]
    roots = [etree.fromstring(each) for each in documents]
    parts = [each for root in roots for each in root.iter(etree.Element)]
    for _ in range(60):
        root = deepcopy(chance.choice(roots))
        for _ in range(chance.choice([1, 1, 2, 4])):
            spoilt(root, chance, parts)
        xml = etree.tostring(root)
        problems = check_diagram(xml, Surroundings(portable=False))
        unforeseen = [each for each in problems if each.code in ("internal", "engine-refuses", "not-covered")]
        assert unforeseen == [], xml.decode()
        if is_deployable(problems):
            compile_program(xml)
