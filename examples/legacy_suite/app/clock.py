"""What time it is."""

import datetime


class Clock:
    """The time on the wall."""

    def today(self) -> str:
        return datetime.date.today().isoformat()
