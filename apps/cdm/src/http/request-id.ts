import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';

const HEADER = 'X-Request-Id';
/** An id of outside goes into the log: no spaces, no quotes, nothing that a terminal would take for a command. */
const PLAIN = /^[\w.:+/=@-]{1,128}$/;

/** Gives the answer the id that the request came with, where that is plain, else one of its own. */
export function giveRequestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(HEADER) ?? '';
  response.set(HEADER, PLAIN.test(given) ? given : randomUUID());
  next();
}

/** The id under which the log speaks of the request that gets this answer. */
export function requestIdOf(response: Response): string {
  return response.get(HEADER)!;
}
