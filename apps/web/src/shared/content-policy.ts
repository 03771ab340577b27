/**
 * What the page's content security policy (docs/web-security.md) asks of libraries. Imported before all others: some look
 * while they are loaded.
 */
import { config } from 'zod/v4/core';

/** Vite writes the element; browsers hide the value from selectors, and show it to scripts. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/** `get-nonce`, by which dialogs stop the page behind them from scrolling, looks for the nonce under this name. */
Object.assign(globalThis, { __webpack_nonce__: styleNonce });

/** No code from strings, nor the attempt, which browsers report. */
config({ jitless: true });
