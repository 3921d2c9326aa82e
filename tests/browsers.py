"""The system's Chromium, driven by Playwright."""

from typing import Any


def launched(player: Any, chromium: str) -> Any:
    """A browser without a window. Its sandbox does not go with root, as whom a container runs; and
    where the memory disk is a container's small one, pages that share memory there break off."""
    options = ["--no-sandbox", "--disable-dev-shm-usage"]
    return player.chromium.launch(executable_path=chromium, args=options)
