# LiveAssist: one static program, nothing else.
#
#   docker build -t liveassist . && docker run -p 8080:8080 -v liveassist:/data -e BASE_URL=http://localhost:8080 liveassist
#
# The web app's build is committed (embed/dist), so Go is all that a build needs. The end-to-end
# test builds the last stage alone, around a binary that it made itself: see e2e/stack/image.go.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev
# The tag brings the continuous backup (BACKUP_URL): 10 MB more.
RUN CGO_ENABLED=0 go build -tags litestream -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /out/liveassist . && mkdir -p /out/data

FROM scratch
COPY --from=build /out/liveassist /liveassist
# Volumes take their first owner from the image, and this one belongs to the user below.
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV LISTEN_ADDR=0.0.0.0:8080 DATA_DIR=/data LOG_FORMAT=json
VOLUME /data
EXPOSE 8080
# SIGTERM lets requests under way finish (10 s at most) and ends the streams.
STOPSIGNAL SIGTERM
ENTRYPOINT ["/liveassist"]
