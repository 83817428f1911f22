import { element } from './element';

/** @param title what the button does, to those who do not see where it stands */
export function labelTool(button: HTMLButtonElement, icon: string, text: string, title: string): void {
  button.replaceChildren(element('i', { class: `icon ${icon}` }), element('span', {}, text));
  button.setAttribute('aria-label', title);
  button.title = title;
}
