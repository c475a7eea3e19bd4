"""Who must act: reads, checks and explains the rules."""
