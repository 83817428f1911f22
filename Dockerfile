# One image for services and tools; what comes after its name is what node runs.
#   docker run order-vault dist/apps/dds/main.js
#   docker run order-vault dist/ops/order-vault.js migrate
#   docker run order-vault dist/ops/order-vault.js topics --partitions 12
#   docker run order-vault dist/ops/order-vault.js --help
#   docker run order-vault dist/dev/orders.js --orders 5000 --rate 30

# Node's LTS line. The tag says what it is, the digest decides: change both together.
FROM node:26.11.1-trixie-slim@sha256:193fe51b64e77981119c98c2002c9e32a70e2f006fb4d25068ce0558998917f0 AS base
WORKDIR /app
COPY package.json package-lock.json ./

FROM base AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json rspack.config.mjs tsconfig.json ./
COPY apps apps
COPY dashboard dashboard
# The order source of a trial, which has nothing else that sends orders.
COPY dev/orders.ts dev/orders.ts
COPY dev/orders dev/orders
COPY libs libs
COPY migrations migrations
COPY ops ops
# The bundles hold the packages that they use; the page of the API is served as it is.
RUN npm run build && find node_modules/swagger-ui-dist -name '*.map' -delete

FROM base AS licenses
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund && mkdir licenses \
  && find node_modules -type f \( -iname 'licen[cs]e*' -o -iname 'notice*' \) -exec cp --parents -t licenses {} +

# What is in the bundles and the page, as CycloneDX.
FROM base AS bill
RUN npm exec --yes --ignore-scripts --omit=optional --package=@cyclonedx/cyclonedx-npm@6.0.1 -- \
  cyclonedx-npm --package-lock-only --omit dev --omit optional --output-reproducible --output-file sbom.cdx.json

FROM base
LABEL org.opencontainers.image.title="Order Vault" org.opencontainers.image.licenses="Apache-2.0"
# Left to themselves, V8 takes twice as much for new objects, and each of its threads a pool of memory to itself; what is
# saved, old objects have (docs/decisions/0065, 0066).
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-semi-space-size=16" MALLOC_ARENA_MAX=2
COPY LICENSE ./
COPY --from=licenses /app/licenses/node_modules licenses
COPY --from=bill /app/sbom.cdx.json sbom.cdx.json
COPY --from=build /app/node_modules/swagger-ui-dist node_modules/swagger-ui-dist
COPY --from=build /app/dist dist
# By number, so that Kubernetes can see that it is not root. It owns no file here, and needs none that it could write.
USER 1000:1000
EXPOSE 3001 3002 3003
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --start-interval=2s \
  CMD ["node", "dist/ops/order-vault.js", "health-check"]
# Without a shell in between: node is process 1 and gets the signals.
ENTRYPOINT ["node"]
CMD ["dist/apps/stg/main.js"]
