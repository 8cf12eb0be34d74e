"""Offsets of all zones by zoneinfo on PyPI's tzdata: a second opinion, from the compiled database, by code that is not ours.

Reads one JSON object: the release, and per zone the instants (seconds) from which an offset (seconds) holds. Asks zoneinfo for every
day from 1970 on, and for the last second before and the first after each change we name. Prints what differs; exits with 1 on any difference.
"""

import json
import sys
import zoneinfo
from bisect import bisect_right
from datetime import datetime, timedelta, timezone

import tzdata

zoneinfo.reset_tzpath(())  # never the machine's own data
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)

question = json.load(sys.stdin)
if tzdata.IANA_VERSION != question["release"]:
    sys.exit(f"We have {question['release']}, PyPI's tzdata is {tzdata.IANA_VERSION}: compare the same release.")

with open(f"{tzdata.__path__[0]}/zones") as names:
    theirs = set(names.read().split()) - {"Factory"}
faults = [f"{name}: only one side has it" for name in sorted(theirs ^ set(question["zones"]))]
days = range(0, question["last"], 86_400)
asked = 0

for name in sorted(theirs & set(question["zones"])):
    zone = zoneinfo.ZoneInfo(name)
    starts, offsets = zip(*question["zones"][name])
    for at in [*days, *(at + step for at in starts[1:] for step in (-1, 0))]:
        their = (EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset().total_seconds()
        asked += 1
        if their != offsets[bisect_right(starts, at) - 1]:
            faults.append(f"{name}: {datetime.fromtimestamp(at, timezone.utc).isoformat()} is {their:g} s ahead of UTC")
            break

print("\n".join([*faults, f"{len(theirs)} zones of {tzdata.IANA_VERSION}, {asked} instants: {len(faults)} zones differ from zoneinfo."]))
sys.exit(1 if faults else 0)
