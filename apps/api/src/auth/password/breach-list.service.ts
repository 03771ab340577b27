import { hash } from 'node:crypto';
import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { AppConfig, Breakers, OperationalError, Outbound } from '../../platform/index.js';
import { isListed } from './breach-range.js';

const TIMEOUT_MS = 3_000;

/**
 * The list of passwords that came to light elsewhere, asked in the way of Have I Been Pwned
 * (https://haveibeenpwned.com/API/v3#PwnedPasswords): five digits of a hash go out, about a thousand passwords share
 * them, and which of these was meant never leaves the engine (OWASP ASVS 5.0, 6.2.12).
 */
@Injectable()
export class BreachList implements OnApplicationShutdown {
  private readonly logger = new Logger('auth');
  private readonly url: string | undefined;
  private readonly outbound: Outbound | null;

  constructor(
    private readonly breakers: Breakers,
    config: AppConfig,
    outbound: Outbound,
  ) {
    this.url = config.settings.PASSWORD_BREACH_LIST_URL;
    this.outbound = this.url === undefined ? null : outbound.towards(this.url);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.outbound?.onApplicationShutdown();
  }

  /** Whether the password is on the list; not, when that is away: nobody is kept from a new password by somebody else’s fault. */
  async contains(password: string): Promise<boolean> {
    const { url, outbound } = this;
    if (url === undefined || outbound === null) return false;
    const digest = hash('sha1', password, 'hex').toUpperCase();
    try {
      const range = await this.breakers.run('breach-list', () => ask(outbound, url, digest.slice(0, 5)));
      return isListed(range, digest.slice(5));
    } catch (error) {
      this.logger.warn({ err: error }, 'a password was taken that no list of breaches was asked about');
      return false;
    }
  }
}

async function ask(outbound: Outbound, url: string, prefix: string): Promise<string> {
  const answer = await outbound.fetch(`${url.replace(/\/$/, '')}/${prefix}`, {
    // How long the answer is says nothing of what was asked either.
    headers: { 'Add-Padding': 'true', 'User-Agent': 'aiops-remediation-engine' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (answer.status !== 200) throw new OperationalError(`The list of breaches answered ${answer.status}`);
  return answer.text();
}
