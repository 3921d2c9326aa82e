"""The file of a backup: a zip archive with the copy of the database, a manifest, and the key where
it was asked for. It is written beside its place, read back, and only then put there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from ..settings import StartError

FORMAT = 1
MANIFEST, KEY = "manifest.json", "secret.key"
#: By the kind of database, what its copy is called in the archive.
COPIES = {"sqlite": "bridge.sqlite3", "postgresql": "bridge.dump"}
_CHUNK = 1 << 20
_MOST = 1 << 20

#: Is told what is going on, how many bytes of it are done, and how many there are (0: not known).
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``rows`` counts by table; ``keys`` are the ids of the keys that
    something is sealed with, ``finder`` that of the key by whose hash values are found; ``schema``
    is PostgreSQL's; ``members`` gives the SHA-256 of each file."""

    version: str
    revision: str
    database: str
    schema: str
    made_at: str
    rows: dict[str, int]
    keys: list[str]
    finder: str
    members: dict[str, str]
    format: int = FORMAT


def write(
    target: Path,
    manifest: Callable[[dict[str, str]], Manifest],
    members: Mapping[str, Path],
    tell: Tell,
) -> Manifest:
    """Put the members and their manifest into ``target``. Raises ``OSError``, and ``StartError``
    where what was written does not read back."""
    half = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _private(half) as raw:
            with zipfile.ZipFile(raw, "w") as archive:  # sealed data do not shrink
                hashes = {name: _add(archive, name, path, tell) for name, path in members.items()}
                made = manifest(hashes)
                archive.writestr(MANIFEST, json.dumps(asdict(made), indent=1, sort_keys=True))
            raw.flush()
            os.fsync(raw.fileno())
        with opened(half) as (archive, again):
            for name in again.members:
                extract(archive, again, name, None, tell)
        half.replace(target)
        sync_folder(target.parent)
    finally:
        half.unlink(missing_ok=True)
    return made


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    """An archive and its manifest. Raises ``StartError`` where the file is no backup."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive, _manifest(archive)
    except OSError as error:
        raise StartError(f"{path}: cannot be read ({error.strerror or error})") from None
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, EOFError) as error:
        raise StartError(
            f"{path}: is no backup, or a damaged one ({type(error).__name__}); take another"
        ) from None


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > _MOST:
        raise ValueError(MANIFEST)
    data: Any = json.loads(archive.read(MANIFEST))
    if data["format"] != FORMAT:
        raise StartError(
            f"{archive.filename}: was made by a newer release ({data['version']}); install that one"
        )
    found = Manifest(**data)
    if COPIES[found.database] not in found.members or set(found.members) - {KEY, *COPIES.values()}:
        raise ValueError("members")
    return found


def extract(
    archive: zipfile.ZipFile, manifest: Manifest, name: str, to: Path | None, tell: Tell
) -> None:
    """Read a member, into a file where one is named. Raises ``StartError`` where its content is
    not what the manifest says."""
    size, done, digest = archive.getinfo(name).file_size, 0, hashlib.sha256()
    with archive.open(name) as source, _private(to) if to else contextlib.nullcontext() as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            if out is not None:
                out.write(chunk)
            done += len(chunk)
            tell("reading the backup", done, size)
        if out is not None:
            out.flush()
            os.fsync(out.fileno())
    if digest.hexdigest() != manifest.members[name]:
        raise StartError(f"{archive.filename}: {name} in it is damaged; take another backup")


def _add(archive: zipfile.ZipFile, name: str, path: Path, tell: Tell) -> str:
    digest, done, size = hashlib.sha256(), 0, path.stat().st_size
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as out:
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
            done += len(chunk)
            tell("writing the backup", done, size)
    return digest.hexdigest()


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")


def sync_folder(folder: Path) -> None:
    """What was renamed in it is on the disk when this comes back."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
