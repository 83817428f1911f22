import { Controller, Get, Inject } from '@nestjs/common';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthIndicatorResult,
} from '@nestjs/terminus';
import { ConsumerProgress } from '@app/kafka/consumer.progress';
import { reasonOf } from '@app/warehouse/reason-of';

/** Something a service needs to do its work: `check` rejects while it is not there. */
export interface Dependency {
  name: string;
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
    return this.health.check([() => this.consumer(this.progress.notAlive())]);
  }

  @Get('ready')
  @HealthCheck(ANSWER)
  ready() {
    return this.health.check([
      () => this.consumer(this.progress.notReady()),
      ...this.dependencies.map((dependency) => () => this.dependency(dependency)),
    ]);
  }

  private consumer(reason: string | undefined): HealthIndicatorResult {
    const indicator = this.indicators.check('kafka');
    return reason === undefined ? indicator.up() : indicator.down({ message: reason });
  }

  private async dependency(dependency: Dependency): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(dependency.name);
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_MS} ms`)), CHECK_MS);
    });
    try {
      await Promise.race([dependency.check(), timeout]);
      return indicator.up();
    } catch (error) {
      return indicator.down({ message: reasonOf(error) });
    } finally {
      clearTimeout(timer);
    }
  }
}
