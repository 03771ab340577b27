import { SecretMasker } from './secret-masker.js';

/** Bytes of one stream that are kept for `register`, `expected_output` and later steps. */
export const CAPTURE_UNITS = 1024 * 1024;

/**
 * One stream of one start of a step: bytes become text that PostgreSQL and people can hold (invalid UTF-8 replaced,
 * NUL removed), secrets are masked, and the beginning is kept for later steps.
 */
export class StepStream {
  private readonly decoder = new TextDecoder('utf-8');
  private readonly masker: SecretMasker;
  private captured: string[] = [];
  private size = 0;
  private ended = false;

  constructor(
    secrets: Iterable<string>,
    private readonly emit: (text: string) => void,
  ) {
    this.masker = new SecretMasker(secrets);
  }

  write(bytes: Uint8Array): void {
    if (this.ended) return;
    this.pass(this.masker.push(clean(this.decoder.decode(bytes, { stream: true }))));
  }

  /** Gives out what was held back; more than once does no harm. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.pass(this.masker.push(clean(this.decoder.decode())) + this.masker.flush());
  }

  /** What came, secrets masked, up to the limit. */
  get text(): string {
    return this.captured.join('');
  }

  private pass(text: string): void {
    if (text === '') return;
    this.emit(text);
    const room = CAPTURE_UNITS - this.size;
    if (room <= 0) return;
    this.captured.push(text.length > room ? text.slice(0, room) : text);
    this.size += text.length;
  }
}

const clean = (text: string): string => text.replaceAll('\u0000', '');
