import type { ComponentChildren } from 'preact';
import { writeAddress, type View } from '../questions/address';
import { isPlain } from '../scene/link-to';
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

/** A link to another part of the page. */
export function Go({ show, rule, tags, isCurrent, label, children, ...rest }: GoProps) {
  const studio = useStudio();
  const follow = (event: MouseEvent) => {
    if (isPlain(event)) {
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
