import { setTimeout as pause } from 'node:timers/promises';
import { expect, inject, it } from 'vitest';
import { Random } from '../../dev/orders/random';
import { inPipeline } from '../guarantees/crash/in-pipeline';
import { Traffic } from '../guarantees/crash/traffic';
import { untilSettled } from '../guarantees/crash/until-settled';
import { findDifferences } from '../guarantees/crash/find-differences';
import { putRules, rulesFor } from '../guarantees/tags/put-rules';
import type { ServiceName } from '../harness/service-process';
import { drawSeed } from '../history/seed';
import { TestAuditor } from './use-auditor';

/*
 * What is on its way is not wrong: while orders flow through three replicas of each service that are killed again and
 * again, the auditor looks at everything as often as it can, and finds nothing.
 */
const services: ServiceName[] = ['stg', 'dds', 'cdm'];
const REPLICAS = 3;
const KILLS = 8;
const SETTLE_MS = 300_000;
const JOIN_MS = 240_000;

it('finds nothing while replicas are killed, orders wait and are released, and rules are evaluated', async () => {
  const seed = drawSeed();
  const random = new Random(seed, 'kills');
  const pipeline = await inPipeline(inject('stack'));
  const traffic = new Traffic(pipeline, { seed, orders: 1_200, hasRules: false });
  await traffic.open();
  const replicas = services.flatMap((name) => [
    pipeline.service(name),
    ...Array.from({ length: REPLICAS - 1 }, () => pipeline.replica(name)),
  ]);
  await Promise.all(replicas.map((replica) => replica.start()));

  const auditor = new TestAuditor(pipeline);
  const audit = { isOn: true, rounds: 0, checked: 0 };
  const look = async () => {
    while (audit.isOn) {
      const checked = await auditor.wholeRound();
      audit.checked += checked.orders!;
      audit.rounds += 1;
    }
  };
  const kills = async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await pause(random.integer(100, 2_000));
      const victim = random.pick(replicas);
      await victim.untilReady(JOIN_MS);
      await victim.kill();
      await victim.launch();
      if (kill === KILLS / 4) {
        await putRules(pipeline, rulesFor(traffic.dictionary));
      }
      if (kill === KILLS / 2) {
        await traffic.complete();
      }
    }
  };
  const looking = look();
  try {
    await traffic.flowDuring(kills(), Math.ceil(traffic.length / (KILLS * 12)), 300);
    await untilSettled(pipeline, SETTLE_MS);
  } finally {
    audit.isOn = false;
    await looking;
  }
  await auditor.wholeRound();
  await auditor.close();
  // Also those that would be right again by now.
  expect(await pipeline.database.rows('SELECT * FROM cdm.audit_findings')).toEqual([]);
  expect(audit.rounds).toBeGreaterThan(3);
  expect(audit.checked).toBeGreaterThan(1_000);
  expect(await findDifferences(pipeline, traffic.dictionary)).toEqual([]);
}, 900_000);
