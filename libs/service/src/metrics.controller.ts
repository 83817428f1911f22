import { Controller, Get, Header } from '@nestjs/common';
import { collectDefaultMetrics, register } from 'prom-client';

/**
 * How often the delay of the event loop is looked at; at rest the histogram says this time. With the usual 10 ms the
 * looks are a third of what an idle service takes.
 */
const DELAY_LOOK_MS = 100;

collectDefaultMetrics({ eventLoopMonitoringPrecision: DELAY_LOOK_MS });

@Controller('metrics')
export class MetricsController {
  @Get()
  @Header('Content-Type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}
