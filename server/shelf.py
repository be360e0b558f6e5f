"""Finished dumps of the version that is served, kept as files with their SHA-256; older versions are cleared."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from urllib.parse import quote

from graph.dump_forms import Form
from graph.errors import StoreError
from server.house import House


@dataclass(frozen=True, slots=True)
class Kept:
    """Hold a finished dump: its file, the SHA-256 of the file's bytes, the name to save it under."""

    path: Path
    sha256: bytes
    name: str


class DumpShelf:
    """Keep finished dumps of the version that is served, each made once however many ask for it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._making: dict[Path, asyncio.Task[None]] = {}

    async def get(self, version: str, form: Form, article: str | None = None) -> Kept:
        """Give a dump, made now where it is missing. Raises UnknownResource."""
        stem = _stem(article)
        path = self._house.settings.cache_folder / "dumps" / version / f"{stem}.{form.name}"
        if not await asyncio.to_thread(_is_whole, path):
            making = self._making.get(path)
            if making is None:
                making = asyncio.ensure_future(self._make(path, version, form, article))
                self._making[path] = making
                making.add_done_callback(lambda _: self._making.pop(path, None))
            # One client leaving does not stop the file that others wait for.
            await asyncio.shield(making)
        return Kept(path, await asyncio.to_thread(_read_sum, path), f"{stem}-{version}.{form.name}")

    async def _make(self, path: Path, version: str, form: Form, article: str | None) -> None:
        answer = await self._house.dumps.ask("dump", {"format": form.name, "article": article})
        try:
            file, told = await asyncio.to_thread(_open_beside, path), hashlib.sha256()
            try:
                async for chunk in answer:
                    await asyncio.to_thread(file.write, chunk)
                    told.update(chunk)
                if answer.head.get("version") != version:
                    raise StoreError("another version was published while the file was made; ask again")
                await asyncio.to_thread(_put_in_place, file, path, told.digest())
            finally:
                await asyncio.to_thread(_drop, file)
        finally:
            await answer.close()


def _stem(article: str | None) -> str:
    return "hearsay" if article is None else f"article-{quote(article, safe='')}"


def _sum_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _is_whole(path: Path) -> bool:
    return path.is_file() and _sum_of(path).is_file()


def _read_sum(path: Path) -> bytes:
    try:
        return bytes.fromhex(_sum_of(path).read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise StoreError(f"{_sum_of(path)} can't be read: {error}; remove the folder of dumps") from error


def _open_beside(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _clear_older(path.parent)
        return NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False)
    except OSError as error:
        raise StoreError(
            f"the folder for dumps {path.parent} can't be written: {error}; set HEARSAY_CACHE"
        ) from error


def _clear_older(shelf: Path) -> None:
    for other in shelf.parent.iterdir():
        if other != shelf and other.is_dir():
            shutil.rmtree(other, ignore_errors=True)


def _put_in_place(file: IO[bytes], path: Path, sha256: bytes) -> None:
    file.close()
    # The file comes first: with a sum and no file, or a file and no sum, it is made again.
    Path(file.name).replace(path)
    _sum_of(path).write_text(sha256.hex(), encoding="ascii")


def _drop(file: IO[bytes]) -> None:
    file.close()
    Path(file.name).unlink(missing_ok=True)
