import type { Hole, Segment } from '../template/template.js';

/** One character of command text, or a hole where a value will stand. */
export type Unit = { char: string; offset: number } | { hole: Hole; offset: number };

export function toUnits(segments: Segment[]): Unit[] {
  return segments.flatMap((segment): Unit[] => {
    if (segment.type === 'hole') return [{ hole: segment.hole, offset: segment.hole.offset }];
    return Array.from({ length: segment.text.length }, (_, at) => ({
      char: segment.text.charAt(at),
      offset: segment.offset + at,
    }));
  });
}

/** Reads units one after the other; a hole reads as the empty character, which equals no syntax. */
export class UnitReader {
  at = 0;

  constructor(readonly units: Unit[]) {}

  get done(): boolean {
    return this.at >= this.units.length;
  }

  get offset(): number {
    const unit = this.units[this.at];
    if (unit) return unit.offset;
    const last = this.units.at(-1);
    return last ? last.offset : 0;
  }

  char(ahead = 0): string {
    const unit = this.units[this.at + ahead];
    return unit && 'char' in unit ? unit.char : '';
  }

  hole(ahead = 0): Hole | null {
    const unit = this.units[this.at + ahead];
    return unit && 'hole' in unit ? unit.hole : null;
  }

  sees(text: string): boolean {
    for (let i = 0; i < text.length; i++) if (this.char(i) !== text[i]) return false;
    return true;
  }

  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  skip(count = 1): void {
    this.at += count;
  }
}
