/** A Trajectory Transformer of some size, trained for a while on a share of the log. */
export interface HorizonRow {
  readonly name: string;
  readonly embedding: number;
  readonly updates: number;
  /** Of the log's episodes. */
  readonly share: number;
}

const DATASET = "hopper-medium-replay";
export const STEPS = 300;

const row = (embedding: number, share: number, updates: number): HorizonRow => ({
  name: `${DATASET}-width-${embedding}-share-${share}-${updates / 1000}k`,
  embedding,
  updates,
  share,
});

/** By data, by size, then by training; one is in all three. */
export const horizonRows: readonly HorizonRow[] = [
  row(64, 0.1, 5000),
  row(64, 0.3, 5000),
  row(64, 1, 5000),
  row(32, 1, 5000),
  row(128, 1, 5000),
  row(64, 1, 2500),
  row(64, 1, 10_000),
];

/** What trains the row's model: arguments of `lowerbound`. */
export const trainingOf = ({ name, embedding, updates, share }: HorizonRow, data: string, runs: string): string[] => [
  "train",
  ...["--config", "docs/results/configs/prediction-transformer.yaml", "--dataset.of.path", `${data}/${DATASET}.hdf5`],
  ...["--dataset.share", `${share}`, "--sequence.embedding", `${embedding}`, "--sequence.updates", `${updates}`],
  ...["--directory", `${runs}/${name}`],
];

/** What makes episodes that no model has seen: arguments of `lowerbound`. */
export const makingOf = (path: string): string[] => [
  ...["data", "make", DATASET, "--seed", "7", "--transitions", "60000", "--out", path],
];

/** What predicts such episodes: arguments of `lowerbound`. */
export const predictionOf = ({ name }: HorizonRow, fresh: string, runs: string): string[] => [
  ...["predict", `${runs}/${name}`, "--data", fresh, "--shortest", `${STEPS}`, "--steps", `${STEPS}`],
];
