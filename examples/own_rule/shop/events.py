"""What can happen in the shop."""


class Event:
    """Something that others want to know."""


class OrderPaid(Event):
    """The money is here."""


class OrderCancelled(Event):
    """The customer has changed their mind."""


class ParcelLost(Event):  # ssot: allow unheard-event -- the carrier's interface comes in spring
    """The parcel will not arrive."""
