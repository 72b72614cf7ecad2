"""Decision or ceremony: the same people counted on two days, in two units; a cancelled decision was no admission."""

from tests.reports.worlds.notation import Case, World

WORLD = World(
    title="counting basis, cancelled decision",
    today="2024-11-18",
    units="""
        north | commune | 2015-01-01 | | north_1
        south | commune | 2015-01-01 | | south_1
    """,
    people="""
        L | north_1 | female catholic | 2023-12-20 =decided, 2024-01-10 moved>south_1, 2024-01-15 admitted
        # a farmer on the day of decision
        P | north_1 | male   | 2024-05-10 =decided, edit private, 2024-06-03 admitted
        Q | north_1 | female | 2024-06-05 =decided                                       # no ceremony yet
        R | south_1 | male   | 2024-04-01 =decided, 2024-05-02 decision_cancelled
    """,
    cases=(
        # By the ceremony L counts in 2024 and in south, P in June, Q not yet. 30 June is day 182: 1.5 asks for 1.
        Case(
            "2024-06-01",
            "2024-06-30",
            """
            # unit     |mem|br|target|tr|do|su|period|year|term| %   |state|slow|wom|?|un|re|en|of
            north      | – | 1| 3-5  | 0| 0| 0| 1    | 1  | 1  | 33.3|below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 1  | 1  | 33.3|below|no  | 1 |0| 0| 1| 0| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 0| 1    | 2  | 2  | 33.3|  –  | –  | 1 |0| 0| 1| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10 | 0| 0| 0| 1    | 2  | 2  | 33.3|  –  | –  | 1 |0| 0| 1| 0| 0
            """,
            funnel={"appraised": (0, 0, 1), "decided": (1, 0, 0), "admitted": (2, 0, 0)},
            basis="ceremony",
        ),
        # By the decision: P and Q in north this year, L in north last year, nobody in south.
        Case(
            "2024-06-01",
            "2024-06-30",
            """
            north      | – | 1| 3-5  | 0| 0| 0| 1    | 2  | 3  | 66.7|below|no  | 1 |0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 0  | 0  | 0.0 |below|yes | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 0| 1    | 2  | 3  | 33.3|  –  | –  | 1 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10 | 0| 0| 0| 1    | 2  | 3  | 33.3|  –  | –  | 1 |0| 0| 0| 0| 0
            """,
            funnel={"appraised": (0, 0, 1), "decided": (1, 0, 0), "admitted": (2, 0, 0)},
        ),
        # Two days before R's decision is cancelled it stands in the funnel, but counts nowhere. P appraised 10/4,
        # Q sent 6/4: two dossiers with the Board.
        Case(
            "2024-04-01",
            "2024-04-30",
            """
            north      | – | 1| 3-5  | 0| 0| 2| 0    | 0  | 1  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            south      | – | 1| 3-5  | 0| 0| 0| 0    | 0  | 0  | 0.0 |below|no  | 0 |0| 0| 0| 0| 0
            Cộng I     | – | 2| 6-10 | 0| 0| 2| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            Cộng II    | – | 0| –    | 0| 0| 0| 0    | 0  | 0  | –   |  –  | –  | 0 |0| 0| 0| 0| 0
            Tổng cộng  | – | 2| 6-10 | 0| 0| 2| 0    | 0  | 1  | 0.0 |  –  | –  | 0 |0| 0| 0| 0| 0
            """,
            funnel={"submitted": (1, 0, 0), "appraised": (1, 0, 0), "decided": (1, 0, 0), "admitted": (1, 0, 0)},
        ),
    ),
)
