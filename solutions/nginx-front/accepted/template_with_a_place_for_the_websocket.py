"""A template without f-string, the root above the files, and a place of its own for the WebSocket."""

from pathlib import Path

HEADERS = """
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;"""

CONFIGURATION = """
pid WORK/nginx.pid;

events {
}

http {
    access_log off;
    client_body_temp_path WORK/body;
    proxy_temp_path WORK/proxy;
    fastcgi_temp_path WORK/fastcgi;
    uwsgi_temp_path WORK/uwsgi;
    scgi_temp_path WORK/scgi;

    server {
        listen PORT;

        location /static/ {
            root SITE;
        }

        location /api/ {
            client_max_body_size 2048k;
            proxy_pass http://UPSTREAM/;HEADERS
        }

        location = /api/ws {
            proxy_pass http://UPSTREAM/ws;HEADERS
            proxy_set_header Upgrade websocket;
            proxy_set_header Connection upgrade;
        }
    }
}
"""


def render(upstream: str, port: int, static_dir: str, work_dir: str) -> str:
    text = CONFIGURATION.replace("HEADERS", HEADERS).replace("UPSTREAM", upstream).replace("PORT", str(port))
    return text.replace("SITE", str(Path(static_dir).parent)).replace("WORK", work_dir)
