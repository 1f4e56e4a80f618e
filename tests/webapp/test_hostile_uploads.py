"""Uploads that were made to break the desk: each is refused or taken with a sentence, soon, on every way in."""

from __future__ import annotations

import base64
import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from processes.engine.models import Definition
from tests.effort import MOST_CALLS, calls_of
from tests.engine.check.test_hostile import HOSTILE, nested
from tests.engine.spiff.drawn import chain, document, flow, node, user
from webapp.commands import main

START, END = node("startEvent", "s"), node("endEvent", "e")
PLAIN = document(START + user("q") + END + chain("s", "q", "e"), process="hostile")
LAUGH = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
NAMED = PLAIN.decode().replace('id="q"', 'id="q" name="{}"')


def doctype(inside: str, text: str = "") -> bytes:
    return f"<!DOCTYPE definitions [{inside}]>".encode() + PLAIN.replace(b"<startEvent", f"{text}<startEvent".encode())


def packed(**files: bytes | str) -> bytes:
    return zipped([(name.replace("__", "/"), content) for name, content in files.items()])


def zipped(members, method=zipfile.ZIP_DEFLATED) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in members:
            archive.NameToInfo.clear()  # or it would not write one name twice
            archive.writestr(name, content)
    return written.getvalue()


def linked(target: str) -> bytes:
    link = zipfile.ZipInfo("forms/a.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped([("process.bpmn", PLAIN), (link, target)])


def beside(name: str, content: bytes | str = b"{}") -> bytes:
    return zipped([("process.bpmn", PLAIN), (name, content)])


def form(**field: object) -> bytes:
    whole = {"key": "need", "title": {"zh": "甲"}, "fields": [{"key": "a", "type": "text", "label": "甲", **field}]}
    return beside("forms/need.json", json.dumps(whole))


def encrypted() -> bytes:
    whole = bytearray(beside("forms/a.json"))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = whole.find(mark)
        while place >= 0:
            struct.pack_into("<H", whole, place + at, 1)
            place = whole.find(mark, place + 4)
    return bytes(whole)


RULE = b'<rule id="r"><inputEntry id="ie"><text>&lt; 1</text></inputEntry>'
RULE += b'<outputEntry id="oe"><text>"a"</text></outputEntry></rule>'
DMN = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="n" namespace="x">'
    b'<decision id="t" name="n"><decisionTable id="dt" hitPolicy="UNIQUE"><input id="i" label="i">'
    b'<inputExpression id="ix" typeRef="number"><text>x</text></inputExpression></input>'
    b'<output id="o" name="y" typeRef="string"/>' + RULE + b"</decisionTable></decision></definitions>"
)
MANIFEST = json.dumps(
    {
        "documents": [
            {
                "key": "a", "code": "A", "title": {"zh": "甲", "en": "A"}, "kind": "docx", "layout": "文件格式",
                "issuer": "重庆市规划和自然资源局", "number_pattern": "渝规资发〔{year}〕{n}号", "template": "a.docx",
                "variables": [{"name": "term", "label": {"zh": "聘期", "en": "Term"}, "sample": "2025"}],
            }
        ]
    }
)  # fmt: skip


