import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** A text as the formatter of the repository writes it, so that one that was just written passes its check. */
export async function formatPage(
  page: string,
  parser: 'markdown' | 'json' | 'yaml' = 'markdown',
): Promise<string> {
  const config = await resolveConfig(fileURLToPath(import.meta.url));
  return format(page, { ...config, parser });
}
