import { randomUUID } from 'node:crypto';
import {
  Body,
  ConflictException,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  NotFoundException,
  Param,
  Post,
  Put,
  Query,
  Res,
  UsePipes,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Response as HttpResponse } from 'express';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { API_WAREHOUSE } from '../http/api-warehouse';
import { FromToken, Protected } from '../http/caller.guard';
import { API_NAME, type Caller } from '../http/callers';
import { inputPipe, InvalidInput } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { testMessage } from './message';
import { post } from './post';
import { checkAddress } from './public-address';
import { signedHeaders } from './sign';
import {
  changeWebhook,
  createWebhook,
  deleteWebhook,
  failures,
  listWebhooks,
  MOST_WEBHOOKS,
  readSecret,
  readWebhook,
  retryFailures,
} from './webhooks';
import {
  FailuresPage,
  FailuresQuery,
  NewWebhook,
  RepeatedAnswer,
  TestAnswer,
  WebhookAnswer,
  WebhookInput,
  WebhookPath,
} from './webhooks.contract';

const NO_WEBHOOK = 'there is no webhook with this id';

@Controller('api/webhooks')
@UsePipes(inputPipe)
@ApiTags('Webhooks')
@ApiExtraModels(Problem)
export class WebhooksController {
  constructor(
    @Inject(API_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly environment: CdmEnvironment,
  ) {}

  @Get()
  @Protected('editor')
  @ApiOperation({ summary: 'All webhooks with what waits for each, oldest first' })
  @ApiOkResponse({ type: [WebhookAnswer] })
  list(): Promise<WebhookAnswer[]> {
    return this.warehouse.read(listWebhooks);
  }

  @Post()
  @Protected('editor')
  @ApiOperation({ summary: 'Adds a webhook, which gets the events from now on; the secret is shown once' })
  @ApiCreatedResponse({
    type: NewWebhook,
    headers: { Location: { description: 'The path of the webhook', schema: { type: 'string' } } },
  })
  @ApiProblem(400, 'The body is invalid, or the address is not public')
  @ApiProblem(409, `There are ${MOST_WEBHOOKS} webhooks already`)
  async create(
    @Body() input: WebhookInput,
    @FromToken() { name = API_NAME }: Caller,
    @Res({ passthrough: true }) response: HttpResponse,
  ): Promise<NewWebhook> {
    await this.checkAddress(input.address);
    const made = await this.warehouse.transaction((client) => createWebhook(client, input, name));
    if (!made) {
      throw new ConflictException(`there are ${MOST_WEBHOOKS} webhooks already`);
    }
    response.location(`/api/webhooks/${made.id}`);
    return made;
  }

  @Put(':id')
  @Protected('editor')
  @ApiOperation({ summary: 'Changes a webhook; its secret stays. One that is disabled gets no new events' })
  @ApiOkResponse({ type: WebhookAnswer })
  @ApiProblem(400, 'The body or the id is invalid, or the address is not public')
  @ApiProblem(404, 'There is no such webhook')
  async change(@Param() { id }: WebhookPath, @Body() input: WebhookInput): Promise<WebhookAnswer> {
    await this.checkAddress(input.address);
    return this.warehouse.transaction(async (client) => {
      await changeWebhook(client, id, input);
      return there(await readWebhook(client, id));
    });
  }

  @Delete(':id')
  @Protected('editor')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a webhook, and what waits for it' })
  @ApiNoContentResponse()
  @ApiProblem(400, 'The id is no UUID')
  @ApiProblem(404, 'There is no such webhook')
  async delete(@Param() { id }: WebhookPath): Promise<void> {
    there((await this.warehouse.transaction((client) => deleteWebhook(client, id))) || undefined);
  }

  @Post(':id/test')
  @Protected('editor')
  @HttpCode(200)
  @ApiOperation({ summary: 'Posts a message without events, and answers what became of it' })
  @ApiOkResponse({ type: TestAnswer })
  @ApiProblem(400, 'The id is no UUID')
  @ApiProblem(404, 'There is no such webhook')
  async test(@Param() { id }: WebhookPath): Promise<TestAnswer> {
    const { address, secret } = there(await this.warehouse.read((client) => readSecret(client, id)));
    const now = new Date();
    const message = testMessage(randomUUID(), now);
    const headers = signedHeaders(secret, message.id, now, message.body);
    const { isPrivateAllowed } = this;
    const posted = await post(address, headers, message.body, { isPrivateAllowed });
    return { delivered: posted.problem === null, ...posted };
  }

  @Get(':id/failures')
  @Protected('editor')
  @ApiOperation({ summary: 'Events that were given up, oldest first' })
  @ApiOkResponse({ type: FailuresPage })
  @ApiProblem(400, 'The query or the id is invalid')
  @ApiProblem(404, 'There is no such webhook')
  failures(@Param() { id }: WebhookPath, @Query() query: FailuresQuery): Promise<FailuresPage> {
    return this.warehouse.read(async (client) => {
      there(await readWebhook(client, id));
      return failures(client, id, query);
    });
  }

  @Post(':id/retry')
  @Protected('editor')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets the events that were given up be posted again, for a day' })
  @ApiOkResponse({ type: RepeatedAnswer })
  @ApiProblem(400, 'The id is no UUID')
  @ApiProblem(404, 'There is no such webhook')
  retry(@Param() { id }: WebhookPath): Promise<RepeatedAnswer> {
    return this.warehouse.transaction(async (client) => {
      there(await readWebhook(client, id));
      return { repeated: await retryFailures(client, id) };
    });
  }

  private get isPrivateAllowed(): boolean {
    return this.environment.WEBHOOKS_PRIVATE_ADDRESSES === 'allowed';
  }

  /** @throws InvalidInput */
  private async checkAddress(address: string): Promise<void> {
    if (!this.isPrivateAllowed) {
      await checkAddress(address).catch((error: Error) => {
        throw new InvalidInput([{ field: 'address', message: `cannot be used: ${error.message}` }]);
      });
    }
  }
}

/** @throws NotFoundException */
function there<T>(found: T | undefined): T {
  if (found === undefined) {
    throw new NotFoundException(NO_WEBHOOK);
  }
  return found;
}
