"""Settings: a TOML file, ``MIB_…`` variables over it, and secrets from files."""

from .errors import SettingsError, StartError
from .load import load_settings, settings_file
from .model import (
    DEFAULT_CLINIC,
    SECRETS,
    AccountSettings,
    ClientPageSettings,
    MailSettings,
    ServiceSettings,
    Settings,
    TaskSettings,
)

__all__ = [
    "DEFAULT_CLINIC",
    "SECRETS",
    "AccountSettings",
    "ClientPageSettings",
    "MailSettings",
    "ServiceSettings",
    "Settings",
    "SettingsError",
    "StartError",
    "TaskSettings",
    "load_settings",
    "settings_file",
]
