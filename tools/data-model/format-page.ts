import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

/** Markdown as the formatter of the repository writes it, so that a page that was just written passes its check. */
export async function formatPage(page: string): Promise<string> {
  const config = await resolveConfig(fileURLToPath(import.meta.url));
  return format(page, { ...config, parser: 'markdown' });
}
