import { hash, timingSafeEqual } from 'node:crypto';
import {
  applyDecorators,
  Injectable,
  ServiceUnavailableException,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { CdmEnvironment } from '../environment/cdm.environment';
import { ApiProblem } from './problem';

/** Lets nobody in without the token, and nobody at all where there is none. */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(private readonly environment: CdmEnvironment) {}

  canActivate(context: ExecutionContext): boolean {
    const { API_TOKEN } = this.environment;
    if (API_TOKEN === undefined) {
      throw new ServiceUnavailableException(
        'this route needs a token, and the variable API_TOKEN is not set',
      );
    }
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    const given = bearerToken(http.getRequest<Request>().headers.authorization);
    if (given === undefined || !isSame(given, API_TOKEN)) {
      response.header('WWW-Authenticate', given === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
      throw new UnauthorizedException(
        given === undefined ? 'this route needs Authorization: Bearer <API_TOKEN>' : 'this is not the token',
      );
    }
    // What only the holder of the token may see is for nobody's cache.
    response.header('Cache-Control', 'no-store');
    return true;
  }
}

/**
 * For controllers whose routes name persons or change rules. The limit comes first, so that tokens cannot be tried out
 * quickly.
 */
export const Protected = () =>
  applyDecorators(
    UseGuards(ThrottlerGuard, TokenGuard),
    ApiBearerAuth(),
    ApiProblem(401, 'No token, or not the right one'),
    ApiProblem(429, 'Too many requests; Retry-After tells how many seconds to wait'),
    ApiProblem(
      503,
      'No token is configured, the database is down, or the answer took longer than 10 seconds',
    ),
  );

/** @returns undefined where the header is missing or of another scheme */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(.+)$/i.exec(authorization ?? '')?.[1];
}

/**
 * Takes the same time whatever the token: digests have one length.
 * @param given as Node reads headers, a character a byte
 */
export function isSame(given: string, token: string): boolean {
  return timingSafeEqual(
    hash('sha256', Buffer.from(given, 'latin1'), 'buffer'),
    hash('sha256', Buffer.from(token, 'utf8'), 'buffer'),
  );
}
