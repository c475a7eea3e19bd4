"""What a web server such as gunicorn loads: `gunicorn wsgi:app`."""

from bridge.app import create_app

app = create_app()
