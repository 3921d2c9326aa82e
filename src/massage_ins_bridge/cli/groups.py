"""Groups of commands that show something by name without a word for it."""

from __future__ import annotations

from typing import Any

import typer


class ShowingGroup(typer.core.TyperGroup):
    """``rules PAYER`` beside ``rules review``: a word that is no command is the name of what is to
    be shown."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)
