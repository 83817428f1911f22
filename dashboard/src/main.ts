import '@fontsource-variable/inter/wght.css';
import './style.css';
import { Dashboard } from './dashboard';

/** Charts measure their text as they draw it, so its font has to be there; a slow one is not waited for longer. */
const FONT_MS = 1_500;
const font = document.fonts.load("13px 'Inter Variable'", 'Aa Яя 0');
await Promise.race([font, new Promise((resolve) => setTimeout(resolve, FONT_MS))]);

new Dashboard().open();
