"""Run by path in a process of its own: reads requests, decides them, says how the plugins are."""

import json
import sys
import time

from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing import decide_request

asked = json.load(sys.stdin)
host = Host.load(time_limit=asked["time_limit"])
decisions, waits = [], []
for request in asked["requests"]:
    started = time.monotonic()
    decisions.append(decide_request(request, host, strict=False))
    waits.append(time.monotonic() - started)
plugins: dict[str, list[dict[str, object]]] = {}
for plugin in host.plugins:
    plugins.setdefault(plugin.name, []).append({"version": plugin.version})
json.dump({"decisions": decisions, "waits": waits, "plugins": plugins}, sys.stdout)
sys.stdout.flush()
