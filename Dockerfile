# syntax=docker/dockerfile:1

# Builds the site and serves it by an nginx without privileges: see docs/deploy.md.

FROM rust:1.95-trixie AS build
# Whatever Node the release has is new enough.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends nodejs npm \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /work
COPY . .
ARG BUCKET=""
# The tools and what is compiled are kept between builds.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/var/cache/digitlab \
    --mount=type=cache,target=/work/target \
    DIGITLAB_CACHE=/var/cache/digitlab cargo xtask build ${BUCKET:+--bucket "$BUCKET"}

# A site that is built already is taken instead by `docker build --build-context site=dist .`
FROM scratch AS site
COPY --from=build /work/dist /

FROM debian:trixie-slim
# nginx and its module must be of one version: that of the release.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libnginx-mod-http-brotli-static nginx \
    && rm -rf /var/lib/apt/lists/*
COPY docs/deploy/nginx/nginx.conf docs/deploy/nginx/site.conf /etc/digitlab/
COPY --from=site / /srv/digitlab
# www-data
USER 33:33
EXPOSE 8080
STOPSIGNAL SIGQUIT
CMD ["nginx", "-e", "stderr", "-c", "/etc/digitlab/nginx.conf"]
