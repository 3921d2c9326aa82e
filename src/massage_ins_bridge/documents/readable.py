"""Records as a page that anybody can read in a browser, from the file alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

#: It stands in the file itself: a page that is saved has nothing beside it.
_STYLE = (
    "body{font:16px/1.45 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "dl{display:grid;grid-template-columns:minmax(8rem,14rem) 1fr;gap:.1rem 1rem;margin:0 0 1rem;"
    "padding-bottom:.6rem;border-bottom:1px solid #ccc}dt{color:#555}dd{margin:0;"
    "overflow-wrap:anywhere}dd dl{border:0;padding:0;margin:0}"
)


def readable(title: str, about: str, sections: Sequence[tuple[str, Sequence[Any]]]) -> str:
    """A page with a heading for each section, under which its records stand in order; what is not
    known is left out. ``about`` stands under the title."""
    parts = [f"<h1>{escape(title)}</h1><p>{escape(about)}</p>"]
    for name, records in sections:
        parts.append(f"<h2>{escape(name)}</h2>")
        shown = [_record(one) for one in records]
        parts.append("".join(shown) if shown else "<p>None.</p>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"{''.join(parts)}</body></html>\n"
    )


def _record(record: Any) -> str:
    if not isinstance(record, Mapping):
        return f"<p>{_value(record)}</p>"
    lines = (
        f"<dt>{escape(_words(key))}</dt><dd>{_value(said)}</dd>" for key, said in _known(record)
    )
    return f"<dl>{''.join(lines)}</dl>"


def _known(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from ((key, said) for key, said in record.items() if said not in (None, "", [], {}))


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _record(value)
    if isinstance(value, (list, tuple)):
        plain = not any(isinstance(one, (Mapping, list)) for one in value)
        return escape(", ".join(map(str, value))) if plain else "".join(map(_value, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return escape(str(value))


def _words(key: str) -> str:
    return key.replace("_", " ").capitalize()
