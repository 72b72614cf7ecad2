"""Read one workbook, in a process that does nothing else; prints JSON: what was said, seconds, of the
processor too, peak MB here and below.

Run by test_hostile_files.py as `python -m tests.benchmarks.read_file NAME PATH`.
"""

import json
import re
import resource
import sys
import time
from pathlib import Path

from vuthu_recruit.spreadsheet import Unreadable, read


def own_peak() -> float:
    """Since this program began; what getrusage says of it begins with whoever started it."""
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024


def child_peak() -> float:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def processor_time() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main(name: str, path: str) -> None:
    content, start = Path(path).read_bytes(), time.perf_counter()
    try:
        said = f"{len(read(content, name))} sheets"
    except Unreadable as refusal:
        said = str(refusal)
    figures = {
        "seconds": time.perf_counter() - start,
        "processor": processor_time(),
        "own": own_peak(),
        "child": child_peak(),
    }
    print(json.dumps({"said": said} | {key: round(value, 2) for key, value in figures.items()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
