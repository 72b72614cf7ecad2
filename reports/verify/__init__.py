"""The independent recount: every figure and every cache, counted again by plain Python from the tables alone.

Two halves. `recount` and `faults_in_tables` read the tables (tables.py) and know nothing of the program's figures,
rules or querysets: no import from reports.figures, targets.progress, candidates or organizations (a test reads the
imports). `shown` alone asks the program, and `compare` lays the two side by side.
"""
