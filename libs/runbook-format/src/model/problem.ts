/** Something wrong in a text the user wrote. Lines and columns are 1-based; the column counts UTF-16 units, as editors do. */
export interface Problem {
  line: number;
  column: number;
  message: string;
  /** Where in the document, as `steps[1].command`; absent for faults of the YAML itself. */
  path?: string;
}

/** A fault at an offset of one template, expression or command text. */
export interface TextProblem {
  /** 0-based offset into the text. */
  offset: number;
  message: string;
}
