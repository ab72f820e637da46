"""What `gunicorn --threads 4 wsgi:app` serves: part A, with the book in the file that DESK_STORE names."""

from desk_store import open_book
from main import make_wsgi

app = make_wsgi(open_book())
