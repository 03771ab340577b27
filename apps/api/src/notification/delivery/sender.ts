import type { ChannelConfig, ChannelKind } from '@aiops/contracts';
import type { Outbound } from '../../platform/index.js';
import type { Message } from './message.js';

/** How one kind of channel carries a message. A new kind is one file with one of these and a line in the registry. */
export interface Sender<K extends ChannelConfig['kind'] = ChannelConfig['kind']> {
  kind: K & ChannelKind;
  /**
   * Delivers, or throws with a reason for a person. `deliveryId` is the same in every attempt, so that receivers can
   * drop what they have. Every connection is made by `outbound`.
   */
  send(
    config: Extract<ChannelConfig, { kind: K }>,
    message: Message,
    deliveryId: string,
    outbound: Outbound,
  ): Promise<void>;
}

/** Milliseconds for one delivery. */
export const SEND_TIMEOUT_MS = 10_000;
