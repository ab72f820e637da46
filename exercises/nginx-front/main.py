"""The configuration of an Nginx that stands in front of the desk. See README.md beside this file."""


def render(upstream: str, port: int, static_dir: str, work_dir: str) -> str:
    """Return a complete nginx.conf. In this f-string, every brace of the configuration is written twice."""
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

    server {{
        listen 127.0.0.1:{port};

        # TODO: the files of static_dir below /static/
        # TODO: the desk, which is at upstream, below /api/, as the README says
    }}
}}
"""
