export interface ProgressState {
  readonly title: string;
  readonly step: number;
  readonly total: number;
  /** Seconds since the start, and steps done in them (a resumed phase does not start at 0). */
  readonly seconds: number;
  readonly stepsDone: number;
  readonly figures: Readonly<Record<string, number | string>>;
}

const WIDTH = 24;

/** `train [######------] 50 % 500/1000 120/s 4 s left  loss 0.25`, cut to the terminal's width. */
export function bar(state: ProgressState, columns: number): string {
  const share = state.total > 0 ? Math.min(1, state.step / state.total) : 1;
  const full = Math.round(share * WIDTH);
  const drawing = `${state.title} [${"#".repeat(full)}${"-".repeat(WIDTH - full)}] ${Math.floor(share * 100)} %`;
  return `${drawing} ${rest(state)}`.slice(0, Math.max(20, columns - 1));
}

/** The same without the drawing, for logs. */
export function plainLine(state: ProgressState): string {
  const share = state.total > 0 ? Math.floor((100 * state.step) / state.total) : 100;
  return `${state.title}: ${share} % ${rest(state)}`;
}

function rest({ step, total, seconds, stepsDone, figures }: ProgressState): string {
  const rate = seconds > 0 ? stepsDone / seconds : 0;
  const left = rate > 0 ? `, ${duration((total - step) / rate)} left` : "";
  const speed = rate > 0 ? `, ${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)}/s` : "";
  const beside = Object.entries(figures).map(([name, value]) => `${name} ${shortNumber(value)}`);
  return `${step}/${total}${speed}${left}${beside.length > 0 ? `  ${beside.join("  ")}` : ""}`;
}

function shortNumber(value: number | string): string {
  if (typeof value === "string" || Number.isInteger(value)) return String(value);
  return value.toPrecision(4);
}

/** Seconds as `42 s`, `3 min 5 s` or `2 h 4 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
