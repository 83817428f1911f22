import { setTimeout as pause } from 'node:timers/promises';

/**
 * What marketing might ask for. The menus of the demo have the names; a restaurant is left out, since its id differs
 * from run to run.
 */
const demoRules = [
  { tag: 'pizza lover', match: { product_pattern: 'пицц' }, min_orders: 10 },
  { tag: 'coffee regular', match: { product_pattern: 'кофе' }, min_orders: 10 },
  { tag: 'soup fan', match: { category: 'Супы' }, min_orders: 15 },
  { tag: 'sweet tooth', match: { category: 'Десерты' }, min_orders: 20 },
  { tag: 'guest of the week', match: { category: 'Напитки' }, min_orders: 12, window_days: 7 },
  {
    tag: 'lapsed soup fan',
    conditions: {
      all_of: [
        { count: 'orders', match: { category: 'Супы' }, at_least: 5 },
        { not: true, count: 'orders', match: { category: 'Супы' }, at_least: 1, last_days: 2 },
      ],
    },
  },
];

const PATIENCE_MS = 60_000;
const LOOK_MS = 200;

/** The API of cdm for the holder of its token. */
export class TagRules {
  constructor(
    private readonly port: number,
    private readonly token: string,
  ) {}

  /** Saves the rules of the demo. */
  async create(): Promise<void> {
    for (const rule of demoRules) {
      await this.ask('POST', rule);
    }
  }

  /** @throws when a rule is not evaluated for all users after a minute */
  async untilEvaluated(): Promise<void> {
    for (const deadline = Date.now() + PATIENCE_MS; ; await pause(LOOK_MS)) {
      const rules = (await this.ask('GET')) as { tag: string; evaluation: string }[];
      const pending = rules.filter(({ evaluation }) => evaluation === 'pending');
      if (pending.length === 0) {
        return;
      }
      if (Date.now() > deadline) {
        throw new Error(`not evaluated after a minute: ${pending.map(({ tag }) => tag).join(', ')}`);
      }
    }
  }

  private async ask(method: string, body?: object): Promise<unknown> {
    const answer = await fetch(`http://localhost:${this.port}/api/tag-rules`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`cdm answered ${answer.status} to ${method} /api/tag-rules: ${await answer.text()}`);
    }
    return answer.json();
  }
}
