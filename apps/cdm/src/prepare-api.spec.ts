import { NestFactory } from '@nestjs/core';
import { expect, it } from 'vitest';
import { CdmModule } from './cdm.module';
import { describeApi } from './prepare-api';

it('docs/openapi.json is the description of the API (npx vitest run --project unit prepare-api -u writes it)', async () => {
  // Nothing is made that needs a server.
  const app = await NestFactory.create(CdmModule, { preview: true, logger: false, abortOnError: false });
  const text = `${JSON.stringify(describeApi(app), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../../docs/openapi.json');
});
