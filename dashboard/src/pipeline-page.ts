import { AnswerKeeper, type Kept } from './questions/answer-keeper';
import type { View } from './questions/address';
import type { AuditState, PipelineState, ServiceState } from './questions/answers';
import type { Scene } from './scene/chart';
import { completenessOf, healthOf } from './completeness';
import { dataTable } from './data-table';
import { LazyPage, type Opening } from './lazy-page';
import { element } from './scene/element';

const EVERY_MS = 2_000;
/** A round of the auditor takes minutes. */
const AUDIT_EVERY_MS = 30_000;

/** The state of the services, and whether the figures are complete. */
export class PipelinePage {
  readonly root = element('main', { id: 'content', tabindex: '-1', class: 'pipeline' });
  private readonly verdict = element('section', { class: 'verdict', role: 'status' });
  private readonly services = element('ol', { class: 'services' });
  private readonly tables = element('div', { class: 'panels' });
  private readonly keeper = new AnswerKeeper<PipelineState>((kept) => this.update(kept));
  /** What was refused and what waits, message by message. */
  private readonly handling: LazyPage;
  private scene: Scene;
  private readonly timer = setInterval(() => document.hidden || this.keeper.refresh(), EVERY_MS);
  private readonly auditKeeper = new AnswerKeeper<AuditState>(({ answer }) => this.updateAudit(answer));
  private readonly auditTimer = setInterval(
    () => document.hidden || this.auditKeeper.refresh(),
    AUDIT_EVERY_MS,
  );
  private kept: Kept<PipelineState> = { loading: true };
  private audit?: AuditState;

  constructor(opening: Opening) {
    this.scene = opening.scene;
    this.handling = new LazyPage(
      element('div', { class: 'handling' }),
      async () => (await import('./operate/open-operate')).openOperate,
      opening,
    );
    this.root.append(this.verdict, this.services, this.tables, this.handling.root);
    this.keeper.ask('api/pipeline');
    this.auditKeeper.ask('api/audit');
  }

  refresh(): void {
    this.keeper.refresh();
    this.auditKeeper.refresh();
  }

  show(view: View): void {
    this.handling.show(view);
  }

  redraw(scene: Scene): void {
    this.scene = scene;
    this.handling.redraw(scene);
    this.update(this.kept);
  }

  close(): void {
    clearInterval(this.timer);
    clearInterval(this.auditTimer);
    this.handling.close();
    this.keeper.close();
    this.auditKeeper.close();
  }

  private updateAudit(audit: AuditState | undefined): void {
    this.audit = audit;
    this.update(this.kept);
  }

  private update(kept: Kept<PipelineState>): void {
    this.kept = kept;
    this.root.setAttribute('aria-busy', String(kept.loading));
    this.writeVerdict();
    if (kept.answer) {
      const { services, at } = kept.answer;
      set(
        this.services,
        services.map((service) => this.card(service, at)),
      );
      set(this.tables, [this.parked(services), this.deadLetters(services), this.audited()]);
    }
  }

  private writeVerdict(): void {
    const { t, format } = this.scene;
    const { answer, error, at } = this.kept;
    if (!answer) {
      this.verdict.className = `verdict ${error === undefined ? 'loading' : 'unknown'}`;
      const lines = error === undefined ? [t.loading] : [t.failed, error];
      set(
        this.verdict,
        lines.map((line) => element('p', {}, line)),
      );
      return;
    }
    const { verdict, unread, parked, refused } = completenessOf(answer);
    const title = { complete: t.pipelineComplete, behind: t.pipelineBehind, unknown: t.pipelineUnknown };
    const reasons = [
      ...(error === undefined ? [] : [t.pipelineStale(format.moment(at ?? answer.at))]),
      ...(answer.stale_since === null ? [] : [t.mayLack(format.moment(answer.stale_since))]),
      ...answer.services
        .filter((service) => healthOf(service, answer.at) === 'silent')
        .map(({ service, seen_at }) =>
          seen_at === null ? t.neverSeen(service) : t.silentService(service, format.moment(seen_at)),
        ),
      ...answer.services
        .filter((service) => healthOf(service, answer.at) === 'untold')
        .map(({ service }) => t.lagUnknown(service)),
      ...(unread ? [t.stillToRead(format.count(unread))] : []),
      ...(parked ? [t.stillParked(format.count(parked))] : []),
      ...(verdict === 'complete' ? [t.pipelineCompleteHint] : []),
      ...(refused ? [t.refused(format.count(refused))] : []),
    ];
    const shown = error === undefined ? verdict : 'unknown';
    this.verdict.className = `verdict ${shown}`;
    set(this.verdict, [
      element('h2', {}, title[shown]),
      ...reasons.map((reason) => element('p', {}, reason)),
    ]);
  }

