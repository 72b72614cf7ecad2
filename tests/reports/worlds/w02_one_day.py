"""One day decides: figures of 14 and 15 June; events that were corrected later count on their true day, and once."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="as of one day, replaced events",
    today="2024-11-18",
    units="""
        north | commune | 2015-01-01 | | north_1
        cell  | cell    | 2015-01-01 | |
    """,
    people="""
        G | north_1 | female     | 2024-06-20 =decided, ~decided 2024-06-14
        H | north_1 | male union | 2024-06-15 =decided                        # appraised 16/5
        I | north_1 | female     | 2024-06-10 =decided, ~decided 2024-06-16   # appraised 11/5, corrected past both days
        J | cell    | male private | 2024-06-14 =decided                      # a cell has no committee
        K | cell    | female     | 2024-01-10 source, 2024-03-01 trained, 2024-04-01 dossier, ~dossier 2024-06-15
    """,
    cases=(
        # 14 June is day 166 of 366: 3 × 166 ÷ 366 = 1.4 and 2 × 166 ÷ 366 = 0.9 ask for 1 and 0.
        Case(
            "2024-06-01",
            "2024-06-14",
            """
            # unit     |mem|br|target|tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1| 3-5  | 0| 0| 2| 1    | 1  | 1  | 33.3|below|no  | 1 |0| 0| 0| 0| 0
            cell       | – | 0| 2-3  | 1| 0| 0| 1    | 1  | 1  | 50.0|below|no  | 0 |0| 0| 0| 1| 0
            Cộng I     | – | 1| 3-5  | 0| 0| 2| 1    | 1  | 1  | 33.3|  –  | –  | 1 |0| 0| 0| 0| 0
            Cộng II    | – | 0| 2-3  | 1| 0| 0| 1    | 1  | 1  | 50.0|  –  | –  | 0 |0| 0| 0| 1| 0
            Tổng cộng  | – | 1| 5-8  | 1| 0| 2| 2    | 2  | 2  | 40.0|  –  | –  | 1 |0| 0| 0| 1| 0
            """,
            funnel={"trained": (1, 0, 0), "appraised": (2, 0, 0), "decided": (2, 0, 0)},
        ),
        # On the 15th H is decided and K begins the dossier; I is still waiting for the 16th.
        Case(
            "2024-06-01",
            "2024-06-15",
            """
            north      | – | 1| 3-5  | 0| 0| 1| 2    | 2  | 2  | 66.7|below|no  | 1 |0| 1| 0| 0| 0
            cell       | – | 0| 2-3  | 0| 1| 0| 1    | 1  | 1  | 50.0|below|no  | 0 |0| 0| 0| 1| 0
            Cộng I     | – | 1| 3-5  | 0| 0| 1| 2    | 2  | 2  | 66.7|  –  | –  | 1 |0| 1| 0| 0| 0
            Cộng II    | – | 0| 2-3  | 0| 1| 0| 1    | 1  | 1  | 50.0|  –  | –  | 0 |0| 0| 0| 1| 0
            Tổng cộng  | – | 1| 5-8  | 0| 1| 1| 3    | 3  | 3  | 60.0|  –  | –  | 1 |0| 1| 0| 1| 0
            """,
            funnel={"dossier": (1, 0, 0), "appraised": (1, 0, 0), "decided": (3, 0, 0)},
        ),
    ),
)
