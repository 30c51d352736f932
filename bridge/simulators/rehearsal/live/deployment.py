"""Deploys a version in which the step where callers are no longer exists: a colleague takes them over."""

import time
from random import Random

from bridge.simulators.provider.phone import Phone
from bridge.simulators.rehearsal.judging.prompt_recognition import PromptRecognizer
from bridge.simulators.rehearsal.live.router import Router
from bridge.simulators.rehearsal.live.site import LiveDeployment
from bridge.simulators.tagor import Case

FLOW, STEP, NEW = "Balance", "choose", "what_next"
KEYS = ("1", "{pin}", "2")
"""Keys that lead to the balance, and then to a step that the new version does not know."""
HEARD = ["Anytime.trouble", "Colleague.connect"]
"""What such a caller must hear: that something went wrong, and that a colleague is rung."""


def deploy(site: LiveDeployment, cases: list[Case], seed: str, recognizer: PromptRecognizer) -> list[str]:
    """Let everybody hear their balance, deploy a version with another step, and let them press on.

    Gives what went otherwise than it should: one sentence about it, and a colleague is rung.
    """
    router = Router([machine.address for machine in site.machines])
    try:
        callers = [_Held(site, case, router, f"{seed} {case.file}", recognizer) for case in cases]
        new = site.new_release()
        new.rename_step(FLOW, STEP, NEW)
        for machine in site.machines:
            machine.restart(new)
        return [broken for caller in callers for broken in caller.goes_on()]
    finally:
        router.close()


class _Held:
    """Holds a caller who has heard their balance and thinks."""

    def __init__(
        self, site: LiveDeployment, case: Case, router: Router, seed: str, recognizer: PromptRecognizer
    ) -> None:
        rng = Random(seed)
        self._case, self._recognizer = case, recognizer
        way = router.way(rng)
        self._phone = Phone(site.number, case.phone or "", post=way, strict=False, elapse=time.sleep)
        self._phone.ring()
        for keys in KEYS[:-1]:
            self._phone.press(keys.format(pin=case.pin))

    def goes_on(self) -> list[str]:
        """Press the next key, and return what is wrong with what follows."""
        before = len(self._phone.heard)
        if self._phone.state == "listening":
            self._phone.press(KEYS[-1])
        words = [one for one in self._phone.heard[before:] if one.text]
        said = [self._place(one.text, one.language[:2]) for one in words]
        state = self._phone.state
        if state != "over":
            self._phone.hang_up()
        if state == "dialling" and said == HEARD and not self._phone.faults:
            return []
        return [f"file {self._case.file}: after a deployment the call was {state} and heard {said}"]

    def _place(self, text: str, language: str) -> str:
        sentence = self._recognizer.recognise(text, language)
        return sentence.prompt if sentence else "unknown words"
