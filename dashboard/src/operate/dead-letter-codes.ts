import { refusalReasons } from '@app/contracts/refusal-reasons';

/** Why messages are refused, as the API names it. */
export const deadLetterCodes = Object.keys(refusalReasons);