def templated(text: str, *beside: tuple[str, bytes], fetched: str = "") -> bytes:
    """A package whose document template says this, and fetches something from an address."""
    office = "http://schemas.openxmlformats.org"
    kind = f"{office}/officeDocument/2006/relationships"
    links = f'<Relationships xmlns="{office}/package/2006/relationships">{{}}</Relationships>'
    outside = f'<Relationship Id="r9" Type="{kind}/image" Target="{fetched}" TargetMode="External"/>' if fetched else ""
    word = f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = (
        f'<Types xmlns="{office}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    )
    types += '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    types += f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    first = f'<Relationship Id="r1" Type="{kind}/officeDocument" Target="word/document.xml"/>'
    template = zipped(
        [
            ("[Content_Types].xml", types), ("_rels/.rels", links.format(first)),
            ("word/_rels/document.xml.rels", links.format(outside)),
            ("word/document.xml", f"{word}{text}</w:t></w:r></w:p></w:body></w:document>"), *beside,
        ]
    )  # fmt: skip
    return zipped([("process.bpmn", PLAIN), ("documents/documents.json", MANIFEST), ("documents/a.docx", template)])


def script(text: str) -> bytes:
    inner = node("scriptTask", "q", f"<script><![CDATA[{text}]]></script>")
    return document(START + inner + END + chain("s", "q", "e"))


def condition(text: str) -> bytes:
    body = START + node("exclusiveGateway", "g", default="g_e") + user("q") + END + chain("s", "g") + flow("g", "e")
    return document(body + flow("g", "q", f"<![CDATA[{text}]]>") + chain("q", "e"))


REFUSED: dict[str, tuple[Callable[[], bytes], int]] = {
    "a billion laughs": (lambda: doctype('<!ENTITY l0 "ha">' + LAUGH, "&l9;"), 422),
    "quadratic blow-up": (lambda: doctype(f'<!ENTITY a "{"x" * 50_000}">', "&a;" * 20_000), 422),
    "a file of the machine": (lambda: doctype('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;"), 422),
    "a file of the network": (lambda: doctype('<!ENTITY x SYSTEM "http://127.0.0.1:1/x">', "&x;"), 422),
    "a parameter entity": (lambda: doctype('<!ENTITY % x SYSTEM "http://127.0.0.1:1/x"> %x;'), 422),
    "a document type elsewhere": (lambda: b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd">' + PLAIN, 422),
    "a document type in UTF-16": (lambda: doctype('<!ENTITY a "b">').decode().encode("utf-16"), 422),
    "a document type in UTF-7": (
        lambda: b'<?xml version="1.0" encoding="UTF-7"?>+ADw-!DOCTYPE a +AFs-+ADw-!ENTITY b +ACI-c+ACI-+AD4-+AF0-+AD4-'
        b"+ADw-a/+AD4-",
        422,
    ),
    "an attribute of 5 MB": (lambda: NAMED.format("x" * 5_000_000).encode(), 413),
    "an attribute of 1.9 MB as an id": (lambda: PLAIN.replace(b'"q"', b'"' + b"q" * 600_000 + b'"'), 422),
    "XML that is deep": (lambda: document("<a>" * 5_000 + "</a>" * 5_000), 422),
    "sub-processes that are deep": (lambda: document(nested(60)), 422),
    "a name of 100,000 characters": (lambda: NAMED.format("长" * 100_000).encode(), 422),
    "a message name of 100,000 characters": (
        lambda: PLAIN.replace(b"<process", b'<message id="m" name="' + b"x" * 100_000 + b'"/><process'), 422,
    ),
    "an id with quotes": (lambda: PLAIN.replace(b'"q"', b'"q&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"'), 422),
    "an id that is a path": (lambda: PLAIN.replace(b'"q"', b'"../../etc/passwd"'), 422),
    "an id with a control character": (lambda: PLAIN.replace(b'"q"', b'"q\x01"'), 422),
    "an id with a line end": (lambda: PLAIN.replace(b'"q"', b'"q&#10;x"'), 422),
    "an id that hides its direction": (lambda: PLAIN.replace(b'"q"', '"q\u202ex"'.encode()), 422),
    "an id of half a character": (lambda: PLAIN.replace(b'"q"', b'"q\xed\xa0\x80"'), 422),
    "a wrong encoding": (
        lambda: b'<?xml version="1.0" encoding="UTF-8"?>' + NAMED.format("审批").encode("gb18030"), 422,
    ),
    "an encoding that is none": (lambda: b'<?xml version="1.0" encoding="x-none"?>' + PLAIN, 422),
    "half a file": (lambda: PLAIN[: len(PLAIN) // 2], 422),
    "two roots": (lambda: PLAIN + PLAIN, 422),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, 422),
    "a web page": (lambda: b"<!DOCTYPE html><html><body onload=alert(1)></body></html>", 422),
    "XInclude": (
        lambda: document('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'),
        422,
    ),
    "nothing but blanks": (lambda: b" \n ", 400),
    "a script that imports": (lambda: script("import os; os.system('id')"), 422),
    "a script that never ends": (lambda: script("while True:\n    pass"), 422),
    "a script that escapes": (lambda: script("x = ().__class__.__mro__[1].__subclasses__()"), 422),
    "a script that opens a file": (lambda: script("x = open('/etc/passwd').read()"), 422),
    "a condition that runs a program": (lambda: condition("__import__('os').system('id')"), 422),
    "a condition that grows": (lambda: condition("9**9**9**9"), 422),
    "a condition of another engine": (lambda: condition("${runtimeService.deleteProcessInstance('x')}"), 422),
    "a zip that climbs out": (lambda: beside("../../etc/cron.d/x"), 422),
    "a zip that climbs out with backslashes": (lambda: beside("..\\..\\x.json"), 422),
    "a zip that climbs inside": (lambda: beside("forms/../../x.json"), 422),
    "a zip with an absolute path": (lambda: beside("/etc/passwd"), 422),
    "a zip with a drive": (lambda: beside("C:\\forms\\x.json"), 422),
    "a zip with a link": (lambda: linked("/etc/passwd"), 422),
    "a zip with a name twice": (
        lambda: zipped([("process.bpmn", PLAIN), ("forms/a.json", "{}"), ("forms/a.json", "[]")]), 422,
    ),
    "a zip with names that differ by case": (
        lambda: zipped([("process.bpmn", PLAIN), ("forms/a.json", "{}"), ("forms/A.json", "[]")]), 422,
    ),
    "a zip with two diagrams": (lambda: zipped([("process.bpmn", PLAIN), ("Process.bpmn", PLAIN)]), 422),
    "a zip with a NUL in a name": (lambda: beside("forms/a\0.json").replace(b"aX.json", b"a\0.json"), 422),
    "a zip with a control character in a name": (lambda: beside("forms/a\x1b[2J.json"), 422),
    "a zip with a program": (lambda: beside("run.sh", "rm -rf /"), 422),
    "a zip with a long name": (lambda: beside("forms/" + "a" * 5_000 + ".json"), 422),
    "a zip of many files": (lambda: zipped([(f"forms/f{n}.json", "{}") for n in range(2_000)]), 413),
    "a zip of 30,000 files": (lambda: zipped([(f"f{n}", "") for n in range(30_000)], zipfile.ZIP_STORED), 413),
    "a zip that unpacks to 60 MB": (lambda: beside("documents/x.docx", b"\0" * 60_000_000), 413),
    "a zip that unpacks to a diagram of 5 MB": (
        lambda: packed(**{"process.bpmn": NAMED.format("x" * 5_000_000)}), 413,
    ),
    "a zip in a zip": (lambda: packed(**{"inner.zip": beside("forms/a.json")}), 422),
    "a zip without a diagram": (lambda: packed(forms__a="{}"), 422),
    "a zip that is cut off": (lambda: beside("forms/a.json", b"x" * 900)[:-60], 422),
    "a zip with a spoilt middle": (lambda: _spoilt(beside("forms/a.json", bytes(range(256)) * 50)), 422),
    "a zip with a password": (lambda: encrypted(), 422),
    "a zip of nothing": (lambda: zipped([]), 422),
    "a zip with a document type in the diagram": (lambda: packed(**{"process.bpmn": doctype('<!ENTITY a "b">')}), 422),
    "a form that is no JSON": (lambda: beside("forms/need.json", "{"), 422),
    "a form that is deep": (lambda: beside("forms/need.json", "[" * 100_000), 422),
    "a form that is a number": (lambda: beside("forms/need.json", "7"), 422),
    "a form with endless numbers": (lambda: beside("forms/need.json", '{"key": 1e999999, "fields": NaN}'), 422),
    "a form with a pattern that cannot be read": (lambda: form(pattern="(("), 422),
    "a form with a pattern that looks back": (lambda: form(pattern="(a+)\\1"), 422),
    "a form with a huge pattern": (lambda: form(pattern="(" * 400 + "a" + "){9}" * 400), 422),
    "a form with an unknown word": (lambda: form(onclick="alert(1)"), 422),
    "a table with a document type": (lambda: beside("tables/t.dmn", doctype('<!ENTITY a "b">')), 422),
    "a table of another machine": (
        lambda: beside("tables/t.dmn", b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd"><definitions/>'), 422,
    ),
    "a table that is none": (lambda: beside("tables/t.dmn", b"<a/>"), 422),
    "a table of 3 MB": (lambda: beside("tables/t.dmn", DMN.replace(b"&lt; 1", b"x" * 3_000_000)), 422),
    "a table whose cell runs a program": (
        lambda: beside("tables/t.dmn", DMN.replace(b"&lt; 1", b"__import__('os').system('id')")), 422,
    ),
    "a table whose cell grows": (lambda: beside("tables/t.dmn", DMN.replace(b'"a"', b"9**9**9")), 422),
    "a table that is deep": (
        lambda: beside("tables/t.dmn", DMN.replace(b"<rule", b"<x>" * 5_000 + b"</x>" * 5_000 + b"<rule")), 422,
    ),
    "a table with an unknown policy": (lambda: beside("tables/t.dmn", DMN.replace(b"UNIQUE", b"PRIORITY")), 422),
    "a table of 5,000 rules": (lambda: beside("tables/t.dmn", DMN.replace(RULE, RULE * 5_000)), 422),
    "tests of a table that are none": (
        lambda: zipped([("process.bpmn", PLAIN), ("tables/t.dmn", DMN), ("tables/t.tests.json", "[" * 50_000)]), 422,
    ),
    "a template that is no document": (
        lambda: zipped([("process.bpmn", PLAIN), ("documents/documents.json", MANIFEST), ("documents/a.docx", b"PK")]),
        422,
    ),
    "a template that unpacks to 60 MB": (
        lambda: zipped(
            [
                ("process.bpmn", PLAIN),
                ("documents/documents.json", MANIFEST),
                ("documents/a.docx", packed(word__document="x" * 60_000_000)),
            ]
        ),
        422,
    ),
    "a template that looks into the machine": (
        lambda: templated("{{ ''.__class__.__mro__[1].__subclasses__() }}"), 422,
    ),
    "a template that goes round for ever": (lambda: templated("{% for i in range(999999999) %}x{% endfor %}"), 422),
    "a template that takes in another file": (lambda: templated("{% include '/etc/passwd' %}"), 422),
    "a template that fetches a picture elsewhere": (lambda: templated("a", fetched="http://127.0.0.1:1/x.png"), 422),
    "a template with a program in it": (lambda: templated("a", ("word/vbaProject.bin", b"\xd0\xcf\x11\xe0")), 422),
    "a list of documents that is none": (lambda: beside("documents/documents.json", '{"documents": 5}'), 422),
}  # fmt: skip
TAKEN: dict[str, Callable[[], bytes]] = {
    "a name with markup": lambda: NAMED.format("&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}").encode(),
    "a name of 1,000 characters": lambda: NAMED.format("长" * 1_000).encode(),
    "GB18030": lambda: b'<?xml version="1.0" encoding="GB18030"?>' + NAMED.format("审批").encode("gb18030"),
    "UTF-16": lambda: ('<?xml version="1.0" encoding="UTF-16"?>' + NAMED.format("审批")).encode("utf-16"),
    "ISO-8859-1": lambda: b'<?xml version="1.0" encoding="ISO-8859-1"?>' + NAMED.format("é").encode("latin-1"),
    "a mark before the file": lambda: b"\xef\xbb\xbf" + NAMED.format("审批").encode(),
    "a processing instruction": lambda: b'<?xml-stylesheet href="javascript:alert(1)"?>' + PLAIN,
    "comments and CDATA": lambda: PLAIN.replace(b"<startEvent", b"<!-- <task/> --><startEvent"),
    "a form whose pattern would run away elsewhere": lambda: form(pattern="^(a+)+$"),
    "a zip made by hand": lambda: zipped([("./process.bpmn", PLAIN)], zipfile.ZIP_BZIP2),
    "a decision table": lambda: beside("tables/t.dmn", DMN),
    "a document template": lambda: templated("{{ term }}{{ 聘期 }}"),
    "a zip with a folder around": lambda: zipped([("mine/process.bpmn", PLAIN), ("__MACOSX/._x", b"")]),
    "many entity-like words": lambda: NAMED.format("&amp;lol;" * 200).encode(),
}


def _spoilt(content: bytes) -> bytes:
    whole = bytearray(content)
    for place in range(len(whole) // 3, len(whole) // 3 + 60):
        whole[place] ^= 0x5A
    return bytes(whole)


@pytest.fixture
def send(app):
    secret = base64.b64encode(b"owner:demo").decode()

    def do(content: bytes, query: str = ""):
        kind = "application/zip" if content[:2] == b"PK" else "application/xml"
        headers = {"Authorization": f"Basic {secret}"}
        path = f"/api/v1/definitions{query}"
        client = app.test_client()
        answered, calls = calls_of(lambda: client.post(path, data=content, content_type=kind, headers=headers))
        assert calls < MOST_CALLS
        return answered

    return do


def deployed(desk) -> int:
    with desk.db.reading() as session:
        return session.scalar(select(func.count()).select_from(Definition)) or 0


def test_what_is_hostile_is_refused_with_a_sentence_and_nothing_is_kept(send, desk):
    wrong = {}
    for name, (make, status) in REFUSED.items():
        content = make()
        for query in ("?dry_run=1", ""):
            answered = send(content, query)
            told = answered.get_json(silent=True) or {}
            if answered.status_code != status or not told.get("detail") or "Traceback" in answered.text:
                wrong[name, query] = (answered.status_code, answered.text[:300])
    assert wrong == {}
    assert deployed(desk) == 0


def test_what_is_only_strange_is_taken(send, desk):
    wrong = {}
    for number, (name, make) in enumerate(TAKEN.items()):
        content = make()
        dry, wet = send(content, "?dry_run=1"), send(content, f"?key=taken{number}")
        if (dry.status_code, wet.status_code) != (200, 201):
            wrong[name] = (dry.status_code, wet.status_code, dry.text[:300], wet.text[:300])
    assert wrong == {}
    assert deployed(desk) == len(TAKEN)


def test_the_large_and_the_tangled_are_answered(send):
    for name in ("1,900 tasks in a row", "990 branches not joined", "a tangle of 1,900", "200,000 empty tags"):
        answered = send(HOSTILE[name](), "?dry_run=1")
        assert answered.status_code in (200, 400, 413, 422), name


@pytest.mark.parametrize("key", ["../../x", "a b", "<b>", "x" * 200, "键'; drop table definition; --"])
def test_a_key_that_is_no_name_is_refused(send, key):
    assert send(PLAIN, f"?key={quote(key)}").status_code == 422


def test_the_command_line_says_the_same(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("CHIEF_PLANNER_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    places = []
    for number, (make, _) in enumerate(REFUSED.values()):
        content = make()
        path = tmp_path / f"{number}.{'zip' if content[:2] == b'PK' else 'bpmn'}"
        path.write_bytes(content)
        places.append(str(path))
    with pytest.raises(SystemExit) as ended:
        main(["check", "--json", *places])
    assert ended.value.code == 1
    told = capfd.readouterr()
    files = json.loads(told.out)["files"]
    assert [each["file"] for each in files if each["verdict"] != "rejected"] == []
    problems = [problem for each in files for problem in each["problems"]]
    assert all(problem["message_zh"] and problem["message_en"] for problem in problems)
    assert all(each["problems"] for each in files)
    assert "Traceback" not in told.out + told.err
