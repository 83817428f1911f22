import type { NextFunction, Request, Response } from 'express';
import { InvalidInput } from './input.pipe';

/** Far more than any rule needs. What turns a body into a class goes over the stack, a call a level. */
const MOST_LEVELS = 100;

/** Refuses a body that is nested too deeply, before anything goes through it by recursion. */
export function refuseDeepBody(request: Request, _response: Response, next: NextFunction): void {
  next(
    isDeeper(request.body, MOST_LEVELS)
      ? new InvalidInput([{ field: 'the body', message: `is nested deeper than ${MOST_LEVELS} levels` }])
      : undefined,
  );
}

function isDeeper(value: unknown, levels: number): boolean {
  let inside = [value];
  for (let level = 0; level <= levels && inside.length > 0; level += 1) {
    inside = inside.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return inside.length > 0;
}
