import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useAnswer } from './answer-of';
import type { BacktestDay, RuleInput } from './answers';
import { BacktestGains } from './backtest-gains';
import { BacktestLine } from './backtest-line';
import type { Column } from '../scene/chart';
import { TableFiles } from '../scene/table-files';
import { useStudio } from './studio';
import type { TagTexts } from './tag-texts';
import { patiently } from './tag-api';

/** Counting takes a second or two, so a rule that is being changed is not asked about at each step. */
const PAUSE_MS = 500;

/** The audience of the last days as if the rule had been in force; counted while this part is open. */
export function BacktestPart({ rule }: { rule: RuleInput }) {
  const { t } = useStudio();
  const isOpen = useSignal(false);
  return (
    <details class="backtest" onToggle={(event) => (isOpen.value = event.currentTarget.open)}>
      <summary>{t.value.backtest}</summary>
      {isOpen.value && <BacktestOf conditions={JSON.stringify(rule.conditions)} rule={rule} />}
    </details>
  );
}

/** @param conditions those of the rule, as a text */
function BacktestOf({ conditions, rule }: { conditions: string; rule: RuleInput }) {
  const studio = useStudio();
  const t = studio.t.value;
  const settled = useSignal(conditions);
  useEffect(() => {
    const timer = setTimeout(() => (settled.value = conditions), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [conditions]);
  const asked = useAnswer(
    (abort) => patiently(() => studio.api.backtest(rule, abort), abort),
    [settled.value],
  ).value;
  const isOld = asked.isLoading || settled.value !== conditions;
  return (
    <div aria-busy={isOld}>
      <p class="hint" role="status">
        {isOld ? t.countingDays : t.backtestNote}
      </p>
      {asked.error && (
        <p class="wrong" role="alert">
          {asked.error}
        </p>
      )}
      {asked.answer && (
        <div class={isOld ? 'fading' : undefined}>
          <TableFiles
            scene={studio.scene.value}
            name="backtest"
            title={t.backtest}
            columns={dayColumns(t)}
            rows={() => asked.answer!.days}
          />
          <BacktestLine days={asked.answer.days} />
          <BacktestGains gains={asked.answer.gains} />
        </div>
      )}
    </div>
  );
}

function dayColumns(t: TagTexts): Column<BacktestDay>[] {
  return [
    { name: t.day, value: ({ day }) => `${day} 00:00:00`, kind: 'time' },
    { name: t.audience, value: ({ users }) => users, kind: 'number' },
    { name: t.gotTag, value: ({ gained }) => gained, kind: 'number' },
    { name: t.lostTag, value: ({ lost }) => lost, kind: 'number' },
  ];
}
