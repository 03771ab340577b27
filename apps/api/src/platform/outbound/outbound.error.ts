import { OperationalError } from '../errors/errors.js';

/** The settings do not let the engine call this address. Nothing was sent, nor was a connection tried. */
export class OutboundRefusedError extends OperationalError {
  readonly code = 'OUTBOUND_REFUSED';
}
