"""Changes to organizations and accounts: verbs, keyword-only, by=; each atomic and in the history."""
