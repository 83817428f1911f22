import {
  applyDecorators,
  createParamDecorator,
  ForbiddenException,
  Injectable,
  ServiceUnavailableException,
  UnauthorizedException,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiBearerAuth } from '@nestjs/swagger';
import { ThrottlerGuard } from '@nestjs/throttler';
import type { Request, Response } from 'express';
import { isAtLeast, roles, type Role } from '@app/contracts/api-roles';
import { Callers, type Caller } from './callers';
import { ApiProblem } from './problem';

/** The least role that a route needs. */
const Needs = Reflector.createDecorator<Role>();

/** Lets in who has a token and the role that the route needs, and nobody at all where there are no tokens. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    private readonly callers: Callers,
    private readonly reflector: Reflector,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (!this.callers.areAny) {
      throw new ServiceUnavailableException(
        'this route needs a token: API_TOKEN is not set, and API_USERS is neither',
      );
    }
    const http = context.switchToHttp();
    const response = http.getResponse<Response>();
    const caller = this.known(http.getRequest<Request>(), response);
    const needed = this.reflector.get(Needs, context.getHandler());
    if (!isAtLeast(caller.role, needed)) {
      response.header('WWW-Authenticate', 'Bearer error="insufficient_scope"');
      throw new ForbiddenException(`this route needs the role ${needed}; ${caller.name} is ${caller.role}`);
    }
    // What only a holder of a token may see is for nobody's cache.
    response.header('Cache-Control', 'no-store');
    response.locals['caller'] = caller;
    return true;
  }

  private known({ headers }: Request, response: Response): Caller {
    const token = bearerToken(headers.authorization);
    const caller = token === undefined ? undefined : this.callers.of(token);
    if (!caller) {
      response.header('WWW-Authenticate', token === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
      throw new UnauthorizedException(
        token === undefined
          ? 'this route needs Authorization: Bearer <token>'
          : 'no user of the API has this token',
      );
    }
    return caller;
  }
}

/** The caller of a route that is {@link Protected}. */
export const FromToken = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getResponse<Response>().locals['caller'] as Caller,
);

/**
 * For routes that name persons or change rules.
 * @param role the least that is needed
 */
export const Protected = (role: Role) =>
  applyDecorators(
    Needs(role),
    // The limit comes first, so that tokens cannot be tried out quickly.
    UseGuards(ThrottlerGuard, CallerGuard),
    ApiBearerAuth(),
    ApiProblem(401, 'No token, or one that nobody has'),
    ...(role === roles[0] ? [] : [ApiProblem(403, `The role of the user is less than ${role}`)]),
    ApiProblem(429, 'Too many requests; Retry-After says how many seconds to wait'),
    ApiProblem(
      503,
      'No token is configured, the database is down, or the answer took longer than 10 seconds',
    ),
  );

/** @returns undefined where the header is missing or of another scheme */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^bearer +(.+)$/i.exec(authorization ?? '')?.[1];
}
