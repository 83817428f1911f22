import { useEffect, useRef } from 'preact/hooks';
import { SignIn } from '../access/sign-in';
import { signInTexts } from '../access/sign-in-texts';
import { Audience } from './audience';
import { Go } from './go';
import { History } from './history';
import { Overlaps } from './overlaps';
import { RuleEditor } from './rule-editor';
import { useStudio } from './studio';
import { TagList } from './tag-list';
import { Webhooks } from './webhooks';

/** The page of tags: who has signed in, and what is open. */
export function TagsApp() {
  const studio = useStudio();
  const t = studio.t.value;
  if (!studio.token.value) {
    return (
      <SignIn
        language={studio.language.value}
        wrong={studio.tokenError.value}
        onSignIn={(token) => void studio.signIn(token)}
      />
    );
  }
  if (!studio.caller.value) {
    return studio.trouble.value ? <Trouble /> : <p class="none">{t.loading}</p>;
  }
  return (
    <>
      <StudioBar />
      <p class="notice" role="status">
        {studio.notice.value}
      </p>
      <Section />
    </>
  );
}

/** The API does not answer whose token it is. */
function Trouble() {
  const studio = useStudio();
  return (
    <div class="sign-in panel">
      <p class="wrong" role="alert">
        {studio.trouble.value}
      </p>
      <div class="buttons">
        <button type="button" class="main-button" onClick={() => void studio.enter()}>
          {studio.scene.value.t.retry}
        </button>
        <button type="button" class="tool" onClick={() => studio.signOut()}>
          {signInTexts[studio.language.value].signOut}
        </button>
      </div>
    </div>
  );
}

/** The parts of the page, and who looks at it. */
function StudioBar() {
  const studio = useStudio();
  const t = studio.t.value;
  const { show, rule } = studio.view.value;
  const { name, role } = studio.caller.value!;
  return (
    <div class="studio-bar">
      <nav class="sections" aria-label={t.sections}>
        <Go isCurrent={show === undefined}>{t.allTags}</Go>
        <Go show="overlap" isCurrent={show === 'overlap'}>
          {t.overlap}
        </Go>
        <Go show="history" isCurrent={show === 'history' && !rule}>
          {t.history}
        </Go>
        {studio.mayEdit && (
          <Go show="webhooks" isCurrent={show === 'webhooks'}>
            {t.webhooks}
          </Go>
        )}
      </nav>
      <span class="caller">
        {name} · {t.roles[role]}
      </span>
      <button type="button" class="tool" onClick={() => studio.signOut()}>
        {signInTexts[studio.language.value].signOut}
      </button>
    </div>
  );
}

function Section() {
  const studio = useStudio();
  const { show, rule, tags } = studio.view.value;
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      // What was clicked is gone: a screen reader goes on with what is there instead.
      document.getElementById('content')!.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    isFirst.current = false;
  }, [show, rule]);
  switch (show) {
    case 'rule':
    case 'copy':
      return <RuleEditor key={`${show} ${rule}`} />;
    case 'audience':
      return <Audience key={tags?.[0]} tag={tags?.[0] ?? ''} />;
    case 'overlap':
      return <Overlaps />;
    case 'history':
      return <History key={rule} rule={rule} />;
    case 'webhooks':
      return <Webhooks />;
    default:
      return <TagList />;
  }
}
