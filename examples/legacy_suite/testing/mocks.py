"""The one maker of mocks."""

from unittest.mock import Mock, create_autospec


class MockFactory:
    """Makes mocks that know the interface they stand for."""

    def make(self, interface: type) -> Mock:
        return create_autospec(interface, instance=True)
