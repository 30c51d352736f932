"""Texts and mails: only to what is on the file and can be written to, each once."""

from typing import TYPE_CHECKING

import pytest

from bridge.flow.action_context import IdentifiedFile
from voice_flows.answers import Addresses, WriteResult

if TYPE_CHECKING:
    from bridge.simulators.tagor import StandIn
    from tests.conftest import Line
    from tests.unit.conversation.services.conftest import Acts

AN = IdentifiedFile("9000000000000000001", "20230118", "9000000000000001001", "pin")


@pytest.mark.parametrize("address", ["an@example.be;jan@example.be", "An <an@example.be>", "àn@example.be"])
def test_an_odd_mail_address_is_not_offered_and_nothing_is_written_down(
    acts: "Acts", tagor: "StandIn", line: "Line", address: str
):
    """A mail to it is refused at once, and the next mail on that file is not held up by it."""
    tagor.controls.change(AN.number, email=address)
    assert acts().messaging.addresses(AN, "balance") == Addresses(mobile="+32470000001")
    assert acts().messaging.send_mail(AN, "balance") == WriteResult("refused")
    tagor.controls.change(AN.number, email="an@example.be")
    assert acts(moves=2).messaging.send_mail(AN, "balance").state == "done"
    assert len(line.asked("SendMail")) == 1


def test_a_contact_of_the_party_is_taken_where_the_file_has_an_odd_address(acts: "Acts", tagor: "StandIn"):
    """It is this very defendant's too."""
    tagor.controls.change(AN.number, email="an@example.be;jan@example.be")
    tagor.controls.contact(AN.party or "", "an.peeters@example.be")
    assert acts().messaging.addresses(AN, "balance").mail == "an.peeters@example.be"
