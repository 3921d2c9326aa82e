"""Records as a page: all that is known of them, and nothing that acts."""

from massage_ins_bridge.documents.readable import readable


def test_what_is_known_stands_under_its_words() -> None:
    made = readable(
        "Ann <Lee>",
        "Here & now",
        [
            (
                "Papers",
                [{"signed_on": "2026-11-20", "pain": True, "visits": None, "often": {"a": 2}}],
            ),
            ("Notes", ["Plain words"]),
            ("Visits", []),
        ],
    )
    assert "<h1>Ann &lt;Lee&gt;</h1><p>Here &amp; now</p>" in made
    assert "<dt>Signed on</dt><dd>2026-11-20</dd><dt>Pain</dt><dd>yes</dd>" in made
    assert "<dt>Often</dt><dd><dl><dt>A</dt><dd>2</dd></dl></dd>" in made
    assert "<p>Plain words</p>" in made
    assert made.count("<p>None.</p>") == 1
    assert "Visits</dt>" not in made
    assert "<script" not in readable("x", "", [("<script>", [{"<script>": ["<script>"]}])])


def test_lists_are_one_line_or_records() -> None:
    made = readable(
        "x", "", [("a", [{"codes": ["M54.2", "M54.50"], "rows": [{"b": 1}, {"b": 2}]}])]
    )
    assert "<dd>M54.2, M54.50</dd>" in made
    assert made.count("<dt>B</dt>") == 2
