"""Run by path in a process of its own: reads requests, decides them, says how the plugins are."""

import json
import sys
import time

from massage_ins_bridge.hooks.host import Host
from massage_ins_bridge.testing import decide_request

asked, began = json.load(sys.stdin), time.monotonic()
host = Host.load(time_limit=asked["time_limit"])
decisions, waits = [], []
for request in asked["requests"]:
    started = time.monotonic()
    decisions.append(decide_request(request, host, strict=False))
    waits.append(time.monotonic() - started)
plugins: dict[str, list[dict[str, object]]] = {}
for plugin in host.plugins:
    plugins.setdefault(plugin.name, []).append({"version": plugin.version})
said = {"decisions": decisions, "waits": waits, "plugins": plugins}
json.dump({**said, "seconds": time.monotonic() - began}, sys.stdout)
sys.stdout.flush()
