/** A template, expression or command that cannot be used; `offset` is where in its text (0-based). */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}
