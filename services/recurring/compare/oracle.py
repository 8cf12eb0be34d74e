"""Dates of recurrence rules by python-dateutil and zoneinfo: a second opinion that shares no code with ours.

Reads one JSON question per line, answers one JSON line each. Rules are expanded on naive wall time and then put into the zone: a time in
a gap takes the offset before it (so it moves forward by the gap), a repeated time is the first of the two.
"""

import json
import sys
import warnings
from datetime import datetime, timedelta, timezone
from itertools import islice
from zoneinfo import ZoneInfo, reset_tzpath

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from tzdata import IANA_VERSION

reset_tzpath(())  # PyPI's data, never the machine's own
warnings.filterwarnings("ignore")  # COUNT beside UNTIL: the horizon below is ours, not the rule's

HORIZON = datetime(2199, 12, 31, 23, 59, 59)
END_OF_TIME = datetime(2200, 1, 1, tzinfo=timezone.utc).timestamp()


def wall_time(epoch, zone):
    return datetime.fromtimestamp(epoch, zone).replace(tzinfo=None, fold=0)


def instant(wall, zone):
    return wall.replace(tzinfo=zone, fold=0).timestamp()


def rule_walls(pattern, start):
    """Naive dates of the rule in order, the start among them only when the rule produces it."""
    if pattern in ("daily", "weekly", "monthly", "yearly"):
        unit = {"daily": "days", "weekly": "weeks", "monthly": "months", "yearly": "years"}[pattern]
        # relativedelta keeps to the last day of a shorter month, counted from the start each time.
        steps = (start + relativedelta(**{unit: step}) for step in range(100_000))
        if pattern == "yearly" and (start.month, start.day) == (2, 29):
            steps = (start + relativedelta(years=step, day=31) for step in range(1_000))
        return steps, None
    parts = dict(part.split("=") for part in pattern.split(";"))
    until = parts.pop("UNTIL", None)
    last, not_after = HORIZON, None
    if until is not None and "T" in until:
        not_after = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc).timestamp()
    elif until is not None:
        last = datetime.strptime(until, "%Y%m%d") + timedelta(hours=23, minutes=59, seconds=59)
    parts["UNTIL"] = last.strftime("%Y%m%dT%H%M%S")
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return iter(rrulestr(text, dtstart=start)), not_after


def dates(question, zone, start, after):
    """Instants of the series strictly after one, ascending, each once."""
    walls, not_after = rule_walls(question["pattern"], start)
    latest = max(after, instant(start, zone))
    for wall in walls:
        if wall > HORIZON:
            return
        at = instant(wall, zone)
        if at >= END_OF_TIME or (not_after is not None and at > not_after):
            return
        if question["endsAt"] is not None and at > question["endsAt"]:
            return
        if at > latest:
            latest = at
            if at not in question["skipped"]:
                yield at


def is_possible(question, start):
    """True when the rule, COUNT and UNTIL aside, produces a date after the start's day."""
    parts = [part for part in question["pattern"].split(";") if not part.startswith(("COUNT=", "UNTIL="))]
    walls, _ = rule_walls(";".join(parts), start)
    return any(wall.date() > start.date() for wall in islice(walls, 2))


def part(pattern, name):
    found = [value for value in pattern.split(";") if value.startswith(f"{name}=")]
    return int(found[0].split("=")[1]) if found else None


def completions(question, uncounted, zone, start):
    """Dates when each is completed on its own day and the next one counted from there; COUNT counts them all."""
    count = part(question["pattern"], "COUNT")
    endless = ";".join(p for p in question["pattern"].split(";") if not p.startswith(("COUNT=", "UNTIL=")))
    used = 1 if next(rule_walls(endless, start)[0], None) == start else 0
    at, found = question["start"], []
    while len(found) < 4 and (count is None or used < count):
        base = datetime.combine(wall_time(at, zone).date(), start.time())
        following = list(islice(dates(uncounted, zone, base, instant(base, zone)), 1))
        if not following:
            break
        at = following[0]
        found.append(at)
        used += 1
    return found


def answer(question):
    zone = ZoneInfo(question["zone"])
    start = wall_time(question["start"], zone)
    if not is_possible(question, start):
        return {"possible": False}
    take = lambda series, limit: list(islice(series, limit))
    completed = question["completedAt"]
    # A whole day is over at the next local midnight: today's date is still upcoming.
    over = instant(datetime.combine(wall_time(completed, zone).date(), start.time()), zone) - 1 if question["allDay"] else completed
    base = datetime.combine(wall_time(completed, zone).date(), start.time())
    uncounted = {**question, "pattern": ";".join(p for p in question["pattern"].split(";") if not p.startswith("COUNT="))}
    return {
        "possible": True,
        "first": take(dates(question, zone, start, question["start"]), 6),
        "later": take(dates(question, zone, start, question["after"]), 3),
        "afterCompletion": take(dates(question, zone, start, max(over, question["start"])), 1),
        "fromCompletion": take(dates(uncounted, zone, base, instant(base, zone)), 1),
        "completions": completions(question, uncounted, zone, start),
    }


release = sys.argv[1]
if IANA_VERSION != release:
    sys.exit(f"We have {release}, PyPI's tzdata is {IANA_VERSION}: compare the same release.")
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
