import { Refused } from '../access/ask-with-token';
import type { WholeLetter } from './answers';
import { Deed } from './deed';
import { letterDeed } from './deeds';
import { Go } from '../access/go';
import { MessageContent } from './message-content';
import { useOperateDesk } from './operate-desk';
import { useAnswer } from './use-answer';

/** One dead letter, with all that it holds. */
export function LetterView({ place }: { place: string }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { answer, error } = useAnswer(
    (signal) => desk.api.letter(place, signal),
    [place, desk.deeds.value],
  ).value;
  return (
    <section class="panel letter" aria-labelledby="letter-title">
      <Go class="back" change={{ letter: undefined }}>
        ← {t.letters}
      </Go>
      <h3 id="letter-title">{t.letter(place)}</h3>
      {!answer && !error && <p class="none">{desk.scene.value.t.loading}</p>}
      {error && (
        <p class="wrong" role="alert">
          {error instanceof Refused && error.status === 404 ? t.noSuchLetter : error.message}
        </p>
      )}
      {answer && <Letter letter={answer} place={place} />}
    </section>
  );
}

function Letter({ letter, place }: { letter: WholeLetter; place: string }) {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { format, t: general } = desk.scene.value;
  const isOpen = letter.state === 'open';
  const facts: [name: string, value: string | null][] = [
    [t.refusedAt, letter.refused_at && format.instant(letter.refused_at)],
    [general.service, letter.service],
    [general.reason, letter.reason ? (general.reasons[letter.reason] ?? letter.reason) : t.noLetter],
    [t.field, letter.field],
    [t.message, letter.message],
    [t.state, t.states[letter.state]!],
    [t.doneBy, letter.done_at && `${letter.done_by ?? '—'}, ${format.instant(letter.done_at)}`],
  ];
  return (
    <>
      {letter.because && <p class="because">{letter.because}</p>}
      <dl class="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
        {letter.order_id && (
          <div>
            <dt>{t.order}</dt>
            <dd>
              <Go change={{ page: 'order', order: letter.order_id, letter: undefined }}>{letter.order_id}</Go>
            </dd>
          </div>
        )}
      </dl>
      {letter.altered.length > 0 && <p class="hint">{t.altered(letter.altered.join(', '))}</p>}
      {!letter.is_whole && <p class="hint">{t.notWhole}</p>}
      {desk.isOperator.value && (
        <div class="buttons">
          {letter.is_whole && (
            <Deed
              label={isOpen ? t.replay : t.replayAgain}
              note={t.replayNote}
              run={letterDeed(desk, 'replay', place, !isOpen)}
            />
          )}
          {isOpen && (
            <Deed label={t.discard} note={t.discardNote} run={letterDeed(desk, 'discard', place, false)} />
          )}
        </div>
      )}
      <MessageContent letter={letter} />
    </>
  );
}
