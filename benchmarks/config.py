"""The settings file of a service under measurement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

ACCOUNT = "front-desk"


@dataclass(frozen=True, slots=True)
class Setup:
    """Where the service keeps its data and which platform it speaks to."""

    folder: Path
    port: int
    platform: str
    api_key: str
    secret: str
    database_url: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def webhook(self) -> str:
        return f"{self.url}/webhooks/{ACCOUNT}"

    def write(self) -> Path:
        """The file, as text of TOML."""
        path = self.folder / "massage-ins-bridge.toml"
        database = [f"database_url = {_text(self.database_url)}"] if self.database_url else []
        lines = [
            f"port = {self.port}",
            f"data_dir = {_text(str(self.folder / 'data'))}",
            *database,
            "[clinic]",
            'name = "Example Massage"',
            'timezone = "America/Los_Angeles"',
            "[clinic.network]",
            'regence = [{status = "in", from = "2015-01-01"}]',
            "[[accounts]]",
            f"name = {_text(ACCOUNT)}",
            'connector = "calcom"',
            'enforcement = "enforce"',
            f"base_url = {_text(self.platform)}",
            f"api_key = {_text(self.api_key)}",
            f"webhook_secret = {_text(self.secret)}",
            "rate_limit = 100000",
            "[accounts.services]",
            '"30412" = {service = "medical-massage", self_pay = false}',
            '"30413" = {service = "relaxation-massage", self_pay = true}',
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path


def _text(value: str) -> str:
    return json.dumps(value)
