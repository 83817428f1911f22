import { STAGED_ORDERS } from '@app/contracts/topics';
import { startService } from '@app/service/start-service';
import { DdsEnvironment } from './environment/dds.environment';
import { DdsModule } from './dds.module';

await startService({ name: 'dds', module: DdsModule, environment: DdsEnvironment, pattern: STAGED_ORDERS });
