"""The edge of the year and of the period: 31 December is the old year, 1 January the new; both ends count."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="year edge",
    today="2025-02-01",
    units="""
        north | commune | 2015-01-01 | | north_1
        south | commune | 2015-01-01 | | south_1
    """,
    people="""
        A | north_1 | male          | 2023-12-31 =decided   # last day of 2023: only in the term
        B | north_1 | female        | 2024-01-01 =decided   # first day of 2024
        C | north_1 | male catholic union | 2024-12-31 =decided   # last day of 2024
        D | north_1 | male          | 2025-01-01 =decided   # appraised 2/12/2024
        E | south_1 | female private | 2024-11-30 =decided  # the day before the period
        F | south_1 | female        | 2024-12-01 =decided   # the first day of the period
    """,
    cases=(
        # Expected by 31/12: 3 of 3, so two admitted is slow. North 2024: B, C. South 2024: E, F.
        Case(
            "2024-12-01",
            "2024-12-31",
            """
            # unit     |mem|br|target|tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1| 3-5  | 0| 0| 1| 1    | 2  | 3  | 66.7|below|yes | 1 |0| 1| 1| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 1    | 2  | 2  | 66.7|below|yes | 2 |0| 0| 0| 1| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 1| 2    | 4  | 5  | 66.7|  –  | –  | 3 |0| 1| 1| 1| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10 | 0| 0| 1| 2    | 4  | 5  | 66.7|  –  | –  | 3 |0| 1| 1| 1| 0
            """,
            funnel={"decided": (5, 0, 0), "appraised": (1, 0, 0)},
            # 1/8/2020–30/6/2025 has 1795 days, 1614 of them gone: 500 × 1614 ÷ 1795 = 449.6.
            term={"expected": 449, 2023: (1, 0), 2024: (4, 0)},
        ),
        # One day later a new year has begun: one of 365 days gone asks for nobody yet.
        Case(
            "2025-01-01",
            "2025-01-01",
            """
            north      | – | 1| 3-5  | 0| 0| 0| 1    | 1  | 4  | 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 0  | 2  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 0| 1    | 1  | 6  | 16.7|  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10 | 0| 0| 0| 1    | 1  | 6  | 16.7|  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (6, 0, 0)},
            term={"expected": 449, 2023: (1, 0), 2024: (4, 0), 2025: (1, 0)},  # 500 × 1615 ÷ 1795 = 449.9
        ),
    ),
)
