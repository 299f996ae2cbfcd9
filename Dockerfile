FROM python:3.11-slim-bookworm

WORKDIR /app
COPY manage.py requirements.lock ./
RUN PIP_NO_CACHE_DIR=1 python manage.py install
ENV PATH=/app/var/venv/bin:$PATH DJANGO_SETTINGS_MODULE=unionoffice.settings \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data
COPY . .
RUN SECRET_KEY=$(head -c 48 /dev/urandom | base64) DATA_KEY=$(head -c 48 /dev/urandom | base64) \
    DATABASE_URL=postgres://nobody@127.0.0.1:1/nothing DATA_DIR=/tmp \
    python -m django collectstatic --no-input --verbosity 0 \
    && useradd --create-home --uid 10001 office \
    && mkdir --parents /data/backups && chown --recursive office /data
USER office
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "unionoffice.wsgi:application"]
