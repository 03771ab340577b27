import { inSpan, names } from '../../platform/index.js';
import type { Target } from '../target/target.repository.js';
import type { CommandOutcome, CommandRequest, CommandSession } from './command-session.js';

/** What spans say of a target: where it is, and never as whom or with what one signs in. */
const placeOf = (target: Target) => ({
  [names.address]: target.host,
  [names.port]: target.port,
  'aiops.target.name': target.name,
});

/** Opens a connection as a span of the trace that is under way. */
export function tracedConnect(
  target: Target,
  connect: () => Promise<CommandSession>,
): Promise<CommandSession> {
  const spec = { name: `${target.kind} connect`, kind: 'client' as const, attributes: placeOf(target) };
  return inSpan(spec, async () => new TracedSession(await connect(), target));
}

/** Commands as spans: how they ended, and neither their text nor their output, which have secrets in them. */
class TracedSession implements CommandSession {
  constructor(
    private readonly session: CommandSession,
    private readonly target: Target,
  ) {}

  run(request: CommandRequest): Promise<CommandOutcome> {
    const attributes = { ...placeOf(this.target), 'aiops.shell': request.shell };
    return inSpan({ name: `${this.target.kind} exec`, kind: 'client', attributes }, async (span) => {
      const outcome = await this.session.run(request);
      span.set({
        [names.exitCode]: outcome.exitCode ?? undefined,
        'aiops.command.signal': outcome.signal ?? undefined,
      });
      if (outcome.timedOut) span.fail('timeout');
      else if (outcome.cancelled) span.fail('cancelled');
      else if (outcome.exitCode !== 0) span.fail(outcome.exitCode === null ? 'signal' : 'exit_code');
      return outcome;
    });
  }

  close(): void {
    this.session.close();
  }
}
