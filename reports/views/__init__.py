"""Pages of reports: a view each."""
