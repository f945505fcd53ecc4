"""Exchange rates: mocks that know nothing, and exceptions nobody explains."""

import importlib
from unittest import mock

from unittest.mock import Mock  # ssot: allow forbidden-import

from app import rates
from testing.base import ShopTestCase


class TestRates(ShopTestCase):
    def test_today(self):
        requests = importlib.import_module("requests")
        session = mock.MagicMock(spec=requests.Session)
        session.get.return_value = Mock(content="{}")
        self.assertEqual(rates.today(session), {})
