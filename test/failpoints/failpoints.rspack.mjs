import { fileURLToPath } from 'node:url';

/** What the test build takes from here instead of the product; nothing of it is in the build that is shipped. */
const replaced = {
  '\\.\\.?/(tags/)?clock': './clock.ts',
  '@app/warehouse/warehouse': './warehouse.ts',
  '@app/kafka/message-publisher': './message-publisher.ts',
  '@app/batches/batch.server': './batch.server.ts',
};

/** `npm run build:failpoints`: the services with failpoints, in `dist-failpoints`. */
export default (options, rspack) => ({
  ...options,
  output: { ...options.output, path: fileURLToPath(new URL('../../dist-failpoints', import.meta.url)) },
  plugins: [
    ...options.plugins,
    ...Object.entries(replaced).map(
      ([request, file]) =>
        new rspack.NormalModuleReplacementPlugin(
          new RegExp(`^${request}$`),
          fileURLToPath(new URL(file, import.meta.url)),
        ),
    ),
  ],
});
