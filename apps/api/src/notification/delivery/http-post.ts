import { request } from 'undici';
import {
  messageOf,
  OperationalError,
  type Outbound,
  OutboundRefusedError,
  retryAfterMs,
} from '../../platform/index.js';
import { SEND_TIMEOUT_MS } from './sender.js';

/** Posts a body and wants a 2xx. Redirects are not followed: a webhook that moved must be corrected by a person. */
export async function httpPost(
  { dispatcher }: Outbound,
  url: string,
  body: string,
  headers: Record<string, string>,
): Promise<void> {
  const { host } = new URL(url);
  let status: number;
  let text: string;
  let askedWaitMs: number | undefined;
  try {
    const response = await request(url, {
      method: 'POST',
      body,
      dispatcher,
      headers: { 'content-type': 'application/json', 'user-agent': 'aiops-remediation-engine', ...headers },
      signal: AbortSignal.timeout(SEND_TIMEOUT_MS),
    });
    status = response.statusCode;
    askedWaitMs = retryAfterMs(response.headers['retry-after'], Date.now());
    text = (await response.body.text()).slice(0, 200);
  } catch (cause) {
    if (cause instanceof OutboundRefusedError) throw cause;
    throw new OperationalError(`${host} could not be reached: ${messageOf(cause)}`, { cause });
  }
  if (status < 200 || status > 299)
    throw new OperationalError(`${host} answered ${status}: ${text}`, { askedWaitMs });
}
