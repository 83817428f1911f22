import { useEffect } from 'preact/hooks';
import { Refused } from '../access/ask-with-token';
import { mayAs } from '../access/caller';
import { SignIn } from '../access/sign-in';
import { signInTexts } from '../access/sign-in-texts';
import { FindingList } from './finding-list';
import { LetterList } from './letter-list';
import { LetterView } from './letter-view';
import { useOperateDesk } from './operate-desk';
import { ParkedList } from './parked-list';
import { useAnswer } from './use-answer';

/** The lists, or one dead letter; or what is needed to see them. */
export function Handling() {
  const desk = useOperateDesk();
  const t = desk.t.value;
  return (
    <section class="operate" aria-labelledby="operate-title">
      <h2 id="operate-title">{t.title}</h2>
      {desk.token.value ? (
        <SignedIn key={desk.token.value} />
      ) : (
        <>
          <p class="note">{t.why}</p>
          <SignIn
            language={desk.language.value}
            wrong={desk.tokenError.value}
            onSignIn={(given) => desk.signIn(given)}
          />
        </>
      )}
    </section>
  );
}

function SignedIn() {
  const desk = useOperateDesk();
  const t = desk.t.value;
  const { answer, error } = useAnswer((signal) => desk.api.caller(signal), []).value;
  useEffect(() => {
    desk.caller.value = answer;
  }, [answer]);
  const { letter } = desk.view.value;
  const maySee = mayAs('analyst', answer);
  return (
    <>
      <p class="note who">
        {answer && t.signedInAs(answer.name)}
        <button type="button" class="tool" onClick={() => desk.signOut()}>
          {signInTexts[desk.language.value].signOut}
        </button>
      </p>
      {error && !(error instanceof Refused && error.status === 401) && (
        <p class="wrong" role="alert">
          {error.message}
        </p>
      )}
      {answer && !maySee && <p class="none">{t.needsRole}</p>}
      {maySee && !desk.isOperator.value && <p class="note">{t.looksOnly}</p>}
      {maySee && letter && <LetterView key={letter} place={letter} />}
      {maySee && !letter && (
        <>
          <LetterList />
          <ParkedList />
        </>
      )}
      {answer && !letter && <FindingList />}
    </>
  );
}
