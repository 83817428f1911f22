import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { traces } from '@app/tracing/tracing';
import { servePage } from './figures/serve-page';
import { leaveOutVersion, withVersion } from './http/api-version';
import { refuseDeepBody } from './http/deep-body';
import { giveRequestId } from './http/request-id';
import { ApiModule } from './api.module';

/** Far more than any rule needs. */
const BODY_LIMIT = '100kb';

const description = `Rules that give tags to users, and who holds which tag; the figures of the dashboard. Errors are problem details
(RFC 9457); those of bad input name every field. Each answer has the X-Request-Id of its request, or one of its own. Requests are limited in size, 100 kB a body, and those with a token in rate: 300 a
minute for a route and an address, 240 previews. Times with a zone are UTC; those without one are in the time zone of the source.
Figures have an ETag, and the header X-As-Of says when the newest orders in them were counted.`;

/**
 * The dashboard, the size of a body, and `/api/docs` with `/api/openapi.json`. The pages load nothing from elsewhere
 * and have no inline script.
 */
export function prepareApi(app: NestExpressApplication): void {
  servePage(app);
  app.use('/api', giveRequestId, leaveOutVersion);
  if (traces) {
    app.use('/api', traces.request.bind(traces));
  }
  // JSON is the only form that a body can have, whatever its Content-Type says.
  app.useBodyParser('json', { limit: BODY_LIMIT, type: () => true });
  app.use('/api', refuseDeepBody);
  SwaggerModule.setup('api/docs', app, () => describeApi(app), {
    customSiteTitle: 'Order Vault API',
    jsonDocumentUrl: 'api/openapi.json',
    raw: ['json'],
    // The page would ask a public server whether the description is valid.
    swaggerOptions: { validatorUrl: null },
  });
}

/** What `docs/openapi.json` has, too. */
export function describeApi(app: INestApplication): OpenAPIObject {
  const document = new DocumentBuilder()
    .setTitle('Order Vault')
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', description: 'A token of a user in API_USERS, or the value of API_TOKEN' })
    .build();
  return withVersion(SwaggerModule.createDocument(app, document, { include: [ApiModule] }));
}
