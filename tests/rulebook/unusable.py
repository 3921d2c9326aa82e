"""Rule files that cannot be used."""

from tests.rulebook.parts import BASE, FACT, HEAD, KIND, LATER, PAPER, PAYER, RULE, SOURCES, VERSION

#: A file that cannot be used, and what the one line must name.
UNUSABLE = {
    "a fact on nothing known": (
        HEAD + FACT.replace('"visit"', '"visits"'),
        ["fact units", "'on' must be one of 'coverage'", "did you mean 'visit'?"],
    ),
    "a fact of no type": (
        HEAD + FACT.replace('"int"', '"integer"'),
        ["fact units", "'type' must be one of 'text'", "did you mean 'int'?"],
    ),
    "a fact without label": (HEAD + FACT.replace('label = "Units"\n', ""), ["units", "'label'"]),
    "a fact's name in capitals": (
        HEAD + FACT.replace('"units"', '"Units"'),
        ["fact Units", "'name' must be a name of small letters"],
    ),
    "a fact twice": (HEAD + FACT + FACT, ["fact units", "'name' is given twice: 'units'"]),
    "a choice of nothing": (
        HEAD + FACT.replace('"int"', '"choice"'),
        ["fact units", "'choices' is missing; list what may be chosen"],
    ),
    "a choice among numbers": (
        HEAD + FACT + 'choices = ["one"]\n',
        ["fact units", "'choices' goes with the type 'choice', not 'int'"],
    ),
    "a fact of another key": (HEAD + FACT + 'choice = ["a"]\n', ["did you mean 'choices'?"]),
    "an action by half its name": (
        HEAD + KIND.replace("trial.", ""),
        ["action fax", "'kind' must be the plugin's name, a dot"],
    ),
    "another plugin's action": (
        HEAD + KIND.replace("trial.", "regence."),
        ["action regence.fax", "must begin with the plugin's own name: 'trial.fax'"],
    ),
    "an action twice": (HEAD + KIND + KIND, ["action trial.fax", "is given twice"]),
    "another plugin's authorization": (
        HEAD + PAPER.replace("trial.", "regence."),
        ["authorization kind regence.fax", "must begin with the plugin's own name: 'trial.fax'"],
    ),
    "no TOML": ("plugin = \n", ["not valid TOML"]),
    "no plugin": ('ruleset = "1"\n', ["'plugin' is missing", "give it as text"]),
    "plugin is a number": ('plugin = 7\nruleset = "1"\n', ["'plugin' must be text"]),
    "no ruleset": ('plugin = "trial"\n', ["'ruleset' is missing"]),
    "an unknown table": (
        f"{BASE}[[payer]]\n",
        ["'payer' is an unknown key", "did you mean 'payers'?"],
    ),
    "no id": (BASE.replace('id = "T-1"\n', ""), ["rule ? (1)", "'id' is missing"]),
    "no text": (BASE.replace('text = "A rule."\n', ""), ["rule T-1", "'text' is missing"]),
    "no source": (BASE.replace('source = "page"\n', ""), ["T-1", "'source' is missing"]),
    "not how sure": (
        BASE.replace('sure = "read"\n', ""),
        ["rule T-1", "'sure' is missing", "'secondary'"],
    ),
    "sure in its own way": (
        BASE.replace('"read"', '"reed"'),
        ["rule T-1", "'sure' must be one of 'read'", "did you mean 'read'?"],
    ),
    "the old word for it": (BASE + 'confidence = "quoted"\n', ["T-1", "'confidence'"]),
    "empty source": (BASE.replace('"page"\nsure', '""\nsure'), ["T-1", "'source' is empty"]),
    "a source of no name": (
        BASE.replace('"page"\nsure', '"pge"\nsure'),
        ["rule T-1", "'source' names 'pge'", "[[sources]]", "did you mean 'page'?"],
    ),
    "a version's source of no name": (
        VERSION + 'source = "pages"\n',
        ["rule T-1", "version 1", "'source' names 'pages'", "did you mean 'page'?"],
    ),
    "a source twice": (BASE + SOURCES, ["source page", "'id' is given twice"]),
    "a source without a day": (
        BASE.replace("read_on = 2026-11-01\n", ""),
        ["source page", "'read_on' is missing", "2026-11-22"],
    ),
    "a source that links to a script": (
        BASE + LATER.replace("https://a.example/x", "javascript:x()"),
        ["source later", "'address' must be an address that begins with https://"],
    ),
    "unknown key": (
        BASE + "form = 2026-01-01\n",
        ["rule T-1", "'form' is an unknown key", "did you mean 'from'?"],
    ),
    "a date in quotes": (
        BASE + 'from = "2026-01-01"\n',
        ["T-1", "'from' is not a date", "without quotes"],
    ),
    "a time for a date": (
        BASE + "review_by = 2026-01-01T00:00:00\n",
        ["'review_by' is not a date"],
    ),
    "a date of a version": (VERSION + 'to = "soon"\n', ["T-1", "version 1", "'to' is not a date"]),
    "it ends before it begins": (
        BASE + "from = 2026-01-02\nto = 2026-01-01\n",
        ["rule T-1", "'to' lies before 'from'"],
    ),
    "a version that ends before it begins": (
        VERSION + "from = 2026-01-02\nto = 2026-01-01\n",
        ["rule T-1", "version 1", "'to' lies before 'from'"],
    ),
    "read again before it was read": (
        BASE + "confirmed_on = 2026-01-02\nreview_by = 2026-01-01\n",
        ["rule T-1", "'review_by' lies before 'confirmed_on'"],
    ),
    "dates beside versions": (
        BASE + "from = 2026-01-01\n[[rules.versions]]\n",
        ["rule T-1", "'from' belongs into the rule's versions"],
    ),
    "an id twice": (BASE + RULE, ["rule T-1", "'from' overlaps", "has no end"]),
    "two rules of one id on one day": (
        f"{BASE}to = 2026-01-01\n{RULE}from = 2026-01-01\n",
        ["rule T-1", "'from' overlaps", "runs to 2026-01-01"],
    ),
    "two versions on one day": (
        VERSION + "to = 2026-01-01\n[[rules.versions]]\nfrom = 2025-12-31\n",
        ["rule T-1", "version 2", "'from' overlaps", "runs to 2026-01-01"],
    ),
    "no versions": (BASE + "versions = []\n", ["T-1", "'versions' is empty"]),
    "unknown key of a payer": (
        BASE + PAYER + "alias = []\n",
        ["payer acme", "'alias' is an unknown key", "did you mean 'aliases'?"],
    ),
    "a payer's word of no meaning": (
        BASE + PAYER + 'settlement = "claims"\n',
        ["payer acme", "'settlement' must be one of", "did you mean 'claim'?"],
    ),
    "a payer's name is a number": (
        BASE + PAYER + "aliases = [7]\n",
        ["payer acme", "'aliases.0' must be text"],
    ),
    "a payer twice": (BASE + PAYER + PAYER, ["payer acme", "'key' is given twice"]),
    "a payer's rule that is not there": (
        BASE + PAYER + 'necessity_rule = "T-11"\n',
        ["payer acme", "'necessity_rule' names 'T-11'", "did you mean 'T-1'?"],
    ),
    "a payer's rule without what the shared rules read": (
        BASE + "values = { accept = [] }\n" + PAYER + 'prescriber_rule = "T-1"\n',
        ["rule T-1", "'values.accepted' must be a list", "under 'prescriber_rule'"],
    ),
    "a payer's rule that two fields name": (
        BASE + PAYER + 'prescriber_rule = "T-1"\ndecision_rule = "T-1"\n',
        ["rule T-1", "'values.accepted' must be a list", "under 'prescriber_rule'"],
    ),
    "a need that no prescription has": (
        BASE + 'values = { asks = ["pian"] }\n' + PAYER + 'necessity_rule = "T-1"\n',
        ["rule T-1", "'values.asks' asks for 'pian'", "did you mean 'pain'?"],
    ),
    "a definition of what nobody asks": (
        BASE + PAYER + 'necessity_definition_rule = "T-1"\n',
        ["payer acme", "'necessity_definition_rule' goes with 'necessity_rule'"],
    ),
    "a payer's rule with another kind of it": (
        BASE + 'values = { decision_days = "5" }\n' + PAYER + 'decision_rule = "T-1"\n',
        ["rule T-1", "'values.decision_days' must be a whole number"],
    ),
    "a payer without a name": (HEAD + '[[payers]]\nkey = "acme"\n', ["acme", "'name' is missing"]),
    "rules is a number": (HEAD + "rules = 7\n", ["'rules' must be tables", "[[rules]]"]),
    "rules holds text": (HEAD + 'rules = ["T-1"]\n', ["rule ? (1)", "must be a table"]),
    "values is a number": (BASE + "values = 7\n", ["T-1", "'values' must be a table"]),
    "versions is text": (
        BASE + 'versions = "all"\n',
        ["T-1", "'versions' must be tables", "[[rules.versions]]"],
    ),
    "a version's values are a list": (VERSION + "values = [7]\n", ["T-1", "version 1", "values"]),
    "a version's key misspelt": (
        VERSION + "form = 2026-01-01\n",
        ["T-1", "version 1", "'form' is an unknown key", "did you mean 'from'?"],
    ),
}
