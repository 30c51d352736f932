"""Puts the services of one action together."""

from bridge.conversation.services.action_scope import ActionScope
from bridge.conversation.services.file import FileService
from bridge.conversation.services.identification import IdentificationService
from bridge.conversation.services.messaging import MessagingService
from bridge.conversation.services.plans import PlanService
from bridge.conversation.services.transfer import TransferService
from voice_flows.services import Services


def compose_services(scope: ActionScope) -> Services:
    """Give the services of one action; all that they ask of Tagor shares the scope's deadline."""
    files = FileService(scope)
    return Services(
        identification=IdentificationService(scope),
        files=files,
        plans=PlanService(scope, files),
        messaging=MessagingService(scope, files),
        transfer=TransferService(scope, files),
    )
