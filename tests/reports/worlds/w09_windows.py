"""The two windows: the plan gives ranges 2021–2025, the term runs from 1/8/2020 to 30/6/2025; neither is the other."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="plan window and term window",
    today="2026-02-10",
    units="""
        north | commune | 2015-01-01 | | north_1
    """,
    people="""
        p1 | north_1 | male | 2020-07-31 =decided   # the day before the term
        p2 | north_1 | male | 2020-08-01 =decided   # appraised 2/7/2020
        p3 | north_1 | male | 2025-06-30 =decided   # the last day of the term
        p4 | north_1 | male | 2025-07-01 =decided   # appraised 1/6/2025; this year, no longer this term
        p5 | north_1 | male | 2026-01-05 =decided   # class on 10/5/2025, appraised 6/12/2025
    """,
    cases=(
        Case(
            "2020-07-01",
            "2020-07-31",
            """
            # unit     |mem|br|target |tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1|outside| 0| 0| 1| 1    | 1  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| –     | 0| 0| 1| 1    | 1  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| –     | 0| 0| 1| 1    | 1  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"appraised": (1, 0, 0), "decided": (1, 0, 0)},
            term={"expected": 0},
        ),
        # Inside both windows, before the plan was signed.
        Case(
            "2021-02-01",
            "2021-02-28",
            """
            north      | – | 1|not_yet| 0| 0| 0| 0    | 0  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| –     | 0| 0| 0| 0    | 0  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| –     | 0| 0| 0| 0    | 0  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (2, 0, 0)},
            term={"expected": 59, 2020: (1, 0)},  # 212 days gone: 500 × 212 ÷ 1795 = 59.1
        ),
        # The last day of the term. Day 181 of 365 asks for 1.
        Case(
            "2025-06-01",
            "2025-06-30",
            """
            north      | – | 1| 3-5   | 1| 0| 1| 1    | 1  | 2  | 33.3|below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| 3-5   | 1| 0| 1| 1    | 1  | 2  | 33.3|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| 3-5   | 1| 0| 1| 1    | 1  | 2  | 33.3|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"trained": (1, 0, 0), "appraised": (1, 0, 0), "decided": (3, 0, 0)},
            term={"expected": 500, 2020: (1, 0), 2025: (1, 0)},
        ),
        # The year goes on after the term has ended: what comes later is of the year, not of the term.
        Case(
            "2025-07-01",
            "2025-12-31",
            """
            north      | – | 1| 3-5   | 0| 0| 1| 1    | 2  | 2  | 66.7|below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| 3-5   | 0| 0| 1| 1    | 2  | 2  | 66.7|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| 3-5   | 0| 0| 1| 1    | 2  | 2  | 66.7|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"appraised": (1, 0, 0), "decided": (4, 0, 0)},
            term={"expected": 500, 2020: (1, 0), 2025: (1, 0)},
        ),
        # 2026: no range at all, and still a result; never 0 %.
        Case(
            "2026-01-01",
            "2026-01-31",
            """
            north      | – | 1|outside| 0| 0| 0| 1    | 1  | 2  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 1| –     | 0| 0| 0| 1    | 1  | 2  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 1| –     | 0| 0| 0| 1    | 1  | 2  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (5, 0, 0)},
            term={"expected": 500, 2020: (1, 0), 2025: (1, 0)},
        ),
    ),
)
