import type { ComponentChildren } from 'preact';
import { writeAddress, type View } from '../questions/address';
import { useStudio } from './studio';

interface GoProps {
  show?: View['show'];
  rule?: string;
  tags?: string[];
  class?: string;
  isCurrent?: boolean;
  label?: string;
  children: ComponentChildren;
}

/** A link to another part of the page. A click with a key, for another tab, is the browser's. */
export function Go({ show, rule, tags, isCurrent, label, children, ...rest }: GoProps) {
  const studio = useStudio();
  const follow = (event: MouseEvent) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      studio.notice.value = '';
      studio.open(show, { rule, tags });
    }
  };
  return (
    <a
      class={rest.class}
      href={writeAddress({ ...studio.view.value, show, rule, tags })}
      aria-current={isCurrent ? 'page' : undefined}
      aria-label={label}
      onClick={follow}
    >
      {children}
    </a>
  );
}
