"""What the citizen reads: templates, lengths, languages."""
