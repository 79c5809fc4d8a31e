"""Reads event files with the real tensorboard package and compares them with what was logged."""

import json
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

folder = pathlib.Path(sys.argv[1])
expected = json.loads((folder / "expected.json").read_text())
count = 0
for phase, series in expected.items():
    reader = EventAccumulator(str(folder / "tensorboard" / phase))
    reader.Reload()
    tags = sorted(reader.Tags()["scalars"])
    assert tags == sorted(series), f"{phase}: tags {tags}, expected {sorted(series)}"
    for tag, points in series.items():
        found = [[event.step, event.value] for event in reader.Scalars(tag)]
        assert found == points, f"{phase}/{tag}: {found}, expected {points}"
        count += len(found)
print(f"tensorboard read back {count} scalars of {len(expected)} phases, a resumed one among them")
