"""Parts of a rule file of the plugin ``trial``, put together by tests."""

HEAD = 'plugin = "trial"\nruleset = "1"\n'
SOURCE = '[[sources]]\nid = "{}"\ntitle = "{}"\npublisher = "Acme"\nread_on = {}\n'
SOURCES = SOURCE.format("page", "A page", "2026-11-01")
LATER = SOURCE.format("later", "A later page", "2026-11-02") + 'address = "https://a.example/x"\n'
RULE = '[[rules]]\nid = "T-1"\ntext = "A rule."\nsource = "page"\nsure = "read"\n'
BASE = HEAD + SOURCES + RULE
VERSION = f"{BASE}[[rules.versions]]\n"
FACT = '[[facts]]\non = "visit"\nname = "units"\ntype = "int"\nlabel = "Units"\n'
KIND = '[[actions]]\nkind = "trial.fax"\nlabel = "Send the fax"\n'
PAPER = KIND.replace("actions", "authorization_kinds")
PAYER = '[[payers]]\nkey = "acme"\nname = "Acme"\n'
