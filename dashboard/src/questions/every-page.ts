/**
 * All pages of an answer, each of which says where the next one begins; null: it is the last.
 * @param ask gets undefined for the first page
 */
export async function everyPage<Cursor, Page extends { next: Cursor | null }>(
  ask: (cursor: Cursor | undefined) => Promise<Page>,
): Promise<Page[]> {
  const pages = [await ask(undefined)];
  for (let next = pages[0]!.next; next !== null; next = pages.at(-1)!.next) {
    pages.push(await ask(next));
  }
  return pages;
}
