"""The word for how the gateway has answered lately."""

from __future__ import annotations

import pytest

from escott.rules.gateway_health import GatewayHealth, gateway_health


@pytest.mark.parametrize(
    ("answered", "unanswered", "word"),
    [
        pytest.param(0, 0, GatewayHealth.QUIET, id="nobody asked"),
        pytest.param(1, 0, GatewayHealth.NORMAL, id="all answered"),
        pytest.param(96, 4, GatewayHealth.NORMAL, id="an exception among many"),
        pytest.param(95, 5, GatewayHealth.UNSTEADY, id="one in twenty"),
        pytest.param(1, 9, GatewayHealth.UNSTEADY, id="a single answer is an answer"),
        pytest.param(0, 2, GatewayHealth.UNSTEADY, id="too few to speak of an outage"),
        pytest.param(0, 3, GatewayHealth.SILENT, id="no answer at all"),
    ],
)
def test_the_state_of_the_gateway(answered: int, unanswered: int, word: GatewayHealth) -> None:
    assert gateway_health(answered, unanswered) is word
