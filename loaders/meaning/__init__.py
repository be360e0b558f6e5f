"""What it means: agents, places, dates, events, ties and figures."""
