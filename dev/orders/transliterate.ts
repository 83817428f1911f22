const LATIN = Object.fromEntries(
  (
    'а:a б:b в:v г:g д:d е:e ё:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:kh ц:ts ч:ch ' +
    'ш:sh щ:sch ъ: ы:y ь: э:e ю:yu я:ya'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
);

/** A Russian name in small Latin letters, for a login. */
export function transliterate(name: string): string {
  return [...name.toLowerCase()].map((letter) => LATIN[letter] ?? letter).join('');
}
