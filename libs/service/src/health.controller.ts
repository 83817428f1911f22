import { Controller, Get, Inject } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { ConsumerProgress } from '@app/batches/consumer-progress';
import { noteOrigin, type Server } from '@app/servers/server-of';
import { judge } from './judge';
import { lateness } from './lateness';
import { jobs } from './repeated.job';

/** A server that a service needs to do its work: `check` rejects while it is not there. */
export interface Dependency {
  name: Server;
  check: () => Promise<unknown>;
}

export const DEPENDENCIES = Symbol('dependencies');

/** The description for OpenAPI would load Swagger, 25 MiB, in services that have no API. */
const ANSWER = { noCache: true, swaggerDocumentation: false };

/** Below the timeout of a probe, so that the probe gets an answer that says why. */
const CHECK_MS = 2_000;

/** Liveness is about progress: a new start may help. Readiness is about dependencies: only waiting helps. */
@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicators: HealthIndicatorService,
    private readonly progress: ConsumerProgress,
    @Inject(DEPENDENCIES) private readonly dependencies: Dependency[],
  ) {}

  @Get('live')
  @HealthCheck(ANSWER)
  live() {
    return this.health.check([
      () => this.indicator('consumer', this.progress.notAlive()),
      () => this.indicator('jobs', firstOf(Array.from(jobs, (job) => job.notAlive()))),
    ]);
  }

  /** A server that a batch or a job waits for is down, also where it answers the check. */
  @Get('ready')
  @HealthCheck(ANSWER)
  ready() {
    const hindrances = [
      ...this.progress.notReady(),
      ...this.progress.lateBatches().map(({ what }) => lateness(what)),
      ...Array.from(jobs, (job) => job.notReady() ?? []).flat(),
    ];
    const reasonFor = (name?: Server) =>
      firstOf(hindrances.filter(({ server }) => server === name).map(({ reason }) => reason));
    return this.health.check([
      () => this.indicator('kafka', reasonFor('kafka')),
      ...this.dependencies.map(
        (dependency) => async () =>
          this.indicator(dependency.name, (await obstacleOf(dependency)) ?? reasonFor(dependency.name)),
      ),
      () => this.indicator('work', reasonFor()),
    ]);
  }

  private indicator(name: string, reason: string | undefined): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    return reason === undefined ? indicator.up() : indicator.down({ message: reason });
  }
}

function firstOf(reasons: (string | undefined)[]): string | undefined {
  return reasons.find((reason) => reason !== undefined);
}

async function obstacleOf(dependency: Dependency): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
  });
  try {
    await Promise.race([dependency.check(), timeout]);
    return undefined;
  } catch (error) {
    return judge(noteOrigin(dependency.name, error)).reason;
  } finally {
    clearTimeout(timer);
  }
}
