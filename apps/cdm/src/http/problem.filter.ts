import { Catch, HttpException, Logger, type ArgumentsHost } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { Request, Response } from 'express';
import { reasonOf } from '@app/servers/reason-of';
import { problemOf } from './problem';
import { requestIdOf } from './request-id';

/** Answers every error under `/api` with a problem; what the other routes answer stays as it is. */
@Catch()
export class ProblemFilter extends BaseExceptionFilter {
  private readonly logger = new Logger('api');

  override catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    if (!/^\/api(\/|$)/.test(request.path)) {
      // oxlint-disable-next-line promise/valid-params, promise/no-promise-in-callback -- this catch is no promise's
      super.catch(error, host);
      return;
    }
    const request_id = requestIdOf(response);
    const problem = { ...problemOf(error), request_id };
    if (problem.status >= 500 && !(error instanceof HttpException)) {
      const msg = `${request.method} ${request.route?.path ?? ''}: ${reasonOf(error)}`;
      this.logger.error({
        msg,
        request_id,
        err: problem.status === 500 && error instanceof Error ? error : undefined,
      });
    }
    if (response.headersSent) {
      // An answer that has begun cannot become another one; breaking it off shows that it is not whole.
      response.destroy();
      return;
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
