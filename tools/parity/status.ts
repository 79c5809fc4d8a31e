export interface ParityCount {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The exit status: 1 if a comparison fails, 2 if there is nothing that the code was compared with. */
export const statusOf = ({ passed, failed }: ParityCount): number => (failed > 0 ? 1 : passed > 0 ? 0 : 2);
