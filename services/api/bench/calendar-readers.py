"""Reads calendars as other programs do, and says where their dates differ from ours."""
import datetime
import json
import sys
import zoneinfo

import icalendar
import recurring_ical_events


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def start_of(event, zone):
    start = event["DTSTART"].dt
    if not isinstance(start, datetime.datetime):
        start = datetime.datetime(start.year, start.month, start.day, tzinfo=zone)
    return start.astimezone(datetime.timezone.utc)


series = dates = differ = 0
for question in json.load(sys.stdin):
    calendar = icalendar.Calendar.from_ical(question["ics"])
    start, end = instant(question["start"]), instant(question["to"])
    zone = zoneinfo.ZoneInfo(question["zone"])
    two_days = datetime.timedelta(days=2)
    found = recurring_ical_events.of(calendar, components=["VTODO"]).between(start - two_days, end + two_days)
    theirs = {at for at in (start_of(event, zone) for event in found) if start < at < end}
    ours = {instant(text) for text in question["dates"]}
    series += 1
    dates += len(ours)
    if ours != theirs:
        differ += 1
        print(question["zone"], question["pattern"], "missing", sorted(ours - theirs)[:3], "extra", sorted(theirs - ours)[:3])
print(f"{series} series, {dates} dates, {differ} differ")
sys.exit(1 if differ else 0)
