"""The prefix is cut off by a rewrite, and the chain of proxies begins with Nginx."""


def render(upstream: str, port: int, static_dir: str, work_dir: str) -> str:
    return f"""\
worker_processes 1;
pid {work_dir}/nginx.pid;

events {{
    worker_connections 64;
}}

http {{
    access_log off;
    client_body_temp_path {work_dir}/client_body;
    proxy_temp_path {work_dir}/proxy;
    fastcgi_temp_path {work_dir}/fastcgi;
    uwsgi_temp_path {work_dir}/uwsgi;
    scgi_temp_path {work_dir}/scgi;

    types {{
        text/css css;
        text/html html;
        text/javascript js;
    }}

    client_max_body_size 2m;

    server {{
        listen 127.0.0.1:{port};

        location /static/ {{
            alias {static_dir}/;
        }}

        location / {{
            return 404;
        }}

        location /api/ {{
            rewrite ^/api/(.*)$ /$1 break;
            proxy_pass http://{upstream};
            proxy_http_version 1.1;
            proxy_set_header Host $host:$server_port;
            proxy_set_header X-Forwarded-For $remote_addr;
            proxy_set_header X-Forwarded-Proto $scheme;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection "upgrade";
        }}
    }}
}}
"""
