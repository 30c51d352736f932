"""Leads a call through its flows without any input or output: a call can be stored, repeated and proved.

`ring`, `hear` and `resume` return either what to speak and how the turn ends (`TurnOutput`), or the action
that is needed first (`PendingAction`): the caller of the engine runs it and hands its outcome to `resume`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bridge.flow.action_context import ABOUT, Outcome
from bridge.flow.call import Call, Frame, Secret
from bridge.flow.checks import ANYTIME_KEYS
from bridge.flow.errors import EndlessTurn, LostPlace
from bridge.flow.facts import Fact
from bridge.flow.graph import FlowGraph
from bridge.flow.inbound import Dialled, Event, Keys, Recorded, Words
from bridge.flow.keypad import KINDS, length, read
from bridge.flow.steps import (
    AGAIN,
    SLOWER,
    Ask,
    Decide,
    Do,
    End,
    HangupStep,
    Menu,
    Play,
    RecordStep,
    Run,
    Say,
    Step,
    Transfer,
)
from bridge.flow.turn_output import Dial, Gather, HangUp, PromptRef, Record, Redirect, TurnEnd, TurnOutput

# The checks of the graph leave no loop without a question; this ends the turn if they ever miss one.
MAX_STEPS_A_TURN = 50
TROUBLE, ONCE_MORE = "trouble", "once more"
"""What the journal of steps calls a failure that led to a person, and a question that was asked again."""
CHOSEN = "chosen"
"""What it calls every key of a menu whose answers are about the caller."""
HANGS_UP, HUNG_UP = "goodbye", "hung up"
"""What it calls the end of a call by the line itself, and by the caller."""
NO_KEY = "?"
"""The key that stands for words without a meaning: it is no answer to any question."""
SOUNDS_BETWEEN_WORDS = 5
"""How many hold sounds follow words that ask for patience: with at most 1.5 seconds each, eight seconds."""
MAX_ROUNDS = 4
"""How often one question is asked in a row, however silences, noises and wrong keys take turns."""


@dataclass(frozen=True, slots=True)
class PendingAction:
    """An action that must come back with an outcome before the call can go on from `place` (`Flow.step`)."""

    step: Do | Decide
    place: str


class Engine:
    """Leads calls through one joined graph of flows.

    `noted` are the exits (`Flow.step.exit`) that are noted on the file, each with the names of the facts
    that the note mentions.
    """

    def __init__(self, joined: FlowGraph, noted: Mapping[str, frozenset[str]] | None = None) -> None:
        self.joined, self._noted = joined, noted or {}
        self._flows = joined.flows
        self._root = joined.root

    def ring(self, call: Call) -> TurnOutput | PendingAction:
        """Begin a call at the first step of the first flow."""
        call.stack = [Frame(self._root.name, self._root.first)]
        return self._advance(call)

    def hear(self, call: Call, event: Event, now: datetime) -> TurnOutput | PendingAction:
        """Go on from the question that was asked, with what the caller did.

        Raises:
            LostPlace: the call stands at a step that does not exist (any more).
        """
        # A caller who is still pressing keys may need more than two minutes for all of them.
        if isinstance(event, Keys) and call.secrets:
            call.refresh_secrets(now)
        # Words that mean a key have become `Keys` before they come here.
        keys = event.keys if isinstance(event, Keys) else NO_KEY if isinstance(event, Words) else ""
        match self._step(call):
            case Ask() as step:
                return self._ask_answered(call, step, keys, now)
            case Menu() as step:
                return self._menu_answered(call, step, keys)
            case Transfer() as step:
                answered = isinstance(event, Dialled) and event.outcome == "answered"
                return self._take_exit(call, step, "answered" if answered else "unanswered")
            case RecordStep() as step:
                return self._take_exit(call, step, "left" if isinstance(event, Recorded) else "nothing")
            case Play() as step:
                return self._take_exit(call, step, "then")
            case _:
                # After a hold the call still stands at its action, which is needed again.
                return self._advance(call)

    def resume(self, call: Call, outcome: Outcome) -> TurnOutput | PendingAction:
        """Go on with the outcome of the action that was needed.

        Raises:
            LostPlace: the call stands at no step that needs an action.
        """
        step = self._step(call)
        if not isinstance(step, Do | Decide):
            raise LostPlace(f"{call.place} needed no action")
        # The proof comes first: it drops the private facts of another file, and must not drop these.
        if outcome.file is not None:
            call.prove(outcome.file)
        call.facts |= outcome.told
        call.notes |= outcome.notes
        if outcome.language is not None:
            self._speak(call, outcome.language)
        return self._take_exit(call, step, outcome.exit)

    def hold(self, call: Call) -> TurnOutput:
        """Fill a wait for an action: with words at first, then with sounds, then with words again."""
        times = call.tries["moment"] = call.tries.get("moment", 0) + 1
        call.holds += 1
        if (times - 1) % (SOUNDS_BETWEEN_WORDS + 1):
            return TurnOutput((), Redirect("hold"))
        # The step's own words say what is being asked for; said a second time they sound like a fault.
        line = PromptRef(call.place, "text", {}) if times == 1 else PromptRef("Anytime.longer", "text", {})
        # What is known by now need not wait for the answer.
        known, call.lines = call.lines, []
        call.spoken_in_wait += known
        return TurnOutput((*known, line), Redirect())

    def hears_words(self, call: Call) -> bool:
        """Tell whether the question that was asked may be answered in words; a confirmation never may.

        Raises:
            LostPlace: as `hear`.
        """
        step = self._step(call)
        return isinstance(step, Menu) and step.spoken

    def confirms(self, call: Call) -> bool:
        """Tell whether key 1 would confirm a decision now; raises `LostPlace` as `hear` does."""
        step = self._step(call)
        return isinstance(step, Menu) and step.confirms

    def confirmed_at(self, call: Call) -> int | None:
        """Give the count of moves that names the decision which the caller may have confirmed right now.

        That is one whose outcome is waited for, or the one that key 1 confirms; None when it can be none.
        """
        try:
            step = self._step(call)
        except LostPlace:
            return None
        if isinstance(step, Decide):
            return call.moves
        # The key moves the call on before the decision gets its name, and that move may not be saved yet.
        return call.moves + 1 if isinstance(step, Menu) and step.confirms else None

    def transfers(self, call: Call) -> bool:
        """Tell whether the caller is being put through to a person.

        Raises:
            LostPlace: as `hear` does.
        """
        return isinstance(self._step(call), Transfer)

    def transfer_on_error(self, call: Call) -> TurnOutput | PendingAction:
        """Apologise in one sentence and lead the caller to a person, by key 0 of the first flow."""
        if call.stack:
            call.taken.append((call.place, TROUBLE))
        call.error_transfers += 1
        # A decision is named by the count of moves: what is confirmed later must not bear the same name.
        call.moves += 1
        call.lines, call.spoken_in_wait = [PromptRef("Anytime.trouble", "text", {})], []
        call.secrets.clear()
        call.tries.clear()
        call.stack = [Frame(self._root.name, self._root.anytime["0"])]
        return self._advance(call)

    def _step(self, call: Call) -> Step:
        step = None
        # All frames, not only the innermost: a deployment may have removed the step that a flow returns to.
        for frame in call.stack:
            flow = self._flows.get(frame.flow)
            step = flow.steps.get(frame.step) if flow else None
            if step is None:
                raise LostPlace(f"no step is called {frame.flow}.{frame.step}")
        if step is None:
            raise LostPlace("the call has not begun")
        return step

    def _ask_answered(self, call: Call, step: Ask, keys: str, now: datetime) -> TurnOutput | PendingAction:
        fewest, _ = length(step.digits, call.rules.lengths)
        if keys == "#" and "empty" in step.exits:
            return self._take_exit(call, step, "empty")
        # One key alone is no answer to a question for several, so there 8 and 9 have their usual meaning too.
        if keys in ("0", "*") or (fewest > 1 and len(keys) == 1 and keys in ANYTIME_KEYS):
            return self._anytime(call, step, keys)
        if keys in ("", "#"):
            return self._retry(call, step, "silent")
        value = read(step, keys, call.rules.lengths)
        if value is None:
            return self._retry(call, step, "wrong")
        if step.secret:
            call.secrets[step.into] = Secret(value, now.isoformat(), call.stack[-1].flow)
        else:
            call.facts[step.into] = Fact(KINDS[step.wants], value)
        return self._take_exit(call, step, "heard")

    def _menu_answered(self, call: Call, step: Menu, keys: str) -> TurnOutput | PendingAction:
        if keys in self._offered_keys(call, step):
            if keys in step.languages:
                self._speak(call, step.languages[keys])
            elif step.into is not None:
                call.facts[step.into] = Fact("digits", keys)
            return self._take_exit(call, step, keys)
        if len(keys) == 1 and keys in ANYTIME_KEYS:
            return self._anytime(call, step, keys)
        if keys == NO_KEY:
            # A television behind the caller is no wish for anything: noise once more is taken for silence.
            noises = call.tries["noise"] = call.tries.get("noise", 0) + 1
            return self._retry(call, step, "wrong" if noises == 1 else "silent")
        call.tries.pop("noise", None)
        # `#` ends an input that nobody has begun, so it says no more than silence.
        return self._retry(call, step, "wrong" if keys.strip("#") else "silent")

    def _offered_keys(self, call: Call, step: Menu) -> tuple[str, ...]:
        """Give the keys that a menu offers in this office, and to this caller now."""
        place = call.place
        keys = tuple(key for key in step.keys if f"{place}.{key}" not in call.rules.off)
        if step.unless:
            keys = tuple(key for key in keys if not call.notes.get(step.unless.get(key, "")))
        return keys

    @staticmethod
    def _speak(call: Call, language: str) -> None:
        """Go on in a language; what the caller chooses or their number tells counts for the whole call."""
        call.language, call.language_known = language, True

    def _anytime(self, call: Call, step: Ask | Menu, key: str) -> TurnOutput | PendingAction:
        """Do what a key means at every question; the innermost flow that gives it a meaning decides."""
        for depth in range(len(call.stack), 0, -1):
            target = self._flows[call.stack[depth - 1].flow].anytime.get(key)
            if target in (AGAIN, SLOWER):
                slower = target == SLOWER and not call.slow
                call.slow = call.slow or slower
                head = [PromptRef("Anytime.slower", "text", {})] if slower else []
                # Everything that led to this question is spoken again, not only the question.
                return self._ask_again(call, step, [*head, *call.said])
            if target is not None:
                call.taken.append((call.place, f"key {key}"))
                call.leave_flows(depth)
                return self._advance(call, target)
        return self._retry(call, step, "wrong")

    def _retry(self, call: Call, step: Ask | Menu, why: str) -> TurnOutput | PendingAction:
        """Ask once more after a silence or a wrong answer, until the question's tries are used up."""
        call.tries[why] = call.tries.get(why, 0) + 1
        # Silences and wrong keys in turn would otherwise use up neither of the two counts.
        rounds = call.tries.get("silent", 0) + call.tries.get("wrong", 0)
        if call.tries[why] >= step.tries or rounds >= MAX_ROUNDS:
            return self._take_exit(call, step, why)
        call.taken.append((call.place, f"{why}, {ONCE_MORE}"))
        told = [PromptRef(call.place, why, dict(call.facts))]
        if rounds == 1:
            told += self._keys_that_help(call, step)
        return self._ask_again(call, step, [*told, *self._question(call, step)])

    def _keys_that_help(self, call: Call, step: Ask | Menu) -> list[PromptRef]:
        """Tell a caller who has trouble with a question, once, of a key that they may not know."""
        # Where several keys are asked for, key 0 alone would be waited for until the input is over.
        key, prompt = ("8", "Anytime.key_slower") if isinstance(step, Menu) else ("0", "Anytime.key_person")
        known = any(key in self._flows[frame.flow].anytime for frame in call.stack)
        return [PromptRef(prompt, "text", {})] if known and not (key == "8" and call.slow) else []

    def _ask_again(self, call: Call, step: Ask | Menu, prompts: list[PromptRef]) -> TurnOutput:
        """Wait at the same question; `*` goes on to repeat all that was told when it was asked first."""
        said = call.said
        end = self._end_turn(call, step).then
        call.said = said
        return TurnOutput(tuple(prompts), end)

    def _take_exit(self, call: Call, step: Step, way: str) -> TurnOutput | PendingAction:
        place, target = call.place, step.exits[way]
        mark = f"{place}.{way}"
        hidden = isinstance(step, Menu) and step.discreet and way in step.keys
        call.taken.append((place, CHOSEN if hidden else way))
        if mark in self._noted:
            flow = self._flows[call.stack[-1].flow]
            # What an action found out is told by the sentence that follows, so its note waits for that.
            told = isinstance(step, Do) and isinstance(flow.steps[target], Say)
            call.record_note(mark, self._noted[mark], told_by=f"{flow.name}.{target}" if told else "")
        return self._advance(call, target)

    def _advance(self, call: Call, target: str = "") -> TurnOutput | PendingAction:
        """Go on, to the step `target` first, until the caller must be asked or an action is needed."""
        if target:
            call.tries.clear()
            # Decisions and deferred results are kept under this count: no two steps of a call may share one.
            call.moves += 1
            call.stack[-1].step = target
        for _ in range(MAX_STEPS_A_TURN):
            match self._step(call):
                case Say() as step:
                    if call.place not in call.rules.off:
                        # Optional: a value that cannot be spoken costs its sentence, never the turn.
                        call.lines.append(PromptRef(call.place, "text", dict(call.facts), optional=True))
                    call.stack[-1].step = step.exits["then"]
                case Run() as step:
                    call.topic = step.flow.name if step.flow.topic else call.topic
                    call.notes |= {ABOUT: step.about} if step.about else {}
                    call.stack.append(Frame(step.flow.name, step.flow.first))
                case End():
                    name = call.stack[-1].step
                    call.leave_flows(len(call.stack) - 1)
                    call.stack[-1].step = self._step(call).exits[name]
                case Do() | Decide() as step:
                    return PendingAction(step, call.place)
                case step:
                    return self._end_turn(call, step)
        raise EndlessTurn(f"more than {MAX_STEPS_A_TURN} steps in one turn, now at {call.place}")

    def _end_turn(self, call: Call, step: Step) -> TurnOutput:
        """Speak what waits to be spoken and the step's own words, then do what the step is for."""
        then: TurnEnd
        prompts = [*call.lines, *(() if isinstance(step, Play) else self._question(call, step))]
        if isinstance(step, Menu) and step.confirms:
            # Nobody may agree to terms of which a part could not be spoken: they are heard as one whole.
            prompts = [replace(prompt, optional=False) for prompt in (*call.spoken_in_wait, *prompts)]
            call.spoken_in_wait = []
        call.said, call.lines, call.spoken_in_wait = [*call.spoken_in_wait, *prompts], [], []
        match step:
            case Menu():
                words = self._offered_keys(call, step) if step.spoken else ()
                then = Gather(call.place, (1, 1), step.seconds, words)
            case Ask():
                then = Gather(call.place, length(step.digits, call.rules.lengths), step.seconds)
            case Transfer():
                then = Dial(step.to)
            case RecordStep():
                then = Record(step.longest)
            case HangupStep():
                call.taken.append((call.place, HANGS_UP))
                then = HangUp()
            case Play():
                then = Redirect(step.sound)
            case _:
                raise LostPlace(f"{call.place} is no step to wait at")
        return TurnOutput(tuple(prompts), then)

    def _question(self, call: Call, step: Step) -> list[PromptRef]:
        """Give the step's own words: its text, and a sentence for each key that a menu offers."""
        place = call.place
        prompts = [PromptRef(place, "text", dict(call.facts))]
        if isinstance(step, Menu):
            optional = not step.confirms
            keys = self._offered_keys(call, step)
            if step.languages:
                # The key of the language that is spoken is understood, but nobody needs to hear of it.
                keys = tuple(key for key in keys if step.languages.get(key) != call.language)
            told = (*keys, *step.reminds)
            prompts += [PromptRef(place, key, dict(call.facts), optional) for key in told]
        return prompts
