import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { countParked } from './count-parked';
import { Dictionary } from './dictionary';
import { Enricher } from './enricher';
import { ParkedOrdersJob } from './parked-orders.job';
import { RedisDictionary } from './redis-dictionary';
import { SourceOrdersHandler } from './source-orders.handler';
import { StgEnvironment } from './stg.environment';

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
