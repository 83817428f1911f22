import { Controller, Get, Inject } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { ConsumerProgress } from '@app/kafka/consumer.progress';
import { noteOrigin, type Server } from '@app/servers/server-of';
import { judge } from './judge';

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

/** Liveness tells of progress: a new start may help. Readiness tells of dependencies: only waiting helps. */
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
    return this.health.check([() => this.indicator('consumer', this.progress.notAlive())]);
  }

  /** What a batch waits for is down, also where the server answers the check. */
  @Get('ready')
  @HealthCheck(ANSWER)
  ready() {
    const obstacles = this.progress.notReady();
    const reasonFor = (name: Server) => obstacles.find(({ server }) => server === name)?.reason;
    return this.health.check([
      () => this.indicator('kafka', reasonFor('kafka')),
      ...this.dependencies.map(
        (dependency) => async () =>
          this.indicator(dependency.name, (await obstacleOf(dependency)) ?? reasonFor(dependency.name)),
      ),
    ]);
  }

  private indicator(name: string, reason: string | undefined): HealthIndicatorResult {
    const indicator = this.indicators.check(name);
    return reason === undefined ? indicator.up() : indicator.down({ message: reason });
  }
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
