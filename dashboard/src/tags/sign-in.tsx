import { useEffect, useRef } from 'preact/hooks';
import { useStudio } from './studio';

/** Asks for the token of the API. */
export function SignIn() {
  const studio = useStudio();
  const t = studio.t.value;
  const wrong = studio.tokenError.value;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wrong) {
      input.current!.focus();
    }
  }, [wrong]);
  const signIn = (event: Event) => {
    event.preventDefault();
    const token = input.current!.value.trim();
    if (token === '') {
      studio.tokenError.value = t.noToken;
    } else {
      void studio.signIn(token);
    }
  };
  return (
    <form class="sign-in panel" onSubmit={signIn}>
      <h2>{t.signIn}</h2>
      <p class="note">{t.signInNote}</p>
      <label for="token">{t.token}</label>
      <input
        id="token"
        ref={input}
        type="password"
        autocomplete="off"
        spellcheck={false}
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby={wrong ? 'token-wrong' : undefined}
      />
      {wrong && (
        <p class="wrong" id="token-wrong" role="alert">
          {wrong}
        </p>
      )}
      <button type="submit" class="main-button">
        {t.signIn}
      </button>
    </form>
  );
}
