import { Controller, Get, HttpCode, Logger, Param, Post, Query, UsePipes } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Handled } from '@app/operations/handle-letters';
import { placeText } from '@app/operations/message-place';
import type { LetterPage } from '@app/operations/newest-letters';
import { PipelineState } from '../figures/pipeline-state';
import { FromToken, Protected } from '../http/caller.guard';
import { API_NAME, type Caller } from '../http/callers';
import { inputPipe, InvalidInput } from '../http/input.pipe';
import { ApiProblem, Problem } from '../http/problem';
import { DeadLetterDesk } from './dead-letter-desk';
import {
  DeedQuery,
  DiscardManyQuery,
  HandledLetters,
  HandledPart,
  LetterPath,
  LettersPage,
  LettersQuery,
  ReplayManyQuery,
  ReplayQuery,
  WholeLetter,
  type LetterQuery,
} from './dead-letters.contract';
import { handledAnswer, listedLetter, wholeLetter, type KeptLetter } from './letter-answers';

/** Messages that services refused: what operators see of them, and do with them. */
@Controller('api/dead-letters')
@UsePipes(inputPipe)
@ApiTags('Refused and parked')
@ApiExtraModels(Problem)
export class DeadLettersController {
  private readonly logger = new Logger('operators');

  constructor(
    private readonly desk: DeadLetterDesk,
    private readonly pipeline: PipelineState,
  ) {}

  @Get()
  @Protected('analyst')
  @ApiOperation({ summary: 'Dead letters, without what they hold, and how many there are' })
  @ApiOkResponse({ type: LettersPage })
  @ApiProblem(400, 'The query is invalid')
  @ApiProblem(404, 'No service writes dead letters to this topic')
  async list(@Query() { state, limit, ...query }: LettersQuery): Promise<LettersPage> {
    const { letters, next, held, left } = await this.desk.list(query, state, limit);
    const { services } = await this.pipeline.read();
    return {
      letters: letters.map(listedLetter),
      next: next ?? null,
      held,
      left,
      counts: services.flatMap(({ service, dead_letter_topic: topic, dead_letters }) =>
        dead_letters.map((count) => ({ service, topic: topic ?? '', ...count })),
      ),
    };
  }

  @Get(':topic/:partition/:offset')
  @Protected('analyst')
  @ApiOperation({ summary: 'One dead letter with all that it holds; it may name a person' })
  @ApiOkResponse({ type: WholeLetter })
  @ApiProblem(404, 'There is no dead letter at this place')
  async one(@Param() place: LetterPath): Promise<WholeLetter> {
    const { letter, mark } = await this.desk.one(place);
    return wholeLetter(letter, mark);
  }

  @Post('replay')
  @Protected('operator')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sends the messages of open dead letters to the topics they came from',
    description: 'As many as one question may read: where `next` is not null, ask again with it.',
  })
  @ApiOkResponse({ type: HandledPart })
  @ApiProblem(400, 'The query is invalid, or has neither a filter nor all=true')
  @ApiProblem(409, 'A topic does not take a message again')
  async replayMany(
    @Query() { all, execute, again, ...query }: ReplayManyQuery,
    @FromToken() { name = API_NAME }: Caller,
  ): Promise<HandledPart> {
    checkMeant(query, all);
    const deed = { by: name, execute: execute === 'true', again: again === 'true' };
    return this.part('replayed', query, await this.desk.replayMany(query, deed), deed);
  }

  @Post('discard')
  @Protected('operator')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Marks dead letters as done with: they are no longer listed or counted as open',
    description: 'As many as one question may read: where `next` is not null, ask again with it.',
  })
  @ApiOkResponse({ type: HandledPart })
  @ApiProblem(400, 'The query is invalid, or has neither a filter nor all=true')
  async discardMany(
    @Query() { all, execute, ...query }: DiscardManyQuery,
    @FromToken() { name = API_NAME }: Caller,
  ): Promise<HandledPart> {
    checkMeant(query, all);
    const deed = { by: name, execute: execute === 'true' };
    return this.part('discarded', query, await this.desk.discardMany(query, deed), deed);
  }

  @Post(':topic/:partition/:offset/replay')
  @Protected('operator')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Sends the message of a dead letter to the topic it came from, as it came',
    description:
      'What is known already changes nothing, and what is still wrong becomes a dead letter again. One that was replayed or discarded before is left out, unless `again` is true.',
  })
  @ApiOkResponse({ type: HandledLetters })
  @ApiProblem(404, 'There is no dead letter at this place')
  @ApiProblem(409, 'The topic does not take the message again')
  async replay(
    @Param() place: LetterPath,
    @Query() { execute, again }: ReplayQuery,
    @FromToken() { name = API_NAME }: Caller,
  ): Promise<HandledLetters> {
    const deed = { by: name, execute: execute === 'true', again: again === 'true' };
    const handled = await this.desk.replayOne(place, deed);
    return this.answer('replayed', placeText(place), handled, deed);
  }

  @Post(':topic/:partition/:offset/discard')
  @Protected('operator')
  @HttpCode(200)
  @ApiOperation({ summary: 'Marks a dead letter as done with; it stays in its topic' })
  @ApiOkResponse({ type: HandledLetters })
  @ApiProblem(404, 'There is no dead letter at this place')
  async discard(
    @Param() place: LetterPath,
    @Query() { execute }: DeedQuery,
    @FromToken() { name = API_NAME }: Caller,
  ): Promise<HandledLetters> {
    const deed = { by: name, execute: execute === 'true' };
    return this.answer('discarded', placeText(place), await this.desk.discardOne(place, deed), deed);
  }

  private part(
    done: string,
    query: LetterQuery,
    { handled, page }: { handled: Handled; page: LetterPage<KeptLetter> },
    deed: { by: string; execute: boolean },
  ): HandledPart {
    return { ...this.answer(done, query, handled, deed), next: page.next ?? null, left: page.left };
  }

  /** What operators did is in the log; that it is kept, too, is for the marks in staging. */
  private answer(
    done: string,
    what: unknown,
    handled: Handled,
    { by, execute }: { by: string; execute: boolean },
  ): HandledLetters {
    const answer = handledAnswer(handled, execute);
    if (execute) {
      this.pipeline.forget();
      this.logger.log({
        msg: `dead letters ${done}`,
        by,
        what,
        sent: answer.sent,
        discarded: answer.discarded,
      });
    }
    return answer;
  }
}

/** @throws InvalidInput */
function checkMeant(query: LetterQuery, all: string): void {
  const isFiltered = Object.entries(query).some(([name, value]) => name !== 'cursor' && value !== undefined);
  if (isFiltered === (all === 'true')) {
    throw new InvalidInput([
      { field: 'all', message: `must be ${isFiltered ? 'left out beside' : 'true without'} a filter` },
    ]);
  }
}
