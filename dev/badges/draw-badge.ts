/** Of a letter of 11 pixels, and beside each text. */
const LETTER = 6.6;
const MARGIN = 6;

/** A picture of two words, 20 pixels high. */
export function drawBadge(name: string, value: string): string {
  const [left, right] = [name, value].map((text) => Math.round(text.length * LETTER) + 2 * MARGIN) as [
    number,
    number,
  ];
  const text = (words: string, from: number, width: number) =>
    `  <text x="${from + width / 2}" y="14" textLength="${width - 2 * MARGIN}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}: ${value}">`,
    `  <clipPath id="round"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    `  <g clip-path="url(#round)">`,
    `  <rect width="${left}" height="20" fill="#444c56"/>`,
    `  <rect x="${left}" width="${right}" height="20" fill="#1f6f54"/>`,
    `  </g>`,
    `  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    text(name, 0, left),
    text(value, left, right),
    `  </g>`,
    `</svg>`,
    '',
  ].join('\n');
}
