"""Synthetic people for demonstrations and benchmarks; the command create_demo writes them."""
