"""Reads files that `write-samples.ts` wrote with the real h5py and minari packages, and compares every value.

usage: python check.py FOLDER
"""
import os
import sys

import h5py
import numpy as np

folder = sys.argv[1]
os.environ["MINARI_DATASETS_PATH"] = os.path.join(folder, "minari")
import minari  # noqa: E402  (it reads the variable when it is imported)

LENGTHS = [5, 1, 300, 17]
TERMINATED = [True, False, True, False]
TRUNCATED = [False, True, True, True]

with h5py.File(os.path.join(folder, "sample.hdf5"), "r") as file:
    assert sorted(file) == ["actions", "metadata", "next_observations", "observations", "rewards", "terminals", "timeouts"]
    assert file["metadata/environment"][()] == b"Hopper-v5", file["metadata/environment"][()]
    assert file["metadata/algorithm"][()] == b"SAC"
    assert file["observations"].shape == (323, 11) and file["observations"].dtype == np.float32
    assert file["actions"].shape == (323, 3)
    assert file["terminals"].dtype == bool and file["timeouts"].dtype == bool, file["terminals"].dtype
    ends = np.cumsum(LENGTHS) - 1
    assert np.array_equal(np.flatnonzero(file["terminals"][:]), ends[TERMINATED])
    assert np.array_equal(np.flatnonzero(file["timeouts"][:]), ends[TRUNCATED])
    d4rl = {key: file[key][:] for key in ("observations", "next_observations", "actions", "rewards")}

dataset = minari.load_dataset("mujoco/hopper/sample-v0")
assert dataset.total_episodes == 4 and dataset.total_steps == 323, dataset
assert dataset.spec.env_spec.id == "Hopper-v5", dataset.spec
assert dataset.action_space.shape == (3,) and dataset.observation_space.shape == (11,)
assert str(dataset.observation_space.dtype) == "float32"
start = 0
for episode, length, terminated, truncated in zip(dataset.iterate_episodes(), LENGTHS, TERMINATED, TRUNCATED):
    rows = slice(start, start + length)
    assert episode.observations.shape == (length + 1, 11), episode.observations.shape
    assert np.array_equal(episode.observations[:-1], d4rl["observations"][rows])
    assert np.array_equal(episode.observations[1:], d4rl["next_observations"][rows])
    assert np.array_equal(episode.actions, d4rl["actions"][rows])
    assert np.array_equal(episode.rewards, d4rl["rewards"][rows])
    assert np.array_equal(episode.rewards, length + np.arange(length) / 8)
    assert np.array_equal(np.flatnonzero(episode.terminations), [length - 1] if terminated else [])
    assert np.array_equal(np.flatnonzero(episode.truncations), [length - 1] if truncated else [])
    start += length
assert len(dataset.filter_episodes(lambda episode: episode.rewards.sum() > 20)) == 3
metadata = list(dataset.storage.get_episode_metadata([2]))[0]
assert metadata["total_steps"] == 300 and metadata["id"] == 2, metadata

many = minari.load_dataset("many-v0")
assert [len(episode.rewards) for episode in many.iterate_episodes()] == [1 + i % 3 for i in range(1500)]
print("h5py", h5py.__version__, "and minari", minari.__version__, "read back what was written")