  private card(service: ServiceState, at: string): HTMLLIElement {
    const { t, format } = this.scene;
    const health = healthOf(service, at);
    const { newest_version: newest } = service;
    const facts: [name: string, value: string, hint?: string][] = [
      [t.lag, format.count(service.lag)],
      [t.speed, format.rate(service.messages_per_second)],
      [t.freshness, format.duration(service.freshness_seconds)],
      [
        t.newestVersion,
        newest ? t.orderNumber(String(newest.object_id)) : t.noVersion,
        newest ? t.stored(format.moment(newest.at)) : undefined,
      ],
    ];
    return element(
      'li',
      { class: `service ${health}`, id: `service-${service.service}` },
      element('h3', {}, service.service, element('span', { class: 'badge' }, t[health])),
      element('p', { class: 'note' }, t.services[service.service] ?? ''),
      element(
        'dl',
        {},
        ...facts.map(([name, value, hint]) =>
          element(
            'div',
            {},
            element('dt', {}, name),
            element('dd', {}, value),
            ...(hint ? [element('dd', { class: 'hint', title: newest?.order_version }, hint)] : []),
          ),
        ),
      ),
      element('p', { class: 'hint' }, service.seen_at === null ? '' : t.seen(format.moment(service.seen_at))),
    );
  }

  private parked(services: ServiceState[]): HTMLElement {
    const { t, format } = this.scene;
    const rows = services.flatMap(({ service, parked }) => parked.map((one) => ({ ...one, service })));
    return this.list('parked', t.parked, t.parkedNote, t.noParked, rows.length === 0, () =>
      dataTable(
        t.parked,
        [
          { name: t.service, value: ({ service }) => service },
          { name: t.missing, value: ({ missing }) => t.missingThings[missing] ?? missing },
          { name: t.orders, value: ({ orders }) => orders, write: format.count },
        ],
        rows,
      ),
    );
  }

  private deadLetters(services: ServiceState[]): HTMLElement {
    const { t, format } = this.scene;
    const rows = services.flatMap(({ service, dead_letters }) =>
      dead_letters.map((one) => ({ ...one, service })),
    );
    return this.list(
      'dead-letters',
      t.deadLetters,
      t.deadLettersNote,
      t.noDeadLetters,
      rows.length === 0,
      () =>
        dataTable(
          t.deadLetters,
          [
            { name: t.service, value: ({ service }) => service },
            { name: t.reason, value: ({ reason }) => t.reasons[reason] ?? reason },
            { name: t.messages, value: ({ messages }) => messages, write: format.count },
            { name: t.openLetters, value: ({ open }) => open, write: format.count },
          ],
          rows,
        ),
    );
  }

  /** What the auditor has looked at, and since when all of it. */
  private audited(): HTMLElement {
    const { t, format } = this.scene;
    const rounds = this.audit?.rounds ?? [];
    return this.list('audit', t.audit, t.auditNote, t.noAudit, rounds.length === 0, () =>
      dataTable(
        t.audit,
        [
          { name: t.audited, value: ({ what }) => t.auditedThings[what] ?? what },
          {
            name: t.auditedSince,
            value: ({ covered_since }) => (covered_since === null ? null : format.moment(covered_since)),
          },
          { name: t.auditedRows, value: ({ checked }) => checked, write: format.count },
          { name: t.auditedWrong, value: ({ wrong }) => wrong, write: format.count },
        ],
        rounds,
      ),
    );
  }

  private list(
    id: string,
    title: string,
    note: string,
    none: string,
    isEmpty: boolean,
    table: () => HTMLElement,
  ): HTMLElement {
    return element(
      'section',
      { class: 'panel half', id, 'aria-labelledby': `${id}-title` },
      element(
        'header',
        {},
        element('h2', { id: `${id}-title` }, title),
        element('p', { class: 'note' }, note),
      ),
      isEmpty ? element('p', { class: 'none' }, none) : table(),
    );
  }
}

/** Leaves elements that would look the same as they are, so that a screen reader hears only what is new. */
function set(parent: HTMLElement, children: HTMLElement[]): void {
  children.forEach((child, place) => {
    const present = parent.children[place];
    if (!present) {
      parent.append(child);
    } else if (!present.isEqualNode(child)) {
      present.replaceWith(child);
    }
  });
  while (parent.children.length > children.length) {
    parent.lastElementChild!.remove();
  }
}
