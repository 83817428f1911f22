import type { ConsumerLag } from '@app/kafka/consumer-lag';
import type { Client, Warehouse } from '@app/warehouse/warehouse';
import { auditChecked, auditWrong, type What } from './audit-metrics';
import { noteFindings } from './findings';
import { Layers } from './layers';
import { readProgress } from './pipeline-progress';
import { isRebuilding } from './rebuilding';
import { RefusedVersions } from './refused';
import { addRounds, dueRounds, moveRound, putOffRound, takeRound, type RoundState } from './round-states';
import { allRounds, type Round } from './rounds';
import { Suspects, type Suspect } from './suspects';
import { rowName, type Look } from './wrong-rows';

const LOCK = 'cdm.audit';
/** A piece that takes longer is followed by one of half as many keys; one that takes a quarter, by twice as many. */
const PIECE_MS = 100;
const FIRST_KEYS = 16;
/** A round begins so long after the one before, in seconds: a small warehouse is looked at in no time. */
const ROUND_SECONDS = 300;
/** The same where nothing was wrong, and nothing was counted meanwhile. */
const CALM_SECONDS = 1_800;
/** So long the table of rounds is left alone at most, in milliseconds. */
const MOST_WAIT_MS = 60_000;
/** While vault or marts are made again, in seconds. */
const REBUILD_SECONDS = 60;

/**
 * Counts again what vault and marts hold, from the messages in staging and by rules of its own, piece by piece, and
 * notes what is wrong. It pauses after each piece, so that all rounds take 2 % of a processor together. One replica at
 * a time looks at a piece; another goes on from there.
 */
export class Auditor {
  private readonly rounds: Round[];
  private readonly suspects: Suspects;
  private readonly refused = new RefusedVersions();
  /** By round: keys of the next piece. */
  private readonly sizes = new Map<What, number>();

  /**
   * @param others the servers of staging and vault, where they have their own
   * @param now says the present at the source
   * @param graceMs so long a row may be on its way in any case, in milliseconds
   */
  constructor(
    private readonly warehouse: Warehouse,
    private readonly others: ReadonlyMap<string, Warehouse>,
    private readonly broker: ConsumerLag,
    now: () => string,
    graceMs: number,
  ) {
    this.rounds = allRounds(now);
    this.suspects = new Suspects(graceMs);
  }

  /**
   * Looks at a piece of each round that is due.
   * @returns in how many milliseconds one is due again
   */
  async lookAtDue(): Promise<number> {
    const known = await this.warehouse.read(dueRounds);
    if (known.length < this.rounds.length) {
      const whats = this.rounds.map(({ what }) => what);
      await this.warehouse.transaction((client) => addRounds(client, whats));
      return 0;
    }
    for (const { what } of known.filter(({ waitMs }) => waitMs <= 0)) {
      const round = this.rounds.find((one) => one.what === what);
      if (round) {
        await this.lookAtPiece(round);
      }
    }
    const next = (await this.warehouse.read(dueRounds)).map(({ waitMs }) => waitMs);
    return Math.max(0, Math.min(MOST_WAIT_MS, ...next));
  }

  /** Looks again at what may have been on its way, once the pipeline is done with it. */
  async lookAgain(): Promise<void> {
    if (this.suspects.isEmpty) {
      return;
    }
    const progress = await this.warehouse.read((client) => readProgress(this.layers(client), this.broker));
    const settled = progress ? [...this.suspects.take(progress).values()] : [];
    for (const round of this.rounds) {
      const own = settled.filter(({ what }) => what === round.what);
      if (own.length > 0) {
        await this.warehouse.alone(LOCK, (client) => this.confirm(client, round, own));
      }
    }
  }

  private layers(client: Client): Layers {
    return new Layers(client, this.others);
  }

  private async lookAtPiece(round: Round): Promise<void> {
    const { what, most } = round;
    const begun = performance.now();
    const size = this.sizes.get(what) ?? FIRST_KEYS;
    // A piece that fails is followed by a smaller one.
    this.sizes.set(what, Math.ceil(size / 2));
    await this.warehouse.alone(LOCK, async (client) => {
      const state = await takeRound(client, what);
      if (state) {
        await this.lookAndMove(client, round, state, size, begun);
      }
      return true;
    });
    const took = performance.now() - begun;
    const next = took > PIECE_MS ? Math.ceil(size / 2) : took < PIECE_MS / 4 ? size * 2 : size;
    this.sizes.set(what, Math.min(most, next));
  }

  private async lookAndMove(
    client: Client,
    round: Round,
    state: RoundState,
    size: number,
    begun: number,
  ): Promise<void> {
    const layers = this.layers(client);
    const { what, keys } = round;
    if (!state.isBegun) {
      round.begin?.();
    }
    const after = state.lastKey ?? keys.first;
    const last = await round.bound(layers, after, size);
    const upto = last ?? keys.last;
    const look = await round.look(layers, after, upto);
    if (await isRebuilding(layers)) {
      await putOffRound(client, what, REBUILD_SECONDS);
      return;
    }
    const wrong = await this.note(client, round, look, (place) => keys.isInside(place, after, upto));
    await moveRound(client, state, {
      lastKey: last,
      checked: look.checked,
      wrong,
      pauseSeconds:
        last === null ? restSeconds(state, wrong) : pauseSeconds(round, performance.now() - begun),
    });
  }

  /** @returns how many rows are wrong */
  private async note(
    client: Client,
    { what }: Round,
    look: Look,
    isCovered: (place: string) => boolean,
  ): Promise<number> {
    const { wrong, waiting } = await noteFindings(client, what, look.wrong, isCovered);
    this.suspects.add(what, waiting);
    auditChecked.inc({ what }, look.checked);
    auditWrong.inc({ what }, wrong.length);
    return wrong.length;
  }

  /** What is seen again is wrong. What is seen now for the first time waits. */
  private async confirm(client: Client, round: Round, suspects: Suspect[]): Promise<boolean> {
    const begun = performance.now();
    const layers = this.layers(client);
    const names = new Set(suspects.map(({ row }) => rowName(row)));
    const places = new Set(suspects.map(({ row }) => row.place));
    for (const place of places) {
      const look = await round.look(layers, round.keys.before(place), place);
      if (await isRebuilding(layers)) {
        break;
      }
      const settled = look.wrong.filter((row) => row.waits && names.has(rowName(row)));
      const lost = new Set(await this.refused.without(layers, settled));
      const wrong = look.wrong
        .filter((row) => lost.has(row) || !settled.includes(row))
        .map((row) => (lost.has(row) ? { ...row, waits: false } : row));
      await this.note(client, round, { ...look, wrong }, (one) => one === place);
    }
    await putOffRound(client, round.what, pauseSeconds(round, performance.now() - begun));
    return true;
  }
}

function pauseSeconds({ percent }: Round, tookMs: number): number {
  return (tookMs / 1_000) * (100 / percent - 1);
}

/** Until the next round begins. */
function restSeconds({ newBatches, seconds, wrong }: RoundState, lastWrong: number): number {
  const isCalm = newBatches === '0' && wrong + lastWrong === 0;
  return Math.max(isCalm ? CALM_SECONDS : ROUND_SECONDS - seconds, 1);
}
