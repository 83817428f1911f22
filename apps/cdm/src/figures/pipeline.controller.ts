import { Controller, Get, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response as HttpResponse } from 'express';
import { encodeJson } from '@app/values/json-text';
import { ApiProblem, Problem } from '../http/problem';
import { ChangeStream } from './change-stream';
import { PipelineAnswer } from './pipeline.contract';
import { PipelineState } from './pipeline-state';

/** Whether the figures are complete, and when they change. */
@Controller('api')
@ApiTags('Dashboard')
@ApiExtraModels(Problem)
export class PipelineController {
  constructor(
    private readonly pipeline: PipelineState,
    private readonly changes: ChangeStream,
  ) {}

  @Get('pipeline')
  @ApiOperation({ summary: 'How the services are, and what has not reached the figures' })
  @ApiOkResponse({ type: PipelineAnswer })
  @ApiProblem(503, 'The database is down')
  async state(@Res() response: HttpResponse): Promise<void> {
    const answer = await this.pipeline.read();
    response.header('Cache-Control', 'no-cache').type('application/json').send(encodeJson(answer));
  }

  @Get('stream')
  @ApiOperation({
    summary: 'Server-sent events: what was counted',
    description: `\`change\`, at once and then at most once a second when orders were counted, with
      {"as_of","closed_orders","newest_order_at"}; \`alive\` after 15 seconds without one.`,
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblem(503, 'Too many listen already')
  stream(@Res() response: HttpResponse): void {
    this.changes.listen(response);
  }
}
