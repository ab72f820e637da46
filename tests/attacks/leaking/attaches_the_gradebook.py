"""Attaches the gradebook to a database of its own and prints every table.

succeeds: read
stopped by: files or private view
"""
import sqlite3

database = sqlite3.connect(":memory:")
database.execute("ATTACH ? AS book", ["@HOME@/gradebook.sqlite"])
for (table,) in database.execute("SELECT name FROM book.sqlite_master WHERE type = 'table'").fetchall():
    print(table, database.execute(f'SELECT * FROM book."{table}"').fetchall())
