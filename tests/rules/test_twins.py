"""Keys that are nearly the same, beyond what the examples of the rule show."""

from __future__ import annotations

import pytest

from ssot_lint.rules._twins import Twins
from ssot_lint.rules.env_key_drift import EnvKeyDriftOptions

DEFAULTS = EnvKeyDriftOptions()

ALIKE = {
    "a word more at the end": ("JWT_SECRET", "JWT_SECRET_KEY"),
    "a unit": ("HEALTH_CHECK_TIMEOUT", "HEALTH_CHECK_TIMEOUT_SECONDS"),
    "a word more in between": ("AUTH_URL", "AUTH_SERVICE_URL"),
    "a word more at the beginning": ("REAL_SERVICES", "USE_REAL_SERVICES"),
    "one of two equal words": ("AUTH_SERVICE_SERVICE_URL", "AUTH_SERVICE_URL"),
    "prefix and suffix swapped": ("STAGING_BACKEND_URL", "BACKEND_STAGING_URL"),
    "words in another order": ("OAUTH_GOOGLE_CLIENT_ID", "GOOGLE_OAUTH_CLIENT_ID"),
    "two words swapped": ("TEST_DATABASE", "DATABASE_TEST"),
    "synonym": ("CLICKHOUSE_DATABASE", "CLICKHOUSE_DB"),
    "synonym alone": ("ENV", "ENVIRONMENT"),
    "two synonyms": ("DB_PASSWORD", "DATABASE_PASS"),
    "synonym and another order": ("DEV_DB_URL", "DATABASE_URL_DEVELOPMENT"),
    "synonym and a word more": ("WS_URL", "WEBSOCKET_SERVICE_URL"),
    "no underscore": ("HEALTHCHECK_TIMEOUT", "HEALTH_CHECK_TIMEOUT"),
    "underscore before a number": ("POOL_SIZE2", "POOL_SIZE_2"),
    "underscore at the end": ("JWT_SECRET_", "JWT_SECRET"),
    "two underscores": ("JWT__SECRET", "JWT_SECRET"),
}

APART = {
    "the same key": ("JWT_SECRET", "JWT_SECRET"),
    "a stage before": ("DATABASE_URL", "TEST_DATABASE_URL"),
    "a stage behind": ("JWT_SECRET", "JWT_SECRET_STAGING"),
    "a part of the thing": ("REDIS_HOST", "REDIS_HOST_PORT"),
    "another thing": ("API_KEY", "ANTHROPIC_API_KEY"),
    "a service of its own": ("API_URL", "SERVICE_API_URL"),
    "a filler at another place": ("SECRET_STORE", "SECRET_KEY_STORE"),
    "a filler alone": ("API", "API_KEY"),
    "a filler and nothing": ("KEY", "USE_KEY"),
    "two words more": ("JWT_SECRET", "JWT_SECRET_KEY_NAME"),
    "different words": ("REDIS_HOST", "REDIS_PORT"),
    "one letter": ("REDIS_HOST", "REDIS_HOSTS"),
    "a word within a word": ("DBASE_URL", "DATABASEASE_URL"),
    "other numbers": ("POOL_1", "POOL_2"),
}


@pytest.mark.parametrize(("one", "other"), ALIKE.values(), ids=ALIKE.keys())
def test_keys_that_are_nearly_the_same(one: str, other: str) -> None:
    assert Twins((other, "PATH"), DEFAULTS.synonyms, DEFAULTS.fillers).of(one) == {other}
    assert Twins((one, other, "PATH"), DEFAULTS.synonyms, DEFAULTS.fillers).of(other) == {one}


@pytest.mark.parametrize(("one", "other"), APART.values(), ids=APART.keys())
def test_keys_that_are_not(one: str, other: str) -> None:
    twins = Twins((one, other), DEFAULTS.synonyms, DEFAULTS.fillers)
    assert twins.of(one) == twins.of(other) == set()


def test_without_words_of_its_own_only_order_and_underscores_count() -> None:
    twins = Twins(("JWT_SECRET_KEY", "JWT_KEY_SECRET", "JWTSECRET_KEY", "DB_URL"))
    assert twins.of("JWT_SECRET_KEY") == {"JWT_KEY_SECRET", "JWTSECRET_KEY"}
    assert twins.of("JWT_SECRET") == twins.of("DATABASE_URL") == set()
