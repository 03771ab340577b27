/** Stands for all values of a label beyond those that have series of their own. */
export const OTHER = 'other';

/**
 * Keeps the values of a label few, whoever may choose them: the first ones that come have series of their own, all
 * later ones share `other`. What has a series once keeps it.
 */
export class BoundedLabels {
  private readonly known = new Set<string>();

  constructor(private readonly most: number) {}

  of(value: string): string {
    if (this.known.has(value)) return value;
    if (this.known.size >= this.most) return OTHER;
    this.known.add(value);
    return value;
  }
}
