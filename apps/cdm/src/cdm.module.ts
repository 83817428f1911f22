import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { ApiModule } from './api.module';
import { AuditJob } from './audit/audit.job';
import { CdmEnvironment } from './environment/cdm.environment';
import { Clock } from './tags/clock';
import { SpreadNamesJob } from './marts/spread-names.job';
import { EvaluateRulesJob } from './tags/evaluate-rules.job';
import { MoveWindowsJob } from './tags/move-windows.job';
import { PublishTagEventsJob } from './tags/publish-tag-events.job';
import { WatchTagEventsJob } from './tags/watch-tag-events.job';
import { SendWebhooksJob } from './webhooks/send-webhooks.job';
import { WatchWebhooksJob } from './webhooks/watch-webhooks.job';
import { VaultOrdersHandler } from './vault-orders.handler';

@Module({
  imports: [
    ServiceModule.register({
      name: 'cdm',
      environment: CdmEnvironment,
    }),
    ApiModule,
  ],
  controllers: [VaultOrdersHandler],
  providers: [
    AuditJob,
    Clock,
    EvaluateRulesJob,
    MoveWindowsJob,
    PublishTagEventsJob,
    SendWebhooksJob,
    SpreadNamesJob,
    WatchTagEventsJob,
    WatchWebhooksJob,
  ],
})
export class CdmModule {}
