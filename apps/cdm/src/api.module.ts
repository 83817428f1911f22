import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { AuditController } from './audit/audit.controller';
import { Clock } from './tags/clock';
import { Answers } from './figures/answers';
import { ChangeStream } from './figures/change-stream';
import { CountedStates } from './figures/counted-state';
import { DashboardController } from './figures/dashboard.controller';
import { LedgerCopy } from './figures/ledger-copy';
import { OrdersController } from './figures/orders.controller';
import { Past } from './figures/past';
import { pastWarehouse } from './figures/past-warehouse';
import { PipelineController } from './figures/pipeline.controller';
import { PipelineState } from './figures/pipeline-state';
import { StateWarehouses } from './figures/state-warehouses';
import { streamWarehouse } from './figures/stream-warehouse';
import { apiWarehouse } from './http/api-warehouse';
import { CallerController } from './http/caller.controller';
import { Callers } from './http/callers';
import { ProblemFilter } from './http/problem.filter';
import { RequestCounts } from './http/request-counts';
import { DeadLetterDesk } from './operate/dead-letter-desk';
import { DeadLettersController } from './operate/dead-letters.controller';
import { ParkedOrdersController } from './operate/parked-orders.controller';
import { stagingWarehouse } from './operate/staging-warehouse';
import { TagHistoryController } from './tags/tag-history.controller';
import { TagRulesController } from './tags/tag-rules.controller';
import { TagsController } from './tags/tags.controller';
import { TraceController } from './trace/trace.controller';
import { UserTagsController } from './tags/user-tags.controller';
import { WebhooksController } from './webhooks/webhooks.controller';

/** A minute, in milliseconds. */
const TTL = 60_000;
/** Of one address, in that time. */
const MOST_REQUESTS = 300;

/** What people and their tools ask of the marts, under `/api`. */
@Module({
  imports: [
    ThrottlerModule.forRoot({
      throttlers: [{ ttl: TTL, limit: MOST_REQUESTS }],
      storage: new RequestCounts(),
      errorMessage: (_, { timeToBlockExpire }) =>
        `too many requests of this kind: ask again in ${timeToBlockExpire} s`,
    }),
  ],
  controllers: [
    AuditController,
    CallerController,
    DashboardController,
    DeadLettersController,
    OrdersController,
    ParkedOrdersController,
    PipelineController,
    TagsController,
    TagHistoryController,
    TagRulesController,
    TraceController,
    UserTagsController,
    WebhooksController,
  ],
  providers: [
    Answers,
    ChangeStream,
    Callers,
    CountedStates,
    DeadLetterDesk,
    LedgerCopy,
    Past,
    PipelineState,
    StateWarehouses,
    apiWarehouse,
    stagingWarehouse,
    pastWarehouse,
    streamWarehouse,
    Clock,
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
  exports: [apiWarehouse, StateWarehouses],
})
export class ApiModule {}
