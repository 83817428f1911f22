import { defineConfig } from 'vite';

/** The page of cdm. `vite dashboard` serves it from here for development, with the API of a cdm on its usual port. */
export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that a proxy may serve it under a path of its own.
  base: './',
  resolve: { tsconfigPaths: true },
  build: {
    outDir: '../dist/apps/cdm/public',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy knows no data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // ECharts is most of it, and is needed at once.
    chunkSizeWarningLimit: 1_000,
  },
  server: { proxy: { '/api': `http://localhost:${process.env.PORT ?? 3003}` } },
});
