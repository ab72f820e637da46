"""A real Nginx for a test, with all its files in one folder."""

import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from proctor.isolation.server_programs import ServerProgram, find_server_program

__all__ = ["running_nginx"]

_FRAME: Final = """
pid {folder}/pid;
error_log {folder}/errors;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {servers}
}}
"""


@contextmanager
def running_nginx(folder: Path, servers: str) -> Generator[None]:
    """Run Nginx with these ``server`` blocks. It listens when the block begins, and has ended when it is left."""
    conf = folder / "nginx.conf"
    conf.write_text(_FRAME.format(folder=folder, servers=servers), encoding="utf-8")
    command = [str(find_server_program(ServerProgram.NGINX)), "-e", "stderr", "-p", str(folder), "-c", str(conf)]
    subprocess.run(command, check=True)
    try:
        yield
    finally:
        subprocess.run([*command, "-s", "stop"], check=True)
