import type { Request as HttpRequest } from 'express';
import type { Language } from '@app/spreadsheets/sheet';

/**
 * For which language a file is.
 * @param asked the parameter of the request; without it, it is Russian where the client prefers that. Programs that say
 *   English are tools too often.
 * @returns undefined: for tools
 */
export function fileLanguage(request: HttpRequest, asked?: Language): Language | undefined {
  return asked ?? (request.acceptsLanguages()[0]?.toLowerCase().startsWith('ru') ? 'ru' : undefined);
}
