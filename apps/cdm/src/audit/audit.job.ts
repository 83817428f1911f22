import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { ConsumerLag } from '@app/kafka/consumer-lag';
import { reasonOf } from '@app/servers/reason-of';
import { WaitLog } from '@app/servers/wait-log';
import { repeat } from '@app/service/repeated.job';
import { latestLocalTime } from '@app/values/local-time';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { StateWarehouses } from '../figures/state-warehouses';
import { Clock } from '../tags/clock';
import { Auditor } from './auditor';

/** One for the piece in hand. */
const CONNECTIONS = 1;
/** Milliseconds. */
const STATEMENT_MS = 20_000;
/** One processor at a time, and compiling takes longer than a piece. */
const SETTINGS = { jit: 'off', max_parallel_workers_per_gather: '0', work_mem: '32MB' };
/** Nothing is looked at in the first minute of a process, nor for so long after a look that failed. Milliseconds. */
const QUIET_MS = 60_000;
/** So often it is asked whether the pipeline is done with what may be on its way. Milliseconds. */
const AGAIN_MS = 15_000;

/**
 * Audits vault and marts all day. It never keeps the service from its work: what it cannot do is logged, and tried
 * again later.
 */
@Injectable()
export class AuditJob implements OnApplicationShutdown {
  private readonly logger = new Logger('audit');
  private readonly log = new WaitLog();
  private readonly warehouse?: Warehouse;
  private readonly auditor?: Auditor;
  private dueAt = performance.now() + QUIET_MS;
  private againAt = performance.now() + QUIET_MS;

  constructor(environment: CdmEnvironment, layers: StateWarehouses, broker: ConsumerLag, clock: Clock) {
    if (environment.AUDIT !== 'off') {
      this.warehouse = new Warehouse(
        environment.DATABASE_URL,
        'cdm audit',
        CONNECTIONS,
        STATEMENT_MS,
        SETTINGS,
      );
      const now = () => latestLocalTime(clock.now(), environment.SOURCE_TIME_ZONE);
      this.auditor = new Auditor(this.warehouse, layers.others, broker, now, QUIET_MS);
    }
    repeat('audit', () => this.step());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.warehouse?.onApplicationShutdown();
  }

  private async step(): Promise<boolean> {
    try {
      if (this.auditor && performance.now() >= this.dueAt) {
        this.dueAt = performance.now() + (await this.auditor.lookAtDue());
      }
      if (this.auditor && performance.now() >= this.againAt) {
        this.againAt = performance.now() + AGAIN_MS;
        await this.auditor.lookAgain();
      }
    } catch (error) {
      this.dueAt = performance.now() + QUIET_MS;
      if (this.log.isDue(reasonOf(error))) {
        this.logger.warn(`looks again in a minute: ${reasonOf(error)}`);
      }
    }
    return false;
  }
}
