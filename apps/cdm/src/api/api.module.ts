import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ThrottlerModule } from '@nestjs/throttler';
import { Clock } from '../clock';
import { Answers } from '../dashboard/answers';
import { ChangeStream } from '../dashboard/change-stream';
import { CountedStates } from '../dashboard/counted-state';
import { DashboardController } from '../dashboard/dashboard.controller';
import { LedgerCopy } from '../dashboard/ledger-copy';
import { PipelineController } from '../dashboard/pipeline.controller';
import { PipelineState } from '../dashboard/pipeline-state';
import { streamWarehouse } from '../dashboard/stream-warehouse';
import { apiWarehouse } from './api-warehouse';
import { ProblemFilter } from './problem.filter';
import { RequestCounts } from './request-counts';
import { TagRulesController } from './tag-rules.controller';
import { UserTagsController } from './user-tags.controller';

/** A minute, in milliseconds. */
const TTL = 60_000;

/** What people and their tools ask of the marts, under `/api`. */
@Module({
  imports: [
    ThrottlerModule.forRoot({ throttlers: [{ ttl: TTL, limit: 300 }], storage: new RequestCounts() }),
  ],
  controllers: [DashboardController, PipelineController, TagRulesController, UserTagsController],
  providers: [
    Answers,
    ChangeStream,
    CountedStates,
    LedgerCopy,
    PipelineState,
    apiWarehouse,
    streamWarehouse,
    Clock,
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class ApiModule {}
