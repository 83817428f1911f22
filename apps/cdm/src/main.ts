import { VAULT_ORDERS } from '@app/contracts/topics';
import { startService } from '@app/service/start-service';
import { prepareApi } from './prepare-api';
import { CdmEnvironment } from './environment/cdm.environment';
import { CdmModule } from './cdm.module';

await startService({
  name: 'cdm',
  module: CdmModule,
  environment: CdmEnvironment,
  pattern: VAULT_ORDERS,
  prepare: prepareApi,
});
