import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { classToPlain, plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate } from 'class-validator';
import { excerpt } from '@app/values/json-text';
import type { FaultsOf, FieldFault } from './input-rules';

/** Said here, since Nest would load the whole of both packages, which is a fifth of a start. */
const packages = {
  validatorPackage: { validate, getMetadataStorage },
  transformerPackage: { plainToInstance, classToPlain },
};

/** The input breaks rules; said field by field. */
export class InvalidInput extends Error {
  constructor(readonly errors: FieldFault[]) {
    super('the input is invalid');
  }
}

/**
 * Checks bodies, queries and paths against the rules of their classes. Unknown fields are refused.
 * @throws InvalidInput
 */
export const inputPipe = new ValidationPipe({
  transform: true,
  whitelist: true,
  forbidNonWhitelisted: true,
  stopAtFirstError: true,
  validationError: { target: false, value: true },
  ...packages,
  exceptionFactory: (errors) => new InvalidInput(fieldErrors(errors)),
});

function fieldErrors(errors: ValidationError[], path = ''): InvalidInput['errors'] {
  return errors.flatMap(({ property, value, constraints = {}, contexts, children = [] }) => {
    const field = `${path}${property}`;
    const own = Object.entries(constraints).slice(0, 1);
    const inParts = contexts?.hasNoFaults as { faultsOf: FaultsOf } | undefined;
    return [
      ...(inParts?.faultsOf(value, field) ??
        own.map(([rule, must]) => ({ field, message: sentenceOf(rule, must, value) }))),
      ...fieldErrors(children, `${field}.`),
    ];
  });
}

function sentenceOf(rule: string, must: string, value: unknown): string {
  if (rule === 'whitelistValidation') {
    return `is not a known field, got ${excerpt(value)}`;
  }
  return value === undefined ? 'is missing' : `${must}, got ${excerpt(value)}`;
}
