# A Redis for the suite, out of Debian's package, with nothing but the program and its libraries.
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS package
RUN apt-get update && apt-get install -y --no-install-recommends redis-server
RUN mkdir /files && cp --parents --dereference /usr/bin/redis-server $(ldd /usr/bin/redis-server | grep -o "/[^ ]*") /files

FROM scratch
COPY --from=package /files /
ENV PATH=/usr/bin
USER 1000:1000
