# Builds one static binary and puts it, with the certificate authorities it trusts, into an otherwise empty image.
#
#   docker build --build-arg VERSION=1.2.3 --build-arg REVISION="$(git rev-parse HEAD)" -t ponte:1.2.3 .

# The app that agents see is the same on every platform.
FROM --platform=$BUILDPLATFORM node:22-slim AS app
WORKDIR /src/app
COPY app/package.json app/package-lock.json app/.npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY app ./
RUN npm run build

FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS
ARG TARGETARCH
WORKDIR /src

# The modules change less often than the code, so they are a layer of their own.
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download && go mod verify

COPY . .
COPY --from=app /src/app/dist/web app/dist/web
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags='-s -w' -o /out/ponte ./cmd/ponte \
    && mkdir -p /out/data

FROM scratch
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Ponte" \
      org.opencontainers.image.description="Joins WhatsApp numbers to a Zendesk account" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/ponte /usr/local/bin/ponte
# `ponte serve` writes no file; this is where a demo in a container would keep its data.
COPY --from=build --chown=65532:65532 /out/data /data

# Time zones are in the binary. Inside a container loopback is the container's own, so Ponte listens on all its addresses.
ENV PATH=/usr/local/bin \
    PONTE_HTTP_ADDR=:8080 \
    PONTE_DATA_DIR=/data
USER 65532:65532
WORKDIR /data
EXPOSE 8080

HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 CMD ["/usr/local/bin/ponte", "health"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/ponte"]
CMD ["serve"]
