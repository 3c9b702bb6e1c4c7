# The bot as a container. Everything it keeps lies in /conference: config.toml and the data it names are expected there,
# and the database is made there. Paths in config.toml start at that folder.
#
#   mkdir conference
#   cp config.example.toml conference/config.toml
#   cp -r data conference/data
#   docker build -t conference-bot .
#   docker run -d --name conference-bot -e DISCORD_TOKEN --user "$(id -u):$(id -g)" \
#       -v "$PWD/conference:/conference" conference-bot
#
# The folder must be writable for the user; without --user that is the one with the id 10001.

# What is installed: with `--build-arg LOCK=requirements-sentry.lock` also what reports errors to Sentry.
ARG LOCK=requirements.lock


FROM python:3.12-slim AS builder

ARG LOCK
WORKDIR /build
COPY ${LOCK} requirements.lock

# Wheels only: whatever is installed has a hash in the lock file, and nothing is compiled or run while installing.
# The virtual environment gets no pip of its own: the bot has no use for it.
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install \
        --no-cache-dir --disable-pip-version-check --root-user-action=ignore \
        --require-hashes --only-binary :all: -r requirements.lock


FROM python:3.12-slim

RUN groupadd --system --gid 10001 bot \
    && useradd --system --uid 10001 --gid bot --no-create-home --home-dir /conference --shell /usr/sbin/nologin bot \
    && install -d -o bot -g bot -m 0750 /conference

COPY --from=builder /opt/venv /opt/venv

WORKDIR /app
COPY bot ./bot
COPY cogs ./cogs
COPY data ./data

# Bytecode is compiled here, once: /app belongs to root, and the bot could not write it there.
RUN /opt/venv/bin/python -m compileall -q bot cogs

ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1

VOLUME /conference
USER 10001:10001
STOPSIGNAL SIGTERM

# Exits 0 while the running bot is connected and gets done what is due.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 \
    CMD ["python", "-m", "bot", "health", "--config", "/conference/config.toml"]

ENTRYPOINT ["python", "-m", "bot"]
CMD ["run", "--config", "/conference/config.toml"]
