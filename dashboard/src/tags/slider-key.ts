/** What a slider can have: from one number to another, and how far a page leaps. */
export interface SliderRange {
  least: number;
  most: number;
  leap: number;
}

/**
 * Where a key moves a slider, by the keys that screen readers announce (WAI-ARIA, the pattern of a slider).
 * @returns within the range; undefined where the key is none of a slider
 */
export function sliderKey(
  key: string,
  value: number,
  { least, most, leap }: SliderRange,
): number | undefined {
  const wanted = {
    ArrowRight: value + 1,
    ArrowUp: value + 1,
    ArrowLeft: value - 1,
    ArrowDown: value - 1,
    PageUp: value + leap,
    PageDown: value - leap,
    Home: least,
    End: most,
  }[key];
  return wanted === undefined ? undefined : Math.min(Math.max(wanted, least), most);
}
