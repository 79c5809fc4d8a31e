"""Makes the small files that the tests of packages/datasets read, with the real h5py, minari and pyarrow packages.

usage: python make-fixtures.py FOLDER     (a new folder; its content belongs into packages/datasets/test/fixtures)
"""
import os
import pathlib
import sys

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True)
os.environ["MINARI_DATASETS_PATH"] = str(folder / "minari")
import gymnasium as gym  # noqa: E402
import minari  # noqa: E402
from minari.data_collector.episode_buffer import EpisodeBuffer  # noqa: E402

LENGTHS = [4, 3, 6, 2]
TERMINATED = [True, False, True, False]
TRUNCATED = [False, True, True, False]  # the last episode is cut by the end of the file

# Values that say where they come from: episode * 100 + step + entry / 8.
def states(episode, length):
    return (100 * episode + np.arange(length + 1)[:, None] + np.arange(3)[None, :] / 8).astype(np.float64)

def actions(episode, length):
    return (np.arange(length)[:, None] / 10 + np.array([[-0.5, 0.25]])).astype(np.float32)

def rewards(episode, length):
    return episode + np.arange(length) / 4

rows = {key: [] for key in ("observations", "next_observations", "actions", "rewards", "terminals", "timeouts")}
for episode, length in enumerate(LENGTHS):
    last = np.arange(length) == length - 1
    rows["observations"].append(states(episode, length)[:-1])
    rows["next_observations"].append(states(episode, length)[1:])
    rows["actions"].append(actions(episode, length))
    rows["rewards"].append(rewards(episode, length))
    rows["terminals"].append(last & TERMINATED[episode])
    rows["timeouts"].append(last & TRUNCATED[episode])
rows = {key: np.concatenate(parts) for key, parts in rows.items()}

def write_d4rl(name, keys, dtype=np.float32, **options):
    with h5py.File(folder / name, "w") as file:
        for key in keys:
            values = rows[key]
            file.create_dataset(key, data=values.astype(dtype) if values.dtype.kind == "f" else values, **options)
        file["metadata/environment"] = "Hopper-v5"
        file["metadata/algorithm"] = "SAC"

write_d4rl("d4rl.hdf5", rows, compression="gzip", chunks=True)
write_d4rl("d4rl-lzf.hdf5", rows, compression="lzf", chunks=True)
write_d4rl("d4rl-float64-no-next.hdf5", [key for key in rows if key != "next_observations"], np.float64)
write_d4rl("d4rl-no-timeouts.hdf5", [key for key in rows if key != "timeouts"])
with h5py.File(folder / "d4rl-v2-format.hdf5", "w", libver="latest") as file:
    for key, values in rows.items():
        file.create_dataset(key, data=values.astype(np.int8) if values.dtype == bool else values)

buffers = []
for episode, length in enumerate(LENGTHS):
    last = np.arange(length) == length - 1
    truncated = last & (TRUNCATED[episode] or not TERMINATED[episode])
    buffers.append(EpisodeBuffer(id=episode, seed=episode, observations=states(episode, length), actions=actions(episode, length),
        rewards=list(rewards(episode, length)), terminations=list(last & TERMINATED[episode]), truncations=list(truncated), infos={}))
minari.create_dataset_from_buffers(
    "tiny-v0", buffers, env="Pendulum-v1", algorithm_name="none", description="made for tests",
    observation_space=gym.spaces.Box(-np.inf, np.inf, (3,), np.float64), action_space=gym.spaces.Box(-1, 1, (2,), np.float32))

episode_ids = np.repeat(np.arange(len(LENGTHS)), LENGTHS)
table = {
    "o": [list(row) for row in rows["observations"]], "after": [list(row) for row in rows["next_observations"]],
    "a0": rows["actions"][:, 0], "a1": rows["actions"][:, 1], "r": rows["rewards"], "done": rows["terminals"],
    "cut": rows["timeouts"], "ep": [f"e{i}" for i in episode_ids],
}
for codec in ("snappy", "zstd", "gzip"):
    pq.write_table(pa.table(table), folder / f"log-{codec}.parquet", compression=codec, row_group_size=6)
days = np.datetime64("2026-03-01") + episode_ids
dated = {**table, "ep": pa.array(days.astype(object)), "since": pa.array(days.astype("datetime64[us]"))}
pq.write_table(pa.table(dated), folder / "log-dates.parquet", row_group_size=6)
print("made", sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()))
