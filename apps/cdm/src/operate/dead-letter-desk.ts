import {
  ConflictException,
  Inject,
  Injectable,
  NotFoundException,
  ServiceUnavailableException,
} from '@nestjs/common';
import type { Kafka } from 'kafkajs';
import pLimit from 'p-limit';
import { inSlices } from '@app/batches/in-slices';
import { kafkaClient } from '@app/kafka/kafka-client';
import { refusalOf } from '@app/kafka/kafka-refusal';
import { MessagePublisher } from '@app/kafka/message-publisher';
import { RecordReader } from '@app/kafka/record-reader';
import type { DeadLetter } from '@app/operations/dead-letter-record';
import { NoSuchDeadLetter, oneDeadLetter } from '@app/operations/each-dead-letter';
import {
  discardLetters,
  nothingHandled,
  ReplayRefused,
  replayLetters,
  type Handled,
} from '@app/operations/handle-letters';
import { matches } from '@app/operations/letter-filter';
import { marksOf, type Mark } from '@app/operations/letter-marks';
import { placeText, type Place } from '@app/operations/message-place';
import { isNext, newestLetters, type Bounds, type LetterPage } from '@app/operations/newest-letters';
import { serverOf } from '@app/servers/server-of';
import { Warehouse } from '@app/warehouse/warehouse';
import { CdmEnvironment } from '../environment/cdm.environment';
import { PipelineState } from '../figures/pipeline-state';
import { InvalidInput } from '../http/input.pipe';
import type { LetterQuery, LetterState } from './dead-letters.contract';
import { filterOf, keptLetter, type KeptLetter } from './letter-answers';
import { STAGING_WAREHOUSE } from './staging-warehouse';

/** What one question may read: within a few seconds, and without much memory. */
const BOUNDS: Bounds = { letters: 25_000, bytes: 64 * 1024 * 1024, time: 3_000 };
/** Bounds of one transaction. */
const SLICE_LETTERS = 500;
const SLICE_BYTES = 4 * 1024 * 1024;

/** Does something with dead letters, and counts what it did. */
export type Use = (letters: DeadLetter[], handled: Handled) => Promise<void>;

/**
 * Dead letters for people. Each question has connections to Kafka of its own, which end with it, and one is worked on
 * at a time: neither disturbs the service, which goes on counting.
 */
@Injectable()
export class DeadLetterDesk {
  private readonly kafka: Kafka;
  private readonly oneAtATime = pLimit(1);

  constructor(
    @Inject(STAGING_WAREHOUSE) private readonly warehouse: Warehouse,
    private readonly pipeline: PipelineState,
    private readonly environment: CdmEnvironment,
  ) {
    this.kafka = kafkaClient('order-vault-cdm-operator', environment);
  }

  list(
    query: LetterQuery,
    state: LetterState | 'all',
    most: number,
    bounds = BOUNDS,
  ): Promise<LetterPage<KeptLetter>> {
    return this.reading(async (reader) => {
      const topics = await this.topicsOf(query);
      const filter = filterOf(query);
      const choose = async (letters: DeadLetter[]) => {
        const chosen = letters.filter((one) => matches(filter, one));
        const marks = await this.marks(chosen);
        return chosen
          .map((letter) => keptLetter(letter, marks.get(placeText(letter.place))))
          .filter(({ mark }) => state === 'all' || (mark?.deed ?? 'open') === state);
      };
      return newestLetters(reader, topics, choose, { most, from: query.cursor, bounds });
    });
  }

  /** @throws NotFoundException */
  one(place: Place): Promise<{ letter: DeadLetter; mark?: Mark }> {
    return this.reading(async (reader) => {
      const letter = await this.find(reader, place);
      return { letter, mark: (await this.marks([letter])).get(placeText(place)) };
    });
  }

  /** @throws NotFoundException; ConflictException where the topic of its message does not take it */
  replayOne(place: Place, deed: { by: string; execute: boolean; again: boolean }): Promise<Handled> {
    return this.reading(async (reader) => {
      const handled = nothingHandled();
      const letter = await this.find(reader, place);
      await this.publishing(deed, (use) => use([letter], handled));
      return handled;
    });
  }

