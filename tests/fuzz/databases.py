"""Collections of Anki's changed in every layer of SQLite: cells, rows, schema, pages."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from random import Random

from tests.fuzz import texts, wires

_TABLES = {
    "notes": ("id", "guid", "mid", "mod", "tags", "flds", "sfld", "csum"),
    "cards": (
        "id",
        "nid",
        "did",
        "ord",
        "mod",
        "type",
        "queue",
        "due",
        "ivl",
        "reps",
        "lapses",
        "odue",
        "odid",
        "flags",
    ),
    "revlog": ("id", "cid", "ease", "ivl", "lastIvl", "factor", "time", "type"),
    "col": ("crt", "mod", "ver", "ls", "conf", "models", "decks", "dconf", "tags"),
    "notetypes": ("id", "name", "mtime_secs", "config"),
    "fields": ("ntid", "ord", "name", "config"),
    "templates": ("ntid", "ord", "name", "config"),
    "decks": ("id", "name", "common", "kind"),
    "deck_config": ("id", "name", "config"),
    "config": ("KEY", "val"),
}
"""The columns that may matter, by tables of either schema."""

_NUMBERS = (
    0,
    1,
    -1,
    2,
    3,
    4,
    7,
    255,
    2**31 - 1,
    -(2**31),
    2**32,
    2**53,
    2**63 - 1,
    -(2**63),
    10**12,
    10**15,
    8 * 10**15,
)
_LITERALS = (
    "NULL",
    "''",
    "1e999",
    "-1e999",
    "1.5",
    "-0.0",
    "'3.0'",
    "'nan'",
    "'inf'",
    "'1e300'",
    "'١٢'",
    "'1_0'",
    "x''",
    "x'00ff'",
    "CAST(x'ff00fe' AS TEXT)",
    "CAST(x'eda080' AS TEXT)",
    "'a' || char(0) || 'b'",
    "char(10) || 'b' || char(27) || '[2J' || char(8238)",
    "zeroblob(1000)",
    "zeroblob(15000000)",
    "hex(zeroblob(8000000))",
    "hex(zeroblob(9000000))",
    "replace(hex(zeroblob(3000)), '00', '<b>')",
    "replace(hex(zeroblob(40000)), '00', char(31))",
    "replace(hex(zeroblob(3000)), '00', '::')",
    "replace(hex(zeroblob(3000)), '00', char(31) || 'a')",
)
_SCHEMA = (
    "drop table {table}",
    "delete from {table}",
    "alter table {table} rename to other",
    "alter table {table} rename to other; create view {table} as select * from other",
    "alter table {table} rename to other; create table {table} as select * from other",
    "alter table {table} rename to other; create table {table} as select * from other union all select * from other",
    "alter table {table} add column {column}x generated always as (hex(zeroblob(1000)))",
    "alter table {table} drop column {column}",
    "alter table {table} rename column {column} to {column}x",
    "create trigger t after insert on {table} begin delete from {table}; end",
    "create index i on {table} ({column} collate unicase)",
    "create index i on {table} (abs({column}))",
    "create view v as select * from {table}",
    "create virtual table v using fts5(a)",
    "alter table {table} rename to other; create virtual table {table} using fts5({columns})",
    "alter table {table} rename to other; create table {table} ({columns}) strict",
    "pragma writable_schema=on; update sqlite_master set sql = replace(sql, '{column}', 'x') where name = '{table}'",
    "pragma writable_schema=on; update sqlite_master set rootpage = abs(random() % 9) where name = '{table}'",
    "pragma writable_schema=on; update sqlite_master set type = 'view' where name = '{table}'",
    "pragma writable_schema=on; update sqlite_master set sql = 'create table {table} (' || '(' where name = '{table}'",
    "pragma writable_schema=on; insert into sqlite_master select type, '{table}x', tbl_name, 3, sql from sqlite_master",
    "pragma user_version=99; pragma application_id=7",
    "with recursive r(n) as (select 1 union all select n + 1 from r limit 3000) "
    "insert into revlog select 1600000000000 + n, (select id from cards), -1, n % 5, n, n, 2500, 9, n % 6 from r",
    "with recursive r(n) as (select 1 union all select n + 1 from r limit 300) insert into notes "
    "select 90000 + n, 'g' || n, mid, mod, -1, tags, flds, sfld, 0, 0, '' from notes, r "
    "where id = (select min(id) from notes)",
    "with recursive r(n) as (select 1 union all select n + 1 from r limit 300) insert into cards "
    "select 90000 + n, nid, did, "
    "ord + n % 9, mod, -1, type, queue, due, ivl, factor, reps, lapses, left, odue, odid, flags, data from cards, r "
    "where id = (select min(id) from cards)",
    "update cards set nid = (select min(id) from notes)",
    "update cards set did = (select max(did) from cards), odid = did",
    "update notes set guid = (select min(guid) from notes)",
    "update notes set mid = (select max(mid) from notes)",
    "update notes set flds = (select max(flds) from notes)",
    "update decks set name = char(31)",
    "update decks set name = 'a' || char(31) || 'b' || char(31) || 'a'",
    "delete from {table} where rowid % 2",
)


def changed(chance: Random, content: bytes) -> bytes:
    """A database with something changed; what SQLite does not open is changed as bytes."""
    if chance.random() < 0.2:
        return _pages(chance, content)
    header = bytearray(content)
    header[18:20] = b"\x01\x01"
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 1 << 24)
        connection.text_factory = bytes
        try:
            connection.deserialize(bytes(header))
            for _ in range(chance.choice((1, 1, 1, 2, 4))):
                _changed_once(chance, connection)
            return connection.serialize()
        except (sqlite3.Error, OverflowError, MemoryError, UnicodeError):
            return _pages(chance, content)


def _changed_once(chance: Random, connection: sqlite3.Connection) -> None:
    tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    known = [name for each in tables if (name := each.decode("utf-8", "replace")) in _TABLES]
    if not known:
        return
    # Notes have what is richest, so they are changed most.
    table = chance.choice([*known, *(each for each in ("notes", "notes", "cards", "templates") if each in known)])
    column = chance.choice(_TABLES[table])
    if chance.random() < 0.15:
        columns = ", ".join(_TABLES[table])
        script = chance.choice(_SCHEMA).format(table=table, column=column, columns=columns)
        for statement in script.split("; ") if "trigger" not in script else [script]:
            connection.execute(statement)
        return
    if table == "notes" and chance.random() < 0.5:
        column = "flds"
    rows = connection.execute(f"select {column}, typeof({column}) from {table}").fetchall()
    if not rows:
        return
    value, kind = chance.choice(rows)
    # What is a text comes as bytes here, since it need not be UTF-8.
    now = "cast(? as text)" if kind == b"text" else "?"
    if chance.random() < 0.25:
        literal = chance.choice(_LITERALS)
        connection.execute(f"update {table} set {column} = {literal} where {column} is {now}", (value,))
        return
    fresh = _fresh(chance, column, value)
    then = now if isinstance(fresh, bytes) else "?"
    connection.execute(f"update {table} set {column} = {then} where {column} is {now}", (fresh, value))


def _fresh(chance: Random, column: str, value: object) -> object:
    if isinstance(value, int | float) and chance.random() < 0.9:
        number = chance.choice((*_NUMBERS, int(value) + 1, int(value) - 1, -int(value), int(value) * 1000))
        return max(-(2**63), min(2**63 - 1, number))
    if not isinstance(value, bytes):
        return chance.choice((*_NUMBERS, "x", b"x", None, 0.5))
    if column in ("config", "common", "kind") and chance.random() < 0.9:
        return wires.changed(chance, value)
    text = value.decode("utf-8", "replace")
    if column == "val" and chance.random() < 0.9:
        text = texts.json_changed(chance, text)
    elif column == "flds":
        text = _fields_changed(chance, text)
    elif column in ("conf", "models", "decks", "dconf"):
        text = texts.json_changed(chance, text)
    else:
        text = texts.changed(chance, text)
    return text.encode("utf-8", "surrogatepass" if chance.random() < 0.5 else "replace")


def _fields_changed(chance: Random, text: str) -> str:
    fields = text.split("\x1f")
    at = chance.randrange(len(fields))
    match chance.randrange(12):
        case 0:
            fields.pop(at)
        case 1:
            fields.append(fields[at])
        case _ if fields[at].startswith("{") and "\\u" not in fields[at][:9] and _is_json(fields[at]):
            fields[at] = texts.json_changed(chance, fields[at])
        case _:
            fields[at] = texts.changed(chance, fields[at])
    return "\x1f".join(fields)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _pages(chance: Random, content: bytes) -> bytes:
    """The file with bytes changed: in its header, in that of a page, or anywhere."""
    if len(content) < 512:
        return wires.flipped(chance, content)
    size = int.from_bytes(content[16:18], "big") or 65_536
    size = size if size >= 512 else 4096
    start, length = chance.choice(
        (
            (0, 100),
            (100, 400),
            (chance.randrange(max(1, len(content) // size)) * size, 64),
            (chance.randrange(len(content)), 200),
        )
    )
    part = wires.flipped(chance, content[start : start + length])
    if chance.random() < 0.9:
        part = part[:length].ljust(min(length, len(content) - start), b"\0")
    whole = content[:start] + part + content[start + length :]
    return whole[: chance.randrange(len(whole))] if chance.random() < 0.03 else whole
