import { Module } from '@nestjs/common';
import { ServiceModule } from '@app/service/service.module';
import { DdsEnvironment } from './environment/dds.environment';
import { StagedOrdersHandler } from './staged-orders.handler';

@Module({
  imports: [
    ServiceModule.register({
      name: 'dds',
      environment: DdsEnvironment,
    }),
  ],
  controllers: [StagedOrdersHandler],
})
export class DdsModule {}
