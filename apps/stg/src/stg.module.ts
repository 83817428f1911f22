import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { countParked } from './parked/count-parked';
import { Dictionary } from './dictionary/dictionary';
import { Enricher } from './dictionary/enricher';
import { ParkedOrdersJob } from './parked/parked-orders.job';
import { RedisDictionary } from './dictionary/redis-dictionary';
import { SourceOrdersHandler } from './source-orders.handler';
import { StgEnvironment } from './environment/stg.environment';

@Module({
  imports: [
    ServiceModule.register({
      name: 'stg',
      environment: StgEnvironment,
      dependencies: [RedisDictionary],
      parked: countParked,
    }),
  ],
  controllers: [SourceOrdersHandler],
  providers: [Dictionary, Enricher, ParkedOrdersJob],
})
export class StgModule {}
