import { SOURCE_ORDERS } from '@app/contracts/topics';
import { startService } from '@app/service/start-service';
import { StgEnvironment } from './environment/stg.environment';
import { StgModule } from './stg.module';

await startService({ name: 'stg', module: StgModule, environment: StgEnvironment, pattern: SOURCE_ORDERS });
