"""``python -m massage_ins_bridge_calcom_simulator``: the same as ``calcom-simulator``."""

from __future__ import annotations

from .command import main

if __name__ == "__main__":
    main()
