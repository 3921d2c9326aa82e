"""What is wrong with settings, or with the start."""

from __future__ import annotations


class StartError(Exception):
    """The service cannot start; the text is one line that names the cause and the cure."""


class SettingsError(StartError):
    """Settings that cannot be used: ``problems`` holds one line each, without secret values."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class ChangedMeanwhileError(SettingsError):
    """Somebody else changed the settings between reading and saving them."""
