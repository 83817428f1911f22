import { writeAddress, type View } from '../questions/address';
import { element } from './element';

/** How a page links to another view: the address of it, and what is done when the reader follows. */
export interface Links {
  /** @param change what is different in the view that is linked to */
  address: (change: Partial<View>) => string;
  follow: (change: Partial<View>) => void;
}

/** Links from the view as it is when they are followed. */
export function linksFrom(view: () => View, choose: (change: Partial<View>) => void): Links {
  return { address: (change) => writeAddress({ ...view(), ...change }), follow: choose };
}

/** A link to another view. */
export function linkTo(
  { address, follow }: Links,
  change: Partial<View>,
  attributes: Record<string, string | undefined>,
  ...content: (Node | string)[]
): HTMLAnchorElement {
  const link = element('a', { ...attributes, href: address(change) }, ...content);
  link.addEventListener('click', (event) => {
    if (isPlain(event)) {
      event.preventDefault();
      follow(change);
    }
  });
  return link;
}

/** A click with a key, for another tab, is the browser's. */
export function isPlain(event: MouseEvent): boolean {
  return !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
}
