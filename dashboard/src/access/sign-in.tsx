import './sign-in.css';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Language } from '../scene/texts';
import { signInTexts } from './sign-in-texts';

interface SignInProps {
  language: Language;
  /** What is wrong with the token that was sent; empty: nothing. */
  wrong: string;
  onSignIn: (token: string) => void;
}

/** Asks for the token of the API. */
export function SignIn({ language, wrong, onSignIn }: SignInProps) {
  const t = signInTexts[language];
  const isMissing = useSignal(false);
  const input = useRef<HTMLInputElement>(null);
  const complaint = isMissing.value ? t.noToken : wrong;
  useEffect(() => {
    if (complaint) {
      input.current!.focus();
    }
  }, [complaint]);
  const signIn = (event: Event) => {
    event.preventDefault();
    const token = input.current!.value.trim();
    isMissing.value = token === '';
    if (token !== '') {
      onSignIn(token);
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
        aria-invalid={complaint ? 'true' : undefined}
        aria-describedby={complaint ? 'token-wrong' : undefined}
      />
      {complaint && (
        <p class="wrong" id="token-wrong" role="alert">
          {complaint}
        </p>
      )}
      <button type="submit" class="main-button">
        {t.signIn}
      </button>
    </form>
  );
}
