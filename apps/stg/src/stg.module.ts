import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { countParked } from './count-parked';
import { Dictionary } from './dictionary';
import { DictionaryEntry } from './entities/dictionary-entries.entity';
import { OrderEvent } from './entities/order-events.entity';
import { PendingOrder } from './entities/pending-orders.entity';
import { SkippedMessage } from './entities/skipped-messages.entity';
import { SupersededOrderEvent } from './entities/superseded-order-events.entity';
import { PendingOrdersJob } from './pending-orders.job';
import { RedisDictionary } from './redis.dictionary';
import { SourceOrdersHandler } from './source-orders.handler';
import { StgEnvironment } from './stg.environment';

@Module({
  imports: [
    ServiceModule.register({
      name: 'stg',
      environment: StgEnvironment,
      entities: [DictionaryEntry, OrderEvent, PendingOrder, SkippedMessage, SupersededOrderEvent],
      dependencies: [RedisDictionary],
      parked: countParked,
    }),
  ],
  controllers: [SourceOrdersHandler],
  providers: [Dictionary, PendingOrdersJob],
})
export class StgModule {}