  discardOne(place: Place, deed: { by: string; execute: boolean }): Promise<Handled> {
    return this.reading(async (reader) => {
      const handled = nothingHandled();
      await discardLetters(this.warehouse, [await this.find(reader, place)], handled, deed);
      return handled;
    });
  }

  replayMany(
    query: LetterQuery,
    deed: { by: string; execute: boolean; again: boolean },
  ): Promise<{ handled: Handled; page: LetterPage<KeptLetter> }> {
    return this.reading((reader) => this.publishing(deed, (use) => this.handleMany(reader, query, use)));
  }

  discardMany(
    query: LetterQuery,
    deed: { by: string; execute: boolean },
  ): Promise<{ handled: Handled; page: LetterPage<KeptLetter> }> {
    return this.reading((reader) =>
      this.handleMany(reader, query, (letters, handled) =>
        discardLetters(this.warehouse, letters, handled, deed),
      ),
    );
  }

  private async handleMany(reader: RecordReader, query: LetterQuery, use: Use) {
    const handled = nothingHandled();
    const filter = filterOf(query);
    const choose = async (letters: DeadLetter[]): Promise<KeptLetter[]> => {
      const meant = letters.filter((one) => matches(filter, one));
      const sized = meant.map((letter) => ({ letter, value: letter.original.value }));
      for (const slice of inSlices(sized, { messages: SLICE_LETTERS, bytes: SLICE_BYTES })) {
        await use(
          slice.map(({ letter }) => letter),
          handled,
        );
      }
      return [];
    };
    const topics = await this.topicsOf(query);
    const page = await newestLetters(reader, topics, choose, {
      most: Infinity,
      from: query.cursor,
      bounds: BOUNDS,
    });
    return { handled, page };
  }

  /** Lends what replays letters to the topics that services read, and to that of tag events. */
  private async publishing<T>(
    deed: { by: string; execute: boolean; again: boolean },
    work: (use: Use) => Promise<T>,
  ): Promise<T> {
    const publisher = new MessagePublisher(this.kafka);
    try {
      const services = await this.pipeline.services();
      const topics = new Set([...services.map((one) => one.source_topic), this.environment.OUTPUT_TOPIC]);
      return await work((letters, handled) =>
        replayLetters({ warehouse: this.warehouse, publisher }, letters, handled, { ...deed, topics }),
      );
    } finally {
      await publisher.onApplicationShutdown();
    }
  }

  private async find(reader: RecordReader, place: Place): Promise<DeadLetter> {
    await this.topicsOf({ topic: place.topic });
    return oneDeadLetter(reader, place);
  }

  /**
   * Dead-letter topics alone: cdm reads no other for anybody.
   * @throws InvalidInput where the topic or the cursor is none of theirs
   */
  private async topicsOf({ service, topic, cursor }: LetterQuery): Promise<string[]> {
    const services = await this.pipeline.services();
    const topics = services
      .filter((one) => service === undefined || one.service === service)
      .map((one) => one.dead_letter_topic)
      .filter((one) => topic === undefined || one === topic);
    if (topic !== undefined && topics.length === 0) {
      throw new NotFoundException('no service writes dead letters to this topic');
    }
    if (cursor !== undefined && !isNext(cursor, topics)) {
      throw new InvalidInput([{ field: 'cursor', message: 'must be the next of an answer before' }]);
    }
    return topics;
  }

  private marks(letters: { place: Place }[]): Promise<Map<string, Mark>> {
    return this.warehouse.read((client) => marksOf(client, letters));
  }

  /** Lends a reader when the questions before are answered. */
  private reading<T>(work: (reader: RecordReader) => Promise<T>): Promise<T> {
    return this.oneAtATime(async () => {
      const reader = new RecordReader(this.kafka);
      try {
        return await work(reader);
      } catch (error) {
        throw forPeople(error);
      } finally {
        await reader.close();
      }
    });
  }
}

function forPeople(error: unknown): unknown {
  if (error instanceof NoSuchDeadLetter) {
    return new NotFoundException(error.message);
  }
  if (error instanceof ReplayRefused) {
    return new ConflictException(error.message);
  }
  return serverOf(error) === 'kafka' ? new ServiceUnavailableException(refusalOf(error).message) : error;
}
