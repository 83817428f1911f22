import { ApiAcceptedResponse } from '@nestjs/swagger';
import type { Response as HttpResponse } from 'express';
import { ComputingAnswer } from './dashboard.contract';

/** Seconds after which the same question is worth asking again. */
const AGAIN_S = 1;

/** Says of a route that it answers questions of the past, which may take a while. */
export const ApiComputing = () =>
  ApiAcceptedResponse({
    type: ComputingAnswer,
    description:
      'The orders of that moment are being read from the vault. The same question gets the answer later: ask again after the seconds of Retry-After',
  });

/** Sets the head of the answer, which is the body. */
export function computing(response: HttpResponse, answer: ComputingAnswer): ComputingAnswer {
  response.status(202).header('Retry-After', String(AGAIN_S)).header('Cache-Control', 'no-store');
  return answer;
}
