import type { OpenAPIObject } from '@nestjs/swagger';
import type { NextFunction, Request, Response } from 'express';

const VERSION = '/v1';

/**
 * Middleware of `/api`: `/api/v1/tags` is `/api/tags`. Addresses without a version came first, and go on to mean this
 * one.
 */
export function leaveOutVersion(request: Request, _: Response, next: NextFunction): void {
  if (request.url.startsWith(`${VERSION}/`)) {
    request.url = request.url.slice(VERSION.length);
  }
  next();
}

/** The description of the API with the version in its addresses. */
export function withVersion(document: OpenAPIObject): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => [
    path.replace(/^\/api/, `/api${VERSION}`),
    item,
  ]);
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}
