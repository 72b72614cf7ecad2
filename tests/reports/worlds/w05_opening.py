"""Sums known without names: part of them named later, the rest dated on the last day of the window, counted once."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="opening balances, term start",
    today="2024-11-18",
    units="""
        north | commune | 2015-01-01 | | north_1
        south | commune | 2015-01-01 | | south_1
        cell  | cell    | 2015-01-01 | |
    """,
    people="""
        S | north_1 | female | 2021-03-10 =decided
        T | north_1 | male   | 2021-07-20 =decided
        U | south_1 | male   | 2021-02-01 =decided
        V | south_1 | male   | 2021-04-01 =decided
        W | south_1 | male   | 2020-07-31 =decided   # the day before the term
        X | south_1 | male   | 2020-08-01 =decided   # its first day
        Y | cell    | male   | 2021-11-11 =decided
    """,
    opening="""
        north | 2021-01-01 | 2021-12-31 | 5 | 2   # S and T name two of them, S one of the women: 3 remain, 1 a woman
        north | 2020-08-01 | 2020-12-31 | 4 | ?
        north | 2020-01-01 | 2020-07-31 | 2 | ?   # before the term
        south | 2021-01-01 | 2021-06-30 | 1 | 0   # U and V are more than the sum: nothing remains, a warning
    """,
    cases=(
        # 2020 lies outside the plan's window. North: 4 dated 31/12, 2 dated 31/7; only the 4 are of the term.
        Case(
            "2020-08-01",
            "2020-12-31",
            """
            # unit     |mem|br|target |tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1|outside| 1| 1| 0| 0+4  | 0+6| 0+4| –   |  –  | –  | 0 |6| 0| 0| 0| 0
            south      | – | 1|outside| 0| 1| 1| 1    | 2  | 1  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            cell       | – | 0|outside| 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| –     | 1| 2| 1| 1+4  | 2+6| 1+4| –   |  –  | –  | 0 |6| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| –     | 1| 2| 1| 1+4  | 2+6| 1+4| –   |  –  | –  | 0 |6| 0| 0| 0| 0
            """,
            # S committee, T class, U sent, V branch, Y (30 days in) source.
            funnel={
                "source": (1, 0, 0),
                "trained": (1, 0, 0),
                "branch_passed": (1, 0, 0),
                "committee_passed": (1, 0, 0),
                "submitted": (1, 0, 0),
                "decided": (2, 0, 0),
            },
            term={"expected": 42, 2020: (1, 4)},  # 153 days gone: 500 × 153 ÷ 1795 = 42.6
        ),
        # Inside the window, before the first decision of 29/9/2021: "chưa giao". The sums of 2021 are not dated yet,
        # except south's, of which nothing remains.
        Case(
            "2021-06-01",
            "2021-06-30",
            """
            north      | – | 1|not_yet| 0| 0| 1| 0    | 1  | 1+4| –   |  –  | –  | 1 |0| 0| 0| 0| 0
            south      | – | 1|not_yet| 0| 0| 0| 0    | 2  | 3  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            cell       | – | 0|not_yet| 0| 1| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| –     | 0| 0| 1| 0    | 3  | 4+4| –   |  –  | –  | 1 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –     | 0| 1| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| –     | 0| 1| 1| 0    | 3  | 4+4| –   |  –  | –  | 1 |0| 0| 0| 0| 0
            """,
            funnel={"dossier": (1, 0, 0), "appraised": (1, 0, 0), "decided": (5, 0, 0)},
        ),
        # The day before the remainder is dated. Day 364 of 365 asks for 2 of 3 and 1 of 2.
        Case(
            "2021-12-01",
            "2021-12-30",
            """
            north      | – | 1| 3-5  | 0| 0| 0| 0    | 2  | 2+4| 66.7|below|no  | 1 |0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 2  | 3  | 66.7|below|no  | 0 |0| 0| 0| 0| 0
            cell       | – | 0| 2-3  | 0| 0| 0| 0    | 1  | 1  | 50.0|below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 0| 0    | 4  | 5+4| 66.7|  –  | –  | 1 |0| 0| 0| 0| 0
            Cộng II    | – | 0| 2-3  | 0| 0| 0| 0    | 1  | 1  | 50.0|  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 8-13 | 0| 0| 0| 0    | 5  | 6+4| 62.5|  –  | –  | 1 |0| 0| 0| 0| 0
            """,
            funnel={"decided": (7, 0, 0)},
        ),
        # On its last day the remainder counts: 2 named and 3 unnamed are the 5 of the document, not 7.
        Case(
            "2021-12-01",
            "2021-12-31",
            """
            north      | – | 1| 3-5  | 0| 0| 0| 0+3  | 2+3| 2+7|166.7| in  |no  |1+1|0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 2  | 3  | 66.7|below|yes | 0 |0| 0| 0| 0| 0
            cell       | – | 0| 2-3  | 0| 0| 0| 0    | 1  | 1  | 50.0|below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 0| 0+3  | 4+3| 5+7|116.7|  –  | –  |1+1|0| 0| 0| 0| 0
            Cộng II    | – | 0| 2-3  | 0| 0| 0| 0    | 1  | 1  | 50.0|  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 8-13 | 0| 0| 0| 0+3  | 5+3| 6+7|100.0|  –  | –  |1+1|0| 0| 0| 0| 0
            """,
            funnel={"decided": (7, 0, 0)},
            term={"expected": 144, 2020: (1, 4), 2021: (5, 3)},  # 518 days gone: 500 × 518 ÷ 1795 = 144.3
        ),
    ),
)
