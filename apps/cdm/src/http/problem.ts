import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { ApiProperty, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { QUERY_CANCELED, verdictOf } from '@app/warehouse/sqlstate';
import { InvalidInput } from './input.pipe';

export class FieldError {
  @ApiProperty({ description: 'Path of the field', example: 'match.category' })
  field!: string;

  @ApiProperty({ description: 'What the field must be, and what it is', example: 'is missing' })
  message!: string;
}

/** Problem details, RFC 9457. */
export class Problem {
  @ApiProperty({
    description: 'urn:order-vault:invalid-input where fields are to blame, else about:blank',
    example: 'about:blank',
  })
  type!: string;

  @ApiProperty({ description: 'What the status means', example: 'Not Found' })
  title!: string;

  @ApiProperty({ description: 'HTTP status', example: 404 })
  status!: number;

  @ApiProperty({ description: 'What happened, for people', example: 'there is no such rule' })
  detail!: string;

  @ApiProperty({
    type: [FieldError],
    required: false,
    description: 'With urn:order-vault:invalid-input: the fields to blame',
  })
  errors?: FieldError[];

  @ApiProperty({
    description: 'As the header X-Request-Id of the answer; the log of the service has it too',
    example: '3f0c7c1e-5c58-4b1c-9f0e-2f1d6a7b8c90',
  })
  request_id?: string;
}

/** Says of a route that it may answer with a problem. */
export const ApiProblem = (status: number, description: string) =>
  ApiResponse({
    status,
    description,
    content: { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } },
  });

/** What to answer. Errors that are not meant for people are put in general words. */
export function problemOf(error: unknown): Problem {
  if (error instanceof InvalidInput) {
    const detail = error.errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    return { ...problem(400, detail), type: 'urn:order-vault:invalid-input', errors: error.errors };
  }
  if (error instanceof HttpException) {
    const isJsonError = error.cause instanceof SyntaxError;
    return problem(
      error.getStatus(),
      isJsonError ? `the body is no valid JSON: ${error.message}` : error.message,
    );
  }
  if ((error as { code?: unknown } | null)?.code === QUERY_CANCELED) {
    return problem(503, 'the database took too long for the answer');
  }
  const verdict = verdictOf(error);
  return verdict === 'wait' || verdict === 'repeat'
    ? problem(503, 'the database is not available at the moment')
    : problem(500, 'this should not have happened; the log of the service says more');
}

function problem(status: number, detail: string): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Unknown', status, detail };
}
