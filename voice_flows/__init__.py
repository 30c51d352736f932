"""What a call is: tables of steps with their small actions; the words are in `prompts/`."""

from pathlib import Path

from bridge.flow.graph import FlowGraph
from voice_flows.defendant import Defendant

CALL = FlowGraph(Defendant)
"""The graph of all flows, checked when this package is imported."""

NOTES = Path(__file__).parent / "notes"
"""The folder with the sentences that employees read about a call, in the same four languages."""

PROMPTS = Path(__file__).parent / "prompts"
"""The folder with `nl.toml`, `fr.toml`, `de.toml` and `en.toml`."""
