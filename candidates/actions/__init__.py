"""Changes to people: verbs, keyword-only, by=; each atomic and in the history."""
