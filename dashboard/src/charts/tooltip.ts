import { element } from '../scene/element';

export interface TooltipLine {
  name: string;
  value: string;
  color?: string;
}

/** The content of a chart's tooltip: elements, so that a name stays text and no style is inline. */
export function tooltip(title: string, lines: TooltipLine[], note?: string): HTMLElement {
  const content = element('div', { class: 'tooltip' }, element('strong', {}, title));
  for (const { name, value, color } of lines) {
    const swatch = element('i', { class: 'swatch' });
    if (color) {
      swatch.style.setProperty('--color', color);
    }
    content.append(
      element('div', {}, ...(color ? [swatch] : []), element('span', {}, name), element('b', {}, value)),
    );
  }
  if (note) {
    content.append(element('small', {}, note));
  }
  return content;
}
