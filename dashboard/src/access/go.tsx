import type { ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';
import type { View } from '../questions/address';
import { isPlain } from '../scene/link-to';
import { DeskContext } from './signed-desk';

interface GoProps {
  /** What is different in the view that is linked to. */
  change: Partial<View>;
  class?: string;
  label?: string;
  children: ComponentChildren;
}

/** A link to another view of the page. */
export function Go({ change, label, children, ...rest }: GoProps) {
  const { links, view } = useContext(DeskContext)!;
  // The address is that of the view as it is now.
  void view.value;
  const follow = (event: MouseEvent) => {
    if (isPlain(event)) {
      event.preventDefault();
      links.follow(change);
    }
  };
  return (
    <a class={rest.class} href={links.address(change)} aria-label={label} onClick={follow}>
      {children}
    </a>
  );
}
