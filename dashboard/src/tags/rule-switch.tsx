import { useSignal } from '@preact/signals';
import type { Rule } from './answers';
import { ConfirmEffect } from './confirm-effect';
import { useStudio } from './studio';
import { Switch } from './switch';

/** Puts a rule to rest, or in force again, once somebody has seen what that does. */
export function RuleSwitch({ rule, turned }: { rule: Rule; turned?: (enabled: boolean) => void }) {
  const studio = useStudio();
  const t = studio.t.value;
  const isAsked = useSignal(false);
  const { tag, conditions, enabled } = rule;
  const turn = async () => {
    await studio.api.change(rule.id, { tag, conditions, enabled: !enabled });
    isAsked.value = false;
    turned?.(!enabled);
    studio.notice.value = enabled ? t.isOff(tag) : t.isOn(tag);
    await studio.load();
  };
  return (
    <>
      <Switch isOn={enabled} label={t.inForce(tag)} turn={() => (isAsked.value = true)} />
      {isAsked.value && (
        <ConfirmEffect
          title={enabled ? t.turnOff(tag) : t.turnOn(tag)}
          action={enabled ? t.turnOffNow : t.turnOnNow}
          rule={rule}
          after={{ tag, conditions, enabled: !enabled }}
          confirm={turn}
          leave={() => (isAsked.value = false)}
        />
      )}
    </>
  );
}
