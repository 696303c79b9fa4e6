# chatlake in a container: `serve`, `up`, `etl` or any other command, as a user without rights, on a file system that may be read-only.
FROM node:22-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json vite.config.ts vite.node.config.ts ./
COPY src ./src
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
ENV NODE_ENV=production CHATLAKE_HOST=0.0.0.0 CHATLAKE_PORT=8080 CHATLAKE_RAW=/data/raw CHATLAKE_ENRICHED=/data/enriched CHATLAKE_CACHE=/tmp/chatlake
COPY --from=build /build/node_modules /app/node_modules
COPY --from=build /build/dist /app/dist
COPY package.json LICENSE /app/
RUN install -d -o node -g node /data
USER node
# What a command writes without being told where goes to the volume, such as the demonstration.
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CHATLAKE_PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["up"]
