"""Programs that stand in for the outside world: the demo, the rehearsals, a Tagor, a telephony provider."""
