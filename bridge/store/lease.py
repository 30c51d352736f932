"""A lease: how long a worker may keep what it has claimed before another worker may take it over."""

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement


class Lease:
    """The rule by which calls, jobs and decisions are given to one worker at a time, for `seconds`.

    A lease that ends further ahead than any lease can was given by a clock that has been set back since. It
    counts as over, so that nothing is kept from every worker for an hour.
    """

    def __init__(self, seconds: float) -> None:
        self._length = timedelta(seconds=seconds)

    def until(self, now: datetime) -> datetime:
        """Give the moment at which a lease given now ends."""
        return now + self._length

    def is_held(self, until: datetime | None, now: datetime) -> bool:
        """Tell whether a lease that ends at `until` still keeps others away."""
        return until is not None and now < until <= now + 2 * self._length

    def is_over(self, until: "Column[datetime]", now: datetime) -> ColumnElement[bool]:
        """Give the same rule as a condition on a column: the lease there is over."""
        return (until <= now) | (until > now + 2 * self._length)
