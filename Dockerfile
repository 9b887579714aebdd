# The one image. `docker build .` compiles the binary in the stage `compiled`; image/build.sh hands
# in one that was built outside (stage `given`), with --build-arg BINARY=given.
ARG BINARY=compiled

FROM rust:1-slim-trixie AS compiled
RUN apt-get -o Acquire::Retries=5 update -qq \
 && apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends gcc libc6-dev
WORKDIR /source
COPY Cargo.toml Cargo.lock ./
COPY image/link.rs ./image/link.rs
COPY src ./src
RUN mkdir -p tests/suite && touch tests/suite/main.rs \
 && cargo build --locked --profile ci --bins && cp target/ci/dokku target/ci/dokku-init target/ci/dokku-serve /

FROM scratch AS given
COPY image/given/dokku image/given/dokku-init image/given/dokku-serve /

FROM ${BINARY} AS binary

FROM debian:trixie-slim

# The user has a fixed id, because files of earlier installations on the volume belong to it.
ARG DOKKU_UID=200
ARG DOKKU_GID=200
RUN groupadd --gid "$DOKKU_GID" dokku \
 && useradd --uid "$DOKKU_UID" --gid dokku --groups adm --home-dir /home/dokku --no-create-home --shell /bin/bash dokku \
 && useradd --system --uid 201 --user-group --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin syslog

# nginx is what we run. All else is here for plugins, who call these programs by name: the core
# itself calls none of them. A test runs each (tests/suite/appliance/programs.rs).
COPY image/etc/dpkg/ /etc/dpkg/
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get -o Acquire::Retries=5 update -qq \
 && apt-get -o Acquire::Retries=5 install -y -qq --no-install-recommends \
      nginx-light libnginx-mod-stream \
      ca-certificates curl openssl sudo \
      git openssh-client docker-cli docker-buildx \
      bsdextrautils hostname jq make net-tools perl procps python3-minimal socat sqlite3 tzdata unzip whois xz-utils \
      >/dev/null \
 && apt-get clean && rm -rf /var/lib/apt/lists/* /var/cache/debconf/*-old /var/log/*.log /var/log/apt \
 && rm -f /etc/nginx/sites-enabled/default

COPY image/etc/ /etc/
COPY image/usr/ /usr/

# Links are the shims' second names: sudoers files of plugins spell such paths out.
RUN for name in service sv invoke-rc.d; do ln -s systemctl "/usr/local/bin/$name"; done \
 && ln -s /usr/local/bin/systemctl /usr/bin/systemctl && ln -s /usr/local/bin/sv /usr/bin/sv \
 && chmod 0440 /etc/sudoers.d/dokku-nginx /etc/sudoers.d/dokku-storage && visudo -cq \
 && install -d -m 755 /etc/cron.d && install -d -m 1730 -o root -g dokku /var/spool/cron/crontabs

# What plugins source from core plugins: shell around the binary. Links to them are put on the volume at each start.
COPY image/facade/ /var/lib/dokku/core-plugins/available/
RUN mkdir /var/lib/dokku/core-plugins/enabled && cd /var/lib/dokku/core-plugins/enabled \
 && for name in ../available/*; do ln -s "$name" . && cp /usr/share/dokku/commands "$name/"; done \
 && install -D -m 644 /etc/nginx/conf.d/00-default-vhost.conf ../available/nginx-vhosts/templates/default-site.conf \
 && install -m 644 /dev/null ../config.toml && chown -R dokku:dokku ..

COPY --from=binary /dokku /dokku-init /dokku-serve /usr/bin/
# Programs that plugins call by name, and which the one binary is.
RUN for name in docker-container-healthchecker docker-image-labeler netrc plugn procfile-util prop sigil sshcommand; do ln -s dokku "/usr/bin/$name"; done \
 && ln -s /usr/bin/prop /var/lib/dokku/core-plugins/available/common/prop
RUN dokku help >/dev/null || { \
      echo ' !     The binary does not run on this base. If a line above names GLIBC, it was built on a newer system' >&2; \
      echo ' !     than the base: build with image/build.sh --from docker, or take a newer base.' >&2; exit 1; }

ARG DOKKU_TAG=
ARG DOKKU_REVISION=
LABEL org.opencontainers.image.title="Dokku" \
      org.opencontainers.image.description="Dokku as one container: SSH, git, deploys and nginx on the Docker engine of the host" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="$DOKKU_TAG" \
      org.opencontainers.image.revision="$DOKKU_REVISION"

EXPOSE 22 80 443
VOLUME /mnt/dokku
HEALTHCHECK --interval=30s --timeout=10s --start-period=5m --retries=3 \
  CMD ["curl", "-fsS", "http://127.0.0.1:18080/_dokku/health"]
CMD ["/usr/bin/dokku", "init"]
