import { refusalReasons } from '@app/contracts/refusal-reasons';

const titles = { meaning: 'Means', remedy: 'What to do' };

/**
 * The page with what stands between `<!-- meaning of reasons -->` or `<!-- remedy of reasons -->` and `<!-- end -->`
 * written from the reasons of refusal.
 */
export function fillReasons(page: string): string {
  return page.replaceAll(
    /(<!-- (meaning|remedy) of reasons -->\n)[^]*?(<!-- end -->)/g,
    (_, start: string, member: keyof typeof titles, end: string) => `${start}\n${table(member)}\n${end}`,
  );
}

function table(member: keyof typeof titles): string {
  const rows = Object.entries(refusalReasons).map(([code, reason]) => `| \`${code}\` | ${reason[member]} |`);
  return [`| \`dlq.reason\` | ${titles[member]} |`, '| --- | --- |', ...rows, ''].join('\n');
}
