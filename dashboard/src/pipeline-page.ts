import { AnswerKeeper, type Kept } from './questions/answer-keeper';
import type { View } from './questions/address';
import type { AuditState, PipelineState, ServiceState } from './questions/answers';
import type { Scene } from './scene/chart';
import { completenessOf, healthOf } from './completeness';
import { LazyPage, type Opening } from './lazy-page';
import { element } from './scene/element';
import { FileTools } from './scene/file-tools';
import { language } from './scene/settings';
import { sheetFile } from './scene/sheet-file';
import {
  auditList,
  deadLetterList,
  parkedList,
  serviceColumns,
  type ParkedRow,
  type RefusedRow,
  type RoundRow,
} from './state-lists';
import { StateTable } from './state-table';

const EVERY_MS = 2_000;
/** A round of the auditor takes minutes. */
const AUDIT_EVERY_MS = 30_000;

/** The state of the services, and whether the figures are complete. */
export class PipelinePage {
  readonly root = element('main', { id: 'content', tabindex: '-1', class: 'pipeline' });
  private readonly verdict = element('section', { class: 'verdict', role: 'status' });
  private readonly services = element('ol', { class: 'services' });
  private readonly files = new FileTools('services', (format) => {
    const { answer } = this.kept;
    return (
      answer &&
      sheetFile(
        format,
        serviceColumns(this.scene, answer.at),
        answer.services,
        this.scene.t.serviceStates,
        language(),
      )
    );
  });
  private readonly parked: StateTable<ParkedRow>;
  private readonly deadLetters: StateTable<RefusedRow>;
  private readonly audited: StateTable<RoundRow>;
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
    this.parked = new StateTable(parkedList, this.scene);
    this.deadLetters = new StateTable(deadLetterList, this.scene);
    this.audited = new StateTable(auditList, this.scene);
    const tables = [this.parked, this.deadLetters, this.audited].map(({ root }) => root);
    this.root.append(
      this.verdict,
      element('div', { class: 'tools' }, ...this.files.buttons),
      this.services,
      element('div', { class: 'panels' }, ...tables),
      this.handling.root,
    );
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
    this.files.write(this.scene.t, this.scene.t.serviceStates);
    this.files.turn(kept.answer !== undefined);
    this.writeVerdict();
    if (kept.answer) {
      const { services, at } = kept.answer;
      set(
        this.services,
        services.map((service) => this.card(service, at)),
      );
      this.showTables(services);
    }
  }

  private showTables(services: ServiceState[]): void {
    const { scene } = this;
    const of = <Row extends object>(rows: (service: ServiceState) => Row[]) =>
      services.flatMap((state) => rows(state).map((row) => ({ ...row, service: state.service })));
    this.parked.show(
      of(({ parked }) => parked),
      scene,
    );
    this.deadLetters.show(
      of(({ dead_letters: letters }) => letters),
      scene,
    );
    this.audited.show(this.audit?.rounds ?? [], scene);
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
