const TOKEN = 'order-vault.token';

/**
 * The token of this tab: it outlives a reload, and ends with the tab. A browser may forbid to keep anything; the
 * token then holds until the page is left.
 */
let held: string | undefined;

export function recallToken(): string | undefined {
  try {
    return held ?? sessionStorage.getItem(TOKEN) ?? undefined;
  } catch {
    return held;
  }
}

export function keepToken(token: string): void {
  held = token;
  try {
    sessionStorage.setItem(TOKEN, token);
  } catch {
    // The token is in `held`.
  }
}

export function forgetToken(): void {
  held = undefined;
  try {
    sessionStorage.removeItem(TOKEN);
  } catch {
    // Nothing was kept.
  }
}
