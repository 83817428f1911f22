import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { refusalInRussian } from '../../dashboard/src/tags/russian-refusals';

function read(file: string): string {
  return readFileSync(new URL(`../../apps/cdm/src/${file}`, import.meta.url), 'utf8');
}

/** Where the fields are declared that the page of tags sends. */
const contracts = ['tags/tag-rule.contract.ts', 'webhooks/webhooks.contract.ts'];

/** A template is filled in with a number wherever it has a value. */
const filled = (template: string) => template.replaceAll(/\$\{[^}]*\}/g, '7');

/** Texts and templates that begin as a message does. */
function messagesIn(file: string): string[] {
  return Array.from(read(file).matchAll(/(['`])((?:must|is|cannot) (?:(?!\1).)+)\1/g), ([, , message]) =>
    filled(message!),
  );
}

/** The messages of those rules of `input-rules.ts` that the contracts use. */
function ruleMessages(): string[] {
  const used = contracts.flatMap((file) =>
    /import \{([^}]+)\} from '..\/http\/input-rules'/.exec(read(file))![1]!.match(/\w+/g)!,
  );
  const parts = read('http/input-rules.ts').split(/^export const /m);
  return parts
    .filter((part) => used.includes(/^\w+/.exec(part)![0]))
    .flatMap((part) =>
      Array.from(part.matchAll(/\brule\(\s*'\w+',\s*(['`])((?:(?!\1).)+)\1/g), ([, , must]) =>
        filled(`must be ${must}`),
      ),
    );
}

const messages = new Set([
  // That of each rule is `must be`, and what the rule says.
  ...messagesIn('http/input-rules.ts').filter((message) => message !== 'must be 7'),
  ...['tags/conditions-input.ts', ...contracts, 'webhooks/webhooks.controller.ts'].flatMap(messagesIn),
  ...ruleMessages(),
]);

describe('what the API says of a field of a rule or a webhook', () => {
  it('is found where it is written', () => {
    expect([...messages]).toEqual(
      expect.arrayContaining([
        'is missing',
        'must have at most 7 conditions, got 7',
        'must be a whole number 7 to 7',
        'must be a whole number from 7 to 7',
        'must be the path of a condition that counts orders, items, money or days',
        'cannot be used: 7',
      ]),
    );
    expect(messages.size).toBeGreaterThan(25);
  });

  it.each([...messages])('is also said in Russian: %s', (message) => {
    expect(refusalInRussian(message)).toMatch(/^[А-Я]/);
  });
});
