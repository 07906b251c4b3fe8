# A small image: a static binary, no shell, an unprivileged user. The healthcheck is `landfall health`: for a driver, it reads from Kafka
# whether a driver on this host has a recent heartbeat.
FROM golang:1.26.11 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -gcflags github.com/twmb/franz-go/pkg/kmsg=-l -ldflags "-s -w -funcalign=16 -X main.version=$VERSION" -o /out/landfall . && mkdir -m 1777 /out/tmp && mkdir -m 700 /out/data

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title=landfall org.opencontainers.image.version=$VERSION
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=10001:10001 /out/tmp /tmp
COPY --from=build --chown=10001:10001 /out/data /data
COPY --from=build /out/landfall /landfall
USER 10001:10001
ENV HOME=/tmp
HEALTHCHECK --interval=15s --timeout=10s --start-period=30s CMD ["/landfall", "health"]
ENTRYPOINT ["/landfall"]
CMD ["driver"]
