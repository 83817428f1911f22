import { dirname, join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Response } from 'express';

/** Beside the built service, where the build of `dashboard` puts the page. */
const PUBLIC = join(dirname(process.argv[1] ?? ''), 'public');

/**
 * Everything comes from this service, and nothing is inline: the name of a product that became markup after all would
 * still run no script and load nothing.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** Serves the page at `/`. What it has no file for is left to the other routes. */
export function servePage(app: NestExpressApplication): void {
  app.useStaticAssets(PUBLIC, { setHeaders, redirect: false });
}

/** @param path of the file that is served */
function setHeaders(response: Response, path: string): void {
  // The names of files in `assets` have a digest of their content in them, so they never change.
  const isHashed = path.startsWith(join(PUBLIC, 'assets'));
  response.header({
    'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    'Content-Security-Policy': POLICY,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
  });
}
